// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/line_editor.hpp"

#include <array>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cwchar>
#include <histedit.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rego::cli {

namespace {

constexpr int history_lines = 1000;

// What came; of others than Ctrl-C only while a line is read.
std::atomic<bool> interrupt_came = false;
volatile std::sig_atomic_t resize_came = 0;
volatile std::sig_atomic_t continue_came = 0;
sigset_t mask_before_line;

static_assert(std::atomic<bool>::is_always_lock_free,
              "a signal handler writes it");

void note_signal(int number) {
  if (number == SIGINT)
    interrupt_came = true;
  else
    (number == SIGWINCH ? resize_came : continue_came) = 1;
}

} // namespace

/// Handles signals as `note_signal` does until it goes.
template <size_t N>
class signals_noted {
public:
  explicit signals_noted(const std::array<int, N>& numbers)
      : numbers_(numbers) {
    struct sigaction note {};
    note.sa_handler = note_signal;
    note.sa_flags = SA_RESTART;
    for (size_t i = 0; i < N; ++i)
      ::sigaction(numbers_[i], &note, &before_[i]);
  }
  ~signals_noted() {
    for (size_t i = 0; i < N; ++i)
      ::sigaction(numbers_[i], &before_[i], nullptr);
  }
  signals_noted(const signals_noted&) = delete;
  signals_noted& operator=(const signals_noted&) = delete;

private:
  std::array<int, N> numbers_;
  std::array<struct sigaction, N> before_{};
};

namespace {

/// While it lives, signals are let in nowhere but where a key is waited for,
/// so that none is lost in between.
class line_signals {
public:
  line_signals() : noted_({SIGWINCH, SIGCONT}) {
    sigset_t held;
    ::sigemptyset(&held);
    for (int n : {SIGINT, SIGWINCH, SIGCONT})
      ::sigaddset(&held, n);
    ::pthread_sigmask(SIG_BLOCK, &held, &mask_before_line);
    interrupt_came = false; // of the line before
  }
  ~line_signals() {
    ::pthread_sigmask(SIG_SETMASK, &mask_before_line, nullptr);
  }
  line_signals(const line_signals&) = delete;
  line_signals& operator=(const line_signals&) = delete;

private:
  signals_noted<2> noted_;
};

/// Waits until a key can be read. False where a signal came before it, also
/// one that came while nobody waited.
bool key_can_be_read() {
  pollfd key{STDIN_FILENO, POLLIN, 0};
  timespec no_time{};
  return ::ppoll(&key, 1, nullptr, &mask_before_line) >= 0
         && ::ppoll(nullptr, 0, &no_time, &mask_before_line) >= 0;
}

/// Waits for a key as libedit would: 1, 0 at the end, -1 where Ctrl-C came.
int key_for_line(EditLine* edit, wchar_t* to) {
  std::mbstate_t state{};
  for (;;) {
    if (!key_can_be_read()) {
      if (errno != EINTR || interrupt_came)
        return -1;
      if (continue_came) { // somebody else had the terminal meanwhile
        continue_came = 0;
        ::el_set(edit, EL_PREP_TERM, 0);
        ::el_set(edit, EL_PREP_TERM, 1);
        ::el_set(edit, EL_REFRESH);
      }
      if (resize_came) {
        resize_came = 0;
        ::el_resize(edit);
      }
      continue;
    }
    char byte = 0;
    auto got = ::read(STDIN_FILENO, &byte, 1);
    if (got <= 0)
      return static_cast<int>(got);
    auto length = std::mbrtowc(to, &byte, 1, &state);
    if (length == static_cast<size_t>(-2))
      continue; // a letter of several bytes
    if (length == static_cast<size_t>(-1))
      *to = L'?';
    return 1;
  }
}

/// libedit reads and shows UTF-8 where the locale is one of it; without any,
/// or with "C", every letter beyond ASCII would be lost.
void use_utf8() {
  auto* named = std::setlocale(LC_CTYPE, "");
  if (!named || !std::strcmp(named, "C") || !std::strcmp(named, "POSIX"))
    std::setlocale(LC_CTYPE, "C.UTF-8");
}

std::string history_file() {
  auto* home = std::getenv("HOME");
  return std::string(home ? home : ".") + "/.rego_history";
}

session& session_of(EditLine* edit) {
  session* s = nullptr;
  ::el_get(edit, EL_CLIENTDATA, &s);
  return *s;
}

const char* session_prompt(EditLine* edit) {
  return session_of(edit).prompt();
}

std::string_view word_before(const LineInfo& line) {
  std::string_view before(line.buffer,
                          static_cast<size_t>(line.cursor - line.buffer));
  auto at = before.find_last_of(" \t()[]{},;=<>!+-*/|&\"");
  return at == before.npos ? before : before.substr(at + 1);
}

unsigned char complete_word(EditLine* edit, int) {
  auto word = word_before(*::el_line(edit));
  auto found = session_of(edit).completions(word);
  if (found.empty())
    return CC_REFRESH_BEEP;
  auto common = found.front();
  for (auto& f : found)
    while (!f.starts_with(common))
      common.pop_back();
  auto more = common.substr(word.size());
  if (!more.empty())
    return ::el_insertstr(edit, more.c_str()) == 0 ? CC_REFRESH : CC_ERROR;
  if (found.size() == 1)
    return CC_NORM;
  std::putchar('\n');
  for (size_t i = 0; i < found.size() && i < 100; ++i)
    std::printf("%s  ", found[i].c_str());
  std::putchar('\n');
  return CC_REDISPLAY;
}

} // namespace

