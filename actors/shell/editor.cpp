// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/shell/editor.hpp"

#include "actors/shell/completion.hpp"

#include <histedit.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cwchar>
#include <memory>
#include <optional>
#include <utility>

namespace acgs::shell {

namespace {

constexpr int history_lines = 1000;

const char* prompt(EditLine*) {
  return "acgs> ";
}

/// Empty where there is no home to keep it in.
std::string history_file() {
  auto* home = std::getenv("HOME");
  return home && *home ? std::string{home} + "/.acgs_history" : std::string{};
}

/// libedit reads and shows UTF-8 where the locale is one of it; without any,
/// or with "C", every letter beyond ASCII would be lost.
void use_utf8() {
  auto* named = std::setlocale(LC_CTYPE, "");
  if (!named || !std::strcmp(named, "C") || !std::strcmp(named, "POSIX"))
    std::setlocale(LC_CTYPE, "C.UTF-8");
}

/// What came while a line was read.
volatile std::sig_atomic_t came[NSIG];
sigset_t before_reading;

bool take(int number) {
  return std::exchange(came[number], 0) != 0;
}

/// While it lives, Ctrl-C only gives up the line. Signals are let in nowhere
/// but where a key is waited for, so that none is lost in between.
class reading {
public:
  reading() {
    sigset_t held;
    ::sigemptyset(&held);
    struct sigaction note {};
    note.sa_handler = [](int number) { came[number] = 1; };
    came[SIGINT] = 0; // of a line that was read to its end all the same
    for (std::size_t i = 0; i < noted.size(); ++i) {
      ::sigaddset(&held, noted[i]);
      ::sigaction(noted[i], &note, &before_[i]);
    }
    ::pthread_sigmask(SIG_BLOCK, &held, &before_reading);
  }
  ~reading() {
    ::pthread_sigmask(SIG_SETMASK, &before_reading, nullptr);
    for (std::size_t i = 0; i < noted.size(); ++i)
      ::sigaction(noted[i], &before_[i], nullptr);
  }
  reading(const reading&) = delete;
  reading& operator=(const reading&) = delete;

private:
  static constexpr std::array noted{SIGINT, SIGWINCH, SIGCONT};
  std::array<struct sigaction, noted.size()> before_{};
};

/// Waits until a key can be read. False where a signal came before it: one
/// that came while nobody waited, as during a completion, stays held as long
/// as there are keys, and what was typed after a Ctrl-C is of the next line.
bool wait_for_key() {
  pollfd key{STDIN_FILENO, POLLIN, 0};
  timespec no_time{};
  return ::ppoll(&key, 1, nullptr, &before_reading) >= 0
         && ::ppoll(nullptr, 0, &no_time, &before_reading) >= 0;
}

/// Waits for a key as libedit would: 1, 0 at the end, -1 where Ctrl-C came.
int read_key(EditLine* edit, wchar_t* to) {
  std::mbstate_t state{};
  for (;;) {
    if (!wait_for_key()) {
      if (errno != EINTR || came[SIGINT] != 0)
        return -1;
      if (take(SIGCONT)) { // somebody else had the terminal meanwhile
        ::el_set(edit, EL_PREP_TERM, 0);
        ::el_set(edit, EL_PREP_TERM, 1);
        ::el_set(edit, EL_REFRESH);
      }
      if (take(SIGWINCH))
        ::el_resize(edit);
      continue;
    }
    char byte = 0;
    auto got = ::read(STDIN_FILENO, &byte, 1);
    if (got <= 0)
      return static_cast<int>(got);
    auto length = std::mbrtowc(to, &byte, 1, &state);
    if (length == static_cast<std::size_t>(-2))
      continue; // a letter of several bytes
    if (length == static_cast<std::size_t>(-1)) {
      *to = L'?';
      state = {};
    }
    return 1;
  }
}

/// libedit's handles, ended with it.
class line_editor {
public:
  explicit line_editor(environment& in)
      : history_{::history_init(), ::history_end},
        edit_{::el_init("acgs", stdin, stdout, stderr), ::el_end} {
    HistEvent event{};
    ::history(history_.get(), &event, H_SETSIZE, history_lines);
    ::history(history_.get(), &event, H_SETUNIQUE, 1);
    if (!file_.empty())
      ::history(history_.get(), &event, H_LOAD, file_.c_str());
    ::el_set(edit_.get(), EL_PROMPT, prompt);
    ::el_set(edit_.get(), EL_EDITOR, "emacs");
    ::el_set(edit_.get(), EL_GETCFN, read_key);
    ::el_set(edit_.get(), EL_HIST, ::history, history_.get());
    ::el_set(edit_.get(), EL_CLIENTDATA, &in);
    ::el_set(edit_.get(), EL_ADDFN, "complete", "Complete the word", on_tab);
    ::el_set(edit_.get(), EL_BIND, "^I", "complete", nullptr);
  }

