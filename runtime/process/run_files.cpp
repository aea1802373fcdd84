// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/process/run_files.hpp"

#include "runtime/base/write_all.hpp"
#include "runtime/process/process_id.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace acgs::process {

namespace {

namespace fs = std::filesystem;

/// A disk that is full or fails may do later; another folder is not asked for.
ec code_of_disk(int failure) {
  switch (failure) {
  case ENOSPC:
  case EDQUOT:
    return ec::store_full;
  case EIO:
  case EROFS:
    return ec::store_io;
  default:
    return ec::invalid_argument;
  }
}

caf::error refuse(const fs::path& what, const char* doing) {
  return make_error(code_of_disk(errno), "process.pid_dir: '" + what.string()
                                             + "' cannot be " + doing + ": "
                                             + std::strerror(errno));
}

std::string read_all(int fd) {
  char text[64];
  auto size = ::pread(fd, text, sizeof text, 0);
  return {text, size > 0 ? static_cast<std::size_t>(size) : 0};
}

bool replace_all(int fd, const std::string& text) {
  return ::ftruncate(fd, 0) == 0 && write_all_at(fd, as_byte_view(text), 0);
}

/// Whether the descriptor is still the file of that name: its last holder may
/// have removed it between our open and our lock.
bool is_still(int fd, const fs::path& name) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(fd, &opened) == 0 && ::stat(name.c_str(), &named) == 0
         && opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

caf::error running(const fs::path& name, const std::string& content) {
  auto owner = parse_process_id(content);
  return make_error(
      ec::unavailable,
      name.string() + ": already running"
          + (owner ? " as PID " + std::to_string(owner->pid) : std::string{}));
}

} // namespace

result<run_files> run_files::claim(const fs::path& folder) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  auto name = folder / "acgs.lock";
  int fd = -1;
  do {
    if (fd >= 0)
      ::close(fd);
    fd = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0)
      return refuse(name, "opened");
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
      auto error = running(name, read_all(fd));
      ::close(fd);
      return error;
    }
  } while (!is_still(fd, name));
  auto before = read_all(fd);
  run_files out{folder, fd, !before.empty()};
  if (!replace_all(fd, to_text(self())))
    return refuse(name, "written");
  for (auto left : {"acgsd.pid", "http.port", "rpc.port", "metrics.port"})
    fs::remove(folder / left, problem);
  if (auto error = out.put("acgsd.pid", std::to_string(::getpid()) + "\n"))
    return error;
  return out;
}

run_files::run_files(fs::path folder, int lock, bool replaced_stale)
    : folder_{std::move(folder)}, lock_{lock}, replaced_stale_{replaced_stale} {
}

run_files::run_files(run_files&& other) noexcept
    : folder_{std::move(other.folder_)}, lock_{std::exchange(other.lock_, -1)},
      replaced_stale_{other.replaced_stale_}, written_{
                                                  std::move(other.written_)} {
  other.written_.clear();
}

run_files::~run_files() {
  if (lock_ < 0)
    return;
  remove();
  ::close(lock_);
}

void run_files::remove() noexcept {
  std::error_code ignored;
  for (auto& one : written_)
    fs::remove(one, ignored);
  // Still locked: whoever opened it meanwhile sees that it is gone.
  fs::remove(folder_ / "acgs.lock", ignored);
}

caf::error run_files::put_ports(const std::string& name,
                                std::span<const std::uint16_t> ports) {
  std::string content;
  for (auto port : ports)
    content += std::to_string(port) + "\n";
  return put(name + ".port", content);
}

caf::error run_files::put(const std::string& name, const std::string& content) {
  auto target = folder_ / name;
  auto fresh = folder_ / (name + ".new");
  int fd =
      ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0)
    return refuse(fresh, "opened");
  bool done = replace_all(fd, content);
  ::close(fd);
  if (!done || ::rename(fresh.c_str(), target.c_str()) != 0)
    return refuse(target, "written");
  written_.push_back(std::move(target));
  return {};
}

} // namespace acgs::process
