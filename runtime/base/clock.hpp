// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Time, handed in. Every core takes what it knows of time from a `time_source`,
// so that tests drive it and a recorded decision can be replayed.

#include <chrono>
#include <cstdint>

namespace acgs {

/// Nanoseconds since the Unix epoch, UTC.
using wall_time = std::chrono::sys_time<std::chrono::nanoseconds>;

/// Nanoseconds on a clock that only goes forward and counts suspend.
using steady_time = std::chrono::time_point<std::chrono::steady_clock,
                                            std::chrono::nanoseconds>;

/// Both clocks of a node. Implementations are safe to call from any thread.
class time_source {
public:
  virtual ~time_source() = default;
  /// The time of day, for records and expiry. It may jump.
  virtual wall_time now() const = 0;
  /// For measuring durations and time-outs (`CLOCK_BOOTTIME`).
  virtual steady_time steady_now() const = 0;
};

/// The machine's clocks.
const time_source& system_clock();

/// Nanoseconds since the epoch as they are stored and sent.
constexpr std::int64_t to_nanos(wall_time time) {
  return time.time_since_epoch().count();
}

constexpr wall_time from_nanos(std::int64_t nanos) {
  return wall_time{std::chrono::nanoseconds{nanos}};
}

} // namespace acgs
