// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What CANDIDATE is given when it starts.

#include "actors/candidate/protocol.hpp"
#include "actors/evaluator/protocol.hpp"
#include "actors/ledger/protocol.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/metrics/registry.hpp"

#include <cstddef>
#include <string>

namespace acgs::candidate {

struct config {
  std::string node;
  std::size_t queue_max = 1024; ///< decisions that may wait
  const time_source* time = &system_clock();
  acgs::metrics::registry* registry = nullptr;
  actor_ref<control_actor> control;
  /// One of its own, so that no decision waits behind it.
  actor_ref<evaluator_actor> evaluator;
  actor_ref<ledger_actor> ledger;
};

} // namespace acgs::candidate
