// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A file of lines that is moved aside when it has grown: `acgs.log` becomes
// `acgs.log.1`, what was `.1` becomes `.2`, and so on; the oldest goes. Each
// line is one write(2) to an O_APPEND descriptor, so that none is lost in a
// buffer when the process ends. Not thread-safe: the log's sink serialises.

#include "runtime/base/error.hpp"

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace acgs {

class rotating_file {
public:
  /// `bytes_max` or `backups` of 0: the file is never moved aside.
  rotating_file(std::filesystem::path path, std::uint64_t bytes_max,
                unsigned backups);
  ~rotating_file();
  rotating_file(const rotating_file&) = delete;
  rotating_file& operator=(const rotating_file&) = delete;

  /// Opens the file anew, creating it with mode 0640: at start, and after
  /// somebody else moved it aside. Fails with `invalid_argument`, naming the
  /// path; the old descriptor is then still in use.
  caf::error reopen();

  /// Appends the line, moving the file aside first if it would grow beyond
  /// its bound. False where not all of it could be written.
  bool append(std::string_view line);

  const std::filesystem::path& path() const { return path_; }

private:
  void rotate();

  std::filesystem::path path_;
  std::uint64_t bytes_max_;
  unsigned backups_;
  int fd_ = -1;
  std::uint64_t size_ = 0;
};

} // namespace acgs
