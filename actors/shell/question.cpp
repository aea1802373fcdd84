// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/shell/question.hpp"

#include "runtime/process/no_echo.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <ostream>

namespace acgs::shell {

namespace {

volatile std::sig_atomic_t interrupted;

/// While it lives, Ctrl-C is only noted, and let in nowhere but where a letter
/// is waited for, so that none is lost in between.
class asking {
public:
  asking() {
    struct sigaction note {};
    note.sa_handler = [](int) { interrupted = 1; };
    interrupted = 0;
    ::sigaction(SIGINT, &note, &action_);
    sigset_t held;
    ::sigemptyset(&held);
    ::sigaddset(&held, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &held, &mask_);
  }
  ~asking() {
    ::pthread_sigmask(SIG_SETMASK, &mask_, nullptr); // one that came too late
    ::sigaction(SIGINT, &action_, nullptr);
  }
  asking(const asking&) = delete;
  asking& operator=(const asking&) = delete;

  /// Waits until there is a letter to read. False where Ctrl-C came.
  bool wait() {
    pollfd letter{STDIN_FILENO, POLLIN, 0};
    while (::ppoll(&letter, 1, nullptr, &mask_) < 0)
      if (interrupted || errno != EINTR)
        return false;
    return true;
  }

private:
  struct sigaction action_ {};
  sigset_t mask_;
};

std::optional<std::string> read_line(asking& now) {
  std::string out;
  // Letter by letter: what follows the line is of whoever reads next.
  for (char letter = 0; now.wait() && ::read(STDIN_FILENO, &letter, 1) == 1;
       out += letter)
    if (letter == '\n')
      return out;
  return std::nullopt;
}

} // namespace

std::optional<std::string>
ask_person(std::ostream& to, std::string_view question, answer_is what) {
  asking now; // before the question invites Ctrl-C
  std::optional<process::no_echo> silent;
  if (what == answer_is::secret)
    silent.emplace(); // and a secret
  to << question << std::flush;
  auto out = read_line(now);
  if (silent || !out)
    to << '\n'; // which the terminal has not shown
  return out;
}

} // namespace acgs::shell
