// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Ed25519 (RFC 8032) by libsodium. A signing key lives in guarded memory and
// belongs to one thread at a time; verifying is free of state.

#include "runtime/crypto/secret.hpp"

namespace acgs::crypto {

using public_key = std::array<std::byte, 32>;
using signature = std::array<std::byte, 64>;

/// A private key, from which nothing leaves but signatures.
class signing_key {
public:
  /// A new key.
  static signing_key generate();

  /// The key that the 32 bytes of `seed` stand for.
  static signing_key from_seed(const secret& seed);

  const public_key& public_part() const noexcept { return public_; }

  /// The seed, for storing; as guarded as the key.
  const secret& seed() const noexcept { return seed_; }

  signature sign(byte_view message) const;

private:
  signing_key(secret seed, secret expanded, const public_key& shown)
      : seed_{std::move(seed)}, expanded_{std::move(expanded)}, public_{shown} {
  }

  secret seed_;     // 32 bytes
  secret expanded_; // 64 bytes, as libsodium wants it
  public_key public_;
};

/// True where the signature over `message` is by the owner of `key`.
bool verify(const public_key& key, byte_view message, byte_view by);

} // namespace acgs::crypto
