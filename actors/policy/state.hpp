// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POLICY's core: the active snapshot, and which evaluator is to take the next
// decision. One thread at a time; no messaging.

#include "actors/evaluator/protocol.hpp"
#include "runtime/actor/directory.hpp"
#include "runtime/base/error.hpp"
#include "runtime/domain/decision.hpp"
#include "runtime/snapshot/snapshot.hpp"

#include <atomic>
#include <memory>
#include <vector>

namespace acgs::policy {

/// One evaluator: where it is, and how many decisions wait for it.
struct worker {
  actor_ref<evaluator_actor> who;
  std::shared_ptr<std::atomic<unsigned>> waiting;
};

class state {
public:
  explicit state(std::vector<worker> workers);

  /// From now on decides by this snapshot; an older revision is passed over.
  void activate(snapshot_ptr next);

  const snapshot_ptr& active() const { return active_; }
  const std::vector<worker>& workers() const { return workers_; }

  /// Whether a decision may be made at all: `unavailable` before the first
  /// snapshot, `hash_mismatch` where the caller insists on another
  /// constitution than the active one.
  caf::error admits(const domain::decide_request& request) const;

  /// The evaluator for whom fewest decisions wait, counted up already; the
  /// search starts behind the last choice, so that equals take turns.
  const worker& next();

private:
  std::vector<worker> workers_;
  std::size_t last_ = 0;
  snapshot_ptr active_;
};

} // namespace acgs::policy
