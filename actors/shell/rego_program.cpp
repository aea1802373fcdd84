// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/shell/rego_program.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace acgs::shell {

namespace {

/// Beside this program, or wherever PATH says.
std::string rego_path() {
  std::error_code ignored;
  auto self = std::filesystem::read_symlink("/proc/self/exe", ignored);
  auto beside = self.parent_path() / "rego";
  return std::filesystem::is_regular_file(beside, ignored) ? beside.string()
                                                           : "rego";
}

} // namespace

result<int> run_rego(const std::vector<std::string>& words) {
  auto path = rego_path();
  std::vector<std::string> kept{path};
  kept.insert(kept.end(), words.begin(), words.end());
  std::vector<char*> arguments;
  for (auto& each : kept)
    arguments.push_back(each.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  auto failed = ::posix_spawnp(&child, path.c_str(), nullptr, nullptr,
                               arguments.data(), environ);
  if (failed != 0)
    return make_error(ec::unavailable,
                      "cannot start the program '" + path
                          + "': " + std::generic_category().message(failed));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      return make_error(ec::internal, "cannot wait for '" + path + "'");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 4;
}

} // namespace acgs::shell
