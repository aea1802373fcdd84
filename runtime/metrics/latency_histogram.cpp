// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/metrics/latency_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace acgs::metrics {

namespace {} // namespace

// Below 2^sub_bits nanoseconds each value has its bucket; above, each power of
// two is cut into 2^sub_bits equal parts.
std::size_t latency_histogram::bucket_of(std::uint64_t nanos) {
  constexpr std::uint64_t linear = 1u << sub_bits;
  if (nanos < linear)
    return nanos;
  auto shift = static_cast<unsigned>(std::bit_width(nanos)) - 1 - sub_bits;
  return ((shift + 1) << sub_bits) + ((nanos >> shift) - linear);
}

std::uint64_t latency_histogram::upper_of(std::size_t bucket) {
  constexpr std::uint64_t linear = 1u << sub_bits;
  if (bucket < linear)
    return bucket;
  auto shift = (bucket >> sub_bits) - 1;
  return ((linear + (bucket & (linear - 1)) + 1) << shift) - 1;
}

void latency_histogram::record(std::chrono::nanoseconds duration) {
  auto nanos = static_cast<std::uint64_t>(
      std::clamp(duration, std::chrono::nanoseconds{0}, longest).count());
  buckets_[bucket_of(nanos)].fetch_add(1, relaxed);
  sum_.fetch_add(nanos, relaxed);
}

std::uint64_t latency_histogram::count() const {
  std::uint64_t out = 0;
  for (const auto& at : buckets_)
    out += at.load(relaxed);
  return out;
}

std::chrono::nanoseconds latency_histogram::mean() const {
  auto n = count();
  return std::chrono::nanoseconds{n == 0 ? 0 : sum_.load(relaxed) / n};
}

std::chrono::nanoseconds latency_histogram::percentile(double q) const {
  auto wanted = static_cast<std::uint64_t>(
      std::ceil(std::clamp(q, 0.0, 1.0) * static_cast<double>(count())));
  if (wanted == 0)
    return std::chrono::nanoseconds{0};
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i].load(relaxed);
    if (seen >= wanted)
      return std::chrono::nanoseconds{upper_of(i)};
  }
  return longest;
}

void latency_histogram::clear() {
  for (auto& at : buckets_)
    at.store(0, relaxed);
  sum_.store(0, relaxed);
}

void latency_histogram::add(const latency_histogram& other) {
  for (std::size_t i = 0; i < buckets_.size(); ++i)
    if (auto more = other.buckets_[i].load(relaxed))
      buckets_[i].fetch_add(more, relaxed);
  sum_.fetch_add(other.sum_.load(relaxed), relaxed);
}

} // namespace acgs::metrics
