// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// SIGNER's core: the private keys of this node, one a purpose, in guarded
// memory. Nothing but signatures and public parts leaves it. Belongs to
// SIGNER's thread.

#include "actors/signer/protocol.hpp"
#include "runtime/base/error.hpp"
#include "runtime/crypto/ed25519.hpp"

namespace acgs::signer {

/// A key and what is known of it.
struct held_key {
  crypto::signing_key secret;
  std::string name;
  std::int64_t created_nanos = 0;
  bool made_now = false;
};

class state {
public:
  /// `keys` in the order of `purpose`, one each.
  explicit state(std::vector<held_key> keys) : keys_{std::move(keys)} {
    // Nothing is copied.
  }

  /// Signs with the active key of a purpose. Fails with `invalid_argument` on
  /// an unknown purpose and, where it is for checkpoints, on what is neither
  /// one of our log nor the manifest of a backup of it, so that a
  /// mix-up never signs what means something else.
  result<signature> sign(const struct sign& what) const;

  key_list list() const;

  /// SHA-256 of the checkpoint key's public part, hexadecimal.
  std::string fingerprint() const;

private:
  std::vector<held_key> keys_;
};

} // namespace acgs::signer
