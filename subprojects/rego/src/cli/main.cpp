// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// The program `rego`: picks the command.

#include <cstdio>
#include <exception>

#include "cli/cli.hpp"

namespace {

constexpr const char* usage_text =
    "usage: rego COMMAND [OPTION]... [ARGUMENT]...\n"
    "\n"
    "  eval         evaluate a query\n"
    "  run          answer queries that are typed\n"
    "  test         run the tests of policies\n"
    "  check        compile policies and say what is wrong\n"
    "  fmt          format policies\n"
    "  parse        print the syntax tree of a policy\n"
    "  build        make a bundle of policies and data\n"
    "  sign         sign a bundle\n"
    "  bench        measure a query\n"
    "  conformance  run conformance cases\n"
    "  version      print the version\n";

int dispatch(const std::string& command, const rego::cli::arguments& args) {
  using namespace rego::cli;
  if (command == "eval")
    return eval(args);
  if (command == "run")
    return rego::cli::run(args);
  if (command == "test")
    return test(args);
  if (command == "check")
    return check(args);
  if (command == "fmt")
    return fmt(args);
  if (command == "parse")
    return parse_file(args);
  if (command == "build")
    return build(args);
  if (command == "sign")
    return sign(args);
  if (command == "bench")
    return bench(args);
  if (command == "conformance")
    return conformance(args);
  if (command == "version") {
    std::puts("rego " REGO_VERSION);
    return 0;
  }
  throw usage_error{"unknown command '" + command + "'"};
}

} // namespace

int main(int argc, char** argv) {
  rego::cli::arguments args(argv + 1, argv + argc);
  if (args.empty() || args[0] == "-h" || args[0] == "--help"
      || args[0] == "help") {
    std::fputs(usage_text, args.empty() ? stderr : stdout);
    return args.empty() ? 2 : 0;
  }
  auto command = args[0];
  args.erase(args.begin());
  try {
    return dispatch(command, args);
  } catch (const rego::cli::usage_error& e) {
    std::fprintf(stderr, "rego: %s\n", e.what.c_str());
    return 2;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "rego: internal failure: %s\n", e.what());
    return 4;
  }
}
