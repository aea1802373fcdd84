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

/// False where the kernel refuses; `errno` says why. The priority stays.
bool set(int policy, std::chrono::nanoseconds turn) {
  attributes wanted;
  if (::syscall(SYS_sched_getattr, 0, &wanted, sizeof wanted, 0) != 0)
    return false;
  wanted.policy = static_cast<std::uint32_t>(policy);
  wanted.runtime = static_cast<std::uint64_t>(turn.count());
  return ::syscall(SYS_sched_setattr, 0, &wanted, 0) == 0;
}

} // namespace

void take_short_turns() {
  if (::sched_getscheduler(0) == SCHED_OTHER)
    set(SCHED_OTHER, short_turn);
}

caf::error schedule_as_batch() {
  if (::sched_getscheduler(0) != SCHED_OTHER
      || set(SCHED_BATCH, std::chrono::nanoseconds{}))
    return {};
  return make_error(ec::unavailable,
                    std::string{"the kernel refuses SCHED_BATCH: "}
                        + std::strerror(errno));
}

void give_way() {
  // Lowering it is open to every thread.
  ::setpriority(PRIO_PROCESS, 0, 19);
}

} // namespace acgs::process
