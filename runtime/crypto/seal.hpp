// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Encryption with authentication: XChaCha20-Poly1305, a random 24-byte nonce
// before the ciphertext, so that a key may seal any number of messages.

#include "runtime/base/bytes.hpp"
#include "runtime/base/error.hpp"

namespace acgs::crypto {

inline constexpr std::size_t seal_key_size = 32;

/// What sealing adds to a message: 24 bytes of nonce and 16 of tag.
inline constexpr std::size_t seal_overhead = 40;

/// Encrypts under a 32-byte key; `context` is authenticated with it.
/// Fails with `invalid_argument` on a key of another length.
result<bytes> seal(byte_view key, byte_view message, byte_view context = {});

/// Decrypts what `seal` made with the same key and context. Fails with
/// `store_corrupt` where anything was changed.
result<bytes> unseal(byte_view key, byte_view sealed, byte_view context = {});

} // namespace acgs::crypto
