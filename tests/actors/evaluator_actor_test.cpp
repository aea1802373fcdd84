// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// What an evaluator hands to LEDGER where the modes change while it decides.

#include "actors/evaluator/evaluator.hpp"
#include "runtime/crypto/payload.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/policy_world.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

BOOST_AUTO_TEST_SUITE(evaluator_actor_test)

using namespace acgs;

namespace {

wire::decide_request asked(std::string_view path) {
  domain::decide_request out;
  out.path = path;
  out.input = "{}";
  return wire::decide_request{out};
}

/// Releases what it is given at once.
caf::behavior releasing(caf::event_based_actor*) {
  return {[](const ledger::release& what) {
            return ledger::released{what.decision};
          },
          [](const ledger::release_many& what) {
            ledger::released_many out;
            for (const auto& each : what.each)
              out.each.emplace_back(ledger::released{each.decision});
            return out;
          }};
}

struct fixture : test::actor_fixture {
  fixture() {
    evaluator::surroundings around;
    around.bounds.time = &clock;
    around.node = "node-1";
    around.ids = &ids;
    around.seal = crypto::seal_payload;
    around.ledger =
        actor_ref<ledger_actor>::fixed(caf::actor_cast<ledger_actor>(log));
    around.registry = &registry;
    around.queue = queue;
    around.latest = latest;
    who = system.spawn(evaluator::evaluator, around);
    run();
  }

  ~fixture() {
    self->send_exit(who, caf::exit_reason::user_shutdown);
    self->send_exit(log, caf::exit_reason::user_shutdown);
    run();
  }

  domain::verdict decided(std::string_view path) {
    auto got = ask<ledger::released>(
        who, evaluator::task{asked(path), policies.present});
    BOOST_REQUIRE(got);
    return got->decision->outcome;
  }

  metrics::registry registry;
  id_maker ids{clock, [](std::span<std::byte> out) {
                 std::fill(out.begin(), out.end(), std::byte{5});
               }};
  std::shared_ptr<work_queue> queue = std::make_shared<work_queue>(1, 3, clock);
  std::shared_ptr<latest_snapshot> latest = std::make_shared<latest_snapshot>();
  test::world policies{{{"p.rego", "package p\nallow := true"},
                        {"main.rego", "package acgs.main\n"
                                      "decision := {\"allow\": true} if "
                                      "not data.acgs.mode.lockdown\n"
                                      "else := {\"allow\": false}"}}};
  caf::actor log = system.spawn<caf::hidden>(releasing);
  evaluator_actor who;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(evaluator_actor, fixture)

BOOST_AUTO_TEST_CASE(what_counts_is_the_newest) {
  BOOST_TEST(!latest->get());
  auto older = policies.present;
  auto locked = policies.in_mode(false, true);
  latest->activate(locked);
  latest->activate(older);
  BOOST_TEST(latest->get() == locked);
  BOOST_TEST(latest->locked_since(*older) == locked);
  BOOST_TEST(!latest->locked_since(*locked));
  latest->activate(policies.in_mode(false, false));
  BOOST_TEST(!latest->locked_since(*older));
}

BOOST_AUTO_TEST_CASE(decides_by_the_snapshot_that_the_request_came_with) {
  BOOST_TEST((decided("p/allow") == domain::verdict::allow));
  latest->activate(policies.in_mode(true, false));
  BOOST_TEST((decided("p/allow") == domain::verdict::allow));
}

BOOST_AUTO_TEST_CASE(allows_nothing_once_a_lockdown_has_come) {
  latest->activate(policies.in_mode(false, true));
  BOOST_TEST((decided("p/allow") == domain::verdict::error));
  BOOST_TEST((decided("acgs/main/decision") == domain::verdict::deny));
}

BOOST_AUTO_TEST_CASE(allows_nothing_of_a_batch_that_a_lockdown_overtook) {
  evaluator::task_many all{{{asked("p/allow"), asked("acgs/main/decision")}},
                           policies.present};
  auto before = ask<ledger::released_many>(who, all);
  BOOST_REQUIRE(before);
  for (const auto& each : before->each)
    BOOST_TEST((each->decision->outcome == domain::verdict::allow));
  latest->activate(policies.in_mode(false, true));
  auto behind = ask<ledger::released_many>(who, all);
  BOOST_REQUIRE(behind);
  BOOST_REQUIRE(behind->each.size() == 2u);
  BOOST_TEST((behind->each[0]->decision->outcome == domain::verdict::error));
  BOOST_TEST((behind->each[1]->decision->outcome == domain::verdict::deny));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
