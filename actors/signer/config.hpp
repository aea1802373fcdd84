// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What SIGNER is given when it starts.

#include "runtime/base/clock.hpp"
#include "runtime/crypto/key_history.hpp"
#include "runtime/crypto/key_lock.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace acgs::signer {

struct config {
  /// Holds the private parts and the ring (key_files.hpp), mode 0700; made
  /// where it is missing.
  std::filesystem::path folder;

  /// Names the keys: the origin itself for checkpoints, and below it
  /// `<origin>/token` and `<origin>/bundle`.
  std::string origin;

  /// What the key files are encrypted with; those that are not yet, are at the
  /// next start. Null: nothing.
  std::shared_ptr<const crypto::key_lock> lock;

  const time_source* time = &system_clock();

  /// Told of the keys at each start, and of each change before a new key signs
  /// anything. On SIGNER's thread; must not block.
  std::function<void(const crypto::key_history&)> published;
};

} // namespace acgs::signer
