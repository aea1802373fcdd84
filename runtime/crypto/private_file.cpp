// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/private_file.hpp"

#include "runtime/base/write_all.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace acgs::crypto {

namespace {

/// Closes a descriptor at the end of its scope.
struct descriptor {
  int value;
  explicit descriptor(int from) : value{from} {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (value >= 0)
      ::close(value);
  }
};

caf::error failed(const char* doing, const std::filesystem::path& path) {
  auto code = errno == ENOENT   ? ec::not_found
              : errno == EACCES ? ec::forbidden
              : errno == ELOOP  ? ec::forbidden
              : errno == EEXIST ? ec::conflict
              : errno == ENOSPC ? ec::store_full
                                : ec::store_io;
  return make_error(code, std::string{"cannot "} + doing + " " + path.string()
                              + ": " + std::strerror(errno));
}

/// What is wrong with the mode or the owner, and how to mend it.
caf::error check_owner(const struct stat& facts,
                       const std::filesystem::path& path, const char* mode) {
  std::array<char, 8> found{};
  std::snprintf(found.data(), found.size(), "%04o", facts.st_mode & 07777u);
  if (facts.st_uid != ::geteuid())
    return make_error(ec::forbidden, path.string() + " belongs to user "
                                         + std::to_string(facts.st_uid)
                                         + "; expected user "
                                         + std::to_string(::geteuid())
                                         + ", who runs this program");
  if ((facts.st_mode & 077) != 0)
    return make_error(ec::forbidden,
                      path.string() + " has mode " + found.data()
                          + ", so that others may have read the keys; "
                            "expected "
                          + mode + ": replace the keys, or chmod " + mode
                          + " if nobody did");
  return {};
}

/// As the service manager leaves it.
caf::error check_credential(const struct stat& facts,
                            const std::filesystem::path& path) {
  if ((facts.st_uid == ::geteuid() || facts.st_uid == 0)
      && (facts.st_mode & 027) == 0)
    return {};
  return make_error(ec::forbidden,
                    path.string()
                        + " is no credential: expected a file of root's or of "
                          "this user's that others cannot read");
}

using owner_check = caf::error (*)(const struct stat&,
                                   const std::filesystem::path&);

caf::error check_own(const struct stat& facts,
                     const std::filesystem::path& path) {
  return check_owner(facts, path, "0600");
}

caf::error check_private(int file, const std::filesystem::path& path,
                         std::size_t size_max, owner_check check,
                         std::size_t& size) {
  struct stat facts;
  if (::fstat(file, &facts) != 0)
    return failed("read", path);
  if (!S_ISREG(facts.st_mode))
    return make_error(ec::forbidden, path.string() + " is no regular file");
  if (auto bad = check(facts, path))
    return bad;
  if (static_cast<std::size_t>(facts.st_size) > size_max)
    return make_error(ec::too_large, path.string() + " is beyond "
                                         + std::to_string(size_max) + " bytes");
  size = static_cast<std::size_t>(facts.st_size);
  return {};
}

result<secret> read_checked(const std::filesystem::path& path,
                            std::size_t size_max, owner_check check) {
  descriptor file{
      ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
  if (file.value < 0)
    return failed("open", path);
  std::size_t size = 0;
  if (auto bad = check_private(file.value, path, size_max, check, size))
    return bad;
  secret out{size};
  auto done = out.write([&](std::span<std::byte> to) {
    std::size_t at = 0;
    while (at < to.size()) {
      auto got = ::read(file.value, to.data() + at, to.size() - at);
      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        break;
      at += static_cast<std::size_t>(got);
    }
    return at;
  });
  if (done != size)
    return make_error(ec::store_io, "cannot read all of " + path.string());
  return out;
}

caf::error write_and_sync(int file, byte_view content,
                          const std::filesystem::path& path) {
  if (!write_all(file, content))
    return failed("write", path);
  if (::fsync(file) != 0)
    return failed("sync", path);
  return {};
}

std::filesystem::path name_beside(std::filesystem::path path) {
  path += ".new";
  return path;
}

/// A whole and synced file; one of that name, left by a crash, goes.
caf::error write_beside(const std::filesystem::path& beside,
                        byte_view content) {
  ::unlink(beside.c_str());
  descriptor file{::open(beside.c_str(),
                         O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                         0600)};
  if (file.value < 0)
    return failed("create", beside);
  return write_and_sync(file.value, content, beside);
}

caf::error sync_folder(const std::filesystem::path& path) {
  auto folder = path.parent_path().empty() ? std::filesystem::path{"."}
                                           : path.parent_path();
  descriptor opened{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (opened.value < 0 || ::fsync(opened.value) != 0)
    return failed("sync", folder);
  return {};
}

} // namespace

caf::error ensure_private_folder(const std::filesystem::path& path) {
  std::error_code ignored; // what cannot be made is not there below
  std::filesystem::create_directories(
      std::filesystem::absolute(path, ignored).parent_path(), ignored);
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
    return failed("make", path);
  struct stat facts;
  if (::stat(path.c_str(), &facts) != 0)
    return failed("read", path);
  if (!S_ISDIR(facts.st_mode))
    return make_error(ec::forbidden, path.string() + " is no folder");
  return check_owner(facts, path, "0700");
}

result<secret> read_private_file(const std::filesystem::path& path,
                                 std::size_t size_max) {
  return read_checked(path, size_max, check_own);
}

result<secret> read_credential_file(const std::filesystem::path& path) {
  return read_checked(path, private_file_size_max, check_credential);
}

caf::error write_private_file(const std::filesystem::path& path,
                              byte_view content) {
  // Linked into place: a crash leaves no half key, and an existing file is
  // never replaced.
  auto beside = name_beside(path);
  auto bad = write_beside(beside, content);
  if (!bad && ::link(beside.c_str(), path.c_str()) != 0)
    bad = failed("create", path);
  ::unlink(beside.c_str());
  return bad ? bad : sync_folder(path);
}

caf::error replace_private_file(const std::filesystem::path& path,
                                byte_view content) {
  auto beside = name_beside(path);
  auto bad = write_beside(beside, content);
  if (!bad && ::rename(beside.c_str(), path.c_str()) == 0)
    return sync_folder(path);
  if (!bad)
    bad = failed("replace", path);
  ::unlink(beside.c_str());
  return bad;
}

} // namespace acgs::crypto
