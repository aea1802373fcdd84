// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What HEALTH knows, as a plain class: told what each probe brought, it says
// how the node does. A component that answers is believed at once. One that
// does not answer is degraded at first, since that happens to the healthiest
// actor while it is restarted, and unhealthy when it misses the next one as
// well. One whose queue is full is degraded and no more than that. What was
// found too long ago, since this process or HEALTH itself stood still, is not
// shown as if it were so now.

#include "actors/health/config.hpp"
#include "actors/health/protocol.hpp"
#include "runtime/base/error.hpp"
#include "runtime/base/moment.hpp"

#include <cstddef>
#include <vector>

namespace acgs::health {

/// The longest facts that are shown of one component.
inline constexpr std::size_t facts_bytes_max = 16384;

class state {
public:
  /// What was found longer ago than `stale_after` counts as degraded.
  state(const std::vector<component>& components, moment now,
        std::chrono::nanoseconds stale_after = std::chrono::hours{24});

  void answered(std::size_t index, const probe_result& found, moment now);
  void failed(std::size_t index, const caf::error& why, moment now);

  /// The breaker before it opened. Nothing new where probes fail already: then
  /// the cause is known.
  void cut_off(std::size_t index, const std::string& why, moment now);

  /// Whether every component has answered at least once.
  bool complete() const;

  /// The node is about to stop. From now on changes make no transitions.
  void drain() { draining_ = true; }

  report at(moment now) const;

  /// What the last call changed, the node as a whole last. Taken once.
  std::vector<transition> take_transitions();

private:
  struct part {
    component_report last;
    steady_time checked; ///< `last.checked` on the clock that never jumps
    bool critical = true;
    bool answered = false; ///< ever
    unsigned missed = 0;   ///< probes without an answer, in a row
  };

  void enter(part& which, health_status to, std::string reason, moment now);
  void note(transition what);
  part seen_from(part from, moment now) const;
  static health_status overall(const std::vector<part>& parts);
  static std::string explain(const std::vector<part>& parts);

  std::vector<part> parts_;
  std::chrono::nanoseconds stale_after_;
  health_status overall_ = health_status::unhealthy;
  bool draining_ = false;
  std::vector<transition> transitions_;
};

} // namespace acgs::health
