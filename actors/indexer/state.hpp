// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// INDEXER's core: takes entries from the log, in their order, and writes where
// they are found. What it says to be indexed is complete up to there; all of it
// can be built again from the log. Belongs to INDEXER's thread.

#include "runtime/store/log_view.hpp"
#include "runtime/wire/entry.hpp"

#include <array>

namespace acgs::indexer {

class state {
public:
  /// Goes on where the index says that it is. An index that is longer than the
  /// log is another log's: everything in it is removed first.
  static result<state> open(store::environment& index,
                            store::environment& ledger, std::string origin);

  /// Indexes at most `count` entries in one transaction; returns how many are
  /// still to come. After `store_full` it may be tried again.
  result<std::uint64_t> advance(std::uint64_t count);

  /// Removes what leads to archived entries, looking at about `records_max`
  /// records in one transaction; true where it is to go on. After `store_full`
  /// it may be tried again.
  result<bool> sweep(std::uint64_t records_max);

  /// The index is complete below this.
  std::uint64_t indexed() const noexcept { return indexed_; }

private:
  struct tables {
    store::table meta;
    std::array<store::table, 6> texts;
    store::table times;
    store::table counts;
  };

  state(store::environment& index, store::environment& ledger)
      : index_{&index}, ledger_{&ledger} {
    // `open` reads the watermark.
  }

  caf::error open_tables();
  caf::error read_progress();
  /// Whether it was built of another origin's log, as before a new epoch.
  result<bool> is_of_another_log();
  caf::error clear();
  result<std::uint64_t> write_on(std::uint64_t count);
  result<std::uint64_t> archived();
  caf::error sweep_table(store::write_transaction& in,
                         std::uint64_t& records_left);
  caf::error index_one(store::write_transaction& to, std::uint64_t index,
                       const domain::entry& entry);
  caf::error write_progress(store::write_transaction& to, std::uint64_t size);

  store::environment* index_;
  store::environment* ledger_;
  store::log_tables log_;
  tables in_{};
  std::uint64_t indexed_ = 0;
  std::int64_t latest_ = 0; ///< of all times so far
  std::uint64_t skew_ = 0;  ///< the largest step back from it
  std::vector<std::uint64_t> kinds_;
  std::uint64_t swept_ = 0;     ///< entries before this have no record
  std::uint64_t sweeping_ = 0;  ///< as many are being removed
  std::size_t sweep_table_ = 0; ///< of the texts, where that has come to
  bytes sweep_from_;            ///< and the key there
};

} // namespace acgs::indexer
