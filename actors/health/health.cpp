// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/health/health.hpp"

#include "runtime/actor/bounded.hpp"

#include <algorithm>
#include <utility>

namespace acgs::health {

namespace {

using self_pointer = health_actor::stateful_pointer<actor_state>;

/// Shows and tells what the last call to the core changed.
void publish(actor_state& at) {
  if (at.shown)
    at.shown->found(at.core->at(moment_of(*at.cfg.clock)));
  for (const auto& each : at.core->take_transitions())
    if (at.cfg.listener)
      at.cfg.listener(each);
}

void try_component(self_pointer self, std::size_t index) {
  auto& at = self->state;
  if (at.asked[index])
    return;
  at.asked[index] = true;
  at.stale[index] = false;
  self->request(at.cfg.components[index].target.get(), at.cfg.probe_timeout,
                probe{})
      .then(
          [self, index](const probe_result& found) {
            auto& at = self->state;
            at.asked[index] = false;
            if (!at.stale[index])
              at.core->answered(index, found, moment_of(*at.cfg.clock));
            publish(at);
          },
          [self, index](const caf::error& why) {
            auto& at = self->state;
            at.asked[index] = false;
            at.core->failed(index, why, moment_of(*at.cfg.clock));
            publish(at);
          });
}

void take_change(self_pointer self, const breaker_changed& what) {
  auto& at = self->state;
  const auto& all = at.cfg.components;
  auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) {
    return each.name == what.component;
  });
  if (found == all.end())
    return;
  auto index = static_cast<std::size_t>(found - all.begin());
  at.stale[index] = what.open;
  if (!what.open)
    return try_component(self, index);
  at.core->cut_off(index, what.reason, moment_of(*at.cfg.clock));
  publish(at);
}

std::chrono::nanoseconds until_next(const actor_state& at) {
  bool starting =
      !at.core->complete()
      && at.cfg.clock->steady_now() - at.started < at.cfg.starting_max;
  return starting ? at.cfg.interval_starting : at.cfg.interval;
}

void try_all(self_pointer self) {
  for (std::size_t i = 0; i < self->state.cfg.components.size(); ++i)
    try_component(self, i);
  self->delayed_send(self, until_next(self->state), tick{});
}

} // namespace

health_actor::behavior_type health(self_pointer self, config cfg) {
  auto& at = self->state;
  at.cfg = std::move(cfg);
  at.asked.resize(at.cfg.components.size());
  at.stale.resize(at.cfg.components.size());
  at.started = at.cfg.clock->steady_now();
  auto now = moment_of(*at.cfg.clock);
  // A probe that is under way may take as long as it may.
  at.core.emplace(at.cfg.components, now,
                  2 * at.cfg.interval + at.cfg.probe_timeout);
  if (at.cfg.registry)
    at.shown.emplace(*at.cfg.registry, at.core->at(now));
  try_all(self);
  return {
      [self](get_report) {
        return self->state.core->at(moment_of(*self->state.cfg.clock));
      },
      [self](drain) { self->state.core->drain(); },
      [self](const breaker_changed& what) { take_change(self, what); },
      [self](tick) { try_all(self); },
  };
}

health_actor spawn(caf::actor_system& system, std::size_t mailbox_bound,
                   config cfg) {
  return spawn_bounded(system, mailbox_bound, health, std::move(cfg));
}

} // namespace acgs::health