  /// The next line, empty where Ctrl-C gave it up; nothing at the end.
  std::optional<std::string> next() {
    reading guard;
    ::el_set(edit_.get(), EL_PREP_TERM, 1); // before the prompt invites keys
    int length = 0;
    auto* line = ::el_gets(edit_.get(), &length);
    auto given_up = take(SIGINT);
    if (line)
      return std::string{line, static_cast<std::size_t>(length)};
    std::puts(given_up ? "^C" : "");
    return given_up ? std::optional<std::string>{std::in_place} : std::nullopt;
  }

  void remember(const std::string& line) {
    HistEvent event{};
    ::history(history_.get(), &event, H_ENTER, line.c_str());
    if (file_.empty())
      return;
    auto before = ::umask(0077); // lines may hold what is nobody's business
    ::history(history_.get(), &event, H_SAVE, file_.c_str());
    ::umask(before);
  }

private:
  static unsigned char on_tab(EditLine* edit, int) {
    environment* in = nullptr;
    ::el_get(edit, EL_CLIENTDATA, &in);
    auto* line = ::el_line(edit);
    std::string_view before{
        line->buffer, static_cast<std::size_t>(line->cursor - line->buffer)};
    auto found = complete(before, in->names);
    if (found.words.empty())
      return CC_REFRESH_BEEP;
    auto typed = before.size() - found.begin;
    auto more = common_beginning(found.words).substr(typed);
    if (found.words.size() == 1 && !found.words.front().ends_with('/'))
      more += ' ';
    if (!more.empty())
      return ::el_insertstr(edit, more.c_str()) == 0 ? CC_REFRESH : CC_ERROR;
    std::putchar('\n');
    for (auto& each : found.words)
      std::printf("%s  ", harmless(each).c_str());
    std::putchar('\n');
    return CC_REDISPLAY;
  }

  std::string file_ = history_file();
  std::unique_ptr<History, decltype(&::history_end)> history_;
  std::unique_ptr<EditLine, decltype(&::el_end)> edit_;
};

/// Secrets are not remembered, nor what the person hides by a blank in front,
/// as shells have it.
bool is_private(const std::string& line) {
  return line.starts_with(' ') || line.find("--token") != std::string::npos;
}

} // namespace

int run_editor(environment& in, const global_options& defaults) {
  use_utf8();
  std::setvbuf(stdin, nullptr, _IONBF, 0); // what is typed ahead is libedit's
  line_editor editor{in};
  int ended = 0;
  while (auto line = editor.next()) {
    auto words = split_words(line->substr(0, line->find('\n')));
    if (words && words->empty())
      continue;
    if (!is_private(*line))
      editor.remember(*line);
    if (!words) {
      in.out().error(words.error());
      ended = exit_code_of(code_of(words.error()));
      continue;
    }
    if (ends_shell(*words))
      break;
    ended = in.run(*words, defaults);
  }
  return ended;
}

} // namespace acgs::shell
