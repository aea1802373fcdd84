// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Signatures of JSON Web Tokens (RFC 7515, 7518, 8037). Stateless; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "builtins/keys.hpp"

namespace rego {

/// RS256 to RS512, PS256 to PS512, ES256 to ES512, HS256 to HS512, EdDSA.
bool known_jws_algorithm(std::string_view alg);

/// Does the signature (bytes) hold? False as well where key and algorithm do
/// not go together.
bool verify_jws(const jws_key& key, std::string_view alg,
                std::string_view signed_text, std::string_view signature);

/// The signature's bytes; nothing where key and algorithm do not go together.
std::optional<std::string> sign_jws(const jws_key& key, std::string_view alg,
                                    std::string_view text);

} // namespace rego
