// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Ed25519 private keys on disk: PKCS#8 (RFC 8410) in PEM, mode 0600, as
// `openssl pkey` reads them. Under a lock the file holds one line instead:
//   acgs-sealed-key-v2 argon2id <passes> <KiB> <salt> <sealed seed>
//   acgs-sealed-key-v2 file <salt> <sealed seed>
// with salt and seed in base64; all before the seed is authenticated with it.

#include "runtime/crypto/ed25519.hpp"
#include "runtime/crypto/key_lock.hpp"

#include <filesystem>

namespace acgs::crypto {

/// Writes a new key file. Fails as `write_private_file` does.
caf::error save_key(const std::filesystem::path& path, const signing_key& key,
                    const key_lock& lock = {});

/// Reads a key file; one that is not encrypted needs no lock. Fails as
/// `read_private_file` does; with `invalid_argument` where it is no such key
/// or asks for too much; with `forbidden` where the passphrase or key file is
/// wrong, missing, or not what the file was locked with.
result<signing_key> load_key(const std::filesystem::path& path,
                             const key_lock& lock = {});

/// What the file is locked with. Fails as `load_key` does.
result<lock_kind> lock_of(const std::filesystem::path& path);

/// Encrypts a key file that is not encrypted yet, in one step; the lock must
/// be one. What the disk keeps of the old file is not overwritten. Fails as
/// `load_key` and `replace_private_file` do.
caf::error protect_key(const std::filesystem::path& path, const key_lock& lock);

} // namespace acgs::crypto
