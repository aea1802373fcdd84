// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/folder.hpp"

#include "runtime/store/lmdb_error.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string_view>

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

caf::error close_tree(const fs::path& path, std::vector<std::string>& was);

/// By readdir(3): where there is no memory, the standard library's iterators
/// end the process.
caf::error close_below(const fs::path& folder, std::vector<std::string>& was) {
  std::unique_ptr<DIR, int (*)(DIR*)> all{::opendir(folder.c_str()),
                                          ::closedir};
  if (!all)
    return detail::file_error("read", folder);
  for (errno = 0; auto* each = ::readdir(all.get()); errno = 0) {
    std::string_view name{each->d_name};
    if (name == "." || name == "..")
      continue;
    if (auto bad = close_tree(folder / name, was))
      return bad;
  }
  return errno == 0 ? caf::error{} : detail::file_error("read", folder);
}

/// Says so where it was open. From above to below: once a folder is closed,
/// nobody exchanges what is in it.
caf::error close_tree(const fs::path& path, std::vector<std::string>& was) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0)
    return detail::file_error("look at", path);
  bool folder = S_ISDIR(found.st_mode);
  unsigned open = found.st_mode & 077U;
  if (!folder && !S_ISREG(found.st_mode))
    return {};
  if (open != 0 && ::chmod(path.c_str(), found.st_mode & 0700U) != 0)
    return detail::file_error("take from others", path);
  std::string to;
  for (auto [bits, who] :
       {std::pair{open >> 3U, "its group"}, std::pair{open & 07U, "everybody"}})
    if (bits != 0)
      to += (to.empty() ? "" : " and ") + std::string{"to "} + who + " ("
            + access_of(bits, folder) + ')';
  if (open != 0)
    was.push_back(path.string() + " was open " + to);
  return folder ? close_below(path, was) : caf::error{};
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

void make_folder(const fs::path& folder) {
  std::error_code ignored;
  if (fs::create_directories(folder, ignored))
    fs::permissions(folder, fs::perms::owner_all, ignored);
}

result<std::vector<std::string>> close_to_others(const fs::path& folder) {
  std::error_code failed;
  auto top =
      fs::canonical(folder, failed); // itself, should it be behind a link
  if (failed)
    return detail::lmdb_error(failed.value(), "read " + folder.string());
  std::vector<std::string> was;
  if (auto bad = close_tree(top, was))
    return bad;
  return was;
}

} // namespace acgs::store
