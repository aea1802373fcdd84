// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The environments of a node, opened once and shared: actors come and go, the
// stores stay. Holding this is having the data folder to oneself.

#include "runtime/config/settings.hpp"
#include "runtime/store/lock.hpp"
#include "runtime/store/store.hpp"
#include "runtime/store/wal_file.hpp"

#include <memory>

namespace acgs::node {

struct stores {
  std::shared_ptr<store::environment> ledger; ///< synced; LEDGER writes
  std::shared_ptr<store::wal_file> wal;       ///< beneath LEDGER's commits
  std::shared_ptr<store::environment> state;  ///< synced; CONTROL writes
  std::shared_ptr<store::environment> index; ///< can be rebuilt; INDEXER writes
  store::folder_lock lock;
};

/// Opens `<data_dir>/store/{ledger,state,index}`, making what is missing.
/// Fails with `conflict` (another process has the folder, or the store is
/// newer than the program), `store_corrupt`, `store_full` or `store_io`,
/// naming the environment. Nothing is overwritten. Of ledger and state, both
/// must be new or none, unless one may be lost.
result<stores> open_stores(const config::settings& settings,
                           bool one_may_be_lost = false);

} // namespace acgs::node
