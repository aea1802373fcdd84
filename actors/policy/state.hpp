// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POLICY's core: the active snapshot, and whether its evaluators are at work or
// hang. Any thread may use it at any time; no messaging.

#include "actors/evaluator/protocol.hpp"
#include "runtime/actor/directory.hpp"
#include "runtime/actor/probe.hpp"
#include "runtime/base/error.hpp"
#include "runtime/domain/decision.hpp"
#include "runtime/snapshot/latest.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace acgs::policy {

/// One evaluator, in the order of its place in the queue.
struct worker {
  std::string name;
  actor_ref<evaluator_actor> who;
};

/// Longer than an evaluation takes that reaches its limit of time.
inline constexpr auto hang_margin = std::chrono::seconds{1};

/// Whether a request is a question about a command of the staff, which may not
/// wait behind the decisions of others: a lockdown is declared when there are
/// too many of them.
bool is_urgent(const domain::decide_request& request);

class state {
public:
  /// `time_max` is the limit of one evaluation.
  state(std::vector<worker> workers, std::chrono::nanoseconds time_max);

  /// From now on decides by this snapshot; an older revision is passed over.
  void activate(snapshot_ptr next) { active_.activate(std::move(next)); }

  /// Null before the first one.
  snapshot_ptr active() const { return active_.get(); }

  const std::vector<worker>& workers() const { return workers_; }

  /// The snapshot to decide this by: `unavailable` before the first one,
  /// `hash_mismatch` where the caller insists on another constitution than the
  /// active one.
  result<snapshot_ptr> admit(const domain::decide_request& request) const;

  /// The snapshot for all of several; fails where it would for one of them.
  result<snapshot_ptr> admit(const decide_many& all) const;

  /// Health by how long each evaluator has been at its present decision: those
  /// that are far beyond the limit hang, and are named.
  probe_result look_at(const std::vector<std::chrono::nanoseconds>& busy) const;

private:
  const std::vector<worker> workers_;
  const std::chrono::nanoseconds time_max_;
  latest_snapshot active_;
};

} // namespace acgs::policy
