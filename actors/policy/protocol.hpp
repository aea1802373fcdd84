// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POLICY's messages. A request for a decision passes from the gateway to
// POLICY, which adds the active snapshot and delegates it to an EVALUATOR,
// which evaluates and delegates it to LEDGER, which answers the gateway.

#include "actors/control/protocol.hpp"
#include "actors/ledger/protocol.hpp"
#include "runtime/actor/directory.hpp"
#include "runtime/actor/local_message.hpp"
#include "runtime/actor/probe.hpp"
#include "runtime/domain/figures.hpp"
#include "runtime/wire/decision.hpp"

#include <caf/typed_actor.hpp>

#include <cstdint>
#include <vector>

namespace acgs::policy {

/// Requests that are decided together, by one evaluator and one snapshot, and
/// recorded in one transaction.
struct decide_many {
  std::vector<wire::decide_request> each;
  using local_message = void;
};

struct get_cache_stats {
  using local_message = void;
};

struct cache_stats : domain::cache_stats {
  using local_message = void;
};

struct clear_cache {
  using local_message = void;
};

struct cleared {
  std::uint64_t entries = 0;
  using local_message = void;
};

/// Evaluates the most recent distinct requests again, so that the cache is
/// full of answers of the active snapshot. Nothing is recorded.
struct warm_cache {
  using local_message = void;
};

struct warmed : domain::warmed {
  using local_message = void;
};

} // namespace acgs::policy

namespace acgs {

using policy_actor = caf::typed_actor<
    /// Decides. LEDGER answers, after the decision's entry is durable; an
    /// evaluation that ends in an error is recorded and released too, with the
    /// outcome `error`. Fails with `hash_mismatch`, `forbidden` (lockdown),
    /// `overloaded`, `unavailable` (no snapshot yet), `store_full`.
    caf::replies_to<wire::decide_request>::with<ledger::released>,
    /// The same for several: one outcome for each, in their order. All of them
    /// take no longer than one may; what is left then ends in an error.
    caf::replies_to<policy::decide_many>::with<ledger::released_many>,
    /// From CONTROL: the new state; later requests are decided by it.
    caf::reacts_to<control::published>,
    caf::replies_to<policy::get_cache_stats>::with<policy::cache_stats>,
    caf::replies_to<policy::clear_cache>::with<policy::cleared>,
    caf::replies_to<policy::warm_cache>::with<policy::warmed>,
    /// Facts: counts of policies and evaluators, constitution.
    caf::replies_to<probe>::with<probe_result>>;

namespace policy {

/// Where POLICY is found.
inline constexpr actor_key<policy_actor> key{"policy"};

} // namespace policy

} // namespace acgs
