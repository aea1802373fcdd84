// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How the kernel shares out processors among threads.

#include "runtime/base/clock.hpp"
#include "runtime/base/error.hpp"

#include <chrono>
#include <functional>

namespace acgs::process {

/// How long a turn on a processor is that `take_short_turns` asks for: a part
/// of the usual ones, and long enough that threads which hand work on seldom
/// take the processor from each other in the middle of it.
inline constexpr std::chrono::microseconds short_turn{400};

/// Asks the kernel for short turns on a processor for this thread and those
/// that it starts from now on (`sched_runtime` of sched_setattr(2)): woken, it
/// need not wait for the end of the longer turn of a thread that has not asked
/// for it. A thread with another policy than the usual one, or a kernel that
/// knows nothing of it (before Linux 6.12), stays as it was.
void take_short_turns();

/// Has the kernel run this thread, and those that it starts from now on, as
/// batch work (SCHED_BATCH, sched(7)) with turns of the usual length: when it
/// is woken it does not push aside a thread that runs, which may have more to
/// hand to it. A thread that was given another policy than the usual one keeps
/// it. Fails with `unavailable`.
caf::error schedule_as_batch();

/// A thread that is batch work for a while, as `schedule_as_batch` has it, and
/// takes short turns otherwise. Belongs to that thread.
class batch_while {
public:
  /// Fails as `schedule_as_batch`. A thread that was given another policy than
  /// the usual one keeps it.
  caf::error set(bool batch);

private:
  bool is_ = false;
};

/// Lets other threads that wait for this processor run first (sched_yield(2)).
void let_others_run();

/// What a thread that is long at work can call as often as it likes: does it at
/// most once in that time. Each copy belongs to one thread.
std::function<void()> at_most_each(std::chrono::nanoseconds time,
                                   const time_source& clock,
                                   std::function<void()> what);

/// Gives this thread, and those that it starts from now on, the lowest priority
/// of all that share the processors as usual (setpriority(2)). For ever: to
/// take it back takes rights.
void give_way();

} // namespace acgs::process
