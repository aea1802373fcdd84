// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/archive/part_files.hpp"

#include "runtime/crypto/key_document.hpp"
#include "runtime/crypto/sha256.hpp"
#include "runtime/store/folder.hpp"

#include <merkle/tile.hpp>
#include <merkle/verifier_key.hpp>

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace acgs::archive {

namespace {

namespace fs = std::filesystem;

/// Room that is left on the disk, so that others can go on.
constexpr std::uint64_t room_left_bytes = std::uint64_t{16} << 20;

caf::error failed(const std::string& doing, const fs::path& file, int code) {
  auto full = code == ENOSPC || code == EDQUOT;
  return make_error(full ? ec::store_full : ec::store_io,
                    "cannot " + doing + " '" + file.string()
                        + "': " + std::strerror(code),
                    "output");
}

/// All of it, however often a signal cuts it off.
bool write_all(int file, byte_view what) {
  while (!what.empty()) {
    auto done = ::write(file, what.data(), what.size());
    if (done < 0 && errno == EINTR)
      continue;
    if (done <= 0) {
      errno = done == 0 ? EIO : errno;
      return false;
    }
    what = what.subspan(static_cast<std::size_t>(done));
  }
  return true;
}

int write_synced(const fs::path& path, byte_view content) {
  int file =
      ::open(path.c_str(),
             O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0)
    return errno;
  auto code = write_all(file, content) && ::fsync(file) == 0 ? 0 : errno;
  ::close(file);
  return code;
}

} // namespace

caf::error files::make(const fs::path& folder) {
  std::error_code wrong;
  fs::create_directories(folder, wrong);
  if (wrong)
    return failed("make", folder, wrong.value());
  // Down to the archive's own folder: each names one below it.
  for (auto at = folder; touched_.insert(at).second && at != folder_;)
    at = at.parent_path();
  return {};
}

caf::error files::put(const std::string& path, byte_view content) {
  auto to = folder_ / path;
  if (auto bad = make(to.parent_path()))
    return bad;
  struct statvfs disk {};
  if (::statvfs(folder_.c_str(), &disk) != 0)
    return failed("look at", folder_, errno);
  auto free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  if (free < content.size() + room_left_bytes)
    return make_error(ec::store_full,
                      "too little room for '" + to.string()
                          + "': " + std::to_string(free) + " bytes are left",
                      "output");
  auto beside = folder_ / unfinished;
  if (auto code = write_synced(beside, content); code != 0)
    return failed("write", to, code);
  std::error_code wrong;
  fs::rename(beside, to, wrong);
  return wrong ? failed("write", to, wrong.value()) : caf::error{};
}

caf::error files::sync_folders() {
  for (const auto& each : touched_)
    if (auto bad = store::sync_folder(each))
      return bad;
  return store::keep_folder(folder_);
}

result<digest> sum_of_payloads(const fs::path& folder,
                               const description& what) {
  crypto::sha256 sum;
  for (auto n = what.first / merkle::tile_width;
       n * merkle::tile_width < what.size; ++n) {
    auto content = read_part(folder, payload_path(n));
    if (!content)
      return make_error(ec::store_corrupt,
                        "the archive's " + payload_path(n) + " is missing");
    sum.add(*content);
  }
  return sum.finish();
}

result<crypto::key_history> keys_of(const std::string& vkey,
                                    const std::string& list) {
  auto line = vkey.substr(0, vkey.find('\n'));
  auto trusted = merkle::parse_verifier_key(line);
  if (!trusted)
    return make_error(ec::invalid_argument,
                      "its verifier key: " + trusted.error(), "vkey");
  std::vector<std::string> statements;
  if (!list.empty()) {
    auto read = crypto::statements_in(list);
    if (!read)
      return read.error();
    statements = std::move(*read);
  }
  return crypto::key_history::follow(*trusted, std::move(statements));
}

} // namespace acgs::archive
