// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Waiting between two looks, until the person presses Ctrl-C.

#include "actors/shell/output.hpp"

#include <chrono>
#include <csignal>

namespace acgs::shell {

/// While it lives, Ctrl-C ends the waiting and nothing else: one that comes
/// between two waits ends the next. To be used on the main thread.
class pauses {
public:
  pauses();
  ~pauses();
  pauses(const pauses&) = delete;
  pauses& operator=(const pauses&) = delete;

  /// Waits. False where an interrupt ended it.
  bool wait(std::chrono::milliseconds time);

  /// Lets what was shown be seen, and waits. False where the next look has to
  /// be none: nothing can be shown any more, or an interrupt ended it.
  bool wait_after(output& shown, std::chrono::milliseconds time);

private:
  sigset_t interrupt_;
  sigset_t before_;
};

} // namespace acgs::shell
