// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Ed25519 private keys on disk: PKCS#8 (RFC 8410) in PEM, mode 0600, as
// `openssl pkey` reads them. With a passphrase the file holds instead
//   acgs-sealed-key-v1 <salt, base64> <sealed seed, base64>
// on one line, the sealing key derived by Argon2id.

#include "runtime/crypto/ed25519.hpp"
#include "runtime/crypto/password.hpp"

#include <filesystem>

namespace acgs::crypto {

/// Writes a new key file; an empty passphrase leaves it unencrypted. Fails as
/// `write_private_file` does.
caf::error save_key(const std::filesystem::path& path, const signing_key& key,
                    std::string_view passphrase = {},
                    const password_cost& cost = {});

/// Reads a key file. Fails as `read_private_file` does; with
/// `invalid_argument` where it is no such key; with `forbidden` where the
/// passphrase is wrong or missing.
result<signing_key> load_key(const std::filesystem::path& path,
                             std::string_view passphrase = {},
                             const password_cost& cost = {});

} // namespace acgs::crypto
