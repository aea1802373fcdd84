// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// HEALTH and the BREAKERs through which it probes, as one child of NODE: a
// supervisor of its own, so that trouble there restarts nothing else.
//
//   probes (one_for_one): breaker.<component> ..., health

#include "actors/breaker/protocol.hpp"
#include "actors/health/config.hpp"
#include "runtime/actor/supervisor.hpp"

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

/// A probe is small and frequent: it is given up after a second, and a
/// component that failed five of ten is left alone for 5 to 30 seconds, so
/// that one that is back shows soon.
child_spec make_health_family(health_family with);

} // namespace acgs::node
