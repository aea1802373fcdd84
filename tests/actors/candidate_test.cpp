// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// CANDIDATE: what is tried, one at a time, and what is recorded of it.
#include "actors/candidate/candidate.hpp"
#include "actors/candidate/state.hpp"
#include "runtime/actor/bounded.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/fake_ledger.hpp"
#include "tests/support/policy_world.hpp"

#include <caf/typed_event_based_actor.hpp>

BOOST_AUTO_TEST_SUITE(candidate_test)

using namespace acgs;
using namespace acgs::candidate;
using domain::verdict;

namespace {

candidate::decided some_decision(std::string_view id = "d-1",
                                 verdict outcome = verdict::allow,
                                 std::string_view result = "true",
                                 std::string_view saw = {}) {
  domain::decide_request request;
  request.path = "app/allow";
  request.input = R"({"secret":"x"})";
  domain::decision decision;
  decision.decision_id = id;
  decision.request_id = "r-1";
  decision.path = "app/allow";
  decision.outcome = outcome;
  decision.result = result;
  decision.revision = 4;
  return {wire::decide_request{request}, wire::decision{decision},
          std::make_shared<const std::string>(saw)};
}

evaluator::seen would_say(verdict outcome, std::string result = {}) {
  evaluator::seen out;
  out.outcome = outcome;
  out.result = std::move(result);
  out.agent = "robot";
  out.nanos = 7;
  return out;
}

/// Policies with a candidate beside them.
struct policies : test::world {
  policies() : world{{{"app", "package app\nallow := true\n"}}} {}

  snapshot_ptr with_candidate(const std::string& text) {
    auto trial = std::make_shared<domain::candidate>();
    trial->name = "tighter";
    trial->revision = ++state.revision;
    trial->modules["app"].text = std::make_shared<const std::string>(text);
    state.trial = std::move(trial);
    return present = built();
  }

  snapshot_ptr without() {
    ++state.revision;
    state.trial = nullptr;
    return present = built();
  }
};

constexpr auto refusing = "package app\nallow := false\n";

} // namespace

BOOST_AUTO_TEST_SUITE(chosen)

