// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// HEALTH's messages. HEALTH tries every component for real, again and again,
// and keeps what it found; asking it costs no probe and never waits.

#include "runtime/actor/directory.hpp"
#include "runtime/actor/local_message.hpp"
#include "runtime/actor/probe.hpp"
#include "runtime/base/clock.hpp"

#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace acgs::health {

struct get_report {
  using local_message = void;
};

/// One component as it was found last.
struct component_report {
  std::string name;
  health_status status = health_status::unhealthy;
  std::string facts = "{}"; ///< text of one JSON object, bounded and checked
  std::string reason{};     ///< one sentence; empty where healthy
  wall_time since{};        ///< when it came into this status
  wall_time checked{};      ///< when it was last tried; the epoch: never
  /// Set where that is too long ago: its age.
  std::chrono::nanoseconds stale_for{};
};

/// The node as a whole: unhealthy where a component is that it cannot work
/// without, degraded where anything else is not healthy.
struct report {
  health_status status = health_status::unhealthy;
  bool ready = false; ///< takes work: neither unhealthy nor about to stop
  std::string reason; ///< which components and why; empty where healthy
  wall_time time{};
  std::vector<component_report> components;
  using local_message = void;
};

/// From now on the node is not ready: it is about to stop.
struct drain {
  using local_message = void;
};

/// The BREAKER before a component opened or closed. Told by whoever hears of
/// it, so that nobody has to wait for the next probe to see it.
struct breaker_changed {
  std::string component;
  bool open = false;
  std::string reason; ///< of its opening
  using local_message = void;
};

/// From HEALTH to itself: time to try again.
struct tick {
  using local_message = void;
};

} // namespace acgs::health

namespace acgs {

using health_actor =
    caf::typed_actor<caf::replies_to<health::get_report>::with<health::report>,
                     caf::reacts_to<health::drain>,
                     caf::reacts_to<health::breaker_changed>,
                     caf::reacts_to<health::tick>>;

} // namespace acgs

namespace acgs::health {

inline constexpr actor_key<health_actor> key{"health"};

} // namespace acgs::health
