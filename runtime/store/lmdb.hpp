// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The store on disk: an LMDB environment a folder (`data.mdb`, `lock.mdb`,
// mode 0600 in a folder of mode 0700). Full sync on each commit unless the
// options say otherwise, and they may only for what can be rebuilt: NOSYNC and
// NOMETASYNC lose acknowledged data on power loss. Never WRITEMAP. NOTLS, so
// that a read transaction is not bound to a thread.

#include "runtime/store/store.hpp"

#include <filesystem>

namespace acgs::store {

struct lmdb_options {
  std::filesystem::path folder;
  std::uint64_t map_bytes = std::uint64_t{64} << 30; ///< costs no disk
  unsigned readers_max = 512;
  unsigned tables_max = 128;
  bool synced = true; ///< false only for what can be rebuilt
};

/// Opens or makes an environment. Fails with `store_corrupt` where the file is
/// not LMDB's or contradicts itself (it is left as it is), with `forbidden`,
/// `invalid_argument` (something else is in its place), `store_full` or
/// `store_io`.
result<std::unique_ptr<environment>> open_lmdb(const lmdb_options& options);

} // namespace acgs::store
