// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/shell/pause.hpp"

#include <csignal>

namespace acgs::shell {

bool pause_for(std::chrono::milliseconds time) {
  sigset_t interrupt;
  sigset_t before;
  sigemptyset(&interrupt);
  sigaddset(&interrupt, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &interrupt, &before);
  timespec left{};
  left.tv_sec = time.count() / 1000;
  left.tv_nsec = time.count() % 1000 * 1'000'000;
  auto got = ::sigtimedwait(&interrupt, nullptr, &left);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return got != SIGINT;
}

} // namespace acgs::shell
