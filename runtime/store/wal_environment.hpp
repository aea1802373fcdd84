// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// An environment whose commits cost one sync instead of two and a page instead
// of dozens: what a transaction changed is made durable as one record of a
// write-ahead log, while the transaction of the environment beneath goes on
// and is committed for many of them at once, by `publish`. Only then do other
// readers see it; the writer itself sees it at once.
//
// Belongs to the thread that writes, which alone may use it between a commit
// and the next `publish`; others use the environment beneath.
//
// Invariants: what `commit` acknowledged is in the log's file or in the
// environment beneath, and durable there; the record "wal" of the table "meta"
// beneath names the log and the last of its records that is contained in it and
// is written in the same transaction, so that nothing is applied twice or left
// out, and a log that is lost or of another store is refused.

#include "runtime/store/store.hpp"
#include "runtime/store/wal.hpp"
#include "runtime/store/wal_record.hpp"

#include <map>

namespace acgs::store {

/// The most that may wait to be published, in bytes of records: it is written
/// in one go, and whoever asks meanwhile waits.
inline constexpr std::uint64_t unpublished_max = std::uint64_t{2} << 20;

/// Transactions above this are committed beneath at once, in bytes of records:
/// the log saves syncs and pages that many small ones share anyway, and a large
/// one it would only write twice. 128 entries with 300 bytes of input come to
/// about as much; at 1,024 the way past the log writes half as many again.
inline constexpr std::uint64_t logged_max = std::uint64_t{128} << 10;

class wal_environment final : public environment {
public:
  /// Takes up what the log holds beyond the environment, which `publish` then
  /// puts there. Both outlive this. Fails with `store_corrupt` where the two
  /// do not fit, and as reading and writing do.
  static result<std::unique_ptr<wal_environment>> open(environment& beneath,
                                                       wal_file& file);
  ~wal_environment() override;

  result<table> open_table(const std::string& name) override;
  result<std::optional<table>> find_table(const std::string& name) override;

  /// Sees what was committed here, published or not.
  result<std::unique_ptr<read_transaction>> read() override;

  /// Commits small transactions by the log, and large ones, or where the log
  /// has no room, by publishing. Of a large one no record is put together.
  result<std::unique_ptr<write_transaction>> write() override;

  /// The same as `publish`.
  caf::error sync() override { return publish(); }

  result<room> measure(std::uint64_t enough) override {
    return beneath_->measure(enough);
  }
  vault& secrets() override { return beneath_->secrets(); }
  bool fresh() const override { return beneath_->fresh(); }

  /// Shows everybody what was committed: the environment beneath holds it
  /// durably, and the log begins anew. After `store_full` all is as before.
  caf::error publish();

  /// The same, and the environment beneath names its log from then on, even
  /// where nothing was ever committed here: who loses the log then is told.
  caf::error settle();

  /// What `publish` would write, in bytes of records.
  std::uint64_t unpublished_bytes() const { return waiting_; }

  /// What the log's end held that was taken for unfinished.
  const std::optional<unfinished_record>& unfinished() const {
    return log_.unfinished();
  }

  /// Whether there is nothing to publish.
  bool published() const { return log_.empty(); }

private:
  class transaction;
  class view;

  wal_environment(environment& beneath, wal_file& file);

  caf::error take_up();
  caf::error ensure_begun();
  caf::error apply(const wal_change& what);
  caf::error commit(byte_view body);
  caf::error commit_beneath();
  void give_up();
  void drop_idle();

  environment* beneath_;
  wal log_;
  std::uint64_t applied_ = 0; ///< the last record that is beneath
  std::uint64_t waiting_ = 0; ///< bytes of records that are not
  bool marked_ = false;       ///< the environment beneath names the log
  table meta_;
  std::map<std::string, table, std::less<>> tables_;
  std::map<unsigned, std::string> names_;
  std::unique_ptr<write_transaction> open_; ///< holds what is in the log
};

using tell_unfinished = std::function<void(const unfinished_record&)>;

/// Writes it to the log, as a warning.
void warn_of_unfinished(const unfinished_record& dropped);

/// What a start does before anybody reads: the environment gets what the log
/// holds beyond it, and names it. `tell` hears of a record that is dropped as
/// unfinished. Fails as `wal_environment::open` and `settle` do.
caf::error take_up_wal(environment& beneath, wal_file& file,
                       const tell_unfinished& tell = warn_of_unfinished);

/// The same for an environment without a log's file: fails with `store_corrupt`
/// where it had one.
caf::error check_without_wal(environment& beneath);

/// The environment goes on as it is, and with another log: whatever its own
/// held beyond it is given up.
caf::error forget_wal(environment& beneath);

} // namespace acgs::store
