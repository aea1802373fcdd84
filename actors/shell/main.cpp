// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The program `acgs`: one command, a script, or the shell.

#include "actors/shell/completion.hpp"
#include "actors/shell/contexts.hpp"
#include "actors/shell/editor.hpp"
#include "actors/shell/environment.hpp"
#include "runtime/process/delivered.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>

using namespace acgs;
using namespace acgs::shell;

namespace {

global_options defaults_from_environment() {
  global_options out;
  if (auto* address = std::getenv("ACGS_ADDR")) {
    out.connect.address = address;
    out.addr_given = true;
  }
  if (auto* token = std::getenv("ACGS_TOKEN"))
    out.connect.token = token;
  return out;
}

/// Live names for completion, by the connection that the shell has.
std::vector<std::string> names(environment& in, global_options with, kind of) {
  if (of == kind::context) {
    std::vector<std::string> out;
    if (auto all = load_contexts(contexts_file()))
      for (auto& [name, each] : all->known)
        out.push_back(name);
    return out;
  }
  if (apply_context(contexts_file(), with))
    return {};
  // Nobody waits long for a completion; a node that hangs has no names.
  with.connect.timeout = std::min<std::chrono::milliseconds>(
      with.connect.timeout, std::chrono::seconds{3});
  auto node = in.connect(with.connect);
  return node ? live_names(of, **node) : std::vector<std::string>{};
}

int run_script_file(environment& in, const global_options& with) {
  if (with.script == "-") {
    in.input_is_script = true;
    return in.run_script(std::cin, with);
  }
  auto lines = open_file(with.script, "f");
  if (!lines) {
    in.out().error(lines.error());
    return exit_code_of(code_of(lines.error()));
  }
  in.input_is_script = true;
  return in.run_script(*lines, with);
}

int run_shell(environment& in, const global_options& with) {
  if (!in.interactive) {
    in.input_is_script = true;
    return in.run_script(std::cin, with);
  }
  in.names = [&in, with](kind of) { return names(in, with, of); };
  return run_editor(in, with);
}

int run(const std::vector<std::string>& words) {
  environment in{std::cin, std::cout, std::cerr};
  in.interactive = ::isatty(STDIN_FILENO) && ::isatty(STDOUT_FILENO);
  auto defaults = defaults_from_environment();
  auto first = parse(words, defaults);
  auto asks_for_shell = first && !first->what && first->text.empty();
  auto ended = 0;
  if (!asks_for_shell) {
    ended = in.run(words, defaults);
  } else {
    auto with = first->global;
    in.out().set_json(with.json);
    ended =
        with.script.empty() ? run_shell(in, with) : run_script_file(in, with);
  }
  return process::delivered("error", ended, in.out().lost());
}

} // namespace

int main(int argc, char** argv) {
  try {
    return run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 4;
  }
}
