// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/health_family.hpp"

#include "actors/breaker/breaker.hpp"
#include "actors/health/health.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace acgs::node {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t health_mailbox_bound = 256;

/// An actor that is down says so at once and is its supervisor's business, and
/// one with a full queue is busy: a breaker is there for those that let one
/// wait.
breaker::outcome judge_probe(const caf::error& error) {
  auto code = code_of(error);
  return code == ec::unavailable || code == ec::overloaded
             ? breaker::outcome::ignored
             : breaker::judge_error(error);
}

breaker::setup breaker_setup(const health_family& with,
                             const watched& component) {
  breaker::setup out{.name = component.component};
  out.rules = probe_rules(with.rules);
  out.call_timeout = 1s;
  out.clock = with.clock;
  out.random = with.random;
  out.registry = with.registry;
  out.listener = [health = with.actors->find(health::key),
                  others = with.on_breaker](const breaker::change_event& e) {
    if (e.what.to != breaker::mode::half_open) // then it is tried just now
      caf::anon_send(health.get(), health::breaker_changed{
                                       e.name, e.what.to == breaker::mode::open,
                                       e.what.reason});
    if (others)
      others(e);
  };
  out.judge = judge_probe;
  return out;
}

health::config health_config(const health_family& with) {
  health::config out;
  for (const auto& each : with.components)
    out.components.push_back(
        {each.component,
         breaker::find<probed_actor>(*with.actors, each.component),
         each.critical});
  out.clock = with.clock;
  out.registry = with.registry;
  out.listener = with.on_health;
  return out;
}

supervisor_config family(const health_family& with) {
  supervisor_config out;
  out.name = probes_key.name;
  out.parent = with.parent;
  out.actors = with.actors;
  out.clock = with.clock;
  out.random = with.random;
  out.listener = with.on_restart;
  for (const auto& each : with.components)
    out.children.push_back(breaker::make_guard(
        *with.system, health_mailbox_bound,
        with.actors->find(actor_key<probed_actor>{each.actor}),
        breaker_setup(with, each)));
  out.children.push_back(make_child(health::key, [with] {
    return health::spawn(*with.system, health_mailbox_bound,
                         health_config(with));
  }));
  return out;
}

} // namespace

breaker::config breaker_rules(const config::breakers_settings& from) {
  breaker::config out;
  out.sliding_window_type = from.sliding_window_type == "time"
                                ? breaker::window_type::time
                                : breaker::window_type::count;
  out.sliding_window_size = from.sliding_window_size;
  out.minimum_number_of_calls = from.minimum_number_of_calls;
  out.failure_rate_threshold = from.failure_rate_threshold;
  out.slow_call_rate_threshold = from.slow_call_rate_threshold;
  out.slow_call_duration_threshold = from.slow_call_duration_threshold;
  out.permitted_number_of_calls_in_half_open_state =
      from.permitted_number_of_calls_in_half_open_state;
  out.wait_duration_in_open_state = from.wait_duration_in_open_state;
  out.wait_duration_in_open_state_max = from.wait_duration_in_open_state_max;
  out.wait_jitter = from.wait_jitter;
  return out;
}

breaker::config probe_rules(breaker::config general) {
  auto& out = general;
  out.sliding_window_size = std::min<std::size_t>(out.sliding_window_size, 10);
  out.minimum_number_of_calls =
      std::min<std::size_t>(out.minimum_number_of_calls, 5);
  out.permitted_number_of_calls_in_half_open_state = 1;
  out.slow_call_duration_threshold = std::min<std::chrono::nanoseconds>(
      out.slow_call_duration_threshold, 500ms);
  auto longest =
      std::max<std::chrono::nanoseconds>(out.wait_duration_in_open_state, 1min);
  out.wait_duration_in_open_state_max =
      std::min(out.wait_duration_in_open_state_max, longest);
  return general;
}

child_spec make_health_family(health_family with) {
  return make_child(probes_key, [with = std::move(with)] {
    return spawn_supervisor(*with.system, health_mailbox_bound, family(with));
  });
}

} // namespace acgs::node
