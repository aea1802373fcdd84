// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Partial evaluation on a node: what is left of a query, its bounds and its
// explanation.

#include "actors/evaluator/state.hpp"
#include "tests/support/policy_world.hpp"

#include <boost/test/unit_test.hpp>

using namespace acgs;
using acgs::evaluator::outcome;
using acgs::test::manual_clock;
using acgs::test::world;

namespace {

std::string policy() {
  std::string out = R"(package p
default allow := false
allow if input.user == "root"
loop := count([1 | numbers.range(1, 3000)[_]; numbers.range(1, 3000)[_]])
deep := input.a)";
  for (int i = 0; i < 1500; ++i)
    out += " + input.a";
  return out;
}

struct compiling {
  compiling() {
    bounds.time = &time;
    bounds.second_tier = std::make_shared<evaluator::shared_cache>(
        evaluator::cache_bounds{1000});
    bounds.instructions_max = 100'000;
    core.emplace(bounds);
    query.asks = domain::question::compile;
    query.path = "data.p.allow == true";
    query.partial = R"({"unknowns":["input"]})";
  }
  outcome ask() {
    return core->decide(wire::decide_request{query}, policies.present);
  }

  manual_clock time;
  evaluator::config bounds;
  std::optional<evaluator::state> core;
  domain::decide_request query;
  world policies{{{"p.rego", policy()}}};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(evaluator_partial_test, compiling)

BOOST_AUTO_TEST_CASE(says_what_is_left_of_a_query) {
  auto left = ask();
  BOOST_TEST((left.found->error == ec::none));
  BOOST_TEST((left.found->outcome == domain::verdict::value));
  BOOST_TEST(left.found->result.starts_with("{\"queries\":[["));
  query.partial = R"({"unknowns":["input.other"]})";
  query.input = R"({"user":"root"})";
  auto known = ask();
  BOOST_TEST(known.tier == 0u); // another question than the one before
  BOOST_TEST(known.found->result == R"({"queries":[[]]})");
  query.input = R"({"user":"eve"})";
  auto never = ask();
  BOOST_TEST(never.found->result == "{}");
}

BOOST_AUTO_TEST_CASE(explains_what_is_left_of_a_query) {
  query.explain = domain::explanation::full;
  auto events = ask();
  BOOST_TEST(events.found->explanation.find(R"("op":"save")")
             != std::string::npos);
  BOOST_TEST(events.found->explanation.find(R"("type":"rule")")
             != std::string::npos);
  query.explain_lines = true;
  auto lines = ask();
  BOOST_TEST(lines.found->explanation.find("Enter data.p.allow")
             != std::string::npos);
  BOOST_TEST(lines.found->explanation.find("Save input.user")
             != std::string::npos);
  query.explain = domain::explanation::off;
  auto plain = ask();
  BOOST_TEST(plain.found->explanation == "");
  BOOST_TEST(plain.found->result == lines.found->result);
}

BOOST_AUTO_TEST_CASE(bounds_partial_evaluation_as_a_whole) {
  query.path = "data.p.loop > input.x";
  auto made = ask();
  BOOST_TEST((made.found->error == ec::limit_exceeded));
  BOOST_TEST(made.found->message.starts_with("policy.instructions_max"));
}

BOOST_AUTO_TEST_CASE(refuses_what_is_left_in_too_many_levels) {
  bounds.instructions_max = 10'000'000;
  core.emplace(bounds);
  query.path = "data.p.deep == 1";
  auto made = ask();
  BOOST_TEST((made.found->error != ec::none));
  BOOST_TEST(made.found->message.find("nested too deeply")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(refuses_unknowns_that_are_no_references) {
  query.path = "data.p.allow";
  for (auto open : {R"({"unknowns":["foo"]})", R"({"unknowns":["1 +"]})",
                    R"({"disableInlining":["x"]})", "", "{"}) {
    query.partial = open;
    auto made = ask();
    BOOST_TEST((made.found->error == ec::invalid_argument), open);
  }
}

BOOST_AUTO_TEST_SUITE_END()
