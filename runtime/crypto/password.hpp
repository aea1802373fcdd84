// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Passwords: Argon2id (RFC 9106) by libsodium, for storing and for deriving a
// key that encrypts others. Each call takes its memory (64 MiB) and tens of
// milliseconds on purpose: never on a thread that others wait for.

#include "runtime/base/error.hpp"
#include "runtime/crypto/secret.hpp"

namespace acgs::crypto {

/// How much work a guess costs.
struct password_cost {
  unsigned passes = 2;
  std::size_t memory_bytes = 64u << 20;
};

/// The longest password taken, in bytes.
inline constexpr std::size_t password_size_max = 1024;

/// The text to store: "$argon2id$v=19$...", with its own salt. Fails with
/// `invalid_argument` on an empty or too long password, `unavailable` where
/// there is no memory for it.
result<std::string> hash_password(std::string_view password,
                                  const password_cost& cost = {});

/// True where `stored` was made from that password. False for any text that is
/// not such a hash.
bool check_password(std::string_view stored, std::string_view password);

/// A 32-byte key from a passphrase and a 16-byte salt. Errors as above.
result<secret> derive_key(std::string_view passphrase, byte_view salt,
                          const password_cost& cost = {});

} // namespace acgs::crypto
