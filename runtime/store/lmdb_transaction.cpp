// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/lmdb_transaction.hpp"

#include "runtime/store/lmdb_commit.hpp"
#include "runtime/store/lmdb_error.hpp"

#include <utility>

namespace acgs::store::detail {

namespace {

MDB_val to_lmdb(byte_view view) {
  // LMDB's interface is not const; it only reads through this.
  return {view.size(), const_cast<std::byte*>(view.data())};
}

byte_view from_lmdb(const MDB_val& value) {
  return {static_cast<const std::byte*>(value.mv_data), value.mv_size};
}

struct cursor_deleter {
  void operator()(MDB_cursor* at) const { mdb_cursor_close(at); }
};
using lmdb_cursor_ptr = std::unique_ptr<MDB_cursor, cursor_deleter>;

class lmdb_cursor final : public cursor {
public:
  lmdb_cursor(lmdb_cursor_ptr at, const lmdb_names& names)
      : at_{std::move(at)}, names_{names} {
    // Closed with this.
  }

  result<bool> first() override { return move(MDB_FIRST); }
  result<bool> last() override { return move(MDB_LAST); }
  result<bool> next() override { return move(MDB_NEXT); }
  result<bool> previous() override { return move(MDB_PREV); }
  result<bool> seek(byte_view key) override {
    if (key.empty())
      return first();
    key_ = to_lmdb(key);
    return move(MDB_SET_RANGE);
  }
  byte_view key() const override { return from_lmdb(key_); }
  byte_view value() const override { return from_lmdb(value_); }

private:
  result<bool> move(MDB_cursor_op how) {
    auto code = mdb_cursor_get(at_.get(), &key_, &value_, how);
    if (code == MDB_NOTFOUND)
      return false;
    if (code != 0)
      return lmdb_error(code, "walk " + names_.of(mdb_cursor_dbi(at_.get())));
    return true;
  }

  lmdb_cursor_ptr at_;
  const lmdb_names& names_;
  MDB_val key_{};
  MDB_val value_{};
};

result<std::optional<byte_view>> get_from(MDB_txn* txn, table in, byte_view key,
                                          const lmdb_names& names) {
  auto wanted = to_lmdb(key);
  MDB_val found;
  auto code = mdb_get(txn, in.id, &wanted, &found);
  if (code == MDB_NOTFOUND)
    return std::optional<byte_view>{};
  if (code != 0)
    return lmdb_error(code, "read from " + names.of(in.id));
  return std::optional{from_lmdb(found)};
}

result<std::unique_ptr<cursor>> walk_in(MDB_txn* txn, table in,
                                        const lmdb_names& names) {
  MDB_cursor* at = nullptr;
  if (auto code = mdb_cursor_open(txn, in.id, &at); code != 0)
    return lmdb_error(code, "walk " + names.of(in.id));
  lmdb_cursor_ptr owner{at};
  return std::unique_ptr<cursor>{
      std::make_unique<lmdb_cursor>(std::move(owner), names)};
}

class lmdb_read final : public read_transaction {
public:
  lmdb_read(lmdb_txn txn, const lmdb_names& names)
      : txn_{std::move(txn)}, names_{names} {
    // Aborting a read transaction is how it ends.
  }
  result<std::optional<byte_view>> get(table in, byte_view key) override {
    return get_from(txn_.get(), in, key, names_);
  }
  result<std::unique_ptr<cursor>> walk(table in) override {
    return walk_in(txn_.get(), in, names_);
  }

private:
  lmdb_txn txn_;
  const lmdb_names& names_;
};

class lmdb_write final : public write_transaction {
public:
  lmdb_write(lmdb_txn txn, const lmdb_names& names)
      : txn_{std::move(txn)}, names_{names} {
    // Aborts unless committed.
  }
  result<std::optional<byte_view>> get(table in, byte_view key) override {
    return get_from(txn_.get(), in, key, names_);
  }
  result<std::unique_ptr<cursor>> walk(table in) override {
    return walk_in(txn_.get(), in, names_);
  }
  caf::error put(table in, byte_view key, byte_view value) override {
    return set(in, key, value, 0);
  }
  caf::error append(table in, byte_view key, byte_view value) override {
    return set(in, key, value, MDB_APPEND);
  }
  caf::error erase(table in, byte_view key) override {
    places_.clear(); // what it takes out may leave no place to write beside
    auto gone = to_lmdb(key);
    auto code = mdb_del(txn_.get(), in.id, &gone, nullptr);
    if (code == 0 || code == MDB_NOTFOUND)
      return {};
    return lmdb_error(code, "write to " + names_.of(in.id));
  }
  caf::error commit() override {
    places_.clear(); // before LMDB frees them itself
    return commit_lmdb(std::move(txn_), names_.folder(),
                       "commit to " + names_.folder());
  }

private:
  caf::error set(table in, byte_view key, byte_view value, unsigned flags) {
    auto at = to_lmdb(key);
    auto what = to_lmdb(value);
    auto& place = places_[in.id];
    auto code = place ? 0 : open_place(in, place);
    if (code == 0)
      code = mdb_cursor_put(place.get(), &at, &what, flags);
    return code == 0 ? caf::error{}
                     : lmdb_error(code, "write to " + names_.of(in.id));
  }

  int open_place(table in, lmdb_cursor_ptr& to) {
    MDB_cursor* at = nullptr;
    auto code = mdb_cursor_open(txn_.get(), in.id, &at);
    to.reset(at);
    return code;
  }

  lmdb_txn txn_;
  const lmdb_names& names_;
  // Where each table was last written: keys come in order more often than not,
  // and LMDB finds the next one from there without a walk from the root.
  std::map<unsigned, lmdb_cursor_ptr> places_;
};

} // namespace

void lmdb_names::add(unsigned id, const std::string& name) {
  std::lock_guard guard{mutex_};
  tables_[id] = name;
}

std::string lmdb_names::of(unsigned id) const {
  std::lock_guard guard{mutex_};
  auto found = tables_.find(id);
  auto name = found == tables_.end() ? std::to_string(id) : found->second;
  return "the table " + name + " of " + folder_;
}

// LMDB's handle has its owner before memory for ours is asked for: a write
// transaction that nobody ends would keep all others waiting for ever.

result<std::unique_ptr<read_transaction>> begin_read(MDB_env* in,
                                                     const lmdb_names& names) {
  MDB_txn* txn = nullptr;
  if (auto code = mdb_txn_begin(in, nullptr, MDB_RDONLY, &txn); code != 0)
    return lmdb_error(code, "begin reading from " + names.folder());
  lmdb_txn owner{txn};
  auto out = std::make_unique<lmdb_read>(std::move(owner), names);
  return std::unique_ptr<read_transaction>{std::move(out)};
}

result<std::unique_ptr<write_transaction>>
begin_write(MDB_env* in, const lmdb_names& names) {
  MDB_txn* txn = nullptr;
  if (auto code = mdb_txn_begin(in, nullptr, 0, &txn); code != 0)
    return lmdb_error(code, "begin writing to " + names.folder());
  lmdb_txn owner{txn};
  auto out = std::make_unique<lmdb_write>(std::move(owner), names);
  return std::unique_ptr<write_transaction>{std::move(out)};
}

} // namespace acgs::store::detail
