// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What SIGNER is given when it starts.

#include "runtime/base/clock.hpp"

#include <filesystem>
#include <string>

namespace acgs::signer {

struct config {
  /// Holds `checkpoint.key`, `token.key` and `bundle.key` (PKCS#8 in PEM, mode
  /// 0600), each made where it is missing.
  std::filesystem::path folder;

  /// Names the keys: the origin itself for checkpoints, and below it
  /// `<origin>/token` and `<origin>/bundle`.
  std::string origin;

  /// Unlocks the key files; empty: they are not encrypted.
  std::string passphrase;

  const time_source* time = &system_clock();
};

} // namespace acgs::signer
