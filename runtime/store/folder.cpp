// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/folder.hpp"

#include "runtime/store/lmdb_error.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace acgs::store {

namespace {

namespace fs = std::filesystem;

bool same_disk(const fs::path& a, const fs::path& b) {
  struct stat one {};
  struct stat other {};
  return ::stat(a.c_str(), &one) == 0 && ::stat(b.c_str(), &other) == 0
         && one.st_dev == other.st_dev;
}

/// 0, or why not.
int sync(const fs::path& path, int flags) {
  int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags);
  auto code = file >= 0 && ::fsync(file) == 0 ? 0 : errno;
  if (file >= 0)
    ::close(file);
  return code;
}

} // namespace

caf::error sync_folder(const fs::path& folder) {
  auto code = sync(folder, O_DIRECTORY);
  return code == 0
             ? caf::error{}
             : detail::lmdb_error(code, "sync the folder " + folder.string());
}

caf::error keep_file(const fs::path& file) {
  auto code = sync(file, 0);
  return code == 0 ? caf::error{}
                   : detail::lmdb_error(code, "sync " + file.string());
}

caf::error keep_folder(const fs::path& folder) {
  std::error_code failed;
  auto at = fs::absolute(folder, failed);
  if (failed)
    return sync_folder(folder);
  for (;; at = at.parent_path()) {
    if (auto bad = sync_folder(at))
      return bad;
    auto above = at.parent_path();
    if (above == at || !same_disk(at, above)
        || ::access(above.c_str(), R_OK) != 0)
      return {};
  }
}

} // namespace acgs::store
