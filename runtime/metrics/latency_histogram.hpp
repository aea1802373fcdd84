// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Durations counted in buckets that grow with the duration, so that any
// percentile comes out within 1/32 of its value (the layout of HdrHistogram
// with five bits). Any thread records without a lock; what is read while
// others record may miss what comes in meanwhile.

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

namespace acgs::metrics {

/// How numbers are counted that order nothing else.
inline constexpr auto relaxed = std::memory_order_relaxed;

class latency_histogram {
public:
  /// Longer ones count as this long.
  static constexpr std::chrono::nanoseconds longest = std::chrono::minutes{2};

  void record(std::chrono::nanoseconds duration);

  std::uint64_t count() const;
  std::chrono::nanoseconds mean() const;

  /// The duration that the share `q` (0 to 1) of all stay within; zero where
  /// there are none.
  std::chrono::nanoseconds percentile(double q) const;

  void clear();

  /// Adds what another has counted.
  void add(const latency_histogram& other);

private:
  static constexpr unsigned sub_bits = 5;
  static constexpr std::size_t bucket_count = (38 - sub_bits) << sub_bits;

  static std::size_t bucket_of(std::uint64_t nanos);
  static std::uint64_t upper_of(std::size_t bucket);

  std::array<std::atomic<std::uint64_t>, bucket_count> buckets_{};
  std::atomic<std::uint64_t> sum_{0};
};

} // namespace acgs::metrics
