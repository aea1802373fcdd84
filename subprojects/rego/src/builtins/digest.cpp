// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/digest.hpp"

#include <array>
#include <memory>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "builtins/base64.hpp"
#include "builtins/families.hpp"
#include "builtins/support.hpp"

namespace rego {

const EVP_MD* digest_method(const char* algorithm) {
  struct method {
    std::string_view name;
    const EVP_MD* how;
  };
  // To look for one takes longer than to digest a short text, so those that
  // policies use are looked for once. Never given back:
  // OpenSSL may be gone before what is static here.
  static const auto all = [] {
    std::array<method, 5> list{{{"MD5", {}},
                                {"SHA1", {}},
                                {"SHA256", {}},
                                {"SHA384", {}},
                                {"SHA512", {}}}};
    for (auto& m : list)
      m.how = EVP_MD_fetch(nullptr, m.name.data(), nullptr);
    return list;
  }();
  for (auto& m : all)
    if (m.name == algorithm)
      return m.how;
  return EVP_get_digestbyname(algorithm);
}

std::string digest(const char* algorithm, std::string_view bytes) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  auto* md = digest_method(algorithm);
  if (!md
      || EVP_Digest(bytes_of(bytes), bytes.size(), out, &size, md, nullptr)
             != 1)
    return {};
  return {reinterpret_cast<const char*>(out), size};
}

namespace {

// The digest of a block, the key masked and filled up, and the bytes behind it.
std::string masked_digest(EVP_MD_CTX* ctx, const EVP_MD* md,
                          std::string_view key, char mask,
                          std::string_view bytes) {
  std::string block(static_cast<size_t>(EVP_MD_get_block_size(md)), mask);
  for (size_t i = 0; i < key.size(); ++i)
    block[i] = static_cast<char>(block[i] ^ key[i]);
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  bool ok = EVP_DigestInit_ex(ctx, md, nullptr) == 1
            && EVP_DigestUpdate(ctx, block.data(), block.size()) == 1
            && EVP_DigestUpdate(ctx, bytes.data(), bytes.size()) == 1
            && EVP_DigestFinal_ex(ctx, out, &size) == 1;
  OPENSSL_cleanse(block.data(), block.size());
  if (!ok)
    return {};
  return {reinterpret_cast<const char*>(out), size};
}

} // namespace

// RFC 2104. OpenSSL's HMAC looks for its methods each time, which takes four
// times as long as this.
std::string hmac(const char* algorithm, std::string_view key,
                 std::string_view bytes) {
  auto* md = digest_method(algorithm);
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> ctx(EVP_MD_CTX_new(),
                                                              EVP_MD_CTX_free);
  if (!md || !ctx)
    return {};
  std::string shorter;
  if (key.size() > static_cast<size_t>(EVP_MD_get_block_size(md)))
    key = shorter = digest(algorithm, key);
  auto inner = masked_digest(ctx.get(), md, key, 0x36, bytes);
  return inner.empty() ? inner : masked_digest(ctx.get(), md, key, 0x5c, inner);
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
