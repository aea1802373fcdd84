// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// HEALTH, the actor: sends each component its probe once an interval, at
// once when it starts and soon again until all have answered, and never two
// at a time to the same one. What becomes of a breaker shows at once.
// Supervised by NODE; it keeps nothing that a restart would lose for longer
// than one round.

#include "actors/health/config.hpp"
#include "actors/health/metrics.hpp"
#include "actors/health/protocol.hpp"
#include "actors/health/state.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <optional>
#include <vector>

namespace acgs::health {

struct actor_state {
  static inline const char* name = "health";

  config cfg;
  std::optional<state> core;
  std::optional<metrics> shown;
  std::vector<bool> asked; ///< components whose answer is awaited
  std::vector<bool> stale; ///< that answer says nothing: the breaker opened
  steady_time started{};
};

/// The behaviour, for `spawn_bounded`.
health_actor::behavior_type
health(health_actor::stateful_pointer<actor_state> self, config cfg);

/// Spawns it, with a bounded mailbox.
health_actor spawn(caf::actor_system& system, std::size_t mailbox_bound,
                   config cfg);

} // namespace acgs::health
