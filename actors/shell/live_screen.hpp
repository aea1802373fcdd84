// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A screen that is drawn again and again in its place. While it lives the
// terminal belongs to it: the other screen of the two that terminals have, no
// cursor, no echo, keys without Enter. However it ends (a key, Ctrl-C, a signal
// that ends the program), and while the program is stopped by Ctrl-Z, the
// terminal is as it was. To be used on the main thread.

#include <chrono>
#include <csignal>
#include <string_view>

#include <termios.h>

namespace acgs::shell {

class live_screen {
public:
  live_screen();
  ~live_screen();
  live_screen(const live_screen&) = delete;
  live_screen& operator=(const live_screen&) = delete;

  /// Shows these lines in place of what stood there, as many as have room.
  void draw(std::string_view lines);

  /// Waits. False where q or Ctrl-C ended it, or nobody sits there any more.
  /// Comes back early where the screen is to be drawn anew.
  bool wait(std::chrono::milliseconds time);

private:
  enum class news { none, draw, end };

  void take_terminal();
  void give_terminal_back();
  /// Lets a signal do what it does to a program.
  void pass_on(int number);
  news read_key();
  news read_signal();

  termios before_{};
  sigset_t held_{};
  sigset_t mask_before_{};
  int signals_ = -1; ///< where what is held is read
};

} // namespace acgs::shell
