// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/scheduling.hpp"

#include <sched.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstring>

namespace acgs::process {

caf::error schedule_as_batch() {
  if (::sched_getscheduler(0) != SCHED_OTHER)
    return {};
  sched_param usual{};
  if (::sched_setscheduler(0, SCHED_BATCH, &usual) == 0)
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
