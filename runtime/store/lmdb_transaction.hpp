// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Internal to this folder: LMDB's transactions and cursors behind our
// interface. They keep the environment's handle, not the environment: the
// environment outlives them, as `store.hpp` demands.

#include "runtime/store/store.hpp"

#include <lmdb.h>

#include <map>
#include <mutex>
#include <string>

namespace acgs::store::detail {

struct lmdb_txn_deleter {
  void operator()(MDB_txn* txn) const { mdb_txn_abort(txn); }
};
using lmdb_txn = std::unique_ptr<MDB_txn, lmdb_txn_deleter>;

/// What errors call an environment and its tables. Any thread may use it.
class lmdb_names {
public:
  explicit lmdb_names(std::string folder) : folder_{std::move(folder)} {}

  const std::string& folder() const noexcept { return folder_; }

  /// Notes a table's name.
  void add(unsigned id, const std::string& name);

  /// "the table entries of ./data/store/ledger".
  std::string of(unsigned id) const;

private:
  const std::string folder_;
  mutable std::mutex mutex_;
  std::map<unsigned, std::string> tables_;
};

/// `names` is the environment's and outlives the transaction.
result<std::unique_ptr<read_transaction>> begin_read(MDB_env* in,
                                                     const lmdb_names& names);
result<std::unique_ptr<write_transaction>> begin_write(MDB_env* in,
                                                       const lmdb_names& names);

} // namespace acgs::store::detail
