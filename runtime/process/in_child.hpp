// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Work that may end its process: done in another one, so that somebody is left
// to say so.

#include "runtime/base/error.hpp"

#include <functional>

namespace acgs::process {

/// How a process ended.
struct child_end {
  int code = 0;   ///< its exit code, where no signal ended it
  int signal = 0; ///< what ended it; 0: it exited
};

/// Does it in a copy of this process, which ends with the code that it gives;
/// waits for that. Only where there is one thread, and after what was written
/// to streams is flushed: the copy has them as well, and flushes its own. Fails
/// with `unavailable` where no process can be made.
result<child_end> in_child(const std::function<int()>& work);

} // namespace acgs::process
