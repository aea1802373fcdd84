// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// LEDGER's messages. LEDGER is the only writer of `ledger/` and the only one
// who hands out decisions: an evaluator delegates the request to it together
// with the decision, so that no verdict can leave before its entry is durable.

#include "runtime/actor/directory.hpp"
#include "runtime/actor/local_message.hpp"
#include "runtime/actor/probe.hpp"
#include "runtime/base/error.hpp"
#include "runtime/domain/payload.hpp"
#include "runtime/wire/decision.hpp"
#include "runtime/wire/entry.hpp"

#include <caf/typed_actor.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace acgs::ledger {

/// One entry to be written. `entry->commitments` cover `payloads`, in order.
struct append {
  wire::entry entry;
  std::vector<domain::sealed_payload> payloads;
  std::string idempotency_key; ///< empty: none
  using local_message = void;
};

/// Where an entry stands; it is durable.
struct appended {
  std::uint64_t index = 0; ///< in this node's current origin, from 0
  bool repeated = false;   ///< the idempotency key had been used before
  using local_message = void;
};

/// A decision that may leave once its entry is durable.
struct release {
  wire::decision decision;
  append record;
  /// Passed on as it is: what the evaluation saw of the world; may be null.
  std::shared_ptr<const std::string> recorded = {};
  using local_message = void;
};

/// A decision that may be shown to its caller.
struct released {
  wire::decision decision;
  std::uint64_t index = 0;
  std::int64_t durable_nanos = 0; ///< from handing in to durable
  std::shared_ptr<const std::string> recorded = {}; ///< as it was handed in
  using local_message = void;
};

/// The keys of an entry's payloads are to be destroyed; `record` tells of it.
struct shred {
  std::uint64_t index = 0;
  append record;
  using local_message = void;
};

/// They are gone.
struct shredded {
  std::uint64_t index = 0; ///< of the entry that tells of it
  using local_message = void;
};

/// The entries before `size` were written to an archive and are to go from
/// here; `record` tells of it. `root` is that of the tree over them.
struct archive {
  std::uint64_t size = 0;
  digest root{};
  append record;
  using local_message = void;
};

/// They count as archived; their rows go by and by.
struct archived {
  std::uint64_t index = 0; ///< of the entry that tells of it
  using local_message = void;
};

/// Decisions that may leave once the entries of all of them are durable; they
/// are written in one transaction.
struct release_many {
  std::vector<release> each;
  using local_message = void;
};

/// One outcome for each decision, in their order.
struct released_many {
  std::vector<result<released>> each;
  using local_message = void;
};

/// A bundle to be kept under its digest; what exists already is left alone.
struct put_blob {
  digest key{};
  bytes content;
  using local_message = void;
};

/// What was acknowledged before can be read in the store.
struct publish {
  using local_message = void;
};

/// Everything asked for before is durable, the head signed, the signature
/// stored: for the stop.
struct settle {
  using local_message = void;
};

struct get_head {
  using local_message = void;
};

/// The log as it is committed.
struct head {
  std::string checkpoint; ///< the text of a checkpoint, not signed
  using local_message = void;
};

} // namespace acgs::ledger

namespace acgs {

/// Errors of each: `overloaded` (queue full, nothing written), `store_full`
/// (nothing written). A failed write or sync ends the process.
using ledger_actor = caf::typed_actor<
    /// Writes one entry and answers when it is durable.
    caf::replies_to<ledger::append>::with<ledger::appended>,
    /// Writes a decision's entry and then releases the decision.
    caf::replies_to<ledger::release>::with<ledger::released>,
    /// Destroys keys; answers when they are gone and their entry is durable.
    /// Fails with `not_found` or `conflict` as well.
    caf::replies_to<ledger::shred>::with<ledger::shredded>,
    /// Gives up what was archived. Fails with `invalid_argument` where it is
    /// not whole tiles more than before, `conflict` where no signed checkpoint
    /// covers it or its root is another: then nothing is done.
    caf::replies_to<ledger::archive>::with<ledger::archived>,
    /// Writes the entries of several decisions in one transaction, and then
    /// releases those that could be written.
    caf::replies_to<ledger::release_many>::with<ledger::released_many>,
    /// Keeps a bundle; answers when it is durable.
    caf::replies_to<ledger::put_blob>::with<void>,
    /// Answers when everything acknowledged before it can be read.
    caf::replies_to<ledger::publish>::with<void>,
    /// Answers when everything before it is durable, signed and readable.
    caf::replies_to<ledger::settle>::with<void>,
    /// How long the log is, and its root.
    caf::replies_to<ledger::get_head>::with<ledger::head>,
    /// Facts: size, age of the checkpoint, free room.
    caf::replies_to<probe>::with<probe_result>>;

namespace ledger {

/// Where LEDGER is found.
inline constexpr actor_key<ledger_actor> key{"ledger"};

} // namespace ledger

} // namespace acgs
