// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// The program `rego`: picks the command, and tells how it ended.

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <poll.h>
#include <unistd.h>

#include "cli/cli.hpp"

namespace {

constexpr const char* usage_text =
    "usage: rego COMMAND [OPTION]... [ARGUMENT]...\n"
    "\n"
    "  eval         evaluate a query\n"
    "  exec         evaluate a decision for many inputs\n"
    "  run          answer queries that are typed\n"
    "  test         run the tests of policies\n"
    "  check        compile policies and say what is wrong\n"
    "  fmt          format policies\n"
    "  parse        print the syntax tree of a policy\n"
    "  build        make a bundle of policies and data\n"
    "  sign         sign a bundle\n"
    "  inspect      print what a bundle or a policy has\n"
    "  deps         print what a query depends on\n"
    "  capabilities print what policies may use\n"
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
  if (command == "exec")
    return exec(args);
  if (command == "inspect")
    return inspect(args);
  if (command == "deps")
    return deps(args);
  if (command == "capabilities")
    return capabilities_command(args);
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

// A path that is not there, or may not be read, is bad input; a disk that fails
// is not. Which folder below a named one it was, the library does not say.
int told(const std::filesystem::filesystem_error& e) {
  std::fprintf(stderr, "rego: %s: %s\n",
               e.path1().empty() ? "a folder below" : e.path1().c_str(),
               e.code().message().c_str());
  return e.code() == std::errc::io_error ? 4 : 2;
}

int run_program(rego::cli::arguments args) {
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
  } catch (const std::filesystem::filesystem_error& e) {
    return told(e);
  } catch (const rego::bound_reached& b) {
    std::fprintf(stderr, "rego: %s\n",
                 std::string(rego::bound_message(b.which)).c_str());
    return 2;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "rego: internal failure: %s\n", e.what());
    return 4;
  }
}

// Whoever read what we wrote has left, as `head` does when it has enough.
bool reader_left() {
  ::pollfd out{STDOUT_FILENO, POLLOUT, 0};
  return ::poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

// The code to end with where all that was written has arrived. Why not is
// known of what was held back until now.
int delivered(int code) {
  auto lost = std::ferror(stdout) != 0;
  auto failed = std::fflush(stdout) != 0;
  std::string why = failed ? std::strerror(errno) : "a part of it is lost";
  if ((!lost && !failed) || reader_left())
    return code;
  std::fprintf(stderr, "rego: the standard output cannot be written: %s\n",
               why.c_str());
  return 4;
}

} // namespace

int main(int argc, char** argv) {
  return delivered(run_program({argv + 1, argv + argc}));
}
