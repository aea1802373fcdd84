// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/base/write_all.hpp"

#include <unistd.h>

#include <cerrno>

namespace acgs {

namespace {

/// `write` takes what is left and gives what a call of the system does.
template <class Write>
bool go_on(byte_view what, Write write) {
  while (!what.empty()) {
    auto done = write(what);
    if (done < 0 && errno == EINTR)
      continue;
    if (done == 0)
      errno = EIO;
    if (done <= 0)
      return false;
    what = what.subspan(static_cast<std::size_t>(done));
  }
  return true;
}

} // namespace

bool write_all(int file, byte_view what) {
  return go_on(what, [file](byte_view left) {
    return ::write(file, left.data(), left.size());
  });
}

bool write_all_at(int file, byte_view what, std::uint64_t at) {
  auto end = at + what.size();
  return go_on(what, [file, end](byte_view left) {
    return ::pwrite(file, left.data(), left.size(),
                    static_cast<off_t>(end - left.size()));
  });
}

} // namespace acgs
