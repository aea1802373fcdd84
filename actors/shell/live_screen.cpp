// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/shell/live_screen.hpp"

#include "runtime/base/write_all.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace acgs::shell {

namespace {

// The other screen, no cursor, and lines that end at the edge; and back.
constexpr std::string_view enter = "\x1b[?1049h\x1b[?25l\x1b[?7l";
constexpr std::string_view leave = "\x1b[?7h\x1b[?25h\x1b[?1049l";

void show(std::string_view text) {
  // Where that fails nobody looks any more, which `wait` finds out.
  [[maybe_unused]] auto shown = write_all(STDOUT_FILENO, as_byte_view(text));
}

std::size_t height() {
  winsize size{};
  auto known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
  return known && size.ws_row > 0 ? size.ws_row : 24;
}

} // namespace

live_screen::live_screen() {
  ::sigemptyset(&held_);
  for (auto each :
       {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGWINCH, SIGCONT})
    ::sigaddset(&held_, each);
  ::pthread_sigmask(SIG_BLOCK, &held_, &mask_before_);
  signals_ = ::signalfd(-1, &held_, SFD_CLOEXEC | SFD_NONBLOCK);
  ::tcgetattr(STDIN_FILENO, &before_);
  take_terminal();
}

live_screen::~live_screen() {
  give_terminal_back();
  ::close(signals_);
  sigset_t interrupt;
  ::sigemptyset(&interrupt);
  ::sigaddset(&interrupt, SIGINT);
  timespec at_once{};
  ::sigtimedwait(&interrupt, nullptr, &at_once); // one that came too late
  ::pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
}

void live_screen::take_terminal() {
  auto silent = before_;
  silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON);
  silent.c_cc[VMIN] = 1;
  silent.c_cc[VTIME] = 0;
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &silent);
  show(enter);
}

void live_screen::give_terminal_back() {
  show(leave);
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
}

void live_screen::draw(std::string lines) {
  lines_ = std::move(lines);
  draw_again();
}

void live_screen::draw_again() {
  std::string_view lines = lines_;
  std::string out = "\x1b[H";
  for (auto left = height(); left > 0 && !lines.empty(); --left) {
    auto end = lines.find('\n');
    out.append(lines.substr(0, end)).append("\x1b[K");
    lines.remove_prefix(end == lines.npos ? lines.size() : end + 1);
    if (left > 1 && !lines.empty())
      out += "\r\n";
  }
  show(out + "\x1b[J");
}

void live_screen::pass_on(int number) {
  give_terminal_back();
  ::raise(number);
  sigset_t only;
  ::sigemptyset(&only);
  ::sigaddset(&only, number);
  ::pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
  // Here the program ends or is stopped, unless it was started to ignore it.
  ::pthread_sigmask(SIG_BLOCK, &only, nullptr);
  take_terminal();
}

live_screen::news live_screen::read_key() {
  char key = 0;
  auto got = ::read(STDIN_FILENO, &key, 1);
  if (got < 0 && errno == EINTR)
    return news::none;
  return got <= 0 || key == 'q' || key == 'Q' ? news::end : news::none;
}

live_screen::news live_screen::read_signal() {
  signalfd_siginfo what{};
  if (::read(signals_, &what, sizeof what) != sizeof what)
    return news::none;
  auto number = static_cast<int>(what.ssi_signo);
  if (number == SIGINT)
    return news::end;
  if (number != SIGWINCH && number != SIGCONT)
    pass_on(number);
  return news::draw;
}

bool live_screen::wait(std::chrono::milliseconds time) {
  using clock = std::chrono::steady_clock;
  auto until = clock::now() + time;
  for (;;) {
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - clock::now());
    std::array<pollfd, 2> from{
        {{STDIN_FILENO, POLLIN, 0}, {signals_, POLLIN, 0}}};
    auto timeout = std::max<std::chrono::milliseconds::rep>(left.count(), 0);
    auto ready = ::poll(from.data(), from.size(), static_cast<int>(timeout));
    if (ready == 0)
      return true;
    auto what = from[1].revents != 0   ? read_signal()
                : from[0].revents != 0 ? read_key()
                                       : news::none;
    if (what == news::end)
      return false;
    if (what == news::draw)
      draw_again();
  }
}

} // namespace acgs::shell
