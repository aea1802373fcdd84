// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What HEALTH tries, and how often. Filled in by NODE.

#include "runtime/actor/directory.hpp"
#include "runtime/actor/probe.hpp"
#include "runtime/base/clock.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace acgs::metrics {
class registry;
} // namespace acgs::metrics

namespace acgs::health {

/// One part of the node, under the name that users see.
struct component {
  std::string name;
  /// Whom to ask, through a BREAKER, which also bounds how long it may take.
  actor_ref<probed_actor> target;
  /// Whether the node is of no use without it.
  bool critical = true;
};

/// A component that came into another status.
struct transition {
  std::string component; ///< empty: the node as a whole
  health_status from = health_status::unhealthy;
  health_status to = health_status::unhealthy;
  std::string reason;
};

struct config {
  std::vector<component> components;
  std::chrono::nanoseconds interval = std::chrono::seconds{1};
  /// The interval while the node starts: until every component has answered
  /// once, but no longer than `starting_max`.
  std::chrono::nanoseconds interval_starting = std::chrono::milliseconds{20};
  std::chrono::nanoseconds starting_max = std::chrono::seconds{10};
  /// The last resort where even the BREAKER does not answer.
  std::chrono::nanoseconds probe_timeout = std::chrono::seconds{3};
  const time_source* clock = &system_clock();
  acgs::metrics::registry* registry = nullptr; ///< none: shown nowhere
  /// Called on HEALTH's thread; must not block nor throw.
  std::function<void(const transition&)> listener{};
};

} // namespace acgs::health
