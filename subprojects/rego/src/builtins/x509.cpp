// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// crypto.x509.* and crypto.parse_private_keys.

#include <openssl/err.h>

#include <optional>

#include "builtins/base64.hpp"
#include "builtins/families.hpp"
#include "builtins/support.hpp"
#include "builtins/x509_parts.hpp"
#include "builtins/x509_value.hpp"

namespace rego {

namespace {

constexpr std::string_view begin = "-----BEGIN";

// PEM as it is, anything else out of base64; nothing after an error.
std::optional<std::string> pem_or_der(call_context& c, std::string_view s,
                                      std::string_view head = begin) {
  c.tick(100 + s.size() / 16);
  if (s.starts_with(head))
    return std::string(s);
  auto r = base64_decode(s, base64_form::standard);
  if (!r.bad)
    return r.bytes;
  c.fail(base64_error(*r.bad));
  return std::nullopt;
}

bool read_chain(call_context& c, std::string_view s, certificates& out) {
  auto bytes = pem_or_der(c, s);
  if (!bytes)
    return false;
  auto der = *bytes;
  if (der.starts_with(begin)) {
    std::string_view rest = *bytes;
    der.clear();
    while (auto block = next_pem(rest)) {
      if (block->type != "CERTIFICATE") {
        c.fail("PEM block type is '" + block->type + "', expected CERTIFICATE");
        return false;
      }
      der += block->bytes;
    }
  }
  if (read_certificates(der, out))
    return true;
  c.fail("x509: malformed certificate");
  return false;
}

value values_of(call_context& c, const certificates& list, bool uris) {
  array_builder b(c.memory(), list.size());
  for (auto& x : list) {
    c.tick(1000);
    b.push(to_value(c, x, uris));
  }
  return b.array();
}

value parse_certificates(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  certificates list;
  return read_chain(c, a[0].as_string(), list) ? values_of(c, list, true)
                                               : value();
}

struct verify_options {
  std::string dns_name;
  std::optional<int64_t> now_ns;
  std::vector<int> usages;
};

// Is the certificate good for one of the usages? One without the extension is
// good for all.
bool usable(const certificate& x, const std::vector<int>& usages) {
  auto* list = static_cast<EXTENDED_KEY_USAGE*>(
      X509_get_ext_d2i(x.get(), NID_ext_key_usage, nullptr, nullptr));
  bool good = !list;
  for (int i = 0; list && i < sk_ASN1_OBJECT_num(list); ++i) {
    auto n = go_extended_usage(sk_ASN1_OBJECT_value(list, i));
    for (auto u : usages)
      good = good || n == 0 || u == 0 || n == u;
  }
  EXTENDED_KEY_USAGE_free(list);
  return good;
}

// The chain from the last certificate, the leaf, to the first, the root; empty
// where there is none that holds.
certificates verified_chain(call_context& c, const certificates& given,
                            const verify_options& o) {
  certificates out;
  if (given.size() < 2)
    return out;
  std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> store(
      X509_STORE_new(), X509_STORE_free);
  std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> ctx(
      X509_STORE_CTX_new(), X509_STORE_CTX_free);
  auto* between = sk_X509_new_null();
  X509_STORE_add_cert(store.get(), given.front().get());
  for (size_t i = 1; i + 1 < given.size(); ++i)
    sk_X509_push(between, given[i].get());
  auto* leaf = given.back().get();
  c.tick(10'000 * given.size());
  if (X509_STORE_CTX_init(ctx.get(), store.get(), leaf, between) == 1) {
    auto* p = X509_STORE_CTX_get0_param(ctx.get());
    X509_VERIFY_PARAM_set_flags(p, X509_V_FLAG_PARTIAL_CHAIN);
    X509_VERIFY_PARAM_set_time(
        p, static_cast<time_t>(o.now_ns.value_or(c.now_ns()) / 1'000'000'000));
    if (!o.dns_name.empty()) {
      X509_VERIFY_PARAM_set1_host(p, o.dns_name.data(), o.dns_name.size());
      X509_VERIFY_PARAM_set_hostflags(p, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    }
    if (X509_verify_cert(ctx.get()) == 1) {
      auto* chain = X509_STORE_CTX_get0_chain(ctx.get());
      for (int i = 0; i < sk_X509_num(chain); ++i) {
        X509_up_ref(sk_X509_value(chain, i));
        out.emplace_back(sk_X509_value(chain, i), X509_free);
      }
    }
  }
  sk_X509_free(between);
  ERR_clear_error();
  auto usages = o.usages.empty() ? std::vector<int>{1} : o.usages;
  for (auto& x : out)
    if (!usable(x, usages))
      return {};
  return out;
}

value verdict(call_context& c, const certificates& chain, bool uris) {
  return make_array(c.memory(),
                    {truth(!chain.empty()), values_of(c, chain, uris)});
}

value parse_and_verify(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  certificates list;
  if (!read_chain(c, a[0].as_string(), list))
    list.clear();
  c.clear_failure();
  return verdict(c, verified_chain(c, list, {}), true);
}

int usage_number(std::string_view name) {
  constexpr std::string_view names[] = {
      "KeyUsageAny",
      "KeyUsageServerAuth",
      "KeyUsageClientAuth",
      "KeyUsageCodeSigning",
      "KeyUsageEmailProtection",
      "KeyUsageIPSECEndSystem",
      "KeyUsageIPSECTunnel",
      "KeyUsageIPSECUser",
      "KeyUsageTimeStamping",
      "KeyUsageOCSPSigning",
      "KeyUsageMicrosoftServerGatedCrypto",
      "KeyUsageNetscapeServerGatedCrypto",
      "KeyUsageMicrosoftCommercialCodeSigning",
      "KeyUsageMicrosoftKernelCodeSigning"};
  for (size_t i = 0; i < std::size(names); ++i)
    if (names[i] == name)
      return static_cast<int>(i);
  return -1;
}

bool read_usages(call_context& c, const value& v, verify_options& to) {
  if (!v.is_array() && !v.is_set()) {
    c.fail("'KeyUsages' should be an Array or Set");
    return false;
  }
  std::string wrong;
  for (auto& x : elements(v)) {
    if (!x.is_string())
      continue;
    auto n = usage_number(x.as_string());
    if (n >= 0)
      to.usages.push_back(n);
    else
      wrong += (wrong.empty() ? "" : " ") + std::string(x.as_string());
  }
  if (wrong.empty())
    return true;
  c.fail("invalid entries for 'KeyUsages' found: [" + wrong + "]");
  return false;
}

bool read_option(call_context& c, std::string_view name, const value& v,
                 verify_options& to) {
  auto refuse = [&](const char* why) {
    c.fail(why);
    return false;
  };
  if (name == "DNSName") {
    if (!v.is_string())
      return refuse("'DNSName' should be a string");
    to.dns_name = v.as_string();
  } else if (name == "CurrentTime") {
    if (!v.is_number())
      return refuse("'CurrentTime' should be a number");
    if (!v.is_integer())
      return refuse("'CurrentTime' should be a valid int64 number");
    to.now_ns = v.as_integer();
  } else if (name == "MaxConstraintComparisons") {
    if (!v.is_number())
      return refuse("'MaxConstraintComparisons' should be a number");
    if (!v.is_integer())
      return refuse("'MaxConstraintComparisons' should be a valid number");
  } else if (name == "KeyUsages") {
    return read_usages(c, v, to);
  } else {
    return refuse("invalid key option");
  }
  return true;
}

value verify_with_options(call_context& c, args a) {
  if (!need(c, a, {kind::string, kind::object}))
    return {};
  certificates list;
  if (!read_chain(c, a[0].as_string(), list)) {
    c.clear_failure();
    return verdict(c, {}, false);
  }
  verify_options o;
  for (size_t i = 0; i < a[1].size(); ++i)
    if (a[1].keys()[i].is_string()
        && !read_option(c, a[1].keys()[i].as_string(), a[1].values()[i], o))
      return {};
  return verdict(c, verified_chain(c, list, o), false);
}

value parse_request(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  auto bytes =
      pem_or_der(c, a[0].as_string(), "-----BEGIN CERTIFICATE REQUEST-----");
  if (!bytes)
    return {};
  std::string_view rest = *bytes;
  auto block = next_pem(rest);
  if (block && block->type != "CERTIFICATE REQUEST")
    return c.fail("invalid PEM-encoded certificate signing request");
  auto v = request_value(c, block ? block->bytes : *bytes);
  return v.defined() ? v : c.fail("asn1: structure error: tags don't match");
}

// Keys out of the private key blocks of a PEM text; false after an error.
bool read_keys(call_context& c, std::string_view pem,
               std::vector<pkey_ptr>& out) {
  while (auto block = next_pem(pem)) {
    if (block->type != "RSA PRIVATE KEY" && block->type != "PRIVATE KEY"
        && block->type != "EC PRIVATE KEY")
      continue;
    auto key = private_key(block->bytes);
    if (!key) {
      c.fail("x509: failed to parse private key");
      return false;
    }
    out.push_back(std::move(key));
  }
  return true;
}

value parse_key_pair(call_context& c, args a) {
  for (int i = 0; i < 2; ++i)
    if (!a[static_cast<size_t>(i)].is_string())
      return c.operand_error(1, a[static_cast<size_t>(i)], "string");
  auto cert = pem_or_der(c, a[0].as_string()),
       key = std::optional<std::string>();
  if (cert)
    key = pem_or_der(c, a[1].as_string());
  if (!key)
    return {};
  std::vector<std::string> ders;
  if (cert->starts_with(begin)) {
    std::string_view rest = *cert;
    while (auto block = next_pem(rest))
      if (block->type == "CERTIFICATE")
        ders.push_back(block->bytes);
  } else {
    ders.push_back(*cert);
  }
  std::vector<pkey_ptr> keys;
  if (!key->starts_with(begin))
    keys.push_back(private_key(*key));
  else if (!read_keys(c, *key, keys))
    return {};
  certificates list;
  if (ders.empty() || !read_certificates(ders[0], list) || list.empty())
    return c.fail("tls: failed to find any PEM data in certificate input");
  if (keys.empty() || !keys[0])
    return c.fail("tls: failed to find any PEM data in key input");
  bool match = X509_check_private_key(list[0].get(), keys[0].get()) == 1;
  ERR_clear_error();
  if (!match)
    return c.fail("tls: private key does not match public key");
  array_builder encoded(c.memory());
  for (auto& d : ders)
    encoded.push(c.string(base64_encode(d, base64_form::standard)));
  object_builder b(c.memory());
  b.add("Certificate", encoded.array());
  b.add("PrivateKey", private_key_value(c, keys[0]));
  b.add("Leaf", to_value(c, list[0], false));
  for (auto name : {"OCSPStaple", "SignedCertificateTimestamps",
                    "SupportedSignatureAlgorithms"})
    b.add(name, value::null());
  return b.finish();
}

value parse_rsa_key(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  if (a[0].as_string().empty())
    return c.fail("input PEM data was empty");
  auto pem = pem_or_der(c, a[0].as_string());
  std::vector<pkey_ptr> keys;
  if (!pem || !read_keys(c, *pem, keys))
    return {};
  if (keys.empty())
    return value::null();
  auto v = to_jwk(c, keys[0]);
  return v.defined() ? v : c.fail("unsupported key type");
}

value parse_private_keys(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  auto s = a[0].as_string();
  if (s.empty())
    return value::null();
  c.tick(100 + s.size() / 16);
  auto decoded = base64_decode(s, base64_form::standard);
  std::vector<pkey_ptr> keys;
  if (!read_keys(c, decoded.bad ? s : std::string_view(decoded.bytes), keys))
    return {};
  array_builder b(c.memory());
  for (auto& k : keys)
    b.push(private_key_value(c, k));
  return b.array();
}

} // namespace

void register_x509(builtin_table& t) {
  t.add("crypto.parse_private_keys", parse_private_keys);
  t.add("crypto.x509.parse_and_verify_certificates", parse_and_verify);
  t.add("crypto.x509.parse_and_verify_certificates_with_options",
        verify_with_options);
  t.add("crypto.x509.parse_certificate_request", parse_request);
  t.add("crypto.x509.parse_certificates", parse_certificates);
  t.add("crypto.x509.parse_keypair", parse_key_pair);
  t.add("crypto.x509.parse_rsa_private_key", parse_rsa_key);
}

} // namespace rego
