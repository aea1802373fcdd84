// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/base/regular_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace acgs {

namespace {

caf::error refusal(const char* why) {
  return make_error(ec::invalid_argument, why);
}

/// What else stands there; null for a regular file.
const char* other_kind(mode_t mode) {
  if (S_ISREG(mode))
    return nullptr;
  if (S_ISDIR(mode))
    return "it is a folder";
  if (S_ISFIFO(mode))
    return "it is a pipe and no regular file";
  if (S_ISCHR(mode) || S_ISBLK(mode))
    return "it is a device and no regular file";
  return "it is no regular file";
}

result<std::string> read_open(int file, std::size_t bytes_max) {
  struct stat facts {};
  if (::fstat(file, &facts) != 0)
    return refusal(std::strerror(errno));
  if (const auto* kind = other_kind(facts.st_mode))
    return refusal(kind);
  std::string out(bytes_max, '\0');
  std::size_t at = 0;
  while (at < out.size()) {
    auto got = ::read(file, out.data() + at, out.size() - at);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return refusal(std::strerror(errno));
    if (got == 0)
      break;
    at += static_cast<std::size_t>(got);
  }
  out.resize(at);
  return out;
}

} // namespace

result<std::string> read_regular_file(const std::filesystem::path& file,
                                      std::size_t bytes_max) {
  int opened =
      ::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (opened < 0)
    return refusal(std::strerror(errno));
  auto out = read_open(opened, bytes_max);
  ::close(opened);
  return out;
}

} // namespace acgs
