// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// EVALUATOR, the actor: runs one decision at a time, and takes the next from
// the queue that all evaluators share. In production each has a thread of its
// own, so that a slow policy delays nothing as long as another evaluator comes
// free. A new one starts with an empty cache.

#include "actors/evaluator/config.hpp"
#include "actors/evaluator/protocol.hpp"
#include "actors/evaluator/recorder.hpp"
#include "runtime/actor/work_queue.hpp"
#include "runtime/metrics/registry.hpp"
#include "runtime/snapshot/latest.hpp"

#include <memory>
#include <string>

namespace acgs::evaluator {

/// What one evaluator needs of its surroundings.
struct surroundings {
  config bounds;
  std::string node;
  id_maker* ids = nullptr;
  sealer seal;
  actor_ref<ledger_actor> ledger;
  acgs::metrics::registry* registry = nullptr;
  /// Where decisions come from, and this evaluator's place there.
  std::shared_ptr<work_queue> queue;
  std::size_t place = 0;
  /// What counts at the end of an evaluation; null: what it began with.
  std::shared_ptr<const latest_snapshot> latest = {};
};

evaluator_actor::behavior_type evaluator(evaluator_actor::pointer self,
                                         surroundings around);

} // namespace acgs::evaluator
