// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#define BOOST_TEST_MODULE policy

#include "actors/policy/policy.hpp"
#include "actors/policy/state.hpp"
#include "runtime/actor/bounded.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/policy_world.hpp"

#include <caf/typed_event_based_actor.hpp>

using namespace acgs;
using acgs::test::world;

namespace {

policy::worker worker_of(const evaluator_actor& who) {
  return {actor_ref<evaluator_actor>::fixed(who),
          std::make_shared<std::atomic<unsigned>>(0)};
}

wire::decide_request request(std::string_view path,
                             std::string_view pinned_hash = {}) {
  domain::decide_request out;
  out.path = path;
  out.pinned_hash = pinned_hash;
  return wire::decide_request{out};
}

/// Notes what it was asked and answers as LEDGER would.
struct evaluator_log {
  std::vector<std::string> paths;
  std::vector<std::uint64_t> revisions;
};

evaluator_actor::behavior_type
fake_evaluator(std::shared_ptr<evaluator_log> log, std::uint64_t entries) {
  return {
      [log](const evaluator::task& what) {
        log->paths.emplace_back(what.request->path);
        log->revisions.push_back(what.with->revision());
        domain::decision decided;
        decided.outcome = domain::verdict::allow;
        return ledger::released{wire::decision{decided}, 7, 0};
      },
      [](const evaluator::warm&) {
        return policy::warmed{2, 1, 1, 10};
      },
      [entries](policy::clear_cache) { return policy::cleared{entries}; },
      [](policy::get_cache_stats) {
        policy::cache_stats out;
        out.l1_hits = 3;
        return out;
      },
  };
}

/// A CONTROL that publishes nothing by itself.
control_actor::behavior_type fake_control(std::shared_ptr<int> subscribed) {
  return {
      [](const wire::command&) -> caf::result<control::applied> {
        return make_error(ec::unavailable, "not in this test");
      },
      [](control::get_published) { return control::published{}; },
      [](control::get_history) { return control::history{}; },
      [subscribed](const control_listener&) { ++*subscribed; },
      [](probe) { return probe_result{}; },
  };
}

struct fixture : test::actor_fixture {
  fixture() {
    for (std::uint64_t i = 0; i < 2; ++i) {
      logs.push_back(std::make_shared<evaluator_log>());
      auto who = system.spawn(
          [log = logs.back(), i] { return fake_evaluator(log, i + 1); });
      cfg.workers.push_back(worker_of(who));
    }
    cfg.shared = {[] { return std::size_t{5}; }, [] { return std::size_t{5}; },
                  50};
    cfg.control = actor_ref<control_actor>::fixed(
        system.spawn([this] { return fake_control(subscribed); }));
    cfg.registry = &registry;
    who = spawn_bounded(system, 16, policy::policy, cfg);
    run();
  }

  result<ledger::released> ask_policy(std::string_view path,
                                      std::string_view pinned_hash = {}) {
    return ask<ledger::released>(who, request(path, pinned_hash));
  }

  void publish(const snapshot_ptr& now) {
    caf::anon_send(who, control::published{nullptr, now});
    run();
  }

  metrics::registry registry;
  std::shared_ptr<int> subscribed = std::make_shared<int>(0);
  std::vector<std::shared_ptr<evaluator_log>> logs;
  policy::config cfg;
  policy_actor who;
  world policies{{{"p.rego", "package p\nx := 1"}}};
};

} // namespace

BOOST_AUTO_TEST_SUITE(state)

BOOST_AUTO_TEST_CASE(gives_work_to_whom_fewest_decisions_wait_for) {
  auto idle = [] {
    return policy::worker{{}, std::make_shared<std::atomic<unsigned>>(0)};
  };
  policy::state core{{idle(), idle(), idle()}};
  core.workers()[0].waiting->store(2);
  core.workers()[1].waiting->store(1);
  core.workers()[2].waiting->store(5);
  BOOST_TEST(&core.next() == &core.workers()[1]);
  BOOST_TEST(core.workers()[1].waiting->load() == 2u);
  // Now the first and the second are equal, and take turns.
  BOOST_TEST(&core.next() == &core.workers()[0]);
  BOOST_TEST(&core.next() == &core.workers()[1]);
}

BOOST_AUTO_TEST_CASE(an_older_snapshot_does_not_come_back) {
  policy::state core{{{{}, std::make_shared<std::atomic<unsigned>>(0)}}};
  world policies{{{"p.rego", "package p\nx := 1"}}};
  auto older = policies.present;
  auto newer = policies.with_data(R"({"a":1})");
  core.activate(newer);
  core.activate(older);
  BOOST_TEST(core.active()->revision() == newer->revision());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(actor, fixture)

BOOST_AUTO_TEST_CASE(subscribes_to_control_when_it_starts) {
  BOOST_TEST(*subscribed == 1);
}

BOOST_AUTO_TEST_CASE(before_the_first_snapshot_nothing_is_decided) {
  auto got = ask_policy("p/x");
  BOOST_REQUIRE(!got);
  BOOST_TEST((code_of(got.error()) == ec::unavailable));
  BOOST_TEST(logs[0]->paths.empty());
}

BOOST_AUTO_TEST_CASE(hands_the_active_snapshot_to_an_evaluator) {
  publish(policies.present);
  auto got = ask_policy("p/x");
  BOOST_REQUIRE(got);
  BOOST_TEST(got->index == 7u);
  publish(policies.with_data(R"({"a":1})"));
  BOOST_REQUIRE(ask_policy("p/y"));
  std::vector<std::uint64_t> revisions;
  for (const auto& log : logs)
    revisions.insert(revisions.end(), log->revisions.begin(),
                     log->revisions.end());
  BOOST_TEST(revisions.size() == 2u);
  BOOST_TEST(revisions[0] != revisions[1]);
}

BOOST_AUTO_TEST_CASE(refuses_a_constitution_that_is_not_active) {
  publish(policies.present);
  auto got = ask_policy("p/x", "ffffffffffffffff");
  BOOST_REQUIRE(!got);
  BOOST_TEST((code_of(got.error()) == ec::hash_mismatch));
  BOOST_TEST(bool{ask_policy("p/x", policies.present->constitutional_hash())});
}

BOOST_AUTO_TEST_CASE(adds_up_what_the_evaluators_counted) {
  auto stats = ask<policy::cache_stats>(who, policy::get_cache_stats{});
  BOOST_REQUIRE(stats);
  BOOST_TEST(stats->l1_hits == 6u);
  BOOST_TEST(stats->l2_entries == 5u);
  auto cleared = ask<policy::cleared>(who, policy::clear_cache{});
  BOOST_REQUIRE(cleared);
  BOOST_TEST(cleared->entries == 8u);
  publish(policies.present);
  auto warmed = ask<policy::warmed>(who, policy::warm_cache{});
  BOOST_REQUIRE(warmed);
  BOOST_TEST(warmed->scenarios == 4u);
}

BOOST_AUTO_TEST_CASE(is_unhealthy_before_and_healthy_with_a_snapshot) {
  auto before = ask<probe_result>(who, probe{});
  BOOST_REQUIRE(before);
  BOOST_TEST((before->status == health_status::unhealthy));
  publish(policies.present);
  auto after = ask<probe_result>(who, probe{});
  BOOST_TEST((after->status == health_status::healthy));
  BOOST_TEST(after->facts.find("\"count\":1") != std::string::npos);
  publish(policies.in_mode(false, true));
  BOOST_TEST(
      (ask<probe_result>(who, probe{})->status == health_status::degraded));
}

BOOST_AUTO_TEST_SUITE_END()
