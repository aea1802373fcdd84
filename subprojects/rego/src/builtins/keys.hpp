// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Keys out of PEM, certificates and JSON Web Keys (RFC 7517), over OpenSSL.
// A key is immutable and shared freely between threads.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "builtins/builtin.hpp"

struct evp_pkey_st;

namespace rego {

using pkey_ptr = std::shared_ptr<evp_pkey_st>;

struct pem_block {
  std::string type;
  std::string bytes; // DER
};

/// The first PEM block of the text, which then begins behind it; nothing, with
/// the text left alone, where there is none.
std::optional<pem_block> next_pem(std::string_view& text);

/// Keys from DER; null where it is none.
pkey_ptr certificate_key(std::string_view der);
pkey_ptr public_key(std::string_view spki);
pkey_ptr private_key(std::string_view der);

/// A key to sign or verify with: a pair, its public half, or a secret.
struct jws_key {
  pkey_ptr pair;
  std::string secret; // where `pair` is null
  bool is_private = false;
  std::string alg, kid;
};

/// A JSON Web Key; nothing, with `error`, where it is none.
std::optional<jws_key> read_jwk(const value& v, std::string& error);

/// One JWK or the keys of a JWK set.
bool read_jwk_set(call_context& c, std::string_view json,
                  std::vector<jws_key>& out, std::string& error);

/// A private RSA or EC key as JWK; undefined for other kinds.
value to_jwk(call_context& c, const pkey_ptr& key);

} // namespace rego
