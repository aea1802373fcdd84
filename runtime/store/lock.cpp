// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/lock.hpp"

#include "runtime/base/write_all.hpp"
#include "runtime/store/folder.hpp"
#include "runtime/store/lmdb_error.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

namespace acgs::store {

namespace {

std::string owner_of(int file) {
  char text[32] = "";
  auto size = ::pread(file, text, sizeof text - 1, 0);
  std::string out{text, size > 0 ? static_cast<std::size_t>(size) : 0};
  while (!out.empty() && out.back() == '\n')
    out.pop_back();
  return out.empty() ? "unknown" : out;
}

} // namespace

folder_lock::~folder_lock() {
  // Closing unlocks. The file stays: removing it would race with the next.
  if (file_ >= 0)
    ::close(file_);
}

result<folder_lock> folder_lock::take(const std::filesystem::path& folder) {
  make_folder(folder);
  auto path = folder / "store.lock";
  folder_lock out{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
  if (out.file_ < 0)
    return detail::file_error("lock", path);
  if (::flock(out.file_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK)
      return detail::file_error("lock", path);
    return make_error(ec::unavailable, folder.string()
                                           + " is in use by process "
                                           + owner_of(out.file_));
  }
  auto text = std::to_string(::getpid()) + '\n';
  if (::ftruncate(out.file_, 0) != 0
      || !write_all_at(out.file_, as_byte_view(text), 0))
    return detail::file_error("lock", path);
  return out;
}

} // namespace acgs::store
