// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Internal to this folder: LMDB's transactions and cursors behind our
// interface. They keep the environment's handle, not the environment: the
// environment outlives them, as `store.hpp` demands.

#include "runtime/store/store.hpp"

#include <lmdb.h>

namespace acgs::store::detail {

struct lmdb_txn_deleter {
  void operator()(MDB_txn* txn) const { mdb_txn_abort(txn); }
};
using lmdb_txn = std::unique_ptr<MDB_txn, lmdb_txn_deleter>;

result<std::unique_ptr<read_transaction>> begin_read(MDB_env* in);

/// `name` is the folder's, for errors.
result<std::unique_ptr<write_transaction>> begin_write(MDB_env* in,
                                                       std::string name);

} // namespace acgs::store::detail
