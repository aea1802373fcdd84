// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is typed and must not be seen.

#include <termios.h>
#include <unistd.h>

namespace acgs::process {

/// Turns the echo of the terminal that is the standard input off while it
/// lives. What was typed before is forgotten, so make it before the prompt;
/// what is typed after the answer is of whoever reads next.
class no_echo {
public:
  no_echo() {
    ::tcgetattr(STDIN_FILENO, &before_);
    auto silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~no_echo() { ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_); }
  no_echo(const no_echo&) = delete;
  no_echo& operator=(const no_echo&) = delete;

private:
  termios before_{};
};

} // namespace acgs::process
