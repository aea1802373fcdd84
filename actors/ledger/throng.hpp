// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether entries come in throngs: many of them a commit, one commit after the
// other. Then LEDGER does best to let those who hand them in go on for a
// moment, as a commit costs about as much for twenty entries as for ten; and
// with few it does best to begin at once. Belongs to LEDGER's thread.

#include <cstddef>

namespace acgs::ledger {

class throng {
public:
  /// Entries a commit, in the middle of the newest ones, from which on there is
  /// a throng, and below which it has gone.
  static constexpr std::size_t from = 8;
  static constexpr std::size_t until = 4;

  /// Takes note of a commit. Whether a throng has begun or gone.
  bool committed(std::size_t entries) {
    eighths_ = eighths_ - eighths_ / 8 + entries;
    bool before = is_;
    is_ = eighths_ / 8 >= (is_ ? until : from);
    return is_ != before;
  }

  /// Whether there is one.
  explicit operator bool() const { return is_; }

private:
  /// Eight times the moving average, in which each commit weighs an eighth.
  std::size_t eighths_ = 0;
  bool is_ = false;
};

} // namespace acgs::ledger
