// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// index/ at one moment, as READER searches it: walks the entries that a text
// leads to, and bounds a range of time. May be behind the log, and may point at
// entries that say something else: whoever asks looks at the entry.

#include "runtime/store/store.hpp"
#include "runtime/store/tables/index.hpp"

#include <functional>
#include <string>

namespace acgs::reader {

/// Entries [first, last).
struct span_of_entries {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

class index_view {
public:
  /// Begins a view. An index that was never written is empty, not an error.
  static result<index_view> open(store::environment& in,
                                 const std::string& origin);

  /// The index is complete below this.
  std::uint64_t indexed() const noexcept { return indexed_; }

  /// Entries per kind, in the order of `entry_kind`.
  result<std::vector<std::uint64_t>> counts();

  /// A range outside of which no indexed entry is of a time in [from, to),
  /// those before `archived` not counted.
  result<span_of_entries> between(std::optional<std::int64_t> from,
                                  std::optional<std::int64_t> to,
                                  std::uint64_t archived);

  /// Visits the entries in the range that a text leads to, in the order asked
  /// for, until `visit` returns false.
  caf::error walk(store::index::by table, std::string_view text,
                  span_of_entries within, bool oldest_first,
                  const std::function<bool(std::uint64_t)>& visit);

  /// Of nothing.
  index_view() = default;

private:
  /// The first block from `low` on whose latest time is at least `time`; the
  /// number of blocks where there is none.
  result<std::uint64_t> first_block(std::int64_t time, std::uint64_t low);

  struct tables {
    std::array<std::optional<store::table>, 6> texts;
    std::optional<store::table> times;
    std::optional<store::table> counts;
  };

  std::unique_ptr<store::read_transaction> reading_;
  tables in_;
  std::uint64_t indexed_ = 0;
  std::uint64_t skew_ = 0;
};

} // namespace acgs::reader
