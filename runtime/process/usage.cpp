// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/process/usage.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/resource.h>
#include <unistd.h>

namespace acgs::process {

namespace {

std::uint64_t entries_of(const char* folder) {
  std::error_code problem;
  std::filesystem::directory_iterator it{folder, problem};
  if (problem)
    return 0;
  return static_cast<std::uint64_t>(std::distance(begin(it), end(it)));
}

} // namespace

usage current_usage() {
  usage out;
  std::ifstream statm{"/proc/self/statm"};
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  if (statm >> total >> resident)
    out.resident_bytes =
        resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  out.descriptors = entries_of("/proc/self/fd");
  out.threads = entries_of("/proc/self/task");
  rusage spent{};
  if (::getrusage(RUSAGE_SELF, &spent) == 0)
    for (auto part : {spent.ru_utime, spent.ru_stime})
      out.cpu_seconds += static_cast<double>(part.tv_sec)
                         + static_cast<double>(part.tv_usec) / 1e6;
  return out;
}

} // namespace acgs::process
