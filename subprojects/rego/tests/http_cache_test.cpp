// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// http.send: once an evaluation, from the cache across evaluations, and from
// what was recorded.

#include <boost/test/unit_test.hpp>
#include <map>

#include "http_fixture.hpp"

BOOST_AUTO_TEST_SUITE(http_cache_test)

using rego::http_failure;
using support::answer;
using support::failing;
using support::json_answer;
using support::sent;
using support::world;

namespace {

constexpr size_t roomy = 1 << 20;
constexpr const char* cached = "\"cache\": true";
constexpr const char* date = "Tue, 14 Nov 2023 22:13:20 GMT"; // the clock's

/// The bodies of requests made so many seconds after the first one.
std::string bodies(std::vector<rego::http_header> headers,
                   std::vector<int64_t> at, const std::string& more = cached,
                   int code = 200) {
  world w;
  w.env.http.cache = std::make_shared<rego::http_cache>(roomy);
  w.net->answers = {json_answer("1", std::move(headers), code),
                    json_answer("2"), json_answer("3")};
  auto start = w.clock.now;
  std::string out;
  for (auto seconds : at) {
    w.clock.now = start + seconds * w.clock.second;
    out += w.send(more, ".body");
  }
  return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(an_evaluation_asks_once_for_a_request) {
  world w;
  w.net->answers = {json_answer("1", {}, 500), json_answer("2")};
  BOOST_TEST(w.ask("q := {\"method\": \"get\", \"url\": \"http://a.example\"}\n"
                   "a := http.send(q).body\n"
                   "b := http.send(object.union(q, {})).body\n"
                   "p := [a, b, http.send(object.union(q, "
                   "{\"timeout\": \"1s\"})).body]")
             == "[1,1,2]");
  w.net->answers = {failing(http_failure::connection, "x"), json_answer("2")};
  w.options.strict_builtin_errors = false;
  BOOST_TEST(w.ask("q := {\"method\": \"get\", \"url\": \"http://a.example\"}\n"
                   "p := [1 | some i in [1, 2]; "
                   "http.send(object.union(q, json.patch({}, []))); i]")
             == "[]");
}

BOOST_AUTO_TEST_CASE(responses_are_fresh_by_max_age_or_expires) {
  BOOST_TEST(bodies({{"Cache-Control", "max-age=10"}}, {0, 9, 10}) == "112");
  BOOST_TEST(bodies({{"Date", date}, {"Cache-Control", "private, Max-Age=10"}},
                    {0, 9, 10})
             == "112");
  BOOST_TEST(
      bodies({{"Date", date}, {"Expires", "Tue, 14 Nov 2023 22:13:25 GMT"}},
             {0, 4, 5})
      == "112");
  BOOST_TEST(bodies({{"Age", "7"}, {"Cache-Control", "max-age=10"}}, {0, 2, 3})
             == "112");
  BOOST_TEST(bodies({}, {0, 0}) == "12");
  BOOST_TEST(
      bodies({{"Cache-Control", "max-age=10"}}, {0, 1}, "\"cache\": false")
      == "12");
}

BOOST_AUTO_TEST_CASE(some_responses_are_never_fresh) {
  BOOST_TEST(bodies({{"Cache-Control", "no-store, max-age=10"}}, {0, 1})
             == "12");
  BOOST_TEST(bodies({{"Cache-Control", "no-cache, max-age=10"}}, {0, 1})
             == "12");
  BOOST_TEST(bodies({{"Cache-Control", "max-age=x"}}, {0, 1}) == "12");
  BOOST_TEST(bodies({{"Expires", "0"}}, {0, 1}) == "12");
  BOOST_TEST(bodies({{"Date", "Tue, 14 Nov 2023 22:14:20 GMT"},
                     {"Cache-Control", "max-age=100"}},
                    {0, 1})
             == "12");
  BOOST_TEST(bodies({{"Cache-Control", "max-age=10"}}, {0, 1}, cached, 500)
             == "12");
}

BOOST_AUTO_TEST_CASE(a_policy_may_name_the_seconds) {
  constexpr const char* forced =
      "\"force_cache\": true, \"force_cache_duration_seconds\": 5";
  std::vector<rego::http_header> never{{"Cache-Control", "no-store"}};
  BOOST_TEST(bodies(never, {0, 4, 5}, forced) == "112");
  BOOST_TEST(bodies(never, {0, 1}, forced, 500) == "12");
  BOOST_TEST(bodies({{"Cache-Control", "max-age=99"}}, {0, 6},
                    std::string(forced) + ", \"cache\": true")
             == "12");
}

BOOST_AUTO_TEST_CASE(decoded_responses_are_kept_as_well) {
  BOOST_TEST(bodies({{"Cache-Control", "max-age=10"}}, {0, 9, 10},
                    "\"cache\": true, \"caching_mode\": \"deserialized\"")
             == "112");
}

BOOST_AUTO_TEST_CASE(a_stale_response_is_asked_for_again) {
  world w;
  w.env.http.cache = std::make_shared<rego::http_cache>(roomy);
  w.net->answers = {
      json_answer("1", {{"ETag", "\"e\""},
                        {"Last-Modified", date},
                        {"X", "old"},
                        {"Cache-Control", "max-age=5"}}),
      answer(304, {{"X", "new"}, {"Cache-Control", "max-age=9"}}, ""),
      json_answer("2")};
  w.send(cached);
  w.clock.pass(6);
  BOOST_TEST(w.send(cached, "")
             == R"({"body":1,"headers":{"cache-control":["max-age=9"],)"
                R"("content-type":["application/json"],"etag":["\"e\""],)"
                R"("last-modified":["Tue, 14 Nov 2023 22:13:20 GMT"],)"
                R"("x":["new"]},"raw_body":"1","status":"200 X",)"
                R"("status_code":200})");
  BOOST_TEST(sent(w.net->asked.at(1), "If-None-Match") == "\"e\"");
  BOOST_TEST(sent(w.net->asked.at(1), "If-Modified-Since") == date);
  w.clock.pass(8);
  BOOST_TEST(w.send(cached, ".body") == "1");
  BOOST_TEST(w.net->asked.size() == 2u);
  w.clock.pass(2);
  BOOST_TEST(w.send(cached, ".body") == "2");
}

