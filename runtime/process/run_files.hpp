// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The files by which the life-cycle scripts find a running node, all in
// `process.pid_dir`: `acgs.lock` (PID and start time, and a lock of the
// kernel's that ends with the process), `acgsd.pid`, and one `<name>.port` a
// listener, whose first line is its port. NODE owns them and holds them from
// the first moment to the last.
//
// Invariant: whoever holds a `run_files` of a folder is the only one.

#include "runtime/base/error.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace acgs::process {

class run_files {
public:
  /// Takes the folder, making it if need be. What a dead process left there
  /// is replaced. Fails with `unavailable`, naming the PID, where another
  /// process holds it, with `store_full` or `store_io` where the disk fails,
  /// and with `invalid_argument` where the folder cannot be written.
  static result<run_files> claim(const std::filesystem::path& folder);

  run_files(run_files&&) noexcept;
  run_files& operator=(run_files&&) = delete;
  /// Removes everything, and lets the kernel's lock go.
  ~run_files();

  /// Writes `<name>.port`, one port a line, whole or not at all.
  caf::error put_ports(const std::string& name,
                       std::span<const std::uint16_t> ports);

  /// Removes everything that was written, the lock last; the kernel's lock
  /// stays for as long as this does. For a process that is about to end without
  /// running its destructors.
  void remove() noexcept;

  /// Whether a dead process's lock was replaced.
  bool replaced_stale() const { return replaced_stale_; }

private:
  run_files(std::filesystem::path folder, int lock, bool replaced_stale);
  caf::error put(const std::string& name, const std::string& content);

  std::filesystem::path folder_;
  int lock_;
  bool replaced_stale_;
  std::vector<std::filesystem::path> written_;
};

} // namespace acgs::process
