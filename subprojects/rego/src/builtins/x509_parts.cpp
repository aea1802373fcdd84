// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/x509_parts.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <charconv>

#include "builtins/base64.hpp"
#include "builtins/x509_value.hpp"

namespace rego {

namespace {

std::string octets_of(const ASN1_STRING* s) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(s)),
          static_cast<size_t>(ASN1_STRING_length(s))};
}

std::string text_of(const ASN1_STRING* s) {
  unsigned char* utf8 = nullptr;
  auto n = ASN1_STRING_to_UTF8(&utf8, s);
  std::string out(reinterpret_cast<char*>(utf8),
                  n > 0 ? static_cast<size_t>(n) : 0);
  OPENSSL_free(utf8);
  return out;
}

value key_number(call_context& c, EVP_PKEY* key, const char* name) {
  BIGNUM* n = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &n) != 1)
    return value::null();
  auto v = big_number(c, n);
  BN_clear_free(n);
  return v;
}

std::string raw_key(EVP_PKEY* key, bool is_private) {
  size_t size = 64;
  std::string out(size, '\0');
  auto* to = reinterpret_cast<unsigned char*>(out.data());
  bool ok = (is_private ? EVP_PKEY_get_raw_private_key(key, to, &size)
                        : EVP_PKEY_get_raw_public_key(key, to, &size))
            == 1;
  out.resize(ok ? size : 0);
  return out;
}

} // namespace

std::string oid_text(const ASN1_OBJECT* id) {
  char text[256];
  auto n = OBJ_obj2txt(text, sizeof text, id, 1);
  return n > 0 ? std::string(text) : std::string();
}

value oid_value(call_context& c, const ASN1_OBJECT* id) {
  auto text = oid_text(id);
  array_builder b(c.memory());
  for (size_t from = 0; from < text.size();) {
    auto to = std::min(text.find('.', from), text.size());
    int64_t n = 0;
    std::from_chars(text.data() + from, text.data() + to, n);
    b.push(value::integer(n));
    from = to + 1;
  }
  return b.array();
}

value big_number(call_context& c, const BIGNUM* n) {
  auto* text = BN_bn2dec(n);
  auto v = make_number(c.memory(), std::string_view(text ? text : "0"));
  OPENSSL_free(text);
  return v;
}

value integer_value(call_context& c, const ASN1_INTEGER* n) {
  auto* big = ASN1_INTEGER_to_BN(n, nullptr);
  if (!big)
    return value::null();
  auto v = big_number(c, big);
  BN_free(big);
  return v;
}

value name_value(call_context& c, X509_NAME* name) {
  struct attribute {
    int nid;
    const char* member;
    bool list;
  };
  constexpr attribute known[] = {
      {NID_countryName, "Country", true},
      {NID_organizationName, "Organization", true},
      {NID_organizationalUnitName, "OrganizationalUnit", true},
      {NID_localityName, "Locality", true},
      {NID_stateOrProvinceName, "Province", true},
      {NID_streetAddress, "StreetAddress", true},
      {NID_postalCode, "PostalCode", true},
      {NID_serialNumber, "SerialNumber", false},
      {NID_commonName, "CommonName", false}};
  object_builder b(c.memory());
  for (auto& a : known) {
    array_builder list(c.memory());
    for (int at = -1; (at = X509_NAME_get_index_by_NID(name, a.nid, at)) >= 0;)
      list.push(c.string(
          text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)))));
    if (a.list)
      b.add(a.member, list.size() ? list.array() : value::null());
    else
      b.add(a.member, list.size() ? list[list.size() - 1] : c.string(""));
  }
  array_builder names(c.memory());
  for (int i = 0; i < X509_NAME_entry_count(name); ++i) {
    auto* e = X509_NAME_get_entry(name, i);
    object_builder n(c.memory());
    n.add("Type", oid_value(c, X509_NAME_ENTRY_get_object(e)));
    n.add("Value", c.string(text_of(X509_NAME_ENTRY_get_data(e))));
    names.push(n.finish());
  }
  b.add("Names", names.size() ? names.array() : value::null());
  b.add("ExtraNames", value::null());
  return b.finish();
}

value extensions_value(call_context& c, const STACK_OF(X509_EXTENSION) * list) {
  array_builder out(c.memory());
  for (int i = 0; list && i < sk_X509_EXTENSION_num(list); ++i) {
    auto* e = sk_X509_EXTENSION_value(list, i);
    object_builder b(c.memory());
    b.add("Id", oid_value(c, X509_EXTENSION_get_object(e)));
    b.add("Critical", value::boolean(X509_EXTENSION_get_critical(e) == 1));
    b.add("Value", c.string(base64_encode(octets_of(X509_EXTENSION_get_data(e)),
                                          base64_form::standard)));
    out.push(b.finish());
  }
  return out.size() ? out.array() : value::null();
}

