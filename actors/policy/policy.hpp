// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POLICY, the actor: keeps the active snapshot and hands decisions to idle
// evaluators, or to the queue from which they take them. It never evaluates
// itself, so activating a new snapshot is one pointer and no decision waits for
// it. Nor does a decision wait in its mailbox: it is handed on by the thread
// that asks, which saves each decision the waking of one more. Supervised by
// NODE.

#include "actors/policy/protocol.hpp"
#include "actors/policy/state.hpp"
#include "runtime/actor/work_queue.hpp"
#include "runtime/metrics/registry.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace acgs::policy {

/// The tier of the cache that all evaluators share, as POLICY sees it.
struct second_tier {
  std::function<std::size_t()> size;
  std::function<std::size_t()> clear;
  std::size_t entries_max = 0;
};

struct config {
  std::vector<worker> workers;
  std::shared_ptr<work_queue> queue; ///< the workers' own
  std::chrono::nanoseconds time_max = std::chrono::seconds{1};
  second_tier shared;
  actor_ref<control_actor> control;
  acgs::metrics::registry* registry = nullptr;
};

/// With at most `bound` messages in its mailbox.
policy_actor spawn_policy(caf::actor_system& system, std::size_t bound,
                          config cfg);

} // namespace acgs::policy
