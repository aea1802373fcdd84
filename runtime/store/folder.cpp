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

/// "read, write", of the bits of one class.
std::string access_of(unsigned bits, bool folder) {
  std::string out;
  for (auto [bit, word] : {std::pair{04U, "read"}, std::pair{02U, "write"},
                           std::pair{01U, folder ? "enter" : "run"}})
    if ((bits & bit) != 0)
      out += (out.empty() ? "" : ", ") + std::string{word};
  return out;
}

/// Says so where it was open.
caf::error close_one(const fs::path& path, std::vector<std::string>& was) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0)
    return detail::file_error("look at", path);
  bool folder = S_ISDIR(found.st_mode);
  unsigned open = found.st_mode & 077U;
  if ((!folder && !S_ISREG(found.st_mode)) || open == 0)
    return {};
  if (::chmod(path.c_str(), found.st_mode & 0700U) != 0)
    return detail::file_error("take from others", path);
  std::string to;
  for (auto [bits, who] :
       {std::pair{open >> 3U, "its group"}, std::pair{open & 07U, "everybody"}})
    if (bits != 0)
      to += (to.empty() ? "" : " and ") + std::string{"to "} + who + " ("
            + access_of(bits, folder) + ')';
  was.push_back(path.string() + " was open " + to);
  return {};
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

result<std::vector<std::string>> close_to_others(const fs::path& folder) {
  std::vector<std::string> was;
  // Itself, should it be behind a link. From above to below: once a folder is
  // closed, nobody exchanges what is in it.
  std::error_code failed;
  auto top = fs::canonical(folder, failed);
  if (!failed)
    if (auto bad = close_one(top, was))
      return bad;
  fs::recursive_directory_iterator at;
  if (!failed)
    at = fs::recursive_directory_iterator{top, failed};
  for (; !failed && at != fs::recursive_directory_iterator{};
       at.increment(failed))
    if (auto bad = close_one(at->path(), was))
      return bad;
  if (failed)
    return detail::lmdb_error(failed.value(), "read " + folder.string());
  return was;
}

} // namespace acgs::store