int go_extended_usage(const ASN1_OBJECT* id) {
  constexpr int nids[] = {
      NID_anyExtendedKeyUsage, NID_server_auth,   NID_client_auth,
      NID_code_sign,           NID_email_protect, NID_ipsecEndSystem,
      NID_ipsecTunnel,         NID_ipsecUser,     NID_time_stamp,
      NID_OCSP_sign,           NID_ms_sgc,        NID_ns_sgc,
      NID_ms_code_com};
  auto nid = OBJ_obj2nid(id);
  for (size_t i = 0; i < std::size(nids); ++i)
    if (nids[i] == nid)
      return static_cast<int>(i);
  // Microsoft's signing of kernel code, which OpenSSL has no name for.
  return oid_text(id) == "1.3.6.1.4.1.311.61.1.1" ? 13 : -1;
}

void add_extended_usage(call_context& c, object_builder& b, X509* x) {
  array_builder known(c.memory()), unknown(c.memory());
  auto* list = static_cast<EXTENDED_KEY_USAGE*>(
      X509_get_ext_d2i(x, NID_ext_key_usage, nullptr, nullptr));
  for (int i = 0; list && i < sk_ASN1_OBJECT_num(list); ++i) {
    auto* id = sk_ASN1_OBJECT_value(list, i);
    auto n = go_extended_usage(id);
    if (n >= 0)
      known.push(value::integer(n));
    else
      unknown.push(oid_value(c, id));
  }
  EXTENDED_KEY_USAGE_free(list);
  b.add("ExtKeyUsage", known.size() ? known.array() : value::null());
  b.add("UnknownExtKeyUsage", unknown.size() ? unknown.array() : value::null());
}

void add_public_key(call_context& c, object_builder& b, EVP_PKEY* key) {
  object_builder k(c.memory());
  int algorithm = 0;
  auto v = value::null();
  if (key && EVP_PKEY_is_a(key, "RSA")) {
    algorithm = 1;
    k.add("N", key_number(c, key, OSSL_PKEY_PARAM_RSA_N));
    k.add("E", key_number(c, key, OSSL_PKEY_PARAM_RSA_E));
    v = k.finish();
  } else if (key && EVP_PKEY_is_a(key, "EC")) {
    algorithm = 3;
    k.add("Curve", object_builder(c.memory()).finish());
    k.add("X", key_number(c, key, OSSL_PKEY_PARAM_EC_PUB_X));
    k.add("Y", key_number(c, key, OSSL_PKEY_PARAM_EC_PUB_Y));
    v = k.finish();
  } else if (key && EVP_PKEY_is_a(key, "ED25519")) {
    algorithm = 4;
    v = c.string(base64_encode(raw_key(key, false), base64_form::standard));
  }
  b.add("PublicKeyAlgorithm", value::integer(algorithm));
  b.add("PublicKey", v);
}

int go_signature_algorithm(int nid) {
  constexpr int nids[] = {0,
                          NID_md2WithRSAEncryption,
                          NID_md5WithRSAEncryption,
                          NID_sha1WithRSAEncryption,
                          NID_sha256WithRSAEncryption,
                          NID_sha384WithRSAEncryption,
                          NID_sha512WithRSAEncryption,
                          NID_dsaWithSHA1,
                          NID_dsa_with_SHA256,
                          NID_ecdsa_with_SHA1,
                          NID_ecdsa_with_SHA256,
                          NID_ecdsa_with_SHA384,
                          NID_ecdsa_with_SHA512,
                          NID_rsassaPss,
                          0,
                          0,
                          NID_ED25519};
  for (size_t i = 1; i < std::size(nids); ++i)
    if (nids[i] == nid)
      return static_cast<int>(i);
  return 0;
}

value private_key_value(call_context& c, const pkey_ptr& owned) {
  auto* key = owned.get();
  object_builder b(c.memory());
  if (EVP_PKEY_is_a(key, "RSA")) {
    object_builder pre(c.memory());
    b.add("N", key_number(c, key, OSSL_PKEY_PARAM_RSA_N));
    b.add("E", key_number(c, key, OSSL_PKEY_PARAM_RSA_E));
    b.add("D", key_number(c, key, OSSL_PKEY_PARAM_RSA_D));
    b.add("Primes",
          make_array(c.memory(),
                     {key_number(c, key, OSSL_PKEY_PARAM_RSA_FACTOR1),
                      key_number(c, key, OSSL_PKEY_PARAM_RSA_FACTOR2)}));
    pre.add("Dp", key_number(c, key, OSSL_PKEY_PARAM_RSA_EXPONENT1));
    pre.add("Dq", key_number(c, key, OSSL_PKEY_PARAM_RSA_EXPONENT2));
    pre.add("Qinv", key_number(c, key, OSSL_PKEY_PARAM_RSA_COEFFICIENT1));
    pre.add("CRTValues", make_array(c.memory(), {}));
    b.add("Precomputed", pre.finish());
  } else if (EVP_PKEY_is_a(key, "EC")) {
    b.add("Curve", object_builder(c.memory()).finish());
    b.add("X", key_number(c, key, OSSL_PKEY_PARAM_EC_PUB_X));
    b.add("Y", key_number(c, key, OSSL_PKEY_PARAM_EC_PUB_Y));
    b.add("D", key_number(c, key, OSSL_PKEY_PARAM_PRIV_KEY));
  } else if (EVP_PKEY_is_a(key, "ED25519")) {
    return c.string(base64_encode(raw_key(key, true) + raw_key(key, false),
                                  base64_form::standard));
  }
  ERR_clear_error();
  return b.finish();
}

} // namespace rego
