// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// rego run: lines from a terminal, with history and completion, or from a file.

#include <cstdio>
#include <iostream>
#include <unistd.h>

#include "cli/line_editor.hpp"
#include "cli/network.hpp"
#include "cli/watch.hpp"

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
    "  -f, --format FORMAT   pretty, or json: how answers are written\n"
    "  -w, --watch           load the files again where they changed, before "
    "each\n"
    "                        line\n"
    "      --v0-compatible   modules are Rego v0\n"
    "\n"
    "example: rego run policies/ data.json\n";

// Loads again what changed; what is not right then leaves what was there.
class reloading {
public:
  reloading(std::vector<std::string> paths, load_options how)
      : paths_(std::move(paths)), how_(std::move(how)) {}

  void watch() { changes_.emplace(paths_); }

  result<loaded> load() const { return cli::load(paths_, how_); }

  void look(session& s) {
    if (!changes_ || !changes_->changed())
      return;
    watch(); // new folders as well
    auto files = load();
    auto wrong = files ? s.reload(std::move(*files)) : files.error_list();
    print_errors(wrong);
  }

private:
  std::vector<std::string> paths_;
  load_options how_;
  std::optional<file_watch> changes_;
};

void serve_terminal(session& s, reloading& files) {
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
    else if (files.look(s); s.line(line) == session::step::exit)
      return;
    std::fflush(stdout);
  }
  s.line(""); // what is still open is tried as it is
}

void serve_input(session& s, reloading& files) {
  std::string line;
  while (std::getline(std::cin, line)) {
    files.look(s);
    if (s.line(line) == session::step::exit)
      return;
    std::fflush(stdout);
  }
  s.line("");
}

} // namespace

int run(const arguments& args) {
  auto o = parse(args,
                 {"-d", "--data", "--ignore", "--allow-net", "-m",
                  "--max-errors", "-f", "--format"},
                 {"-h", "--help", "-w", "--watch", "-b", "--bundle",
                  "--v0-compatible", "--v1-compatible"});
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
  auto format = o.last("-f", o.last("--format", "pretty"));
  if (format != "pretty" && format != "json")
    throw usage_error{"run: --format: '" + format
                      + "' is none of pretty, json"};
  reloading again(paths, lo);
  if (o.has("-w") || o.has("--watch"))
    again.watch();
  auto files = again.load();
  if (!files) {
    print_errors(files.error_list());
    return 2;
  }
  compile_options compiling;
  compiling.v0_compatible = o.has("--v0-compatible");
  compiling.errors_max = errors_max_of(o);
  session s(std::move(*files), std::move(compiling), world_of(o));
  s.set_format(format);
  if (auto bad = s.start(); !bad.empty()) {
    print_errors(bad);
    return 2;
  }
  if (::isatty(STDIN_FILENO))
    serve_terminal(s, again);
  else
    serve_input(s, again);
  return 0;
}

} // namespace rego::cli
