// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Internal to this folder: how a transaction of LMDB is committed.

#include "runtime/store/lmdb_transaction.hpp"

namespace acgs::store::detail {

/// Commits a transaction of the environment in `folder`; `doing` says what for.
/// Fails as `write_transaction::commit` does. LMDB says "Input/output error"
/// where a write was taken in part only, which is how a disk fills; where that
/// is what happened, it is `store_full` here.
caf::error commit_lmdb(lmdb_txn what, const std::string& folder,
                       const std::string& doing);

} // namespace acgs::store::detail
