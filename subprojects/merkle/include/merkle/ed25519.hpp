// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Ed25519 verification (RFC 8032) through OpenSSL. Signing is handed in by the
// owner of a key, as a function: secrets never pass through this library.

#include "merkle/types.hpp"

#include <functional>
#include <optional>

namespace merkle {

using ed25519_public_key = std::array<std::byte, 32>;
using ed25519_signature = std::array<std::byte, 64>;

/// Signs a message, or returns nothing where it cannot.
using sign_function =
    std::function<std::optional<ed25519_signature>(bytes_view message)>;

/// True where `signature` over `message` is by the owner of `key`.
bool verify_ed25519(const ed25519_public_key& key, bytes_view message,
                    bytes_view signature);

} // namespace merkle
