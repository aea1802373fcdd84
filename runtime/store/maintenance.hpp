// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is done to the stores of a node that does not run: looking at their
// versions, migrating them, giving disk back.

#include "runtime/store/lock.hpp"
#include "runtime/store/schema.hpp"
#include "runtime/store/wal_environment.hpp"

#include <filesystem>
#include <memory>
#include <vector>

namespace acgs::store {

/// Opens an environment that nobody else has open, under the folder's lock.
/// What its write-ahead log holds beyond it, after a crash, is put there first:
/// it was acknowledged, and who looked at the store alone would miss it; what
/// it drops as unfinished, `tell` hears of. Fails with `store_corrupt` where
/// the log is gone or does not fit, and as `open_lmdb` does.
result<std::unique_ptr<environment>>
open_whole(const std::filesystem::path& folder,
           const tell_unfinished& tell = warn_of_unfinished);

/// One environment of a folder of stores.
struct store_version {
  std::string name;    ///< "ledger"
  unsigned stored = 0; ///< its schema's version
  unsigned known = 0;  ///< the newest that this program knows
  std::uint64_t bytes = 0;
};

/// The versions of `ledger`, `state` and, where there is one, `index`. Works
/// while a node runs. Fails with `not_found` where there are no stores.
result<std::vector<store_version>>
read_versions(const std::filesystem::path& folder);

/// Brings one environment to the newest version, one transaction for all steps,
/// after what its write-ahead log holds in the old form is taken up. What it
/// was before is kept beside it first, as `<folder>.v<version>`. Does
/// nothing where it is as new already, or not there. Fails as `ensure_schema`
/// and `copy_lmdb` do.
caf::error migrate_environment(const std::filesystem::path& folder,
                               const schema& to);

/// `ledger` and `state`, under the folder's lock.
caf::error migrate_stores(const std::filesystem::path& folder);

/// What compaction won.
struct compacted {
  std::string name;
  std::uint64_t before = 0; ///< bytes
  std::uint64_t after = 0;
};

/// Compacts `ledger` and `state` under the folder's lock. Fails with
/// `unavailable` where a node has it, and as `compact_lmdb` does.
result<std::vector<compacted>>
compact_stores(const std::filesystem::path& folder);

} // namespace acgs::store
