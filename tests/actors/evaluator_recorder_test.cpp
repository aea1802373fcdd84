// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// What is recorded of a decision, and what is made of that later.

#include "actors/evaluator/recorder.hpp"

#include "actors/evaluator/asked.hpp"
#include "actors/evaluator/state.hpp"
#include "runtime/crypto/payload.hpp"
#include "tests/support/policy_world.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(evaluator_recorder_test)

using namespace acgs;
using namespace acgs::evaluator;

namespace {

wire::decide_request ask(std::string_view path, std::string_view input) {
  domain::decide_request out;
  out.path = path;
  out.input = input;
  out.caller.subject = "alice";
  return wire::decide_request{out};
}

struct fixture {
  fixture() {
    bounds.time = &time;
    core.emplace(bounds);
  }

  test::manual_clock time;
  config bounds;
  std::optional<state> core;
  id_maker ids{time, [](std::span<std::byte> out) {
                 std::fill(out.begin(), out.end(), std::byte{5});
               }};
  recorder records{"node-1", time, ids, crypto::seal_payload};
  test::world policies{{{"p.rego", R"(package p
default allow := false
allow if input.user == "root"
both := [time.now_ns(), rand.intn("a", 1000000)]
)"}}};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(evaluator_recorder, fixture)

BOOST_AUTO_TEST_CASE(the_entry_commits_to_input_and_result) {
  auto request = ask("p/allow", R"({"user":"eve","agent_id":"a-7"})");
  auto made = core->decide(request, policies.present);
  auto out = records.make(*request, made, *policies.present);
  BOOST_TEST((out.decision->outcome == domain::verdict::deny));
  BOOST_TEST(out.decision->decision_id.size() == 36u);
  const auto& entry = *out.record.entry;
  BOOST_TEST(entry.agent == "a-7");
  BOOST_TEST(entry.event_type == "safety_violation");
  BOOST_TEST(entry.caller.subject == "alice");
  BOOST_REQUIRE(entry.commitments.size() == 2u);
  BOOST_REQUIRE(out.record.payloads.size() == 2u);
  auto input = crypto::open_payload(out.record.payloads[0]);
  BOOST_REQUIRE(input);
  BOOST_TEST(input->text == made.input);
  BOOST_TEST(
      (entry.commitments[0].value == out.record.payloads[0].covered_by.value));
}

BOOST_AUTO_TEST_CASE(the_entry_says_what_a_replay_needs) {
  domain::decide_request strict;
  strict.path = "p/both";
  strict.strict_builtin_errors = true;
  wire::decide_request request{strict};
  auto made = core->decide(request, policies.present);
  auto out = records.make(*request, made, *policies.present);
  const auto& entry = *out.record.entry;
  BOOST_TEST(entry.detail == R"({"strict_builtin_errors":true})");
  BOOST_REQUIRE(entry.commitments.size() == 3u);
  BOOST_TEST((entry.commitments[2].kind == domain::payload_kind::recorded));
  auto seen = crypto::open_payload(out.record.payloads[2]);
  BOOST_REQUIRE(seen);
  BOOST_TEST(seen->text == made.found->recorded);
}

BOOST_AUTO_TEST_CASE(the_text_of_a_query_is_sealed) {
  for (auto asks : {domain::question::query, domain::question::compile}) {
    domain::decide_request query;
    query.asks = asks;
    query.path = "input.name == \"eve\"";
    query.partial = asks == domain::question::compile ? "{}" : "";
    wire::decide_request request{query};
    auto made = core->decide(request, policies.present);
    auto out = records.make(*request, made, *policies.present);
    BOOST_TEST(out.decision->path == query.path);
    BOOST_TEST(out.record.entry->path == "");
    BOOST_TEST(out.record.entry->detail == "");
    const auto& last = out.record.payloads.back();
    BOOST_TEST((last.covered_by.kind == domain::payload_kind::detail));
    auto detail = crypto::open_payload(last);
    BOOST_REQUIRE(detail);
    BOOST_TEST(detail->text == detail_of(query));
  }
}

BOOST_AUTO_TEST_CASE(what_was_asked_is_read_again_from_the_entry) {
  const std::string longer(path_bytes_max + 1, 'x');
  for (auto asks : {domain::question::document, domain::question::query,
                    domain::question::compile})
    for (std::string_view path :
         {"p/allow", "input.x == \"\\n\"", longer.c_str()}) {
      domain::decide_request request;
      request.asks = asks;
      request.path = path;
      if (asks == domain::question::compile)
        request.partial = R"({"unknowns":["input.x"]})";
      auto found =
          parse_asked(asks, path_in_entry(request), detail_of(request));
      BOOST_REQUIRE(found);
      BOOST_TEST(found->path == path);
      BOOST_TEST(found->partial == request.partial);
    }
  // As earlier versions recorded a short query.
  auto short_one = parse_asked(domain::question::query, "x := 1", "");
  BOOST_REQUIRE(short_one);
  BOOST_TEST(short_one->path == "x := 1");
  for (auto wrong : {"", "[]", "x", R"({"query":1,"options":{}})",
                     R"({"query":"x"})", R"({"options":{}})"})
    BOOST_TEST(
        (code_of(parse_asked(domain::question::compile, "x", wrong).error())
         == ec::invalid_argument));
}

BOOST_AUTO_TEST_CASE(partial_evaluation_comes_out_again) {
  domain::decide_request query;
  query.asks = domain::question::compile;
  query.path = "data.p.allow == true; time.now_ns() > input.since";
  query.partial = R"({"unknowns":["input.user","input.since"]})";
  query.input = R"({"n":1})";
  auto first = core->decide(wire::decide_request{query}, policies.present);
  BOOST_REQUIRE((first.found->error == ec::none));
  auto seen = first.found->recorded.empty()
                  ? sight{}
                  : *parse_sight(first.found->recorded);
  auto again = core->replay(query, first.input, seen, policies.present);
  BOOST_TEST(again.result == first.found->result);
  BOOST_TEST(again.recorded == first.found->recorded);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
