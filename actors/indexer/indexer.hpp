// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// INDEXER, the actor: detached and bounded, woken by LEDGER after each commit.
// It lags behind under load and catches up in steps, between which it hears.

#include "actors/indexer/protocol.hpp"
#include "runtime/metrics/registry.hpp"
#include "runtime/store/store.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace acgs::indexer {

struct config {
  std::shared_ptr<store::environment> index;
  std::shared_ptr<store::environment> ledger;
  std::string origin;
  std::uint64_t step = 2048;             ///< entries a transaction
  std::chrono::milliseconds retry{1000}; ///< when there was no room
  acgs::metrics::registry* registry = nullptr;
};

/// Goes on where the index ends. Where there is no room it waits for some: the
/// log goes on without it. Where the index cannot be written the actor ends
/// with the reason; a new one begins where the last commit was.
indexer_actor::behavior_type indexer(indexer_actor::pointer self, config cfg);

} // namespace acgs::indexer
