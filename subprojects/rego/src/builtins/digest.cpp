// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "builtins/base64.hpp"
#include "builtins/families.hpp"
#include "builtins/support.hpp"

namespace rego {

std::string digest(const char* algorithm, std::string_view bytes) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  auto* md = EVP_get_digestbyname(algorithm);
  if (!md
      || EVP_Digest(bytes_of(bytes), bytes.size(), out, &size, md, nullptr)
             != 1)
    return {};
  return {reinterpret_cast<const char*>(out), size};
}

std::string hmac(const char* algorithm, std::string_view key,
                 std::string_view bytes) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  auto* md = EVP_get_digestbyname(algorithm);
  if (!md || key.size() > INT32_MAX
      || !HMAC(md, bytes_of(key), static_cast<int>(key.size()), bytes_of(bytes),
               bytes.size(), out, &size))
    return {};
  return {reinterpret_cast<const char*>(out), size};
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size()
         && CRYPTO_memcmp(bytes_of(a), bytes_of(b), a.size()) == 0;
}

namespace {

constexpr char md5[] = "MD5", sha1[] = "SHA1", sha256[] = "SHA256",
               sha512[] = "SHA512";

// An empty result means that the library refuses the algorithm.
value as_hex(call_context& c, const std::string& bytes) {
  return bytes.empty() ? c.fail("algorithm not available")
                       : c.string(hex_encode(bytes));
}

template <const char* Algorithm>
value hashed(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  c.tick(a[0].as_string().size() / 64);
  return as_hex(c, digest(Algorithm, a[0].as_string()));
}

template <const char* Algorithm>
value keyed(call_context& c, args a) {
  if (!need(c, a, {kind::string, kind::string}))
    return {};
  c.tick(a[0].as_string().size() / 64);
  return as_hex(c, hmac(Algorithm, a[1].as_string(), a[0].as_string()));
}

value macs_equal(call_context& c, args a) {
  if (!need(c, a, {kind::string, kind::string}))
    return {};
  return truth(equal_in_constant_time(a[0].as_string(), a[1].as_string()));
}

} // namespace

void register_digests(builtin_table& t) {
  t.add("crypto.hmac.equal", macs_equal);
  t.add("crypto.hmac.md5", keyed<md5>);
  t.add("crypto.hmac.sha1", keyed<sha1>);
  t.add("crypto.hmac.sha256", keyed<sha256>);
  t.add("crypto.hmac.sha512", keyed<sha512>);
  t.add("crypto.md5", hashed<md5>);
  t.add("crypto.sha1", hashed<sha1>);
  t.add("crypto.sha256", hashed<sha256>);
}

} // namespace rego
