// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// EVALUATOR, the actor: runs one decision at a time. In production each has a
// thread of its own, so that a slow policy delays nothing but what waits
// behind it. Supervised by POLICY; a new one starts with an empty cache.

#include "actors/evaluator/config.hpp"
#include "actors/evaluator/protocol.hpp"
#include "actors/evaluator/recorder.hpp"
#include "runtime/metrics/registry.hpp"

#include <atomic>
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
  /// Decisions handed to this evaluator and not finished: POLICY counts up,
  /// the evaluator down.
  std::shared_ptr<std::atomic<unsigned>> waiting;
};

evaluator_actor::behavior_type evaluator(evaluator_actor::pointer self,
                                         surroundings around);

} // namespace acgs::evaluator