BOOST_AUTO_TEST_CASE(some_headers_may_be_left_out_of_the_key) {
  world w;
  w.env.http.cache = std::make_shared<rego::http_cache>(roomy);
  w.net->answers = {json_answer("1", {{"Cache-Control", "max-age=9"}}),
                    json_answer("2", {{"Cache-Control", "max-age=9"}})};
  auto with = [&](const std::string& a, const std::string& b) {
    return w.send("\"cache\": true, \"cache_ignored_headers\": [\"x-id\"], "
                  "\"headers\": {\"X-Id\": \""
                      + a + "\", \"Y\": \"" + b + "\"}",
                  ".body");
  };
  BOOST_TEST(with("1", "1") == "1");
  BOOST_TEST(with("2", "1") == "1");
  BOOST_TEST(with("1", "2") == "2");
}

BOOST_AUTO_TEST_CASE(the_cache_is_bounded_by_bytes) {
  rego::http_cache cache(3000);
  auto put = [&](const std::string& key, size_t size) {
    cache.put(key, {answer(200, {}, std::string(size, 'x')), 0, {}});
  };
  put("a", 1000);
  put("b", 1000);
  BOOST_TEST(cache.entries() == 2u);
  put("c", 1000);
  BOOST_TEST(!cache.find("a"));
  BOOST_TEST(cache.find("c")->response.body.size() == 1000u);
  put("b", 100);
  put("d", 900);
  BOOST_TEST(cache.entries() == 2u);
  BOOST_TEST(!cache.find("c"));
  put("d", 5000);
  BOOST_TEST(!cache.find("d"));
  BOOST_TEST(cache.entries() == 1u);
  BOOST_TEST(cache.bytes() < 1000u);
}

BOOST_AUTO_TEST_CASE(a_replay_hears_what_was_recorded_and_asks_nobody) {
  world w;
  std::map<std::string, rego::http_told> tape;
  w.env.http.record = [&](auto& told) { tape[told.request] = told; };
  w.net->answers = {json_answer(R"({"a": 1.50})")};
  auto first = w.send();
  w.net->answers = {failing(http_failure::connection, "broken")};
  auto second = w.send("\"timeout\": \"1s\"");
  BOOST_TEST(tape.size() == 2u);
  BOOST_TEST(tape.begin()->first.size() == 64u);

  world again;
  again.env.http.transport = nullptr;
  again.env.http.recall =
      [&](const std::string& name) -> std::optional<rego::http_told> {
    auto at = tape.find(name);
    return at == tape.end() ? std::nullopt : std::optional(at->second);
  };
  BOOST_TEST(again.send() == first);
  BOOST_TEST(again.send("\"timeout\": \"1s\"") == second);
  BOOST_TEST(again.nondeterministic);
  again.env.http.transport = again.net;
  BOOST_TEST(again.send("\"timeout\": \"2s\"")
             == "eval_builtin_error: http.send: the request is not among "
                "those recorded");
  BOOST_TEST(again.net->asked.empty());
}

BOOST_AUTO_TEST_SUITE_END()
