// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Exponential back-off with jitter, for restarts, breakers and reconnects.
// Randomness is handed in, so that a test or a replay gets the same delays.

#include "runtime/base/ids.hpp"

#include <chrono>

namespace acgs {

/// A number in [0, 1) from a source of random bytes.
double unit_random(const random_source& random);

/// `mean` moved at random by at most the fraction `jitter` either way.
std::chrono::nanoseconds jittered(std::chrono::nanoseconds mean, double jitter,
                                  const random_source& random);

struct backoff {
  std::chrono::nanoseconds initial = std::chrono::milliseconds{100};
  std::chrono::nanoseconds max = std::chrono::seconds{5};
  double factor = 2.0;
  double jitter = 0.2; ///< fraction, 0 to 1

  /// The delay before the attempt of that number, counted from 0: grows from
  /// `initial` by `factor` up to `max`, then jittered and never beyond
  /// `max`. Without a random source there is no jitter.
  std::chrono::nanoseconds delay(unsigned attempt,
                                 const random_source& random) const;
};

} // namespace acgs