/// libedit's handles, ended with it.
struct line_editor::impl {
  impl()
      : history{::history_init(), ::history_end},
        edit{::el_init("rego", stdin, stdout, stderr), ::el_end} {}

  void remember(const std::string& line) {
    HistEvent event{};
    ::history(history.get(), &event, H_ENTER, line.c_str());
    auto before = ::umask(0077); // lines may hold what is nobody's business
    ::history(history.get(), &event, H_SAVE, history_file().c_str());
    ::umask(before);
  }

  std::unique_ptr<History, decltype(&::history_end)> history;
  std::unique_ptr<EditLine, decltype(&::el_end)> edit;
  signals_noted<1> interrupts{{SIGINT}};
};

line_editor::line_editor(session& s) {
  use_utf8();
  std::setvbuf(stdin, nullptr, _IONBF, 0); // what is typed ahead is libedit's
  impl_ = std::make_unique<impl>();
  HistEvent event{};
  auto* history = impl_->history.get();
  ::history(history, &event, H_SETSIZE, history_lines);
  ::history(history, &event, H_SETUNIQUE, 1);
  ::history(history, &event, H_LOAD, history_file().c_str());
  auto* edit = impl_->edit.get();
  ::el_set(edit, EL_PROMPT, session_prompt);
  ::el_set(edit, EL_EDITOR, "emacs");
  ::el_set(edit, EL_GETCFN, key_for_line);
  ::el_set(edit, EL_HIST, ::history, history);
  ::el_set(edit, EL_CLIENTDATA, &s);
  ::el_set(edit, EL_ADDFN, "complete", "Complete the word", complete_word);
  ::el_set(edit, EL_BIND, "^I", "complete", nullptr);
}

line_editor::~line_editor() = default;

const std::atomic<bool>& line_editor::interrupted() {
  return interrupt_came;
}

line_editor::outcome line_editor::next(std::string& line) {
  line_signals guard;
  ::el_set(impl_->edit.get(), EL_PREP_TERM, 1); // before the prompt invites
  int length = 0;
  auto* text = ::el_gets(impl_->edit.get(), &length);
  if (!text) {
    bool given_up = interrupt_came.exchange(false);
    std::puts(given_up ? "^C" : "");
    return given_up ? outcome::given_up : outcome::end;
  }
  line.assign(text, static_cast<size_t>(length));
  if (line.ends_with('\n'))
    line.pop_back();
  if (!line.empty())
    impl_->remember(line);
  return outcome::line;
}

} // namespace rego::cli
