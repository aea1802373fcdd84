// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// JSON Web Keys to and from OpenSSL's keys.

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "builtins/base64.hpp"
#include "builtins/digest.hpp"
#include "builtins/go_json.hpp"
#include "builtins/keys.hpp"
#include "rego/json.hpp"

namespace rego {

namespace {

struct free_bn {
  void operator()(BIGNUM* n) const { BN_clear_free(n); }
};
using bn_ptr = std::unique_ptr<BIGNUM, free_bn>;

// A member of the key as text, or empty.
std::string text_of(const value& v, std::string_view name) {
  for (size_t i = 0; i < v.size(); ++i)
    if (v.keys()[i].is_string() && v.keys()[i].as_string() == name
        && v.values()[i].is_string())
      return std::string(v.values()[i].as_string());
  return {};
}

std::string bytes_of_member(const value& v, std::string_view name) {
  auto text = text_of(v, name);
  while (text.ends_with('='))
    text.pop_back();
  auto r = base64_decode(text, base64_form::url_raw);
  return r.bad ? std::string() : r.bytes;
}

// Gathers the parameters of a key and makes it.
class key_builder {
public:
  key_builder() : build_(OSSL_PARAM_BLD_new()) {}
  ~key_builder() { OSSL_PARAM_BLD_free(build_); }
  key_builder(const key_builder&) = delete;
  key_builder& operator=(const key_builder&) = delete;

  // Adds a number of the JWK where it has it.
  bool number(const char* name, const value& v, std::string_view member) {
    auto bytes = bytes_of_member(v, member);
    if (bytes.empty() || bytes.size() > 4096)
      return false;
    numbers_.emplace_back(
        BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
    return OSSL_PARAM_BLD_push_BN(build_, name, numbers_.back().get()) == 1;
  }
  void text(const char* name, const char* text) {
    OSSL_PARAM_BLD_push_utf8_string(build_, name, text, 0);
  }
  void octets(const char* name, std::string bytes) {
    octets_.push_back(std::move(bytes));
    OSSL_PARAM_BLD_push_octet_string(build_, name, octets_.back().data(),
                                     octets_.back().size());
  }
  pkey_ptr make(const char* type, bool is_private) {
    std::unique_ptr<OSSL_PARAM, decltype(&OSSL_PARAM_free)> params(
        OSSL_PARAM_BLD_to_param(build_), OSSL_PARAM_free);
    std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> ctx(
        EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr), EVP_PKEY_CTX_free);
    EVP_PKEY* key = nullptr;
    if (params && ctx && EVP_PKEY_fromdata_init(ctx.get()) == 1)
      EVP_PKEY_fromdata(ctx.get(), &key,
                        is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                        params.get());
    ERR_clear_error();
    return key ? pkey_ptr(key, EVP_PKEY_free) : nullptr;
  }

private:
  OSSL_PARAM_BLD* build_;
  std::vector<bn_ptr> numbers_;
  std::vector<std::string> octets_;
};

pkey_ptr rsa_key(const value& v, bool is_private) {
  key_builder b;
  if (!b.number(OSSL_PKEY_PARAM_RSA_N, v, "n")
      || !b.number(OSSL_PKEY_PARAM_RSA_E, v, "e"))
    return nullptr;
  if (is_private) {
    b.number(OSSL_PKEY_PARAM_RSA_D, v, "d");
    bool factors = b.number(OSSL_PKEY_PARAM_RSA_FACTOR1, v, "p")
                   && b.number(OSSL_PKEY_PARAM_RSA_FACTOR2, v, "q");
    if (factors && b.number(OSSL_PKEY_PARAM_RSA_EXPONENT1, v, "dp")
        && b.number(OSSL_PKEY_PARAM_RSA_EXPONENT2, v, "dq"))
      b.number(OSSL_PKEY_PARAM_RSA_COEFFICIENT1, v, "qi");
  }
  return b.make("RSA", is_private);
}

pkey_ptr ec_key(const value& v, bool is_private) {
  auto curve = text_of(v, "crv");
  size_t size = curve == "P-256" ? 32 : curve == "P-384" ? 48 : 66;
  if (curve != "P-256" && curve != "P-384" && curve != "P-521")
    return nullptr;
  auto x = bytes_of_member(v, "x"), y = bytes_of_member(v, "y");
  if (x.empty() || y.empty() || x.size() > size || y.size() > size)
    return nullptr;
  x.insert(0, size - x.size(), '\0');
  y.insert(0, size - y.size(), '\0');
  key_builder b;
  b.text(OSSL_PKEY_PARAM_GROUP_NAME, curve.c_str());
  b.octets(OSSL_PKEY_PARAM_PUB_KEY, "\x04" + x + y);
  if (is_private)
    b.number(OSSL_PKEY_PARAM_PRIV_KEY, v, "d");
  return b.make("EC", is_private);
}

pkey_ptr okp_key(const value& v, bool is_private) {
  if (text_of(v, "crv") != "Ed25519")
    return nullptr;
  auto bytes = bytes_of_member(v, is_private ? "d" : "x");
  auto* key = is_private
                  ? EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr,
                                                 bytes_of(bytes), bytes.size())
                  : EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr,
                                                bytes_of(bytes), bytes.size());
  ERR_clear_error();
  return key ? pkey_ptr(key, EVP_PKEY_free) : nullptr;
}

