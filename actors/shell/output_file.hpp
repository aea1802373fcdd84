// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A file that a command was told to write to. A regular file, also a new one,
// appears when it is whole: it is written beside its name, as `<name>.part`,
// and renamed, so that under its name there is what was there or all of it.
// What a symbolic link leads to is written; the link stays. What is no regular
// file (a device, a FIFO), and what the program's output leads to already, is
// written into as it stands.

#include "runtime/base/error.hpp"

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace acgs::shell {

/// Open for writing; a regular file is left as it was unless `finish` was
/// called.
class output_file {
public:
  /// `mode` is that of a new file, less what the umask takes; one that is
  /// there keeps its own as far as `mode` goes. `field` is what errors name.
  /// Fails with `invalid_argument` where it is a folder or a socket, which
  /// cannot be opened, and with `store_io`.
  static result<output_file> open(const std::filesystem::path& path,
                                  ::mode_t mode = 0666,
                                  std::string field = "output");

  ~output_file();
  output_file(output_file&& other) noexcept;
  output_file& operator=(output_file&&) = delete;

  /// Fails with `store_io`, saying why.
  caf::error write(std::string_view text);

  /// Lets a regular file appear, once it is on disk. Nothing is written after
  /// it. Fails with `store_io`.
  caf::error finish();

private:
  explicit output_file(std::string name, std::string field)
      : name_{std::move(name)}, field_{std::move(field)} {}

  void open_beside(const std::filesystem::path& target, ::mode_t mode);
  bool is_ours() const;
  caf::error failed(int why) const;

  std::string name_; // as it was given
  std::string field_;
  std::filesystem::path target_; // behind all links; empty: written in place
  std::filesystem::path part_;
  int file_ = -1;
};

/// Writes all of `text` to a file by itself. Fails as `output_file` does.
caf::error write_output(const std::filesystem::path& path,
                        std::string_view text, ::mode_t mode = 0666,
                        std::string field = "output");

} // namespace acgs::shell
