// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// http.send: what is sent, what is returned, and what bounds it.

#include <boost/test/unit_test.hpp>

#include "http_fixture.hpp"

BOOST_AUTO_TEST_SUITE(http_send_test)

using rego::http_failure;
using support::answer;
using support::failing;
using support::json_answer;
using support::sent;
using support::world;

BOOST_AUTO_TEST_SUITE(request)

BOOST_AUTO_TEST_CASE(is_off_without_a_transport) {
  world w;
  w.env.http.transport = nullptr;
  BOOST_TEST(w.send("\"raise_error\": false")
             == "eval_builtin_error: http.send: no host is allowed for "
                "requests of policies");
  std::vector<rego::http_told> told;
  w.env.http.record = [&](const rego::http_told& one) { told.push_back(one); };
  w.send(); // a replay is to come to the same
  BOOST_TEST(told.at(0).error_message
             == "no host is allowed for requests of policies");
}

BOOST_AUTO_TEST_CASE(sends_what_the_members_say) {
  world w;
  w.send("\"headers\": {\"X-A\": \"1\", \"Content-Length\": \"9\"}, "
         "\"body\": {\"a\": {1}}");
  auto& r = w.net->asked.at(0);
  BOOST_TEST(r.method == "GET");
  BOOST_TEST(r.url == "http://a.example/x");
  BOOST_TEST(r.host == "a.example");
  BOOST_TEST(r.body == R"({"a":[1]})");
  BOOST_TEST(sent(r, "X-A") == "1");
  BOOST_TEST(sent(r, "Content-Length") == "-");
  BOOST_TEST(sent(r, "Content-Type") == "application/json");
  BOOST_TEST(sent(r, "User-Agent") == "rego");
  BOOST_TEST(r.timeout.count() == 5'000'000'000);
}

BOOST_AUTO_TEST_CASE(sends_a_raw_body_as_it_is) {
  world w;
  w.send("\"raw_body\": \"a=1\", "
         "\"headers\": {\"content-type\": \"text/x\"}");
  BOOST_TEST(w.net->asked.at(0).body == "a=1");
  BOOST_TEST(sent(w.net->asked.at(0), "content-type") == "text/x");
  BOOST_TEST(sent(w.net->asked.at(0), "Content-Type") == "-");
}

BOOST_AUTO_TEST_CASE(writes_the_url_anew) {
  world w;
  w.send("", "", "HTTP://u:p%20q@A.Example:8080/a b/?q=\\u00e9|#part");
  auto& r = w.net->asked.at(0);
  BOOST_TEST(r.url == "http://a.example:8080/a%20b/?q=%C3%A9|");
  BOOST_TEST(sent(r, "Authorization") == "Basic dTpwIHE=");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_plain_url) {
  auto says = [](const std::string& url) {
    return world{}.send("", "", url).substr(sizeof "eval_builtin_error:");
  };
  BOOST_TEST(says("ftp://a.example/")
             == "http.send: invalid \"url\": unsupported protocol scheme "
                "\"ftp\"");
  BOOST_TEST(says("http:///x")
             == "http.send: invalid \"url\": no Host in request URL");
  BOOST_TEST(says("http://a.example:99999/")
             == "http.send: invalid \"url\": invalid port \"99999\"");
  BOOST_TEST(says("http://a;b/")
             == "http.send: invalid \"url\": invalid host \"a;b\"");
  BOOST_TEST(says("http://b.example\\\\@a.example/")
             == "http.send: invalid \"url\": net/url: invalid userinfo");
  BOOST_TEST(says("unix://localhost/?socket=%2Fx")
             == "http.send: invalid \"url\": unsupported protocol scheme "
                "\"unix\"");
}

BOOST_AUTO_TEST_CASE(refuses_members_of_the_wrong_kind) {
  auto says = [](const std::string& more) {
    return world{}.send(more).substr(
        sizeof "eval_builtin_error: http.send: invalid");
  };
  BOOST_TEST(says("\"headers\": {\"A\": \"x\\r\\nB: y\"}")
             == "\"headers\": expected names, and strings without line breaks");
  BOOST_TEST(says("\"headers\": {\"A B\": \"x\"}")
             == "\"headers\": expected names, and strings without line breaks");
  BOOST_TEST(says("\"timeout\": \"5 s\"")
             == "\"timeout\": time: unknown unit \" s\" in duration \"5 s\"");
  BOOST_TEST(says("\"timeout\": true")
             == "\"timeout\": expected nanoseconds or a duration such as "
                "\"5s\"");
  BOOST_TEST(says("\"enable_redirect\": 1")
             == "\"enable_redirect\": expected a boolean");
  BOOST_TEST(says("\"force_cache\": true")
             == "\"force_cache_duration_seconds\": expected it where "
                "force_cache is set");
  BOOST_TEST(says("\"caching_mode\": \"fast\"")
             == "\"caching_mode\": expected \"serialized\" or "
                "\"deserialized\"");
  BOOST_TEST(says("\"tls_client_cert\": \"x\"")
             == "\"tls_client_key\": expected it beside tls_client_cert");
  BOOST_TEST(says("\"tls_ca_cert_file\": \"/x\"")
             == "\"tls_ca_cert_file\": expected a file that can be read here");
}

BOOST_AUTO_TEST_CASE(hands_tls_parameters_on) {
  world w;
  w.env.http.read_file = [](auto& path) { return std::optional("F" + path); };
  w.env.http.variable = [](auto& name) { return std::optional("V" + name); };
  w.send("\"tls_ca_cert\": \"CA\", \"tls_ca_cert_file\": \"/ca\", "
         "\"tls_client_cert_env_variable\": \"C\", "
         "\"tls_client_key_env_variable\": \"K\", "
         "\"headers\": {\"Host\": \"inner.example:80\"}",
         "", "https://a.example");
  auto& t = w.net->asked.at(0).tls;
  BOOST_TEST(t.ca_certificates == "CA\nF/ca\n");
  BOOST_TEST(!t.system_certificates);
  BOOST_TEST(t.client_certificate == "VC");
  BOOST_TEST(t.client_key == "VK");
  BOOST_TEST(t.server_name == "inner.example");
  BOOST_TEST(!t.skip_verification);
  w.send("\"tls_server_name\": \"s\", \"tls_insecure_skip_verify\": true");
  BOOST_TEST(w.net->asked.at(1).tls.system_certificates);
  BOOST_TEST(w.net->asked.at(1).tls.server_name == "s");
  BOOST_TEST(w.net->asked.at(1).tls.skip_verification);
}

BOOST_AUTO_TEST_CASE(asks_hosts_that_are_allowed_and_no_others) {
  world w;
  BOOST_TEST(w.send("", ".status_code", "http://B.EXAMPLE:81/") == "200");
  BOOST_TEST(w.send("", ".status_code", "http://[::1]:81/") == "200");
  BOOST_TEST(w.send("", "", "http://c.example/")
             == "eval_builtin_error: http.send: unallowed host: c.example");
  BOOST_TEST(w.send("", "", "http://a.example.:80/")
             == "eval_builtin_error: http.send: unallowed host: a.example.");
  BOOST_TEST(w.net->asked.size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(response)

BOOST_AUTO_TEST_CASE(has_status_headers_and_bodies) {
  world w;
  w.net->answers = {json_answer(R"({"a": [1]})", {{"X-A", "1"}, {"x-a", "2"}})};
  BOOST_TEST(w.send()
             == R"({"body":{"a":[1]},"headers":{"content-type":)"
                R"(["application/json"],"x-a":["1","2"]},)"
                R"("raw_body":"{\"a\": [1]}","status":"200 X",)"
                R"("status_code":200})");
  BOOST_TEST(w.nondeterministic);
}

BOOST_AUTO_TEST_CASE(decodes_by_type_or_by_force) {
  auto body = [](const std::string& type, const std::string& text,
                 const std::string& more = "") {
    world w;
    w.net->answers = {answer(200, {{"Content-Type", type}}, text)};
    return w.send(more, ".body");
  };
  BOOST_TEST(body("Application/JSON; charset=utf-8", "[1]") == "[1]");
  BOOST_TEST(body("application/scim+json", "[1]") == "[1]");
  BOOST_TEST(body("application/x-yaml", "a: 1") == R"({"a":1})");
  BOOST_TEST(body("text/plain", "[1]") == "null");
  BOOST_TEST(body("application/json", "[1") == "null");
  BOOST_TEST(body("application/yaml", "a: [") == "null");
  BOOST_TEST(body("text/plain", "[1]", "\"force_json_decode\": true") == "[1]");
  BOOST_TEST(body("text/plain", "- 1", "\"force_yaml_decode\": true") == "[1]");
}

BOOST_AUTO_TEST_CASE(shows_errors_as_values_where_they_are_not_raised) {
  world w;
  w.net->answers = {failing(http_failure::connection, "nobody listens")};
  BOOST_TEST(w.send("", "", "http://u:p@a.example/")
             == "eval_builtin_error: http.send: Get "
                "\"http://u:***@a.example/\": nobody listens");
  BOOST_TEST(w.send("\"raise_error\": false")
             == R"({"error":{"code":"eval_http_send_network_error","message":)"
                R"("Get \"http://a.example/x\": nobody listens"},)"
                R"("status_code":0})");
  BOOST_TEST(w.send("\"raise_error\": false", ".error.code", "http://c.example")
             == R"("eval_http_send_internal_error")");
  w.options.strict_builtin_errors = false;
  BOOST_TEST(w.send() == "undefined");
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(redirects)

namespace {

rego::http_response to(const std::string& where, int code = 302) {
  return answer(code, {{"Location", where}}, "");
}

constexpr const char* follow =
    "\"enable_redirect\": true, \"body\": 1, \"headers\": "
    "{\"Authorization\": \"s\", \"X\": \"1\"}";

} // namespace

BOOST_AUTO_TEST_CASE(are_followed_only_where_a_policy_asks) {
  world w;
  w.net->answers = {to("/y")};
  BOOST_TEST(w.send("", ".status_code") == "302");
  BOOST_TEST(w.net->asked.size() == 1u);
}

BOOST_AUTO_TEST_CASE(lose_the_body_and_keep_secrets_at_home) {
  world w;
  w.net->answers = {to("../y?z"), to("https://b.example"), json_answer("1")};
  BOOST_TEST(w.send(follow, ".body", "http://a.example/p/q/r?s") == "1");
  auto& r = w.net->asked;
  BOOST_TEST(r.at(1).url == "http://a.example/p/y?z");
  BOOST_TEST(r.at(1).body == "");
  BOOST_TEST(sent(r.at(1), "Authorization") == "s");
  BOOST_TEST(sent(r.at(1), "Content-Type") == "-");
  BOOST_TEST(r.at(2).url == "https://b.example/");
  BOOST_TEST(sent(r.at(2), "Authorization") == "-");
  BOOST_TEST(sent(r.at(2), "X") == "1");
}

BOOST_AUTO_TEST_CASE(keep_method_and_body_with_307_and_308) {
  world w;
  w.net->answers = {to("/y", 307), to("//b.example/z", 308), json_answer("1")};
  w.ask(std::string("p := http.send({\"method\": \"put\", \"url\": "
                    "\"http://a.example\", ")
        + follow + "})");
  BOOST_TEST(w.net->asked.at(2).method == "PUT");
  BOOST_TEST(w.net->asked.at(2).body == "1");
  BOOST_TEST(w.net->asked.at(2).url == "http://b.example/z");
}

BOOST_AUTO_TEST_CASE(go_to_allowed_hosts_alone) {
  world w;
  auto says = [&](const std::string& where, const std::string& from) {
    w.net->answers = {to(where)};
    w.net->asked.clear();
    auto out = w.send(follow, "", from);
    return std::to_string(w.net->asked.size()) + out.substr(out.rfind("\": "));
  };
  BOOST_TEST(says("http://c.example/", "http://a.example")
             == "1\": unallowed host: c.example");
  BOOST_TEST(says("ftp://a.example/", "http://a.example")
             == "1\": unsupported protocol scheme \"ftp\"");
  BOOST_TEST(says("http://a.example/", "https://a.example")
             == "1\": redirect from https to http");
  BOOST_TEST(says("/again", "http://a.example")
             == "11\": stopped after 10 redirects");
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(bounds)

BOOST_AUTO_TEST_CASE(a_timeout_is_the_requests_or_the_evaluations) {
  world w;
  w.send("\"timeout\": \"300ms\"");
  w.send("\"timeout\": 7");
  w.send("\"timeout\": 0");
  BOOST_TEST(w.net->asked.at(0).timeout.count() == 300'000'000);
  BOOST_TEST(w.net->asked.at(1).timeout.count() == 7);
  BOOST_TEST(w.net->asked.at(2).timeout.count() == 0);
  w.options.limits.wall = std::chrono::seconds(1);
  w.net->answers = {failing(http_failure::timeout, "")};
  BOOST_TEST(w.send("\"timeout\": 7")
             == "eval_builtin_error: http.send: Get \"http://a.example/x\": "
                "request timed out");
  w.net->takes_ns = 1'000'000'000;
  BOOST_TEST(w.send() == "eval_cancel_error: the time limit is reached");
  BOOST_TEST(w.net->asked.at(4).timeout.count() == 1'000'000'000);
}

BOOST_AUTO_TEST_CASE(redirects_share_one_timeout) {
  world w;
  w.net->takes_ns = 3'000'000'000;
  w.net->answers = {answer(302, {{"Location", "/"}}, "")};
  BOOST_TEST(w.send("\"enable_redirect\": true")
             == "eval_builtin_error: http.send: Get \"http://a.example/x\": "
                "request timed out");
  BOOST_TEST(w.net->asked.size() == 2u);
  BOOST_TEST(w.net->asked.at(1).timeout.count() == 2'000'000'000);
}

BOOST_AUTO_TEST_CASE(a_cancelled_request_ends_the_evaluation) {
  world w;
  std::atomic<bool> cancel{false};
  w.options.cancel = &cancel;
  w.net->cancels = &cancel;
  w.net->answers = {failing(http_failure::cancelled, "cancelled")};
  BOOST_TEST(w.send() == "eval_cancel_error: caller cancelled query execution");
  BOOST_TEST(w.net->asked.at(0).cancelled());
}

BOOST_AUTO_TEST_CASE(a_response_has_a_size_and_counts_as_memory) {
  world w;
  w.env.http.response_bytes_max = 100;
  w.net->answers = {json_answer(std::string(101, ' '))};
  BOOST_TEST(w.send()
             == "eval_builtin_error: http.send: Get \"http://a.example/x\": "
                "the response has more than 100 bytes");
  w.env.http.response_bytes_max = 16 << 20;
  w.options.limits.memory_bytes = 1 << 20;
  w.net->answers = {json_answer(std::string(2 << 20, ' '))};
  BOOST_TEST(w.send() == "eval_cancel_error: the memory limit is reached");
  BOOST_TEST(w.net->asked.at(1).response_bytes_max <= size_t{1} << 19);
}

BOOST_AUTO_TEST_CASE(retries_wait_twice_as_long_each_time) {
  world w;
  auto broken = failing(http_failure::connection, "broken");
  w.net->answers = {broken, broken, broken, json_answer("1")};
  BOOST_TEST(w.send("\"max_retry_attempts\": 3", ".body") == "1");
  BOOST_TEST(w.net->pauses == (std::vector<int64_t>{100, 200, 400}),
             boost::test_tools::per_element());
  w.net->answers = {failing(http_failure::refused, "no")};
  w.net->asked.clear();
  w.send("\"max_retry_attempts\": 3");
  BOOST_TEST(w.net->asked.size() == 1u);
  w.net->answers = {json_answer("1", {}, 500)};
  BOOST_TEST(w.send("\"max_retry_attempts\": 3", ".status_code") == "500");
  BOOST_TEST(w.net->asked.size() == 2u);
}

BOOST_AUTO_TEST_CASE(retries_are_within_the_evaluations_time) {
  world w;
  w.options.limits.wall = std::chrono::milliseconds(250);
  w.net->answers = {failing(http_failure::connection, "broken")};
  BOOST_TEST(w.send("\"max_retry_attempts\": 100")
             == "eval_cancel_error: the time limit is reached");
  BOOST_TEST(w.net->pauses == (std::vector<int64_t>{100, 150}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