// A number of the key as unpadded base64url.
void add_number(call_context& c, object_builder& out, EVP_PKEY* key,
                const char* parameter, std::string_view name, size_t size = 0) {
  BIGNUM* n = nullptr;
  if (EVP_PKEY_get_bn_param(key, parameter, &n) != 1)
    return;
  bn_ptr owned(n);
  std::string bytes(std::max(static_cast<size_t>(BN_num_bytes(n)), size), '\0');
  BN_bn2binpad(n, reinterpret_cast<unsigned char*>(bytes.data()),
               static_cast<int>(bytes.size()));
  out.add(name, c.string(base64_encode(bytes, base64_form::url_raw)));
}

} // namespace

std::optional<jws_key> read_jwk(const value& v, std::string& error) {
  if (!v.is_object()) {
    error = "jwk.Parse: failed to parse key: not an object";
    return std::nullopt;
  }
  jws_key k;
  k.alg = text_of(v, "alg");
  k.kid = text_of(v, "kid");
  auto type = text_of(v, "kty");
  k.is_private = type != "oct" && !text_of(v, "d").empty();
  if (type == "oct") {
    k.secret = bytes_of_member(v, "k");
    k.is_private = true;
  } else if (type == "RSA") {
    k.pair = rsa_key(v, k.is_private);
  } else if (type == "EC") {
    k.pair = ec_key(v, k.is_private);
  } else if (type == "OKP") {
    k.pair = okp_key(v, k.is_private);
  } else {
    error = "jwk.Parse: failed to parse key: invalid key type from JSON ("
            + type + ")";
    return std::nullopt;
  }
  if (k.pair || !k.secret.empty())
    return k;
  error = "jwk.Parse: failed to parse key: invalid or missing fields for kty "
          + type;
  return std::nullopt;
}

bool read_jwk_set(call_context& c, std::string_view json,
                  std::vector<jws_key>& out, std::string& error) {
  auto r = parse_as_go(c.memory(), json);
  if (!r) {
    error = "jwk.Parse: failed to unmarshal JSON: " + r.error_list()[0].message;
    return false;
  }
  auto keys = r->is_object() ? lookup(*r, c.string("keys")) : value();
  auto one = std::span<const value>(&*r, 1);
  for (auto& v : keys.is_array() ? keys.items() : one) {
    auto k = read_jwk(v, error);
    if (!k)
      return false;
    out.push_back(std::move(*k));
  }
  return true;
}

value to_jwk(call_context& c, const pkey_ptr& key) {
  object_builder out(c.memory());
  auto* k = key.get();
  if (EVP_PKEY_is_a(k, "RSA")) {
    out.add("kty", c.string("RSA"));
    add_number(c, out, k, OSSL_PKEY_PARAM_RSA_N, "n");
    add_number(c, out, k, OSSL_PKEY_PARAM_RSA_E, "e");
    add_number(c, out, k, OSSL_PKEY_PARAM_RSA_D, "d");
    add_number(c, out, k, OSSL_PKEY_PARAM_RSA_FACTOR1, "p");
    add_number(c, out, k, OSSL_PKEY_PARAM_RSA_FACTOR2, "q");
    add_number(c, out, k, OSSL_PKEY_PARAM_RSA_EXPONENT1, "dp");
    add_number(c, out, k, OSSL_PKEY_PARAM_RSA_EXPONENT2, "dq");
    add_number(c, out, k, OSSL_PKEY_PARAM_RSA_COEFFICIENT1, "qi");
    return out.finish();
  }
  if (!EVP_PKEY_is_a(k, "EC"))
    return {};
  auto bits = EVP_PKEY_get_bits(k);
  auto size = static_cast<size_t>(bits + 7) / 8;
  out.add("kty", c.string("EC"));
  out.add("crv", c.string("P-" + std::to_string(bits)));
  add_number(c, out, k, OSSL_PKEY_PARAM_EC_PUB_X, "x", size);
  add_number(c, out, k, OSSL_PKEY_PARAM_EC_PUB_Y, "y", size);
  add_number(c, out, k, OSSL_PKEY_PARAM_PRIV_KEY, "d", size);
  return out.finish();
}

} // namespace rego
