// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/read_all.hpp"

#include <unistd.h>

#include <cerrno>

namespace acgs::store::detail {

bool read_all_at(int file, std::span<std::byte> to, std::uint64_t at) {
  while (!to.empty()) {
    errno = 0;
    auto got = ::pread(file, to.data(), to.size(), static_cast<off_t>(at));
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return false;
    to = to.subspan(static_cast<std::size_t>(got));
    at += static_cast<std::uint64_t>(got);
  }
  return true;
}

} // namespace acgs::store::detail
