// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// JSON Web Tokens in their compact form (RFC 7519), with OPA's messages. The
// functions record an error in the context and say false. Stateless.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "builtins/jws.hpp"

namespace rego {

struct jwt {
  std::string_view header, payload, signature; // as base64url
  value decoded_header;
  std::string alg, kid, cty;
  bool critical_unknown = false; // "crit" names a header not known here

  /// What the signature covers.
  std::string signed_text() const {
    return std::string(header) + "." + std::string(payload);
  }
};

/// Splits a token into its three parts.
bool split_jwt(call_context& c, const value& v, jwt& to);
/// Decodes the header, and with `fields` checks those of RFC 7515.
bool decode_jwt_header(call_context& c, jwt& t, bool fields);
/// Base64url with or without padding; `prefix` goes before an error.
bool decode_part(call_context& c, std::string_view text,
                 std::string_view prefix, std::string& to);
bool json_object(call_context& c, std::string_view text,
                 std::string_view prefix, value& to);

using jws_keys = std::vector<jws_key>;
/// The keys of a certificate or public key in PEM, a JWK or a set of them.
std::shared_ptr<jws_keys> keys_of(call_context& c, std::string_view text);

/// Does one of the keys verify the token under `alg`? A key that the token
/// names is tried alone; a key that names an algorithm is only tried where it
/// is the token's.
bool verify_with_keys(const jwt& t, const jws_keys& keys, std::string_view alg,
                      std::string_view signature);

} // namespace rego
