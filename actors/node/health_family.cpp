// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/health_family.hpp"

#include "actors/breaker/breaker.hpp"
#include "actors/health/health.hpp"

#include <utility>

namespace acgs::node {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t mailbox_bound = 256;

/// An actor that is down says so at once and is its supervisor's business: a
/// breaker is there for those that let one wait.
breaker::outcome judge_probe(const caf::error& error) {
  return code_of(error) == ec::unavailable ? breaker::outcome::ignored
                                           : breaker::judge_error(error);
}

breaker::setup breaker_setup(const health_family& with,
                             const watched& component) {
  breaker::setup out{.name = component.component};
  out.rules.sliding_window_size = 10;
  out.rules.minimum_number_of_calls = 5;
  out.rules.permitted_number_of_calls_in_half_open_state = 1;
  out.rules.slow_call_duration_threshold = 500ms;
  out.rules.wait_duration_in_open_state = 5s;
  out.rules.wait_duration_in_open_state_max = 30s;
  out.call_timeout = 1s;
  out.clock = with.clock;
  out.random = with.random;
  out.registry = with.registry;
  out.listener = with.on_breaker;
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
        *with.system, mailbox_bound,
        with.actors->find(actor_key<probed_actor>{each.actor}),
        breaker_setup(with, each)));
  out.children.push_back(make_child(health::key, [with] {
    return health::spawn(*with.system, mailbox_bound, health_config(with));
  }));
  return out;
}

} // namespace

child_spec make_health_family(health_family with) {
  return make_child(probes_key, [with = std::move(with)] {
    return spawn_supervisor(*with.system, mailbox_bound, family(with));
  });
}

} // namespace acgs::node
