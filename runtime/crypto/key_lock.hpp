// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What opens encrypted key files: a passphrase, or a file of random bytes. Held
// in guarded memory for as long as SIGNER may need it; one thread at a time.
// The key that seals is made anew for each file:
//   passphrase  Argon2id (RFC 9106) with the file's salt and cost
//   key file    BLAKE2b-256 of its content, keyed with the file's salt

#include "runtime/crypto/password.hpp"

#include <optional>

namespace acgs::crypto {

/// The cost that a file may ask for: what is read from a file is hostile.
inline constexpr unsigned lock_passes_max = 16;
inline constexpr std::size_t lock_memory_min = 8u << 20;
inline constexpr std::size_t lock_memory_max = 1u << 30;

/// A key file is no passphrase: shorter ones are refused.
inline constexpr std::size_t lock_file_bytes_min = 32;

enum class lock_kind : std::uint8_t { none, passphrase, file };

class key_lock {
public:
  /// Files are not encrypted.
  key_lock() = default;

  /// Fails with `invalid_argument` on an empty or too long passphrase.
  static result<key_lock> with_passphrase(secret passphrase,
                                          const password_cost& cost = {});

  /// Fails with `invalid_argument` on fewer than 32 bytes.
  static result<key_lock> with_file(secret content);

  lock_kind kind() const noexcept { return kind_; }

  /// What a passphrase is to cost in new files.
  const password_cost& cost() const noexcept { return cost_; }

  /// The key for a file with that salt of 16 bytes, and that cost, where it is
  /// a passphrase. Fails with `invalid_argument` on a cost beyond the bounds,
  /// or `unavailable` where there is no memory for it.
  result<secret> key_for(byte_view salt, const password_cost& cost) const;

private:
  key_lock(lock_kind kind, secret held, const password_cost& cost)
      : kind_{kind}, held_{std::move(held)}, cost_{cost} {
    // Checked by the makers.
  }

  lock_kind kind_ = lock_kind::none;
  std::optional<secret> held_;
  password_cost cost_;
};

} // namespace acgs::crypto
