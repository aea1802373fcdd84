// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/scheduling.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

namespace acgs::process {

namespace {

/// What sched_setattr(2) takes, in its first form; some C libraries declare
/// neither the call nor this.
struct attributes {
  std::uint32_t size = sizeof(attributes);
  std::uint32_t policy = SCHED_OTHER;
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime = 0; ///< of a turn, in nanoseconds; 0: the usual
  std::uint64_t deadline = 0;
  std::uint64_t period = 0;
};

/// The priority stays.
caf::error set(int policy, const char* name, std::chrono::nanoseconds turn) {
  attributes wanted;
  auto done = ::syscall(SYS_sched_getattr, 0, &wanted, sizeof wanted, 0) == 0;
  wanted.policy = static_cast<std::uint32_t>(policy);
  wanted.runtime = static_cast<std::uint64_t>(turn.count());
  if (done && ::syscall(SYS_sched_setattr, 0, &wanted, 0) == 0)
    return {};
  return make_error(ec::unavailable, "the kernel refuses " + std::string{name}
                                         + ": " + std::strerror(errno));
}

caf::error set_usual() {
  return set(SCHED_OTHER, "SCHED_OTHER", short_turn);
}

caf::error set_batch() {
  return set(SCHED_BATCH, "SCHED_BATCH", std::chrono::nanoseconds{});
}

} // namespace

void take_short_turns() {
  // Without them a node is slower and no worse.
  if (::sched_getscheduler(0) == SCHED_OTHER)
    static_cast<void>(set_usual());
}

caf::error schedule_as_batch() {
  return ::sched_getscheduler(0) == SCHED_OTHER ? set_batch() : caf::error{};
}

caf::error batch_while::set(bool batch) {
  if (batch == is_ || (batch && ::sched_getscheduler(0) != SCHED_OTHER))
    return {};
  if (auto bad = batch ? set_batch() : set_usual())
    return bad;
  is_ = batch;
  return {};
}

void let_others_run() {
  ::sched_yield();
}

std::function<void()> at_most_each(std::chrono::nanoseconds time,
                                   const time_source& clock,
                                   std::function<void()> what) {
  return
      [time, &clock, what = std::move(what), next = steady_time{}]() mutable {
        auto now = clock.steady_now();
        if (now < next)
          return;
        next = now + time;
        what();
      };
}

void give_way() {
  // Lowering it is open to every thread.
  ::setpriority(PRIO_PROCESS, 0, 19);
}

} // namespace acgs::process
