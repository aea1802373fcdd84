// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/shell/pause.hpp"

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
  timespec left{};
  left.tv_sec = time.count() / 1000;
  left.tv_nsec = time.count() % 1000 * 1'000'000;
  return ::sigtimedwait(&interrupt_, nullptr, &left) != SIGINT;
}

} // namespace acgs::shell
