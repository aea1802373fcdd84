// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Searching the log: by the most selective condition's index, or by a range of
// time, and entry by entry what the index does not hold yet. Each entry is
// looked at before it is returned, whatever led to it.

#include "actors/reader/index_view.hpp"
#include "actors/reader/protocol.hpp"
#include "runtime/store/log_view.hpp"

namespace acgs::reader {

/// True where every condition that is set holds for the entry, whose path is
/// spelled as in the question.
bool matches(const query& what, const domain::entry& entry);

/// One query, in steps, each of which looks at a bounded number of entries and
/// needs the store for no longer. Of the log as it was at the beginning: what
/// is appended meanwhile is not found.
class search {
public:
  /// Fails with `invalid_argument` where a bound is exceeded, naming it. A step
  /// looks at `step_max` entries, or records of the index.
  static result<search> begin(const query& what, std::uint64_t step_max,
                              store::log_view& log, index_view& index);

  /// Does one step; true where it was the last. Fails with `unavailable` where
  /// the index began anew since the step before.
  result<bool> step(store::log_view& log, index_view& index);

  /// The answer, after the last step.
  query_result finish();

private:
  search(query what, std::uint64_t step_max);

  /// Takes the path as people write it. Entries of changes and events hold
  /// whatever was named, with dots for instance: where the path's index is what
  /// leads to entries, it is kept as it is if that leads to any, and else both
  /// spellings hold.
  caf::error settle_path(store::log_view& log, index_view& index);
  bool wants(const domain::entry& entry) const;
  bool ended() const { return out_.total >= enough_; }
  bool offer(store::log_view& log, std::uint64_t at);
  bool offer(std::uint64_t at, byte_view encoded);
  caf::error scan(store::log_view& log, span_of_entries& within);
  caf::error walk(store::log_view& log, index_view& index);

  query what_;
  std::optional<query> as_given_; ///< where the path is also spelled so
  std::uint64_t step_max_;
  /// Matches after which the page is full, whether there is more than the page
  /// and than `total_max` is known, and no more are counted.
  std::uint64_t enough_;
  int conditions_;
  std::uint64_t indexed_ = 0; ///< at the beginning
  span_of_entries early_;     ///< still to be searched, by the index
  span_of_entries late_;      ///< and what it did not hold yet
  std::uint64_t left_ = 0;    ///< of this step
  query_result out_;
  caf::error failed_;
};

/// An entry with its place.
located locate(std::uint64_t index, wire::entry entry);

} // namespace acgs::reader
