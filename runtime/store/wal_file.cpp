// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/wal_file.hpp"

#include "runtime/base/write_all.hpp"
#include "runtime/store/lmdb_error.hpp"
#include "runtime/store/new_file.hpp"
#include "runtime/store/read_all.hpp"
#include "runtime/store/wal.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace acgs::store {

namespace {

namespace fs = std::filesystem;

class disk_file final : public wal_file {
public:
  disk_file(fs::path path, int descriptor, std::uint64_t size)
      : path_{std::move(path)}, descriptor_{descriptor}, size_{size} {
    // Closed with this.
  }
  ~disk_file() override { ::close(descriptor_); }
  disk_file(const disk_file&) = delete;
  disk_file& operator=(const disk_file&) = delete;

  std::uint64_t size() const override { return size_; }

  caf::error read(std::uint64_t from, std::span<std::byte> to) override {
    if (detail::read_all_at(descriptor_, to, from))
      return {};
    return failed(errno != 0 ? errno : EIO, "read");
  }

  caf::error write(std::uint64_t at, byte_view content) override {
    if (!write_all_at(descriptor_, content, at))
      return failed(errno, "write");
    return {};
  }

  caf::error sync() override {
    return ::fdatasync(descriptor_) == 0 ? caf::error{} : failed(errno, "sync");
  }

private:
  caf::error failed(int code, const char* doing) const {
    return detail::lmdb_error(code, std::string{doing} + " " + path_.string());
  }

  fs::path path_;
  int descriptor_;
  std::uint64_t size_;
};

result<std::unique_ptr<wal_file>> open_there(const fs::path& path) {
  int descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0)
    return detail::lmdb_error(errno, "open " + path.string());
  struct stat found {};
  bool known = ::fstat(descriptor, &found) == 0;
  auto size = static_cast<std::uint64_t>(found.st_size);
  auto out = std::make_unique<disk_file>(path, descriptor, size);
  if (known && S_ISREG(found.st_mode) && size > 0 && size % wal_page == 0)
    return std::unique_ptr<wal_file>{std::move(out)};
  return make_error(ec::store_corrupt,
                    path.string() + " has " + std::to_string(size)
                        + " bytes; expected a file of whole pages of "
                        + std::to_string(wal_page) + " bytes: it was cut");
}

/// Writes zeros, so that every byte has its place on disk.
caf::error fill(int file, const fs::path& path, std::uint64_t size) {
  bytes zeros(std::size_t{1} << 20);
  for (std::uint64_t at = 0; at < size; at += zeros.size()) {
    auto count = std::min<std::uint64_t>(zeros.size(), size - at);
    if (!write_all_at(file, byte_view{zeros}.first(count), at))
      return detail::lmdb_error(errno, "make " + path.string());
  }
  return {};
}

} // namespace

wal_file::~wal_file() = default;

result<std::unique_ptr<wal_file>> open_wal_file(const fs::path& path,
                                                std::uint64_t size) {
  std::error_code failed;
  if (fs::exists(fs::symlink_status(path, failed)))
    return open_there(path);
  auto bad =
      detail::make_file(path, [&](int file) { return fill(file, path, size); });
  if (bad)
    return bad;
  return open_there(path);
}

} // namespace acgs::store
