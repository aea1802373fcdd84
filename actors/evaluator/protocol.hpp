// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// EVALUATOR's messages: all come from POLICY, which also hands in the
// snapshot to decide with, so that an evaluator holds no state but its cache.

#include "actors/ledger/protocol.hpp"
#include "actors/policy/protocol.hpp"
#include "runtime/actor/local_message.hpp"
#include "runtime/wire/decision.hpp"

#include <caf/typed_actor.hpp>

#include <memory>

namespace acgs {

class snapshot;

namespace evaluator {

/// One decision to be made.
struct task {
  wire::decide_request request;
  std::shared_ptr<const snapshot> with;
  using local_message = void;
};

/// Several decisions to be made, by one snapshot.
struct task_many {
  policy::decide_many requests;
  std::shared_ptr<const snapshot> with;
  using local_message = void;
};

/// A decided request to be evaluated by other policies, which see what those
/// that decided it saw (`recorded`; null: nothing). Nothing is recorded and
/// nothing cached.
struct look {
  wire::decide_request request;
  std::shared_ptr<const snapshot> with;
  std::shared_ptr<const std::string> recorded = {};
  using local_message = void;
};

/// What those would have said.
struct seen {
  domain::verdict outcome = domain::verdict::undefined;
  std::string result; ///< JSON
  std::string agent;  ///< whom the request is about
  std::string error;  ///< where the outcome is one
  std::int64_t nanos = 0;
  using local_message = void;
};

/// The requests that this evaluator remembers, answered anew.
struct warm {
  std::shared_ptr<const snapshot> with;
  using local_message = void;
};

} // namespace evaluator

using evaluator_actor = caf::typed_actor<
    /// Decides and delegates the decision to LEDGER, which answers.
    caf::replies_to<evaluator::task>::with<ledger::released>,
    /// Decides several and delegates them to LEDGER together.
    caf::replies_to<evaluator::task_many>::with<ledger::released_many>,
    /// Evaluates by policies that are not active.
    caf::replies_to<evaluator::look>::with<evaluator::seen>,
    /// Fills the cache for a snapshot; nothing is recorded.
    caf::replies_to<evaluator::warm>::with<policy::warmed>,
    /// Empties this evaluator's tier.
    caf::replies_to<policy::clear_cache>::with<policy::cleared>,
    caf::replies_to<policy::get_cache_stats>::with<policy::cache_stats>>;

} // namespace acgs
