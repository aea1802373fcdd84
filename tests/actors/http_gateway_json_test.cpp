// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/http_gateway/decision_body.hpp"
#include "actors/http_gateway/entry_json.hpp"
#include "actors/http_gateway/json_pretty.hpp"
#include "runtime/base/json.hpp"
#include "runtime/metrics/decision_stats.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(http_gateway_json_test)

using namespace acgs;
using namespace acgs::http_gateway;
using namespace std::chrono_literals;

namespace {

ledger::released released(domain::decision decision) {
  decision.decision_id = "d-1";
  decision.constitutional_hash = "abababababababab";
  decision.latency_nanos = 1'234'567;
  decision.evaluation_nanos = 200'999;
  return {wire::decision{decision}, 42, 0};
}

domain::decision verdict(domain::verdict outcome, std::string_view result) {
  domain::decision out;
  out.outcome = outcome;
  out.result = result;
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(printing)

BOOST_AUTO_TEST_CASE(indents_without_changing_anything) {
  BOOST_TEST(pretty_json(R"({"a":[1,{"b":"x{\"},"}],"c":{},"d":[ ]})")
             == "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"x{\\\"},\"\n    "
                "}\n  ],\n  \"c\": {},\n  \"d\": []\n}\n");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(decision_bodies)

BOOST_AUTO_TEST_CASE(are_read_as_opa_reads_them) {
  auto got = read_decision_body(R"({"input": {"x":1.0e2} , "y":2})", false);
  BOOST_REQUIRE(got);
  BOOST_TEST((got->how == wrapping::opa));
  BOOST_TEST(got->input == R"({"x":1.0e2})");
  BOOST_TEST(read_decision_body(R"({"y":2})", false)->input == "");
  BOOST_TEST(read_decision_body("", false)->input == "");
  for (auto* none : {R"({"input":null})", "null", " null\n"})
    BOOST_TEST(read_decision_body(none, false)->input == "", none);
  for (auto* wrong : {"[]", "nul", "\"null\"", "0"})
    BOOST_TEST(!read_decision_body(wrong, false), wrong);
}

BOOST_AUTO_TEST_CASE(name_nothing_twice) {
  for (auto* text : {R"({"input":{},"input":{"a":1}})",
                     R"({"input":{"action":"a","action":"b"}})",
                     R"({"input":{"a":[{"b":1,"\u0062":2}]}})"})
    for (bool bare_too : {false, true}) {
      auto got = read_decision_body(text, bare_too);
      BOOST_REQUIRE(!got);
      BOOST_TEST((code_of(got.error()) == ec::invalid_argument), text);
      BOOST_TEST(sentence_of(got.error()).find("twice") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(may_be_the_input_itself_on_the_runbooks_routes) {
  auto text = R"({"action":"a","constitutional_hash":"cdd01ef066bc6cf2"})";
  auto bare = read_decision_body(text, true);
  BOOST_REQUIRE(bare);
  BOOST_TEST((bare->how == wrapping::bare));
  BOOST_TEST(bare->input == text);
  BOOST_TEST(auth::names_of(bare->pins) == "cdd01ef066bc6cf2");
  auto wrapped =
      read_decision_body(R"({"input":)" + std::string{text} + "}", true);
  BOOST_REQUIRE(wrapped);
  BOOST_TEST((wrapped->how == wrapping::opa));
  BOOST_TEST(auth::names_of(wrapped->pins) == "cdd01ef066bc6cf2");
  auto odd = read_decision_body(R"({"constitutional_hash":7})", true);
  BOOST_REQUIRE(!odd);
  BOOST_TEST(field_of(odd.error()) == "constitutional_hash");
  auto alone = read_input(text, wrapping::opa);
  BOOST_REQUIRE(bool{alone});
  BOOST_TEST(auth::names_of(alone->pins) == "cdd01ef066bc6cf2");
  auto nested = read_decision_body(
      R"({"evolution_request":{"constitutional_hash":"cdd01ef066bc6cf2"}})",
      true);
  BOOST_REQUIRE(bool{nested});
  BOOST_TEST(auth::names_of(nested->pins) == "cdd01ef066bc6cf2");
}

BOOST_AUTO_TEST_CASE(may_be_pinned_beside_the_input_as_well) {
  for (bool bare_too : {false, true}) {
    auto beside = read_decision_body(
        R"({"input":{},"constitutional_hash":"cdd01ef066bc6cf2"})", bare_too);
    BOOST_REQUIRE(bool{beside});
    BOOST_TEST(auth::names_of(beside->pins) == "cdd01ef066bc6cf2");
    BOOST_TEST(beside->pins.at(0).field == "constitutional_hash");
    auto both = read_decision_body(R"({"input":{"constitutional_hash":"a"},)"
                                   R"("constitutional_hash":"b"})",
                                   bare_too);
    BOOST_REQUIRE(bool{both});
    BOOST_TEST(auth::names_of(both->pins) == "a b");
    auto wrong =
        read_decision_body(R"({"input":{},"constitutional_hash":7})", bare_too);
    BOOST_REQUIRE(!wrong);
    BOOST_TEST(field_of(wrong.error()) == "constitutional_hash");
  }
}

BOOST_AUTO_TEST_CASE(come_back_wrapped_with_their_record) {
  digest active;
  active.fill(std::byte{0xab});
  domain::constitution_names names{active,
                                   {{to_hex(active), "cdd01ef066bc6cf2"}}};
  auto decided =
      verdict(domain::verdict::allow, R"({"allow":true,"constitutional_hash":)"
                                      R"("abababababababab"})");
  decided.path = "acgs/main/decision";
  auto got = write_decision(
      released(decided), {.enrich = true, .names = &names, .provenance = {}});
  BOOST_TEST(got
             == R"({"decision_id":"d-1","result":{"allow":true,)"
                R"("constitutional_hash":"cdd01ef066bc6cf2",)"
                R"("decision_id":"d-1","ledger_index":42,)"
                R"("latency_ms":1.234,"evaluation_time_ms":0.2,)"
                R"("cache_hit":false}})");
}

BOOST_AUTO_TEST_CASE(say_until_when_a_permission_holds) {
  auto shown = [](domain::verdict outcome, std::string_view result,
                  std::string_view path = "acgs/main/decision") {
    auto decided = verdict(outcome, result);
    decided.path = path;
    // The first 48 bits: 1,767,225,600,250 ms, the start of 2026 and a quarter.
    decided.decision_id = "019b76da-a8fa-7000-8000-000000000000";
    auto got = write_decision({wire::decision{decided}, 42, 0},
                              {.how = wrapping::bare});
    return got.substr(got.find(",\"cache_hit\":false") + 18);
  };
  using enum domain::verdict;
  BOOST_TEST(shown(allow, R"({"allow":true,"valid_seconds":3600})")
             == R"(,"expires_at":"2026-01-01T01:00:00.250000Z"})");
  BOOST_TEST(
      shown(allow, R"({"approval_type":"auto_approve","valid_seconds":86400})")
      == R"(,"approval_id":"019b76da-a8fa-7000-8000-000000000000",)"
         R"("valid_until":"2026-01-02T00:00:00.250000Z"})");
  for (auto* odd : {R"({"valid_seconds":-1})", R"({"valid_seconds":1.5})",
                    R"({"valid_seconds":"1"})", R"({"allow":true})"})
    BOOST_TEST(shown(allow, odd) == "}", odd);
  BOOST_TEST(shown(deny, R"({"valid_seconds":3600})") == "}");
  BOOST_TEST(shown(allow, R"({"valid_seconds":3600})", "p/decision") == "}");
}

BOOST_AUTO_TEST_CASE(come_back_bare_to_those_who_sent_them_bare) {
  auto got = write_decision(
      released(verdict(domain::verdict::deny, "false")),
      {.how = wrapping::bare, .enrich = true, .last_step = "allow"});
  auto read = json::parse(got);
  BOOST_REQUIRE(read);
  BOOST_TEST(!*read->find("allow")->if_bool());
  BOOST_TEST(*read->find("ledger_index")->as_int() == 42);
  auto empty = write_decision(released(verdict(domain::verdict::deny, "{}")),
                              {.how = wrapping::bare, .enrich = true});
  BOOST_TEST(json::parse(empty).operator bool());
}

BOOST_AUTO_TEST_CASE(never_turn_silence_into_permission) {
  auto silent = released(verdict(domain::verdict::undefined, ""));
  BOOST_TEST(write_decision(silent, {.enrich = true})
             == R"({"decision_id":"d-1"})");
  auto bare = json::parse(write_decision(
      silent, {.how = wrapping::bare, .enrich = true, .last_step = "allow"}));
  BOOST_REQUIRE(bare);
  BOOST_TEST(!*bare->find("allow")->if_bool());
}

BOOST_AUTO_TEST_CASE(pass_results_of_other_paths_through) {
  auto got =
      write_decision(released(verdict(domain::verdict::value, "1.10")),
                     {.metrics = R"({"m":5})", .provenance = R"({"v":1})"});
  BOOST_TEST(got
             == R"({"decision_id":"d-1","metrics":{"m":5},)"
                R"("provenance":{"v":1},"result":1.10})");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(entries)

BOOST_AUTO_TEST_CASE(are_shown_with_the_runbooks_names) {
  domain::entry entry;
  entry.kind = domain::entry_kind::decision;
  entry.event_type = "safety_violation";
  entry.agent = "agent_123";
  entry.path = "acgs/main/decision";
  entry.outcome = domain::verdict::deny;
  entry.caller = domain::identity_view{};
  auto got =
      json::parse(entry_json(reader::located{7, {}, wire::entry{entry}}));
  BOOST_REQUIRE(got);
  BOOST_TEST(*got->find("event_id")->if_string() == "evt_7");
  BOOST_TEST(*got->find("event_type")->if_string() == "safety_violation");
  BOOST_TEST(*got->find("agent_id")->if_string() == "agent_123");
  BOOST_TEST(*got->find("result")->if_string() == "denied");
  BOOST_TEST(got->find("hash")->if_string()->substr(0, 9) == "sha256:00");
}

BOOST_AUTO_TEST_CASE(have_ids_that_are_read_back) {
  BOOST_TEST(*parse_event_id("evt_42") == 42u);
  BOOST_TEST(*parse_event_id("42") == 42u);
  for (auto* text : {"", "evt_", "evt_4x", "-1", "evt_99999999999999999999"})
    BOOST_TEST(!parse_event_id(text), text);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(figures)

BOOST_AUTO_TEST_CASE(percentiles_are_within_a_32nd) {
  metrics::latency_histogram counted;
  for (int i = 1; i <= 1000; ++i)
    counted.record(std::chrono::microseconds{i});
  BOOST_TEST(counted.count() == 1000u);
  BOOST_TEST((counted.mean() == 500500ns));
  for (auto [share, expected] :
       {std::pair{0.5, 500.0}, {0.95, 950.0}, {0.99, 990.0}, {1.0, 1000.0}}) {
    auto got = static_cast<double>(counted.percentile(share).count()) / 1000;
    BOOST_TEST(got >= expected);
    BOOST_TEST(got <= expected * (1 + 1.0 / 32));
  }
}

BOOST_AUTO_TEST_CASE(extremes_are_counted_too) {
  metrics::latency_histogram counted;
  BOOST_TEST((counted.percentile(0.99) == 0ns));
  counted.record(-5ns);
  BOOST_TEST((counted.percentile(0.99) == 0ns));
  counted.record(24h);
  BOOST_TEST((counted.percentile(1) >= 2min));
}

BOOST_AUTO_TEST_CASE(latencies_are_those_of_the_last_minutes) {
  metrics::decision_stats stats;
  steady_time start{1h};
  stats.decided(10ms, 1ms, true, start);
  stats.decided(10ms, 1ms, false, start + 30s);
  auto then = stats.summarise(start + 50s);
  BOOST_TEST(then.decisions == 2u);
  BOOST_TEST(then.refusals_last_minute == 1u);
  BOOST_TEST((then.latency.p99 >= 10ms));
  BOOST_TEST((then.durable.p50 >= 1ms));
  auto later = stats.summarise(start + 65s);
  BOOST_TEST(later.refusals_last_minute == 0u);
  BOOST_TEST((later.latency.p99 >= 10ms)); // the minute before still counts
  auto much_later = stats.summarise(start + 3min);
  BOOST_TEST((much_later.latency.p99 == 0ms));
  BOOST_TEST(much_later.decisions == 2u);
  BOOST_TEST(much_later.refusals == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
