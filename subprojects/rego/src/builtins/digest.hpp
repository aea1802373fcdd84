// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Digests and HMACs through OpenSSL's EVP. Stateless; any thread.

#include <openssl/types.h>
#include <string>
#include <string_view>

namespace rego {

/// A text's bytes as OpenSSL takes them: never null.
inline const unsigned char* bytes_of(std::string_view s) {
  static constexpr unsigned char none = 0;
  return s.empty() ? &none : reinterpret_cast<const unsigned char*>(s.data());
}

/// OpenSSL's method of that name ("SHA256"), null where there is none.
const EVP_MD* digest_method(const char* algorithm);
/// Digest by the name of its method, as bytes; empty without one.
std::string digest(const char* algorithm, std::string_view bytes);
std::string hmac(const char* algorithm, std::string_view key,
                 std::string_view bytes);
/// Equal? Takes the same time wherever they differ.
bool equal_in_constant_time(std::string_view a, std::string_view b);

} // namespace rego
