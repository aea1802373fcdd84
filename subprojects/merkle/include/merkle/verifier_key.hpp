// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A C2SP signed-note verifier key: <name>+<key id, 8 hex digits>+<base64 of the
// signature type and the public key>. The key id is the first four bytes of
// SHA-256(name || 0x0A || type || public key). Other types can join by id.

#include "merkle/ed25519.hpp"

namespace merkle {

/// The signature types of the specification that this library verifies.
enum class signature_type : std::uint8_t {
  ed25519 = 0x01,
  cosignature = 0x04, ///< a witness's, with its time (tlog-cosignature)
};

/// Who signed, how, and the key to check it with.
struct verifier_key {
  std::string name;
  std::uint32_t id = 0;
  signature_type type = signature_type::ed25519;
  ed25519_public_key key{};

  friend bool operator==(const verifier_key&, const verifier_key&) = default;
};

/// The key id of a public key under a name.
std::uint32_t key_id(std::string_view name, signature_type type,
                     const ed25519_public_key& key);

/// A key with its id. Fails on a name that a note cannot carry.
result<verifier_key> make_verifier_key(std::string name, signature_type type,
                                       const ed25519_public_key& key);

std::string format_verifier_key(const verifier_key& key);

/// Reads what format_verifier_key writes; the id must match.
result<verifier_key> parse_verifier_key(std::string_view text);

} // namespace merkle
