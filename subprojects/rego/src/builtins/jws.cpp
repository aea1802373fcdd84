// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/jws.hpp"

#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <algorithm>

#include "builtins/digest.hpp"

namespace rego {

namespace {

using md_ctx = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

const char* digest_name(std::string_view alg) {
  auto bits = alg.substr(2);
  return bits == "256" ? "SHA256" : bits == "384" ? "SHA384" : "SHA512";
}

const char* key_type(std::string_view alg) {
  return alg == "EdDSA" ? "ED25519" : alg.starts_with("ES") ? "EC" : "RSA";
}

bool fits(const jws_key& key, std::string_view alg) {
  return known_jws_algorithm(alg) && key.pair
         && EVP_PKEY_is_a(key.pair.get(), key_type(alg));
}

// PSS with a salt as long as the digest; any length is taken when verifying.
bool set_padding(EVP_PKEY_CTX* ctx, std::string_view alg, bool signing) {
  if (!alg.starts_with("PS"))
    return true;
  return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) > 0
         && EVP_PKEY_CTX_set_rsa_pss_saltlen(
                ctx, signing ? RSA_PSS_SALTLEN_DIGEST : RSA_PSS_SALTLEN_AUTO)
                > 0;
}

// r and s one after another, as DER.
std::string ecdsa_to_der(std::string_view raw) {
  auto half = raw.size() / 2;
  auto* sig = ECDSA_SIG_new();
  auto* r = BN_bin2bn(bytes_of(raw), static_cast<int>(half), nullptr);
  auto* s = BN_bin2bn(bytes_of(raw) + half, static_cast<int>(raw.size() - half),
                      nullptr);
  ECDSA_SIG_set0(sig, r, s);
  unsigned char* der = nullptr;
  auto n = i2d_ECDSA_SIG(sig, &der);
  std::string out(reinterpret_cast<char*>(der),
                  n > 0 ? static_cast<size_t>(n) : 0);
  OPENSSL_free(der);
  ECDSA_SIG_free(sig);
  return out;
}

std::string ecdsa_to_raw(const std::string& der, size_t half) {
  auto* p = bytes_of(der);
  auto* sig = d2i_ECDSA_SIG(nullptr, &p, static_cast<long>(der.size()));
  std::string out(2 * half, '\0');
  if (!sig)
    return {};
  auto* to = reinterpret_cast<unsigned char*>(out.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(sig), to, static_cast<int>(half));
  BN_bn2binpad(ECDSA_SIG_get0_s(sig), to + half, static_cast<int>(half));
  ECDSA_SIG_free(sig);
  return out;
}

} // namespace

bool known_jws_algorithm(std::string_view alg) {
  constexpr std::string_view known[] = {
      "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256",
      "ES384", "ES512", "HS256", "HS384", "HS512", "EdDSA"};
  return std::find(std::begin(known), std::end(known), alg) != std::end(known);
}

bool verify_jws(const jws_key& key, std::string_view alg, std::string_view text,
                std::string_view signature) {
  if (alg.starts_with("HS"))
    return known_jws_algorithm(alg) && !key.pair
           && equal_in_constant_time(hmac(digest_name(alg), key.secret, text),
                                     signature);
  if (!fits(key, alg) || signature.empty() || signature.size() > 4096)
    return false;
  std::string der(signature);
  if (alg.starts_with("ES"))
    der = ecdsa_to_der(signature);
  md_ctx ctx(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_PKEY_CTX* inner = nullptr;
  auto* md = alg == "EdDSA" ? nullptr : digest_method(digest_name(alg));
  bool ok =
      EVP_DigestVerifyInit(ctx.get(), &inner, md, nullptr, key.pair.get()) == 1
      && set_padding(inner, alg, false)
      && EVP_DigestVerify(ctx.get(), bytes_of(der), der.size(), bytes_of(text),
                          text.size())
             == 1;
  ERR_clear_error();
  return ok;
}

std::optional<std::string> sign_jws(const jws_key& key, std::string_view alg,
                                    std::string_view text) {
  if (alg.starts_with("HS")) {
    if (!known_jws_algorithm(alg) || key.pair)
      return std::nullopt;
    return hmac(digest_name(alg), key.secret, text);
  }
  if (!fits(key, alg) || !key.is_private)
    return std::nullopt;
  md_ctx ctx(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_PKEY_CTX* inner = nullptr;
  auto* md = alg == "EdDSA" ? nullptr : digest_method(digest_name(alg));
  size_t size = 0;
  bool ok =
      EVP_DigestSignInit(ctx.get(), &inner, md, nullptr, key.pair.get()) == 1
      && set_padding(inner, alg, true)
      && EVP_DigestSign(ctx.get(), nullptr, &size, bytes_of(text), text.size())
             == 1;
  std::string out(size, '\0');
  ok =
      ok
      && EVP_DigestSign(ctx.get(), reinterpret_cast<unsigned char*>(out.data()),
                        &size, bytes_of(text), text.size())
             == 1;
  ERR_clear_error();
  if (!ok)
    return std::nullopt;
  out.resize(size);
  if (alg.starts_with("ES")) {
    auto bits = EVP_PKEY_get_bits(key.pair.get());
    out = ecdsa_to_raw(out, static_cast<size_t>(bits + 7) / 8);
  }
  return out;
}

} // namespace rego
