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
#include <string>

#include <termios.h>

namespace acgs::shell {

class live_screen {
public:
  live_screen();
  ~live_screen();
  live_screen(const live_screen&) = delete;
  live_screen& operator=(const live_screen&) = delete;

  /// Shows these lines in place of what stood there, as many as have room. What
  /// stood there goes line by line as it is written over, so that nothing
  /// flickers.
  void draw(std::string lines);

  /// Waits. False where q or Ctrl-C ended it, or nobody sits there any more.
  /// Meanwhile the lines are drawn again where that is needed: the window has
  /// another size, or the program goes on after it was stopped.
  bool wait(std::chrono::milliseconds time);

private:
  enum class news { none, draw, end };

  void draw_again();
  void take_terminal();
  void give_terminal_back();
  /// Lets a signal do what it does to a program.
  void pass_on(int number);
  news read_key();
  news read_signal();

  std::string lines_;
  termios before_{};
  sigset_t held_{};
  sigset_t mask_before_{};
  int signals_ = -1; ///< where what is held is read
};

} // namespace acgs::shell
