// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// rego run: lines from a terminal, with history and completion, or from a file.

#include <cstdio>
#include <cstdlib>
#include <histedit.h>
#include <iostream>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/network.hpp"
#include "cli/session.hpp"

namespace rego::cli {

namespace {

constexpr const char* run_help =
    "usage: rego run [OPTION]... [PATH]...\n"
    "\n"
    "Answers queries and keeps rules that are typed, on policies and data "
    "from\n"
    "files or folders. Lines come from the terminal, with history and "
    "completion\n"
    "by TAB, or from standard input. Type help for its commands.\n"
    "\n"
    "  -d, --data PATH       the same as PATH\n"
    "  -b, --bundle          the paths are bundles: a tar.gz, or a folder in\n"
    "                        which only data.json and data.yaml are data\n"
    "      --ignore PATTERN  leave out files and folders of such a name\n"
    "      --allow-net HOST  let http.send reach that host, a name or an "
    "address\n"
    "                        without port; may be repeated (none)\n"
    "      --v0-compatible   modules are Rego v0\n"
    "\n"
    "example: rego run policies/ data.json\n";

constexpr int history_lines = 1000;

std::string history_file() {
  auto* home = std::getenv("HOME");
  return std::string(home ? home : ".") + "/.rego_history";
}

/// libedit's handles, ended with it.
class editor {
public:
  explicit editor(session& s)
      : history_{::history_init(), ::history_end},
        edit_{::el_init("rego", stdin, stdout, stderr), ::el_end} {
    HistEvent event{};
    ::history(history_.get(), &event, H_SETSIZE, history_lines);
    ::history(history_.get(), &event, H_SETUNIQUE, 1);
    ::history(history_.get(), &event, H_LOAD, history_file().c_str());
    ::el_set(edit_.get(), EL_PROMPT, prompt);
    ::el_set(edit_.get(), EL_EDITOR, "emacs");
    ::el_set(edit_.get(), EL_SIGNAL, 1);
    ::el_set(edit_.get(), EL_HIST, ::history, history_.get());
    ::el_set(edit_.get(), EL_CLIENTDATA, &s);
    ::el_set(edit_.get(), EL_ADDFN, "complete", "Complete the word", on_tab);
    ::el_set(edit_.get(), EL_BIND, "^I", "complete", nullptr);
  }

  bool next(std::string& line) {
    int length = 0;
    auto* text = ::el_gets(edit_.get(), &length);
    if (!text)
      return false;
    line.assign(text, static_cast<size_t>(length));
    if (line.ends_with('\n'))
      line.pop_back();
    if (!line.empty())
      remember(line);
    return true;
  }

private:
  void remember(const std::string& line) {
    HistEvent event{};
    ::history(history_.get(), &event, H_ENTER, line.c_str());
    auto before = ::umask(0077); // lines may hold what is nobody's business
    ::history(history_.get(), &event, H_SAVE, history_file().c_str());
    ::umask(before);
  }

  static session& session_of(EditLine* edit) {
    session* s = nullptr;
    ::el_get(edit, EL_CLIENTDATA, &s);
    return *s;
  }

  static const char* prompt(EditLine* edit) {
    return session_of(edit).prompt();
  }

  static std::string_view word_before(const LineInfo& line) {
    std::string_view before(line.buffer,
                            static_cast<size_t>(line.cursor - line.buffer));
    auto at = before.find_last_of(" \t()[]{},;=<>!+-*/|&\"");
    return at == before.npos ? before : before.substr(at + 1);
  }

  static unsigned char on_tab(EditLine* edit, int) {
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

  std::unique_ptr<History, decltype(&::history_end)> history_;
  std::unique_ptr<EditLine, decltype(&::el_end)> edit_;
};

template <class Next>
void serve(session& s, Next next) {
  std::string line;
  while (next(line)) {
    if (s.line(line) == session::step::exit)
      return;
    std::fflush(stdout);
  }
  s.line(""); // what is still open is tried as it is
}

} // namespace

int run(const arguments& args) {
  auto o = parse(
      args, {"-d", "--data", "--ignore", "--allow-net"},
      {"-h", "--help", "-b", "--bundle", "--v0-compatible", "--v1-compatible"});
  if (o.has("-h") || o.has("--help")) {
    std::fputs(run_help, stdout);
    return 0;
  }
  auto paths = o.rest;
  for (auto& p : o.all("-d", "--data"))
    paths.push_back(p);
  load_options lo;
  lo.all_bundles = o.has("-b") || o.has("--bundle");
  lo.v0_compatible = o.has("--v0-compatible");
  lo.ignored = o.all("--ignore");
  auto files = load(paths, lo);
  if (!files) {
    print_errors(files.error_list());
    return 2;
  }
  session s(std::move(*files), o.has("--v0-compatible"), world_of(o));
  if (auto bad = s.start(); !bad.empty()) {
    print_errors(bad);
    return 2;
  }
  if (::isatty(STDIN_FILENO)) {
    editor e(s);
    serve(s, [&](std::string& line) { return e.next(line); });
  } else {
    serve(s, [](std::string& line) {
      return static_cast<bool>(std::getline(std::cin, line));
    });
  }
  return 0;
}

} // namespace rego::cli
