// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/shell/editor.hpp"

#include "actors/shell/completion.hpp"

#include <histedit.h>
#include <sys/stat.h>

#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>

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

/// While it lives, Ctrl-C only ends the reading of a line.
class interrupts_reading {
public:
  interrupts_reading() {
    struct sigaction nothing {};
    nothing.sa_handler = [](int) {};
    ::sigaction(SIGINT, &nothing, &before_);
  }
  ~interrupts_reading() { ::sigaction(SIGINT, &before_, nullptr); }
  interrupts_reading(const interrupts_reading&) = delete;
  interrupts_reading& operator=(const interrupts_reading&) = delete;

private:
  struct sigaction before_ {};
};

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
    ::el_set(edit_.get(), EL_SIGNAL, 1);
    ::el_set(edit_.get(), EL_HIST, ::history, history_.get());
    ::el_set(edit_.get(), EL_CLIENTDATA, &in);
    ::el_set(edit_.get(), EL_ADDFN, "complete", "Complete the word", on_tab);
    ::el_set(edit_.get(), EL_BIND, "^I", "complete", nullptr);
  }

  /// The next line, empty where Ctrl-C gave it up; nothing at the end.
  std::optional<std::string> next() {
    interrupts_reading guard;
    int length = 0;
    auto* line = ::el_gets(edit_.get(), &length);
    if (line)
      return std::string{line, static_cast<std::size_t>(length)};
    auto given_up = length < 0 && errno == EINTR;
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
    if (found.words.size() == 1)
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
    if (words->front() == "exit" || words->front() == "quit")
      break;
    ended = in.run(*words, defaults);
  }
  return ended;
}

} // namespace acgs::shell
