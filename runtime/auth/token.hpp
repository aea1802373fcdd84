// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Our tokens: JSON Web Tokens (RFC 7519) signed with Ed25519 (RFC 8037), in
// compact form. One algorithm, one type, one issuer:
//   {"alg":"EdDSA","kid":"<16 digits>","typ":"JWT"} .
//   {"exp":s,"fam":?,"iat":s,"iss":"acgs","jti":id,"kind":"access",
//    "nbf":s,"role":"viewer","sub":subject,"tenant":?}
// Pure functions; what was revoked is looked up by the `authenticator`.

#include "runtime/base/clock.hpp"
#include "runtime/base/error.hpp"
#include "runtime/crypto/ed25519.hpp"
#include "runtime/domain/control_state.hpp"

#include <span>
#include <string>
#include <string_view>

namespace acgs::auth {

/// The longest token that is looked at.
inline constexpr std::size_t token_bytes_max = 4096;

/// The longest life of any token.
inline constexpr std::chrono::hours token_lifetime_max{24 * 366};

/// How far ahead another node's clock may be.
inline constexpr std::chrono::seconds clock_skew_max{5};

/// What a token says.
struct claims {
  std::string token_id; ///< 1 to 64 characters
  std::string subject;  ///< 1 to 256 bytes
  domain::role role_ = domain::role::agent;
  std::string tenant;
  domain::token_kind kind = domain::token_kind::access;
  std::string family;
  wall_time issued; ///< whole seconds, like the next two
  wall_time not_before;
  wall_time expires;
};

/// A key that tokens are signed with, and the name that they call it by.
struct token_key {
  crypto::public_key key{};
  /// The first 16 hexadecimal digits of the key's SHA-256.
  std::string id() const;
};

/// The part that is signed, "header.payload".
std::string signing_input(const claims& of, const token_key& by);

/// The token.
std::string with_signature(std::string signing_input, byte_view signature);

/// Checks form, algorithm, signature and times, in this order, and reads the
/// claims. Fails with `unauthenticated`; the sentence never repeats the token.
result<claims> verify_token(std::string_view token,
                            std::span<const token_key> keys, wall_time now);

/// Only the times, for claims that were verified before.
caf::error check_times(const claims& of, wall_time now);

/// The key in a verifier key of C2SP signed-note form, "name+hash+base64".
/// Fails with `invalid_argument`.
result<token_key> read_verifier_key(std::string_view text);

} // namespace acgs::auth
