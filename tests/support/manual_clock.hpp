// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A time source that stands still until a test moves it. Any thread may read
// it and move it.

#include "runtime/base/clock.hpp"

#include <atomic>
#include <chrono>

namespace acgs::test {

class manual_clock final : public time_source {
public:
  wall_time now() const override { return from_nanos(wall_.load()); }
  steady_time steady_now() const override {
    return steady_time{std::chrono::nanoseconds{steady_.load()}};
  }

  /// Moves both clocks forward.
  void advance(std::chrono::nanoseconds by) {
    wall_ += by.count();
    steady_ += by.count();
  }

  /// Sets the time of day alone.
  void set(wall_time time) { wall_ = to_nanos(time); }

private:
  std::atomic<std::int64_t> wall_{1'771'156'800'000'000'000};
  std::atomic<std::int64_t> steady_{1'000'000'000'000};
};

} // namespace acgs::test
