// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// HEALTH and the BREAKERs through which it probes, as one child of NODE: a
// supervisor of its own, so that trouble there restarts nothing else.
//
//   probes (one_for_one): breaker.<component> ..., health

#include "actors/breaker/config.hpp"
#include "actors/breaker/protocol.hpp"
#include "actors/health/config.hpp"
#include "runtime/actor/supervisor.hpp"
#include "runtime/config/settings.hpp"

#include <caf/fwd.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace acgs::node {

/// One component that health shows.
struct watched {
  std::string component; ///< "audit", as users see it
  std::string actor;     ///< "ledger", as the directory has it; takes `probe`
  bool critical = true;  ///< whether the node is of no use without it
};

struct health_family {
  caf::actor_system* system = nullptr;
  std::shared_ptr<directory> actors;
  std::string parent = "node";
  std::vector<watched> components{};
  breaker::config rules{}; ///< of breakers in general; see `probe_rules`
  const time_source* clock = &system_clock();
  random_source random{};
  acgs::metrics::registry* registry = nullptr;
  /// The next three are called on the actors' own threads, several at a time;
  /// they must not block nor throw.
  std::function<void(const supervisor_event&)> on_restart{};
  std::function<void(const breaker::change_event&)> on_breaker{};
  std::function<void(const health::transition&)> on_health{};
};

/// The name that the family has in the directory.
inline constexpr actor_key<supervisor_actor> probes_key{"probes"};

/// What the configuration says about breakers.
breaker::config breaker_rules(const config::breakers_settings& from);

/// The same for probes, of which there is one a second: rates count from 5 of
/// the last 10 calls on, one call is tried, half a second is slow, and the
/// wait is not doubled beyond a minute, so that a component that is back shows.
breaker::config probe_rules(breaker::config general);

/// A probe is given up after a second.
child_spec make_health_family(health_family with);

} // namespace acgs::node
