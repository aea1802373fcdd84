// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/shell/editor.hpp"

#include "actors/shell/completion.hpp"

#include <histedit.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

namespace acgs::shell {

namespace {

constexpr int history_lines = 1000;

const char* prompt(EditLine*) {
  return "acgs> ";
}

std::string history_file() {
  auto* home = std::getenv("HOME");
  return std::string{home ? home : "."} + "/.acgs_history";
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
    ::history(history_.get(), &event, H_LOAD, history_file().c_str());
    ::el_set(edit_.get(), EL_PROMPT, prompt);
    ::el_set(edit_.get(), EL_EDITOR, "emacs");
    ::el_set(edit_.get(), EL_SIGNAL, 1);
    ::el_set(edit_.get(), EL_HIST, ::history, history_.get());
    ::el_set(edit_.get(), EL_CLIENTDATA, &in);
    ::el_set(edit_.get(), EL_ADDFN, "complete", "Complete the word", on_tab);
    ::el_set(edit_.get(), EL_BIND, "^I", "complete", nullptr);
  }

  /// The next line, or null at the end.
  const char* next() {
    int length = 0;
    return ::el_gets(edit_.get(), &length);
  }

  void remember(const char* line) {
    HistEvent event{};
    ::history(history_.get(), &event, H_ENTER, line);
    auto before = ::umask(0077); // lines may hold what is nobody's business
    ::history(history_.get(), &event, H_SAVE, history_file().c_str());
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

  std::unique_ptr<History, decltype(&::history_end)> history_;
  std::unique_ptr<EditLine, decltype(&::el_end)> edit_;
};

} // namespace

int run_editor(environment& in, const global_options& defaults) {
  line_editor editor{in};
  int ended = 0;
  while (auto* line = editor.next()) {
    auto words = split_words(
        std::string_view{line}.substr(0, std::string_view{line}.find('\n')));
    if (!words) {
      in.out().error(words.error());
      continue;
    }
    if (words->empty())
      continue;
    editor.remember(line);
    if (words->front() == "exit" || words->front() == "quit")
      break;
    if (words->front() == "help")
      words->front() = "--help";
    ended = in.run(*words, defaults);
  }
  return ended;
}

} // namespace acgs::shell
