// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/shell/pause.hpp"

#include <algorithm>
#include <cerrno>

namespace acgs::shell {

pauses::pauses() {
  ::sigemptyset(&interrupt_);
  ::sigaddset(&interrupt_, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &interrupt_, &before_);
}

pauses::~pauses() {
  wait({}); // one that came too late
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

bool pauses::wait(std::chrono::milliseconds time) {
  using clock = std::chrono::steady_clock;
  auto until = clock::now() + time;
  for (;;) {
    auto nanos = std::max<std::chrono::nanoseconds::rep>(
        std::chrono::nanoseconds{until - clock::now()}.count(), 0);
    timespec left{};
    left.tv_sec = nanos / 1'000'000'000;
    left.tv_nsec = nanos % 1'000'000'000;
    auto got = ::sigtimedwait(&interrupt_, nullptr, &left);
    // One that was stopped and goes on (signal(7)) waits for what is left.
    if (got >= 0 || errno != EINTR)
      return got != SIGINT;
  }
}

bool pauses::wait_after(output& shown, std::chrono::milliseconds time) {
  return shown.flush() && wait(time);
}

} // namespace acgs::shell