BOOST_AUTO_TEST_CASE(all_none_or_about_a_share_of_the_decisions) {
  int count = 0;
  for (int i = 0; i < 1000; ++i) {
    auto id = "decision-" + std::to_string(i);
    BOOST_TEST(is_chosen(id, 1));
    BOOST_TEST(!is_chosen(id, 0));
    count += is_chosen(id, 0.1) ? 1 : 0;
  }
  BOOST_TEST(count > 50);
  BOOST_TEST(count < 200);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(state_, policies)

BOOST_AUTO_TEST_CASE(passes_decisions_over_while_nothing_is_tried) {
  candidate::state core{"n1", 2};
  core.publish(present);
  for (int i = 0; i < 5; ++i)
    BOOST_TEST(core.add(some_decision()));
  BOOST_TEST(core.waiting() == 0u);
  BOOST_TEST(!core.next());
}

BOOST_AUTO_TEST_CASE(tries_one_at_a_time_and_bounds_what_waits) {
  candidate::state core{"n1", 2};
  core.publish(with_candidate(refusing));
  BOOST_TEST(core.add(some_decision("d-1")));
  BOOST_TEST(core.add(some_decision("d-2")));
  BOOST_TEST(!core.add(some_decision("d-3")));
  BOOST_TEST(core.next()->what.decision->decision_id == "d-1");
  BOOST_TEST(!core.next());
  core.done();
  BOOST_TEST(core.next()->what.decision->decision_id == "d-2");
}

BOOST_AUTO_TEST_CASE(forgets_what_waits_for_a_candidate_that_is_gone) {
  candidate::state core{"n1", 10};
  core.publish(with_candidate(refusing));
  core.add(some_decision());
  core.publish(with_candidate("package app\nallow := true\n"));
  BOOST_TEST(core.waiting() == 0u);
  core.add(some_decision());
  core.publish(without());
  BOOST_TEST(core.waiting() == 0u);
  BOOST_TEST(core.active() == nullptr);
}

BOOST_AUTO_TEST_CASE(a_verdict_differs_by_its_outcome_or_by_its_value) {
  auto differs = [](const candidate::decided& active,
                    const evaluator::seen& tried) {
    return candidate::state::differs(*active.decision, tried);
  };
  BOOST_TEST(!differs(some_decision(), would_say(verdict::allow, "true")));
  BOOST_TEST(differs(some_decision(), would_say(verdict::deny, "false")));
  BOOST_TEST(differs(some_decision(), would_say(verdict::error)));
  auto value = some_decision("d", verdict::value, "1");
  BOOST_TEST(!differs(value, would_say(verdict::value, "1")));
  BOOST_TEST(differs(value, would_say(verdict::value, "2")));
}

BOOST_AUTO_TEST_CASE(records_verdicts_and_nothing_personal) {
  candidate::state core{"n1", 10};
  core.publish(with_candidate(refusing));
  core.add(some_decision());
  auto one = core.next();
  auto record =
      core.entry_of(*one, would_say(verdict::deny, "false"), from_nanos(99));
  const auto& entry = *record.entry;
  BOOST_TEST((entry.kind == domain::entry_kind::candidate));
  BOOST_TEST(entry.event_type == "candidate_differs");
  BOOST_TEST(entry.decision_id == "d-1");
  BOOST_TEST(entry.request_id == "r-1");
  BOOST_TEST(entry.agent == "robot");
  BOOST_TEST(entry.path == "app/allow");
  BOOST_TEST((entry.outcome == verdict::deny));
  BOOST_TEST(entry.time_nanos == 99);
  BOOST_TEST(entry.caller.subject == "");
  BOOST_TEST(entry.detail
             == R"({"candidate":"tighter","candidate_revision":2,)"
                R"("active":"allow","active_revision":4,"would_be":"deny"})");
  BOOST_TEST(to_hex(entry.policy_digest)
             == to_hex(present->trial()->policy_digest()));
  BOOST_TEST(record.payloads.empty());
  BOOST_TEST(core.entry_of(*one, would_say(verdict::allow, "true"), {})
                 .entry->event_type
             == "candidate_agrees");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(trials_of_snapshots, policies)

BOOST_AUTO_TEST_CASE(stand_in_place_of_policies_on_the_same_data) {
  BOOST_TEST(present->trial() == nullptr);
  auto active = with_candidate(refusing);
  BOOST_REQUIRE(active->trial() != nullptr);
  BOOST_TEST((active->trial()->policy_digest() != active->policy_digest()));
  BOOST_TEST((active->trial()->data() == active->data()));
  BOOST_TEST(active->trial()->constitutional_hash()
             == active->constitutional_hash());
  auto later = with_data(R"({"x":1})");
  BOOST_TEST((later->trial()->policies() == active->trial()->policies()));
  BOOST_TEST((later->trial()->data() == later->data()));
}

BOOST_AUTO_TEST_CASE(must_compile_when_they_are_put_and_end_later_else) {
  auto trial = std::make_shared<domain::candidate>();
  trial->name = "broken";
  trial->revision = ++state.revision;
  trial->modules["other"].text =
      std::make_shared<const std::string>("package app\nallow(x) := x\n");
  state.trial = trial;
  auto now = std::make_shared<const domain::control_state>(state);
  auto refused = snapshot::build(now, {}, present.get());
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::policy_invalid));
  ++state.revision;
  auto later = built();
  BOOST_TEST(later->trial() == nullptr);
  BOOST_TEST(later->trial_problem() != "");
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

/// Answers what the test says, or nothing.
struct evaluator_knobs {
  evaluator::seen says = would_say(verdict::deny, "false");
  std::vector<std::string> asked;
  std::vector<std::string> shown; ///< of what the decision's evaluation saw
  caf::error refusal{};
};

evaluator_actor::behavior_type
fake_evaluator(evaluator_actor::pointer, std::shared_ptr<evaluator_knobs> by) {
  return {
      [](evaluator::task&) -> caf::result<ledger::released> {
        return make_error(ec::internal, "not asked here");
      },
      [](evaluator::task_many&) { return ledger::released_many{}; },
      [=](const evaluator::look& what) -> caf::result<evaluator::seen> {
        by->asked.emplace_back(what.request->path);
        by->shown.push_back(*what.recorded);
        if (by->refusal)
          return by->refusal;
        return by->says;
      },
      [](const evaluator::warm&) { return policy::warmed{}; },
      [](policy::clear_cache) { return policy::cleared{}; },
      [](policy::get_cache_stats) { return policy::cache_stats{}; },
  };
}

control_actor::behavior_type silent_control(control_actor::pointer) {
  return {
      [](const wire::command&) { return control::applied{}; },
      [](control::get_published) { return control::published{}; },
      [](const control::get_history&) { return control::history{}; },
      [](const control_listener&) {},
      [](const control::rotate_key&) { return control::key_changed{}; },
      [](const control::revoke_key&) { return control::key_changed{}; },
      [](probe) { return probe_result{}; },
  };
}

struct trying : policies, test::actor_fixture {
  trying() {
    candidate::config cfg;
    cfg.node = "n1";
    cfg.queue_max = 2;
    cfg.registry = &registry;
    cfg.control = actor_ref<control_actor>::fixed(system.spawn(silent_control));
    cfg.evaluator =
        actor_ref<evaluator_actor>::fixed(system.spawn(fake_evaluator, by));
    cfg.ledger = actor_ref<ledger_actor>::fixed(log.handle);
    who = spawn_bounded(system, 100, candidate::candidate, cfg);
    run();
  }

  void publish(const snapshot_ptr& now) {
    caf::anon_send(who, control::published{nullptr, now});
    run();
  }

  void decide(std::string_view id) { caf::anon_send(who, some_decision(id)); }

  std::string facts() {
    auto found = ask<probe_result>(who, probe{});
    return found ? found->facts : sentence_of(found.error());
  }

  acgs::metrics::registry registry;
  std::shared_ptr<evaluator_knobs> by = std::make_shared<evaluator_knobs>();
  test::fake_ledger log{system};
  candidate_actor who;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(actor, trying)

BOOST_AUTO_TEST_CASE(records_what_the_candidate_would_have_said) {
  publish(with_candidate(refusing));
  decide("d-1");
  decide("d-2");
  run();
  auto entries = log.of_kind(domain::entry_kind::candidate);
  BOOST_REQUIRE(entries.size() == 2u);
  BOOST_TEST(entries[0]->decision_id == "d-1");
  BOOST_TEST(entries[1]->event_type == "candidate_differs");
}

BOOST_AUTO_TEST_CASE(shows_the_candidate_the_world_of_the_decision) {
  publish(with_candidate(refusing));
  caf::anon_send(who, some_decision("d-1", verdict::allow, "true", "{}"));
  run();
  BOOST_TEST(by->shown == std::vector<std::string>{"{}"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(drops_and_counts_what_is_too_much) {
  publish(with_candidate(refusing));
  for (int i = 0; i < 6; ++i)
    decide("d-" + std::to_string(i));
  run();
  // One is under way at a time, two wait; what comes meanwhile is dropped.
  BOOST_TEST(log.of_kind(domain::entry_kind::candidate).size() < 6u);
  BOOST_TEST(facts().find("\"dropped\":0") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(goes_on_after_a_verdict_that_could_not_be_had) {
  publish(with_candidate(refusing));
  by->refusal = make_error(ec::unavailable, "restarting");
  decide("d-1");
  run();
  by->refusal = {};
  decide("d-2");
  run();
  auto entries = log.of_kind(domain::entry_kind::candidate);
  BOOST_REQUIRE(entries.size() == 1u);
  BOOST_TEST(entries[0]->decision_id == "d-2");
}

BOOST_AUTO_TEST_CASE(asks_nobody_while_nothing_is_tried) {
  publish(present);
  decide("d-1");
  run();
  BOOST_TEST(by->asked.empty());
  BOOST_TEST(facts() == "{\"candidate\":\"\",\"waiting\":0,\"dropped\":0}");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
