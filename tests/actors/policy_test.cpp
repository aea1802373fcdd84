// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/policy/policy.hpp"
#include "actors/policy/state.hpp"
#include "runtime/actor/bounded.hpp"
#include "runtime/actor/promise.hpp"
#include "runtime/auth/admin_gate.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/policy_world.hpp"

#include <caf/typed_event_based_actor.hpp>

BOOST_AUTO_TEST_SUITE(policy_test)

using namespace acgs;
using namespace std::chrono_literals;
using acgs::test::world;

namespace {

wire::decide_request request(std::string_view path,
                             std::string_view pinned_hash = {}) {
  domain::decide_request out;
  out.path = path;
  out.pinned_hash = pinned_hash;
  return wire::decide_request{out};
}

/// Notes what it was asked and answers as LEDGER would; or hangs.
struct evaluator_log {
  std::vector<std::string> paths;
  std::vector<std::uint64_t> revisions;
  bool hangs = false;
};

evaluator_actor::behavior_type
fake_evaluator(evaluator_actor::pointer self,
               std::shared_ptr<evaluator_log> log,
               std::shared_ptr<work_queue> queue, std::size_t place) {
  auto entries = place + 1;
  auto held = std::make_shared<std::vector<promise<ledger::released>>>();
  return {
      [=](const evaluator::task& what) -> caf::result<ledger::released> {
        log->paths.emplace_back(what.request->path);
        log->revisions.push_back(what.with->revision());
        if (log->hangs)
          return held->emplace_back(self);
        queue->done(place);
        domain::decision decided;
        decided.outcome = domain::verdict::allow;
        return ledger::released{wire::decision{decided}, 7, 0};
      },
      [=](const evaluator::task_many& what) {
        ledger::released_many out;
        for (const auto& request : what.requests.each) {
          log->paths.emplace_back(request->path);
          out.each.emplace_back(ledger::released{});
        }
        log->revisions.push_back(what.with->revision());
        queue->done(place);
        return out;
      },
      [](const evaluator::look&) { return evaluator::seen{}; },
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
      [](const control::rotate_key&) { return control::key_changed{}; },
      [](const control::revoke_key&) { return control::key_changed{}; },
      [](probe) { return probe_result{}; },
  };
}

struct fixture : test::actor_fixture {
  fixture() {
    for (std::size_t i = 0; i < 2; ++i) {
      logs.push_back(std::make_shared<evaluator_log>());
      auto one =
          spawn_bounded(system, 8, fake_evaluator, logs.back(), queue, i);
      cfg.workers.push_back({"evaluator-" + std::to_string(i + 1),
                             actor_ref<evaluator_actor>::fixed(one)});
      queue->join(i, caf::actor_cast<caf::strong_actor_ptr>(one));
    }
    cfg.queue = queue;
    cfg.shared = {[] { return std::size_t{5}; }, [] { return std::size_t{5}; },
                  50};
    cfg.control = actor_ref<control_actor>::fixed(
        system.spawn([this] { return fake_control(subscribed); }));
    cfg.registry = &registry;
    who = policy::spawn_policy(system, 16, cfg);
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

  ~fixture() {
    for (std::size_t i = 0; i < 2; ++i) {
      auto one = cfg.workers[i].who.get();
      queue->leave(i, caf::actor_cast<caf::strong_actor_ptr>(one).get());
      caf::anon_send_exit(one, caf::exit_reason::user_shutdown);
    }
    run();
  }

  metrics::registry registry;
  std::shared_ptr<work_queue> queue = std::make_shared<work_queue>(2, 3, clock);
  std::shared_ptr<int> subscribed = std::make_shared<int>(0);
  std::vector<std::shared_ptr<evaluator_log>> logs;
  policy::config cfg;
  policy_actor who;
  world policies{{{"p.rego", "package p\nx := 1"}}};
};

} // namespace

BOOST_AUTO_TEST_SUITE(state)

BOOST_AUTO_TEST_CASE(an_evaluator_far_beyond_its_limit_hangs_and_is_named) {
  policy::state core{{{"evaluator-1", {}}, {"evaluator-2", {}}}, 100ms};
  auto fine = core.look_at({100ms, 1100ms});
  BOOST_TEST((fine.status == health_status::healthy));
  auto one = core.look_at({0ms, 1101ms});
  BOOST_TEST((one.status == health_status::degraded));
  BOOST_TEST(one.reason
             == "evaluator-2 has been at one decision for 1101 ms, though "
                "policy.time_max is 100 ms");
  auto all = core.look_at({2s, 3s});
  BOOST_TEST((all.status == health_status::unhealthy));
  BOOST_TEST(all.reason.find("evaluator-1") != std::string::npos);
  BOOST_TEST(all.reason.find("evaluator-2") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_older_snapshot_does_not_come_back) {
  policy::state core{{{"evaluator-1", {}}}, 1s};
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
  // One that is idle again is taken first: its cache is warm.
  const auto& revisions = logs[1]->revisions;
  BOOST_REQUIRE(revisions.size() == 2u);
  BOOST_TEST(revisions[0] != revisions[1]);
}

BOOST_AUTO_TEST_CASE(hands_a_batch_to_one_evaluator_with_one_snapshot) {
  policy::decide_many batch;
  batch.each = {request("p/x"), request("p/y")};
  auto early = ask<ledger::released_many>(who, batch);
  BOOST_REQUIRE(!early);
  BOOST_TEST((code_of(early.error()) == ec::unavailable));
  publish(policies.present);
  auto got = ask<ledger::released_many>(who, batch);
  BOOST_REQUIRE(got);
  BOOST_TEST(got->each.size() == 2u);
  BOOST_TEST(logs[1]->paths.size() == 2u);
  BOOST_TEST(logs[1]->revisions.size() == 1u);
  domain::decide_request pinned;
  pinned.path = "p/x";
  pinned.pinned_hash = "1111111111111111";
  batch.each.emplace_back(pinned);
  auto other = ask<ledger::released_many>(who, batch);
  BOOST_REQUIRE(!other);
  BOOST_TEST((code_of(other.error()) == ec::hash_mismatch));
}

BOOST_AUTO_TEST_CASE(a_slow_policy_keeps_no_other_decision_waiting) {
  publish(policies.present);
  logs[1]->hangs = true;
  auto slow = begin<ledger::released>(who, request("p/slow"));
  run();
  for (int i = 0; i < 20; ++i)
    BOOST_TEST(bool{ask_policy("p/x")});
  BOOST_TEST(logs[0]->paths.size() == 20u);
  BOOST_TEST(logs[1]->paths.size() == 1u);
  BOOST_TEST(!slow->has_value());
}

BOOST_AUTO_TEST_CASE(what_waits_goes_to_the_evaluator_that_comes_free) {
  publish(policies.present);
  logs[0]->hangs = logs[1]->hangs = true;
  std::vector<pending<ledger::released>> asked;
  for (int i = 0; i < 6; ++i)
    asked.push_back(begin<ledger::released>(who, request("p/x")));
  run();
  // Two are worked on, three wait, and one is too many.
  BOOST_TEST(queue->waiting() == 3u);
  BOOST_REQUIRE(asked[5]->has_value());
  BOOST_TEST((code_of((*asked[5])->error()) == ec::overloaded));
  logs[0]->hangs = false;
  queue->done(0);
  run();
  for (std::size_t i = 2; i < 5; ++i) {
    BOOST_REQUIRE(asked[i]->has_value());
    BOOST_TEST(bool{**asked[i]});
  }
  BOOST_TEST(logs[0]->paths.size() == 4u);
  BOOST_TEST(logs[1]->paths.size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_admins_own_command_waits_behind_nobody) {
  publish(policies.present);
  logs[0]->hangs = logs[1]->hangs = true;
  for (int i = 0; i < 4; ++i)
    begin<ledger::released>(who, request("p/x"));
  domain::decide_request command;
  command.path = auth::admin_path;
  command.caller.role_ = domain::role::agent;
  begin<ledger::released>(who, wire::decide_request{command});
  command.caller.role_ = domain::role::admin;
  begin<ledger::released>(who, wire::decide_request{command});
  run();
  BOOST_TEST(queue->waiting() == 4u);
  queue->done(0);
  run();
  BOOST_TEST(logs[0]->paths.back() == auth::admin_path);
  queue->done(0);
  run();
  BOOST_TEST(logs[0]->paths.back() == "p/x");
}

BOOST_AUTO_TEST_CASE(health_names_an_evaluator_that_hangs) {
  publish(policies.present);
  logs[1]->hangs = true;
  auto slow = begin<ledger::released>(who, request("p/slow"));
  run();
  advance(cfg.time_max + policy::hang_margin + 1ms);
  auto found = ask<probe_result>(who, probe{});
  BOOST_REQUIRE(found);
  BOOST_TEST((found->status == health_status::degraded));
  BOOST_TEST(found->reason.starts_with("evaluator-2 has been at one"));
  queue->done(1);
  BOOST_TEST(
      (ask<probe_result>(who, probe{})->status == health_status::healthy));
}

BOOST_AUTO_TEST_CASE(questions_leave_an_evaluator_room_for_decisions) {
  publish(policies.present);
  std::vector<pending<policy::cache_stats>> asked;
  auto one = caf::actor_cast<caf::strong_actor_ptr>(cfg.workers[0].who.get());
  for (int i = 0; i < 5; ++i)
    caf::anon_send(cfg.workers[0].who.get(), policy::get_cache_stats{});
  BOOST_TEST(meter_of(one)->length() == 5u);
  auto refused = begin<policy::cache_stats>(who, policy::get_cache_stats{});
  scheduler.run_once_lifo();
  run();
  BOOST_REQUIRE(refused->has_value());
  BOOST_TEST((code_of((*refused)->error()) == ec::overloaded));
}

BOOST_AUTO_TEST_CASE(refuses_a_constitution_that_is_not_active) {
  publish(policies.present);
  auto got = ask_policy("p/x", "ffffffffffffffff");
  BOOST_REQUIRE(!got);
  BOOST_TEST((code_of(got.error()) == ec::hash_mismatch));
  const auto& names = policies.present->constitution();
  BOOST_TEST(bool{ask_policy("p/x", names.digits)});
  BOOST_TEST(bool{ask_policy("p/x", names.digits + ' ' + names.digest)});
  auto half = ask_policy("p/x", names.digits + " ffffffffffffffff");
  BOOST_REQUIRE(!half);
  BOOST_TEST((code_of(half.error()) == ec::hash_mismatch));
  BOOST_TEST(sentence_of(half.error()).find("'ffffffffffffffff' is not")
             != std::string::npos);
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

BOOST_AUTO_TEST_SUITE_END()
