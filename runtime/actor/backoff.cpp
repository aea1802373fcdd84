// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/actor/backoff.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace acgs {

double unit_random(const random_source& random) {
  std::array<std::byte, 8> raw{};
  random(raw);
  // The upper 53 bits are as many as a double holds exactly.
  return static_cast<double>(std::bit_cast<std::uint64_t>(raw) >> 11) * 0x1p-53;
}

std::chrono::nanoseconds jittered(std::chrono::nanoseconds mean, double jitter,
                                  const random_source& random) {
  if (!random || jitter <= 0)
    return mean;
  double share = 1 + std::min(jitter, 1.0) * (2 * unit_random(random) - 1);
  return std::chrono::nanoseconds{
      static_cast<std::int64_t>(static_cast<double>(mean.count()) * share)};
}

std::chrono::nanoseconds backoff::delay(unsigned attempt,
                                        const random_source& random) const {
  double mean = static_cast<double>(initial.count());
  const double most = static_cast<double>(max.count());
  for (unsigned i = 0; i < attempt && mean < most; ++i)
    mean *= std::max(factor, 1.0);
  std::chrono::nanoseconds capped{
      static_cast<std::int64_t>(std::min(mean, most))};
  return std::min(jittered(capped, jitter, random), max);
}

} // namespace acgs
