// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A moment on both clocks of a node: the time of day, which is shown, and the
// one that only goes forward, by which it is told how long ago it was.

#include "runtime/base/clock.hpp"

namespace acgs {

struct moment {
  wall_time wall{};
  steady_time steady{};

  /// How long after `earlier` it is, however the time of day jumped between.
  std::chrono::nanoseconds since(const moment& earlier) const {
    return steady - earlier.steady;
  }
};

inline moment moment_of(const time_source& clock) {
  return {clock.now(), clock.steady_now()};
}

} // namespace acgs
