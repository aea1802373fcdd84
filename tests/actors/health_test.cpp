// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/health/health.hpp"

#include "tests/support/actor_fixture.hpp"

#include <caf/response_promise.hpp>

#include <map>
#include <string>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(health_test)

using namespace acgs;
using namespace acgs::health;
using namespace std::chrono_literals;

namespace {

std::string status_of(const report& from) {
  return std::string{to_string_view(from.status)};
}

std::string status_of(const component_report& from) {
  return std::string{to_string_view(from.status)};
}

probe_result found(health_status status, std::string reason = "",
                   std::string facts = "{}") {
  return {status, std::move(facts), std::move(reason)};
}

const auto healthy = health_status::healthy;
const auto degraded = health_status::degraded;
const auto unhealthy = health_status::unhealthy;

/// So long after both clocks began.
moment at(std::chrono::nanoseconds time) {
  return {wall_time{time}, steady_time{time}};
}

/// A critical component "audit" and another, "llm".
struct pure {
  report now() { return core.at(at(1h)); }

  state core{{{"audit", {}, true}, {"llm", {}, false}}, at(0s)};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(pure_state, pure)

BOOST_AUTO_TEST_CASE(is_not_ready_before_everything_was_tried) {
  BOOST_TEST(status_of(now()) == "unhealthy");
  BOOST_TEST(!now().ready);
  BOOST_TEST(now().components[0].reason == "has not been tried yet");
  core.answered(0, found(healthy), at(1s));
  BOOST_TEST(status_of(now()) == "degraded");
  core.answered(1, found(healthy), at(1s));
  BOOST_TEST(status_of(now()) == "healthy");
  BOOST_TEST(now().ready);
  BOOST_TEST(now().reason.empty());
}

BOOST_AUTO_TEST_CASE(is_unhealthy_where_a_critical_component_is) {
  core.answered(1, found(healthy), at(1s));
  core.answered(0, found(unhealthy, "the disk is full"), at(1s));
  BOOST_TEST(status_of(now()) == "unhealthy");
  BOOST_TEST(!now().ready);
  BOOST_TEST(now().reason == "audit is unhealthy: the disk is full");
}

BOOST_AUTO_TEST_CASE(is_degraded_where_another_component_is_unhealthy) {
  core.answered(0, found(healthy), at(1s));
  core.answered(1, found(unhealthy, "no provider"), at(1s));
  BOOST_TEST(status_of(now()) == "degraded");
  BOOST_TEST(now().ready);
  BOOST_TEST(now().reason == "llm is unhealthy: no provider");
}

BOOST_AUTO_TEST_CASE(explains_each_component_that_is_not_healthy) {
  core.answered(0, found(degraded, "a"), at(1s));
  core.answered(1, found(degraded, "b"), at(1s));
  BOOST_TEST(now().reason == "audit is degraded: a; llm is degraded: b");
}

BOOST_AUTO_TEST_CASE(takes_one_missed_answer_for_degraded_two_for_unhealthy) {
  core.answered(0, found(healthy), at(1s));
  core.answered(1, found(healthy), at(1s));
  core.failed(0, make_error(ec::timed_out, "no answer in 1 s"), at(2s));
  BOOST_TEST(status_of(now().components[0]) == "degraded");
  BOOST_TEST(now().components[0].reason == "gives no answer: no answer in 1 s");
  core.failed(0, make_error(ec::timed_out, "no answer in 1 s"), at(3s));
  BOOST_TEST(status_of(now().components[0]) == "unhealthy");
  core.answered(0, found(healthy), at(4s));
  BOOST_TEST(status_of(now()) == "healthy");
}

BOOST_AUTO_TEST_CASE(takes_a_full_queue_for_degraded_however_long_it_lasts) {
  core.answered(0, found(healthy), at(1s));
  core.answered(1, found(healthy), at(1s));
  for (int i = 0; i < 10; ++i)
    core.failed(0, make_error(ec::overloaded, "the queue is full"), at(2s));
  BOOST_TEST(status_of(now()) == "degraded");
  BOOST_TEST(now().ready);
  BOOST_TEST(now().components[0].reason == "is busy: the queue is full");
}

BOOST_AUTO_TEST_CASE(keeps_the_cause_while_the_breaker_is_open) {
  core.answered(0, found(healthy), at(1s));
  core.failed(0, make_error(ec::internal, "boom"), at(2s));
  core.failed(0, make_error(ec::unavailable, "breaker is open", 30s), at(3s));
  BOOST_TEST(status_of(now().components[0]) == "unhealthy");
  BOOST_TEST(now().components[0].reason == "gives no answer: boom");
}

BOOST_AUTO_TEST_CASE(a_breaker_that_opens_says_why_only_where_nobody_knows) {
  core.answered(0, found(healthy), at(1s));
  core.cut_off(0, "slow calls", at(2s));
  BOOST_TEST(status_of(now().components[0]) == "degraded");
  BOOST_TEST(now().components[0].reason
             == "gives no answer: its circuit breaker is open: slow calls");
  core.answered(0, found(healthy), at(3s));
  core.failed(0, make_error(ec::internal, "boom"), at(4s));
  core.cut_off(0, "a failure rate", at(4s));
  BOOST_TEST(now().components[0].reason == "gives no answer: boom");
}

BOOST_AUTO_TEST_CASE(does_not_become_better_by_missing_an_answer) {
  core.answered(0, found(unhealthy, "full"), at(1s));
  core.failed(0, make_error(ec::timed_out, "late"), at(2s));
  BOOST_TEST(status_of(now().components[0]) == "unhealthy");
}

BOOST_AUTO_TEST_CASE(remembers_since_when_and_when_it_was_tried) {
  core.answered(0, found(healthy), at(5s));
  core.answered(0, found(healthy), at(9s));
  BOOST_TEST((now().components[0].since == at(5s).wall));
  BOOST_TEST((now().components[0].checked == at(9s).wall));
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_too_old_is_shown_with_its_age) {
  state old{{{"audit", {}, true}, {"llm", {}, false}}, at(0s), 5s};
  old.answered(0, found(healthy), at(10s));
  old.answered(1, found(healthy), at(13s));
  BOOST_TEST(status_of(old.at(at(15s))) == "healthy");
  auto late = old.at(at(17s));
  BOOST_TEST(status_of(late) == "degraded");
  BOOST_TEST(late.ready);
  BOOST_TEST(late.reason
             == "audit is degraded: was found so 7 s ago; expected at most 5");
  BOOST_TEST((late.components[0].stale_for == 7s));
  BOOST_TEST(status_of(late.components[1]) == "healthy");
  BOOST_TEST((late.components[1].stale_for == 0s));
  // A new answer ends it; what was not well before is no better by age.
  old.answered(0, found(unhealthy, "the disk is full"), at(17s));
  BOOST_TEST(old.at(at(18s)).components[0].reason == "the disk is full");
  BOOST_TEST(status_of(old.at(at(30s)).components[0]) == "unhealthy");
  // Nor does a time of day that jumps make it old.
  moment jumped{wall_time{9h}, at(14s).steady};
  BOOST_TEST(status_of(old.at(jumped).components[1]) == "healthy");
}

BOOST_AUTO_TEST_CASE(shows_the_facts_and_refuses_what_is_no_object) {
  core.answered(0, found(healthy, "", R"({"size":7})"), at(1s));
  BOOST_TEST(now().components[0].facts == R"({"size":7})");
  for (const std::string& bad :
       {std::string{"{\"size\":"}, std::string{"[1]"}, std::string{},
        "{\"a\":\"" + std::string(facts_bytes_max, 'x') + "\"}"}) {
    core.answered(0, found(healthy, "", bad), at(1s));
    BOOST_TEST(now().components[0].facts == "{}");
    BOOST_TEST(status_of(now().components[0]) == "degraded");
  }
}

BOOST_AUTO_TEST_CASE(is_not_ready_once_it_drains) {
  core.answered(0, found(healthy), at(1s));
  core.answered(1, found(healthy), at(1s));
  core.drain();
  BOOST_TEST(status_of(now()) == "healthy");
  BOOST_TEST(!now().ready);
  BOOST_TEST(now().reason == "is stopping");
}

BOOST_AUTO_TEST_CASE(what_the_stop_ends_is_no_news) {
  core.answered(0, found(healthy), at(1s));
  core.answered(1, found(healthy), at(1s));
  core.take_transitions();
  core.drain();
  core.failed(0, make_error(ec::unavailable, "has ended"), at(2s));
  core.failed(0, make_error(ec::unavailable, "has ended"), at(3s));
  BOOST_TEST(core.take_transitions().empty());
  BOOST_TEST(status_of(now().components[0]) != "healthy");
}

BOOST_AUTO_TEST_CASE(tells_each_change_once_the_node_last) {
  core.answered(1, found(healthy), at(1s));
  core.take_transitions();
  core.answered(0, found(degraded, "slow disk"), at(1s));
  auto changes = core.take_transitions();
  BOOST_REQUIRE(changes.size() == 2u);
  BOOST_TEST(changes[0].component == "audit");
  BOOST_TEST(changes[1].component == "");
  BOOST_TEST(changes[1].reason == "audit is degraded: slow disk");
  core.answered(0, found(degraded, "slow disk"), at(2s));
  BOOST_TEST(core.take_transitions().empty());
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct component_state {
  int probes = 0;
  bool silent = false;
  probe_result result;
  std::vector<caf::response_promise> kept;
};

probed_actor::behavior_type part(probed_actor::pointer self,
                                 component_state* at) {
  return {[=](probe) -> caf::result<probe_result> {
    ++at->probes;
    if (!at->silent) {
      for (auto& each : std::exchange(at->kept, {}))
        each.deliver(at->result); // late, but not too late
      return at->result;
    }
    at->kept.push_back(self->make_response_promise());
    return caf::delegated<probe_result>{};
  }};
}

struct running : test::actor_fixture {
  running() {
    config cfg;
    for (auto* name : {"audit", "llm"}) {
      auto handle = system.spawn(part, &parts[name]);
      spawned.push_back(caf::actor_cast<caf::actor>(handle));
      cfg.components.push_back({name, actor_ref<probed_actor>::fixed(handle),
                                cfg.components.empty()});
    }
    cfg.clock = &clock;
    cfg.registry = &registry;
    cfg.listener = [this](const transition& change) {
      changes.push_back(change.component + "="
                        + std::string{to_string_view(change.to)});
    };
    tested = health::spawn(system, 64, cfg);
    spawned.push_back(caf::actor_cast<caf::actor>(tested));
  }

  ~running() {
    for (auto& each : parts)
      each.second.kept.clear();
    for (auto& each : spawned)
      self->send_exit(each, caf::exit_reason::kill);
    run();
  }

  report now() { return ask<report>(tested, get_report{}).value(); }

  bool exposes(const std::string& line) {
    return registry.text().find(line + "\n") != std::string::npos;
  }

  std::map<std::string, component_state> parts;
  acgs::metrics::registry registry;
  std::vector<std::string> changes;
  std::vector<caf::actor> spawned;
  health_actor tested;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(actor, running)

BOOST_AUTO_TEST_CASE(is_healthy_without_time_passing) {
  run();
  BOOST_TEST(status_of(now()) == "healthy");
  BOOST_TEST(now().ready);
  BOOST_TEST(parts["audit"].probes == 1);
  BOOST_TEST(exposes("acgs_health_status 1"));
  BOOST_TEST(exposes("acgs_component_health{component=\"audit\"} 1"));
}

BOOST_AUTO_TEST_CASE(tries_again_soon_while_a_component_is_still_starting) {
  parts["audit"].silent = true;
  run();
  parts["audit"].kept.clear();
  parts["audit"].silent = false;
  advance(3s); // the first probe is given up
  parts["audit"].probes = 0;
  advance(20ms);
  BOOST_TEST(parts["audit"].probes == 1);
  BOOST_TEST(status_of(now()) == "healthy");
  advance(20ms);
  advance(20ms);
  BOOST_TEST(parts["audit"].probes == 2); // one tick was on its way
}

BOOST_AUTO_TEST_CASE(tries_each_component_once_an_interval) {
  run();
  advance(20ms); // the tick that was set before any had answered
  parts["audit"].probes = 1;
  parts["audit"].result = found(unhealthy, "disk full");
  advance(999ms);
  BOOST_TEST(parts["audit"].probes == 1);
  advance(1ms);
  BOOST_TEST(parts["audit"].probes == 2);
  BOOST_TEST(status_of(now()) == "unhealthy");
  BOOST_TEST(exposes("acgs_health_status 0"));
  BOOST_TEST(changes.back() == "=unhealthy");
}

BOOST_AUTO_TEST_CASE(does_not_probe_a_silent_component_twice_at_a_time) {
  parts["llm"].silent = true;
  run();
  for (int i = 0; i < 10; ++i)
    advance(20ms);
  BOOST_TEST(parts["llm"].probes == 1);
  BOOST_TEST(parts["audit"].probes == 11);
  advance(3s);
  BOOST_TEST(now().components[1].reason.starts_with("gives no answer"));
}

BOOST_AUTO_TEST_CASE(goes_on_when_a_component_is_dead) {
  run();
  self->send_exit(spawned[1], caf::exit_reason::kill);
  run();
  advance(1s);
  advance(1s);
  BOOST_TEST(status_of(now()) == "degraded");
  BOOST_TEST(status_of(now().components[1]) == "unhealthy");
  BOOST_TEST(status_of(now().components[0]) == "healthy");
}

BOOST_AUTO_TEST_CASE(a_breaker_that_opens_outweighs_an_answer_on_its_way) {
  run();
  parts["audit"].silent = true;
  advance(1s);
  BOOST_REQUIRE(parts["audit"].kept.size() == 1u);
  self->send(tested, breaker_changed{"audit", true, "tripped by hand"});
  self->send(tested, breaker_changed{"nobody", true, "x"});
  BOOST_TEST(status_of(now().components[0]) == "degraded");
  parts["audit"].silent = false;
  self->send(caf::actor_cast<probed_actor>(spawned[0]), probe{});
  run();
  BOOST_TEST(parts["audit"].kept.empty());
  BOOST_TEST(status_of(now().components[0]) == "degraded");
  BOOST_TEST(now().components[0].reason
             == "gives no answer: its circuit breaker is open: tripped by "
                "hand");
  self->send(tested, breaker_changed{"audit", false, ""});
  run();
  BOOST_TEST(status_of(now().components[0]) == "healthy");
}

BOOST_AUTO_TEST_CASE(is_not_ready_while_the_node_drains) {
  run();
  self->send(tested, drain{});
  BOOST_TEST(!now().ready);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
