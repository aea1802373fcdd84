// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What opens payloads, in a backup only where somebody asks for it and under a
// passphrase: a block of records, sealed, after the salt from which and the
// passphrase the sealing key is derived (Argon2id).
//
//   salt (16) || seal(key, records, "acgs-backup-keys" || origin)
//
// Whoever takes the backup derives the key; the node that makes the blocks gets
// the key and never the passphrase.

#include "runtime/base/bytes.hpp"
#include "runtime/base/error.hpp"
#include "runtime/crypto/secret.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace acgs::backup {

inline constexpr std::size_t salt_size = 16;

/// Under what a backup's keys are sealed.
struct sealing {
  bytes salt; ///< empty: no keys are wanted
  bytes key;

  bool wanted() const { return !salt.empty(); }
};

/// A new salt and the key that it and a passphrase give. Fails as
/// `crypto::derive_key` does.
result<sealing> new_sealing(std::string_view passphrase);

/// A block's content. Fails with `invalid_argument` where `with` is none.
result<bytes> seal_records(const sealing& with, std::string_view origin,
                           byte_view records);

/// Opens such blocks; a key is derived once for each salt.
class unsealer {
public:
  explicit unsealer(std::string passphrase)
      : passphrase_{std::move(passphrase)} {
    // Derives when there is something to open.
  }

  /// The records. Fails with `forbidden` where the passphrase is another one.
  result<bytes> open(std::string_view origin, byte_view content);

  /// Whether anything was opened.
  bool has_opened() const { return key_.has_value(); }

private:
  std::string passphrase_;
  bytes salt_;
  std::optional<crypto::secret> key_;
};

} // namespace acgs::backup
