// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/base/rotating_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace acgs {

rotating_file::rotating_file(std::filesystem::path path,
                             std::uint64_t bytes_max, unsigned backups)
    : path_{std::move(path)}, bytes_max_{bytes_max}, backups_{backups} {
}

rotating_file::~rotating_file() {
  if (fd_ >= 0)
    ::close(fd_);
}

namespace {

/// A pipe that nobody reads is refused (ENXIO), not waited for.
int open_at_once(const std::filesystem::path& path) {
  int fd = ::open(path.c_str(),
                  O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0640);
  if (fd >= 0)
    ::fcntl(fd, F_SETFL, O_APPEND); // but a line waits for whoever reads it
  return fd;
}

} // namespace

caf::error rotating_file::reopen() {
  int fd = open_at_once(path_);
  struct stat status {};
  if (fd >= 0 && ::fstat(fd, &status) == 0 && S_ISDIR(status.st_mode) == 0) {
    if (fd_ >= 0)
      ::close(fd_);
    fd_ = fd;
    size_ = static_cast<std::uint64_t>(status.st_size);
    return {};
  }
  auto why = std::string{std::strerror(errno)};
  if (fd >= 0)
    ::close(fd);
  return make_error(ec::invalid_argument, "log file '" + path_.string()
                                              + "' cannot be opened: " + why);
}

bool rotating_file::append(std::string_view line) {
  if (bytes_max_ > 0 && backups_ > 0 && size_ > 0
      && size_ + line.size() > bytes_max_)
    rotate();
  while (!line.empty()) {
    auto written = ::write(fd_, line.data(), line.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return false;
    size_ += static_cast<std::uint64_t>(written);
    line.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void rotating_file::rotate() {
  auto name = [this](unsigned n) {
    return n == 0 ? path_.string() : path_.string() + "." + std::to_string(n);
  };
  // A name that cannot be moved keeps the present file in use: a log that
  // grows too long is better than one that is lost.
  for (unsigned n = backups_; n-- > 0;)
    if (::rename(name(n).c_str(), name(n + 1).c_str()) != 0 && n == 0)
      return;
  if (auto error = reopen()) {
    // Still writing to what is now `.1`; tried again at the next line.
    return;
  }
}

} // namespace acgs
