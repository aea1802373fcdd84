// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Digests and HMACs through OpenSSL's EVP. Stateless; any thread.

#include <string>
#include <string_view>

namespace rego {

/// A text's bytes as OpenSSL takes them: never null.
inline const unsigned char* bytes_of(std::string_view s) {
  static constexpr unsigned char none = 0;
  return s.empty() ? &none : reinterpret_cast<const unsigned char*>(s.data());
}

/// Digest by OpenSSL's name ("SHA256"), as bytes.
std::string digest(const char* algorithm, std::string_view bytes);
std::string hmac(const char* algorithm, std::string_view key,
                 std::string_view bytes);
/// Equal? Takes the same time wherever they differ.
bool equal_in_constant_time(std::string_view a, std::string_view b);

} // namespace rego
