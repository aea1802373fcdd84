// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/process/signals.hpp"

#include <csignal>
#include <initializer_list>
#include <unistd.h>

namespace acgs::process {

namespace {

sigset_t taken() {
  sigset_t set;
  ::sigemptyset(&set);
  for (int one : {SIGTERM, SIGINT, SIGHUP})
    ::sigaddset(&set, one);
  return set;
}

} // namespace

void block_signals() {
  auto set = taken();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

request wait_for_request() {
  auto set = taken();
  int number = 0;
  while (::sigwait(&set, &number) != 0)
    continue; // EINTR only
  return number == SIGHUP ? request::reopen : request::stop;
}

void request_stop() {
  ::kill(::getpid(), SIGTERM);
}

} // namespace acgs::process
