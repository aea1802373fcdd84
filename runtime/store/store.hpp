// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Storage as an interface: an environment of named tables of sorted records,
// many readers that each see one moment, one writer at a time whose changes
// appear together or not at all. `lmdb.hpp` implements it on disk; the tests'
// twin in memory loses what was not committed.
//
// A view that a transaction returned ends with the transaction, and in a write
// transaction with its next change. A failed sync ends the process: whoever
// gets `store_io` from a commit must not go on.

#include "runtime/base/bytes.hpp"
#include "runtime/base/error.hpp"
#include "runtime/store/vault.hpp"

#include <memory>

namespace acgs::store {

/// A table of one environment, as `environment::open_table` numbered it.
struct table {
  unsigned id = 0;
};

/// The longest key, in bytes.
inline constexpr std::size_t key_size_max = 511;

/// A place in a table, for walking in the order of keys (bytewise).
class cursor {
public:
  virtual ~cursor();

  /// Each moves and says whether there is a record; without one, `key` and
  /// `value` must not be called and only the absolute moves may follow.
  virtual result<bool> first() = 0;
  virtual result<bool> last() = 0;
  /// To the first record whose key is `key` or comes after it.
  virtual result<bool> seek(byte_view key) = 0;
  virtual result<bool> next() = 0;
  virtual result<bool> previous() = 0;

  virtual byte_view key() const = 0;
  virtual byte_view value() const = 0;
};

/// One moment of an environment. Ends quickly: it holds pages back.
class read_transaction {
public:
  virtual ~read_transaction();

  /// The value under a key, or nothing.
  virtual result<std::optional<byte_view>> get(table in, byte_view key) = 0;

  /// Walks a table; must end before the transaction does.
  virtual result<std::unique_ptr<cursor>> walk(table in) = 0;
};

/// The one writer. Without `commit`, nothing has happened. Belongs to the
/// thread that began it.
class write_transaction : public read_transaction {
public:
  /// Sets the value under a key.
  virtual caf::error put(table in, byte_view key, byte_view value) = 0;

  /// The same for a key beyond the table's last, which is quicker. Fails with
  /// `conflict` where it is not beyond.
  virtual caf::error append(table in, byte_view key, byte_view value) = 0;

  /// Removes a key; a missing one is no error.
  virtual caf::error erase(table in, byte_view key) = 0;

  /// Makes everything durable at once. Afterwards only the destructor may be
  /// called. Fails with `store_full` or `unavailable` for want of memory
  /// (nothing is changed, others may go on) or `store_io` (end the process).
  virtual caf::error commit() = 0;
};

/// How much room there is. Pages that are free for reuse need room on the disk
/// like others: what goes with an entry is written elsewhere (the vault, the
/// index), and some file systems write what is changed to a new place.
struct room {
  std::uint64_t map_bytes = 0;  ///< the most that the environment may hold
  std::uint64_t used_bytes = 0; ///< including what is free for reuse
  std::uint64_t disk_free_bytes = 0;
  std::uint64_t reusable_bytes = 0; ///< of those used, as far as was counted

  /// What of the map was never used.
  std::uint64_t unused() const {
    return map_bytes - (used_bytes < map_bytes ? used_bytes : map_bytes);
  }

  /// What can still be written.
  std::uint64_t left() const {
    auto map_left = unused() + reusable_bytes;
    return map_left < disk_free_bytes ? map_left : disk_free_bytes;
  }
};

/// A store on disk or its twin. Any thread may use it.
class environment {
public:
  virtual ~environment();

  /// The table of that name, made where there is none. Not while this thread
  /// has a write transaction.
  virtual result<table> open_table(const std::string& name) = 0;

  /// The table of that name, or nothing where there is none.
  virtual result<std::optional<table>> find_table(const std::string& name) = 0;

  virtual result<std::unique_ptr<read_transaction>> read() = 0;

  /// Waits for the present writer to end.
  virtual result<std::unique_ptr<write_transaction>> write() = 0;

  /// Makes durable what was committed without sync.
  virtual caf::error sync() = 0;

  /// What is free for reuse is counted where less than `enough` was never
  /// used, and until there is that much: then `left` is short of what there is,
  /// but not of `enough`. With 0 it is cheap at any time.
  virtual result<room> measure(std::uint64_t enough) = 0;

  /// What can be destroyed, which records of tables cannot.
  virtual vault& secrets() = 0;

  /// Whether it held no table when it was opened.
  virtual bool fresh() const = 0;
};

} // namespace acgs::store
