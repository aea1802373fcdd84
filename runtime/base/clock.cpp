// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/base/clock.hpp"

#include <ctime>

namespace acgs {

namespace {

std::chrono::nanoseconds read(clockid_t id) {
  timespec ts{};
  ::clock_gettime(id, &ts);
  return std::chrono::seconds{ts.tv_sec} + std::chrono::nanoseconds{ts.tv_nsec};
}

class machine_clock final : public time_source {
public:
  wall_time now() const override { return wall_time{read(CLOCK_REALTIME)}; }
  steady_time steady_now() const override {
    return steady_time{read(CLOCK_BOOTTIME)};
  }
};

} // namespace

const time_source& system_clock() {
  static const machine_clock instance;
  return instance;
}

} // namespace acgs
