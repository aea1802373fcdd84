// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How the kernel shares out processors among threads.

#include "runtime/base/error.hpp"

namespace acgs::process {

/// Has the kernel run this thread, and those that it starts from now on, as
/// batch work (SCHED_BATCH, sched(7)): when it is woken it does not push aside
/// a thread that runs, which may have more to hand to it. A thread that was
/// given another policy than the usual one keeps it. Fails with `unavailable`.
caf::error schedule_as_batch();

/// Gives this thread, and those that it starts from now on, the lowest priority
/// of all that share the processors as usual (setpriority(2)). For ever: to
/// take it back takes rights.
void give_way();

} // namespace acgs::process
