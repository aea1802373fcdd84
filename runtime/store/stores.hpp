// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Everything that a node stores, opened together: the folder's lock, the
// ledger, control state and the index. Made by NODE before any actor and
// closed after the last.

#include "runtime/store/lock.hpp"
#include "runtime/store/store.hpp"
#include "runtime/store/wal_file.hpp"

#include <filesystem>

namespace acgs::store {

struct stores_options {
  std::filesystem::path folder;                      ///< "./data/store"
  std::uint64_t map_bytes = std::uint64_t{64} << 30; ///< of each environment
  bool one_may_be_lost = false; ///< of ledger, its log and state: a new epoch
  std::uint64_t wal_bytes = wal_file_size; ///< of a new write-ahead log
};

struct stores {
  folder_lock lock;
  std::shared_ptr<environment> ledger;
  std::shared_ptr<wal_file> wal; ///< the ledger's write-ahead log, taken up
  std::shared_ptr<environment> state;
  std::shared_ptr<environment> index;
};

/// Opens or makes all of them. Fails with `unavailable` where another process
/// has the folder or a store is newer than the program, with `store_corrupt`
/// where one is damaged, not ours, or gone while the other is there (ledger and
/// state), and as `open_lmdb` does.
result<stores> open_stores(const stores_options& options);

/// The index alone. It is written without sync, so whatever a crash of the
/// machine may have torn, and whatever cannot be read, is thrown away to be
/// built again: the file `session` beside it names the boot in which it was
/// last open, and is gone after a clean close.
result<std::shared_ptr<environment>>
open_index(const std::filesystem::path& folder, std::uint64_t map_bytes);

} // namespace acgs::store
