// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/new_file.hpp"

#include "runtime/store/folder.hpp"
#include "runtime/store/lmdb_error.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace acgs::store::detail {

namespace {

namespace fs = std::filesystem;

struct descriptor {
  explicit descriptor(int value) : value{value} {}
  ~descriptor() {
    if (value >= 0)
      ::close(value);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;

  const int value;
};

caf::error write_beside(const fs::path& beside, const file_content& content) {
  descriptor file{::open(beside.c_str(),
                         O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                         0600)};
  if (file.value < 0)
    return lmdb_error(errno, "make " + beside.string());
  auto bad = content(file.value);
  if (!bad && ::fsync(file.value) != 0)
    bad = lmdb_error(errno, "sync " + beside.string());
  return bad;
}

} // namespace

caf::error make_file(const fs::path& path, const file_content& content) {
  auto beside = path;
  beside += ".new";
  std::error_code failed;
  fs::remove(beside, failed); // of a start that was cut off
  auto bad = write_beside(beside, content);
  if (!bad) {
    fs::rename(beside, path, failed);
    if (failed)
      bad = lmdb_error(failed.value(), "make " + path.string());
  }
  if (bad) {
    fs::remove(beside, failed); // the room that it takes
    return bad;
  }
  bad = keep_folder(path.parent_path());
  if (bad)
    fs::remove(path, failed); // who tries again must not take it for kept
  return bad;
}

} // namespace acgs::store::detail
