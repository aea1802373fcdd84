// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The sliding window of a circuit breaker: how many of the latest calls
// failed or were slow. Belongs to one breaker's state. Memory is bounded by
// the window's size; recording and reading cost no more than a constant, but
// for seconds that passed without a call.

#include "actors/breaker/config.hpp"
#include "actors/breaker/protocol.hpp"
#include "runtime/base/clock.hpp"

#include <cstdint>
#include <vector>

namespace acgs::breaker {

class window {
public:
  /// `size` is in calls or in seconds; at least 1.
  window(window_type type, std::size_t size);

  void record(bool failed, bool slow, steady_time now);

  /// What is in the window at this time.
  totals at(steady_time now);

  void clear();

private:
  void forget(steady_time now);
  void drop(totals& cell);

  window_type type_;
  std::vector<totals> cells_; ///< one a call, or one a second
  totals sum_;
  std::size_t next_ = 0;    ///< count window: the cell to overwrite
  std::int64_t second_ = 0; ///< time window: the newest cell's second
};

} // namespace acgs::breaker
