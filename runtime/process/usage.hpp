// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What this process uses of its machine, read from /proc when asked.

#include <cstdint>

namespace acgs::process {

struct usage {
  std::uint64_t resident_bytes = 0;
  std::uint64_t descriptors = 0;
  std::uint64_t threads = 0;
  double cpu_seconds = 0; ///< user and system, since the start
};

usage current_usage();

} // namespace acgs::process
