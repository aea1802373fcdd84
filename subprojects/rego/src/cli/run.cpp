// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// rego run: lines from a terminal, with history and completion, or from a file.

#include <cstdio>
#include <iostream>
#include <unistd.h>

#include "cli/line_editor.hpp"
#include "cli/network.hpp"

namespace rego::cli {

namespace {

constexpr const char* run_help =
    "usage: rego run [OPTION]... [PATH]...\n"
    "\n"
    "Answers queries and keeps rules that are typed, on policies and data "
    "from\n"
    "files or folders. Lines come from the terminal, with history and "
    "completion\n"
    "by TAB, or from standard input. Type help for its commands. Ctrl-C gives "
    "up\n"
    "the line that is typed, or ends the query that runs.\n"
    "\n"
    "  -d, --data PATH       the same as PATH\n"
    "  -b, --bundle          the paths are bundles: a tar.gz, or a folder in\n"
    "                        which only data.json and data.yaml are data\n"
    "  -m, --max-errors N    stop after N errors in what can be parsed (10);\n"
    "                        0: never\n"
    "      --ignore PATTERN  leave out files and folders of such a name\n"
    "      --allow-net HOST  let http.send reach that host, a name or an "
    "address\n"
    "                        without port; may be repeated (none)\n"
    "      --v0-compatible   modules are Rego v0\n"
    "\n"
    "example: rego run policies/ data.json\n";

void serve_terminal(session& s) {
  line_editor editor(s);
  s.cancel_by(line_editor::interrupted());
  using outcome = line_editor::outcome;
  std::string line;
  for (;;) {
    auto came = editor.next(line);
    if (came == outcome::end)
      break;
    if (came == outcome::given_up)
      s.give_up();
    else if (s.line(line) == session::step::exit)
      return;
    std::fflush(stdout);
  }
  s.line(""); // what is still open is tried as it is
}

void serve_input(session& s) {
  std::string line;
  while (std::getline(std::cin, line)) {
    if (s.line(line) == session::step::exit)
      return;
    std::fflush(stdout);
  }
  s.line("");
}

} // namespace

int run(const arguments& args) {
  auto o = parse(
      args, {"-d", "--data", "--ignore", "--allow-net", "-m", "--max-errors"},
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
  lo.ignored = ignored_of(o);
  auto files = load(paths, lo);
  if (!files) {
    print_errors(files.error_list());
    return 2;
  }
  compile_options compiling;
  compiling.v0_compatible = o.has("--v0-compatible");
  compiling.errors_max = errors_max_of(o);
  session s(std::move(*files), std::move(compiling), world_of(o));
  if (auto bad = s.start(); !bad.empty()) {
    print_errors(bad);
    return 2;
  }
  if (::isatty(STDIN_FILENO))
    serve_terminal(s);
  else
    serve_input(s);
  return 0;
}

} // namespace rego::cli
