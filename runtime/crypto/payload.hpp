// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Payloads beside the log: each is sealed under a key of its own together with
// a random salt, and the entry holds SHA-256(salt || text). Destroying the key
// shreds the text wherever copies are, and the salt with it, so that not even a
// guess can be checked; the entry and its proofs stay as they are.
// ciphertext = seal(key, salt (32 bytes) || text).

#include "runtime/base/error.hpp"
#include "runtime/domain/payload.hpp"

namespace acgs::crypto {

inline constexpr std::size_t salt_size = 32;

/// What the holder of the key can read again.
struct opened_payload {
  bytes salt;
  std::string text;
};

/// SHA-256(salt || text).
digest commitment_of(byte_view salt, byte_view text);

/// Commits to a text and seals it under a new key.
domain::sealed_payload seal_payload(domain::payload_kind kind, byte_view text);

/// Opens a sealed payload and checks it against its commitment. Fails with
/// `store_corrupt` where either was changed.
result<opened_payload> open_payload(const domain::sealed_payload& sealed);

} // namespace acgs::crypto
