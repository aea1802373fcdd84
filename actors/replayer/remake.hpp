// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// One worker's part of a replay: the decisions of one block of entries made
// again, and what came of it. One thread at a time.

#include "actors/replayer/timeline.hpp"
#include "runtime/store/log_view.hpp"
#include "runtime/wire/entry.hpp"

namespace acgs::replayer {

/// Entries that one worker takes at once.
inline constexpr std::uint64_t block_size = 256;

/// What came of a block. Where `next` is not its end, time was up.
struct block_result {
  replayed counts;
  std::size_t bytes = 0; ///< of texts in the lists
  caf::error failed;
};

/// What all workers of one run share.
struct run_of {
  const replay& what;
  timeline& snapshots;
  const config& with;
  const store::log_tables& tables;
  steady_time deadline;
};

class block_worker {
public:
  block_worker(const run_of& run, decider& decide)
      : run_{run}, decide_{decide} {
    // Works when asked.
  }

  /// The entries from `first` to before `end`.
  block_result work(std::uint64_t first, std::uint64_t end);

private:
  /// Payloads of one decision, opened.
  struct opened;

  caf::error go_on(block_result& out, std::uint64_t end);
  bool enough() const {
    return run_.what.decisions_max != 0 && made_ >= run_.what.decisions_max;
  }
  bool wanted(const domain::entry& entry) const;
  void pass_over(std::uint64_t end, const caf::error& why, block_result& out);
  caf::error remake(store::log_view& log, std::uint64_t index,
                    const domain::entry& entry, block_result& out);
  result<bool> open(store::log_view& log, std::uint64_t index,
                    const domain::entry& entry, opened& to, block_result& out);
  bool fits(const domain::entry& entry) const;
  caf::error take_snapshot(std::uint64_t revision, naming unsaid);
  result<bool> find_snapshot(std::uint64_t index, const domain::entry& entry,
                             block_result& out);
  void compare(std::uint64_t index, const domain::entry& entry,
               const opened& then, const remade& now, block_result& out);
  void skip(std::uint64_t index, std::string why, block_result& out);

  const run_of& run_;
  decider& decide_;
  snapshot_ptr snapshot_; ///< of `revision_`
  std::uint64_t revision_ = 0;
  std::uint64_t made_ = 0; ///< decisions, in all blocks
};

} // namespace acgs::replayer
