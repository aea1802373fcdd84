// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// INDEXER, the actor: detached and bounded, woken by LEDGER after a commit.
// It lags behind on purpose: what it writes competes with the log, on which
// verdicts wait, for the disk and a processor, so it lets entries gather for a
// moment and writes them at once. Queries read what is not indexed yet from the
// log itself.

#include "actors/indexer/protocol.hpp"
#include "runtime/metrics/registry.hpp"
#include "runtime/store/store.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace acgs::indexer {

/// Whether INDEXER knows that the log has grown: LEDGER wakes it only where it
/// does not, and INDEXER forgets it before it looks.
using told = std::atomic<bool>;

struct config {
  std::shared_ptr<store::environment> index;
  std::shared_ptr<store::environment> ledger;
  std::string origin;
  std::shared_ptr<told> knows = std::make_shared<told>(false);
  std::uint64_t step = 2048;            ///< entries a transaction
  std::chrono::milliseconds pause{250}; ///< how long entries may gather

  /// Between one transaction and the next: the processor goes to whoever waits
  /// for it, and nobody waits behind a long run of them.
  std::chrono::microseconds rest{0};
  std::chrono::milliseconds retry{1000}; ///< when it could not be written

  /// To where that doubles each time where it is not room that is missing.
  std::chrono::milliseconds retry_max{16'000};
  acgs::metrics::registry* registry = nullptr;
};

/// What LEDGER calls after each commit.
std::function<void(std::uint64_t)> waker(actor_ref<indexer_actor> who,
                                         std::shared_ptr<told> knows);

/// Goes on where the index ends. Where the index has no room or cannot be
/// written it says so when probed and tries again later, from where the last
/// commit was: the log goes on without it.
indexer_actor::behavior_type indexer(indexer_actor::pointer self, config cfg);

} // namespace acgs::indexer
