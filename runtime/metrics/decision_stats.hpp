// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How fast decisions are and how they come out, for `/v1/metrics` and for
// `acgs top`. One a node, shared by the gateways, which report each decision
// that they hand out. Latencies are those of the latest one to two minutes, so
// that an operator sees the present; counts are from the start on.

#include "runtime/base/clock.hpp"
#include "runtime/metrics/latency_histogram.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>

namespace acgs::metrics {

class decision_stats {
public:
  /// `latency`: from the decoded request to the verdict, the wait for an
  /// evaluator included. `durable`: the wait for the disk. Any thread.
  void decided(std::chrono::nanoseconds latency,
               std::chrono::nanoseconds durable, bool refused, steady_time now);

  struct percentiles {
    std::chrono::nanoseconds p50{}, p95{}, p99{}, mean{};
  };

  struct summary {
    std::uint64_t decisions = 0; ///< since the start
    std::uint64_t refusals = 0;  ///< since the start
    std::uint64_t refusals_last_minute = 0;
    percentiles latency;
    percentiles durable;
  };

  summary summarise(steady_time now);

private:
  struct window {
    latency_histogram latency;
    latency_histogram durable;
  };
  struct second {
    std::int64_t which = -1;
    std::uint64_t refusals = 0;
  };

  void turn(steady_time now);

  std::atomic<std::uint64_t> decisions_{0};
  std::atomic<std::uint64_t> refusals_{0};
  std::atomic<std::int64_t> minute_{-1};
  std::array<window, 2> windows_; ///< of this minute and of the one before
  std::mutex mutex_;              ///< guards `seconds_` and the turning
  std::array<second, 60> seconds_;
};

} // namespace acgs::metrics
