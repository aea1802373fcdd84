// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// One process a data folder. The file `store.lock` is locked for as long as
// its owner lives (the kernel lets go even after kill -9) and holds the
// owner's process id, for the message to whoever comes second.

#include "runtime/base/error.hpp"

#include <filesystem>
#include <utility>

namespace acgs::store {

/// Holding it is having the data folder to oneself.
class folder_lock {
public:
  /// Takes the lock of a folder, which is made where missing. Fails with
  /// `unavailable`, naming the process that has it, and as `open_lmdb` does.
  static result<folder_lock> take(const std::filesystem::path& folder);

  ~folder_lock();
  folder_lock(folder_lock&& other) noexcept
      : file_{std::exchange(other.file_, -1)} {
    // Moved: the other no longer lets go.
  }
  folder_lock& operator=(folder_lock&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }

private:
  explicit folder_lock(int file) : file_{file} {
    // Locked already.
  }

  int file_;
};

} // namespace acgs::store
