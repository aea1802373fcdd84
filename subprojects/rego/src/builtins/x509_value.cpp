// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Certificates and requests; keys are in x509_keys.cpp.

#include "builtins/x509_value.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>

#include "builtins/base64.hpp"
#include "builtins/go_time.hpp"
#include "builtins/go_url.hpp"
#include "builtins/net_address.hpp"
#include "builtins/x509_parts.hpp"

namespace rego {

namespace {

value time_value(call_context& c, const ASN1_TIME* t) {
  std::tm tm{};
  if (!t || ASN1_TIME_to_tm(t, &tm) != 1)
    return c.string("0001-01-01T00:00:00Z");
  auto days = days_from_civil(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
  auto seconds = days * 86400 + tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec;
  return c.string(format_time(make_civil(seconds, 0, 0, "UTC"),
                              named_layout("RFC3339Nano")));
}

int64_t key_usage(X509* x) {
  auto bits = X509_get_key_usage(x);
  if (bits == UINT32_MAX)
    return 0;
  int64_t out = 0;
  for (int i = 0; i < 8; ++i)
    if (bits & (0x80u >> i))
      out |= int64_t{1} << i;
  return bits & KU_DECIPHER_ONLY ? out | 1 << 8 : out;
}

value url_value(call_context& c, const std::string& text) {
  go_url u;
  std::string error;
  parse_url(text, u, error);
  object_builder b(c.memory());
  auto opaque = u.host.empty() && u.path.empty() && !u.scheme.empty()
                    ? text.substr(u.scheme.size() + 1)
                    : std::string();
  b.add("Scheme", c.string(u.scheme));
  b.add("Opaque", c.string(opaque));
  b.add("User", value::null());
  b.add("Host", c.string(u.host));
  b.add("Path", c.string(u.path));
  b.add("RawPath", c.string(u.raw_path));
  b.add("OmitHost", value::boolean(false));
  b.add("ForceQuery", value::boolean(false));
  b.add("RawQuery", c.string(u.raw_query));
  b.add("Fragment", c.string(u.fragment));
  b.add("RawFragment", c.string(""));
  return b.finish();
}

struct alternative_names {
  std::vector<std::string> dns, emails, ips, uris;
};

std::string ia5(const ASN1_STRING* s) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(s)),
          static_cast<size_t>(ASN1_STRING_length(s))};
}

std::string address_text(const std::string& bytes) {
  net_address a;
  for (auto ch : bytes)
    a.bits = a.bits << 8 | static_cast<unsigned char>(ch);
  if (bytes.size() == 4)
    a.bits |= address_bits{0xFFFF} << 32;
  return to_string(a);
}

void add_name(alternative_names& to, const GENERAL_NAME* n) {
  if (n->type == GEN_DNS)
    to.dns.push_back(ia5(n->d.dNSName));
  else if (n->type == GEN_EMAIL)
    to.emails.push_back(ia5(n->d.rfc822Name));
  else if (n->type == GEN_URI)
    to.uris.push_back(ia5(n->d.uniformResourceIdentifier));
  else if (n->type == GEN_IPADD)
    to.ips.push_back(address_text(ia5(n->d.iPAddress)));
}

alternative_names names_of(GENERAL_NAMES* list) {
  alternative_names out;
  for (int i = 0; list && i < sk_GENERAL_NAME_num(list); ++i)
    add_name(out, sk_GENERAL_NAME_value(list, i));
  GENERAL_NAMES_free(list);
  return out;
}

value strings_or_null(call_context& c, const std::vector<std::string>& list) {
  if (list.empty())
    return value::null();
  array_builder b(c.memory(), list.size());
  for (auto& s : list)
    b.push(c.string(s));
  return b.array();
}

void add_names(call_context& c, object_builder& b, const alternative_names& n) {
  array_builder urls(c.memory());
  for (auto& u : n.uris)
    urls.push(url_value(c, u));
  b.add("DNSNames", strings_or_null(c, n.dns));
  b.add("EmailAddresses", strings_or_null(c, n.emails));
  b.add("IPAddresses", strings_or_null(c, n.ips));
  b.add("URIs", n.uris.empty() ? value::null() : urls.array());
}

// Access to authority information of one method, as URLs.
std::vector<std::string> authority_urls(X509* x, int method) {
  std::vector<std::string> out;
  auto* list = static_cast<AUTHORITY_INFO_ACCESS*>(
      X509_get_ext_d2i(x, NID_info_access, nullptr, nullptr));
  for (int i = 0; list && i < sk_ACCESS_DESCRIPTION_num(list); ++i) {
    auto* a = sk_ACCESS_DESCRIPTION_value(list, i);
    if (OBJ_obj2nid(a->method) == method && a->location->type == GEN_URI)
      out.push_back(ia5(a->location->d.uniformResourceIdentifier));
  }
  AUTHORITY_INFO_ACCESS_free(list);
  return out;
}

std::vector<std::string> revocation_urls(X509* x) {
  std::vector<std::string> out;
  auto* list = static_cast<CRL_DIST_POINTS*>(
      X509_get_ext_d2i(x, NID_crl_distribution_points, nullptr, nullptr));
  for (int i = 0; list && i < sk_DIST_POINT_num(list); ++i) {
    auto* p = sk_DIST_POINT_value(list, i)->distpoint;
    for (int k = 0;
         p && p->type == 0 && k < sk_GENERAL_NAME_num(p->name.fullname); ++k) {
      auto* n = sk_GENERAL_NAME_value(p->name.fullname, k);
      if (n->type == GEN_URI)
        out.push_back(ia5(n->d.uniformResourceIdentifier));
    }
  }
  CRL_DIST_POINTS_free(list);
  return out;
}

value policies(call_context& c, X509* x, bool as_text) {
  array_builder b(c.memory());
  auto* list = static_cast<CERTIFICATEPOLICIES*>(
      X509_get_ext_d2i(x, NID_certificate_policies, nullptr, nullptr));
  for (int i = 0; list && i < sk_POLICYINFO_num(list); ++i) {
    auto* id = sk_POLICYINFO_value(list, i)->policyid;
    b.push(as_text ? c.string(oid_text(id)) : oid_value(c, id));
  }
  CERTIFICATEPOLICIES_free(list);
  return b.size() ? b.array() : value::null();
}

value key_id(call_context& c, const ASN1_OCTET_STRING* id) {
  return id ? c.string(base64_encode(ia5(id), base64_form::standard))
            : value::null();
}

// net.IPNet: an address and its mask, which stand one behind the other.
value ip_range(call_context& c, const std::string& bytes) {
  auto half = bytes.size() / 2;
  object_builder b(c.memory(), 2);
  b.add("IP", c.string(address_text(bytes.substr(0, half))));
  b.add("Mask",
        c.string(base64_encode(bytes.substr(half), base64_form::standard)));
  return b.finish();
}

void add_subtrees(call_context& c, object_builder& b, const std::string& kind,
                  const STACK_OF(GENERAL_SUBTREE) * list) {
  alternative_names names;
  array_builder ranges(c.memory());
  for (int i = 0; list && i < sk_GENERAL_SUBTREE_num(list); ++i) {
    auto* n = sk_GENERAL_SUBTREE_value(list, i)->base;
    if (n->type == GEN_IPADD)
      ranges.push(ip_range(c, ia5(n->d.iPAddress)));
    else
      add_name(names, n);
  }
  b.add(kind + "DNSDomains", strings_or_null(c, names.dns));
  b.add(kind + "EmailAddresses", strings_or_null(c, names.emails));
  b.add(kind + "URIDomains", strings_or_null(c, names.uris));
  b.add(kind + "IPRanges", ranges.size() ? ranges.array() : value::null());
}

void add_name_constraints(call_context& c, object_builder& b, X509* x) {
  int critical = 0;
  auto* found = static_cast<NAME_CONSTRAINTS*>(
      X509_get_ext_d2i(x, NID_name_constraints, &critical, nullptr));
  add_subtrees(c, b, "Permitted", found ? found->permittedSubtrees : nullptr);
  add_subtrees(c, b, "Excluded", found ? found->excludedSubtrees : nullptr);
  // Of all of them, whatever the name says.
  b.add("PermittedDNSDomainsCritical", value::boolean(found && critical > 0));
  NAME_CONSTRAINTS_free(found);
}

// The critical extensions that Go's parser knows nothing of.
value unhandled_extensions(call_context& c, X509* x) {
  constexpr int known[] = {NID_key_usage,
                           NID_basic_constraints,
                           NID_subject_alt_name,
                           NID_name_constraints,
                           NID_crl_distribution_points,
                           NID_authority_key_identifier,
                           NID_ext_key_usage,
                           NID_subject_key_identifier,
                           NID_certificate_policies,
                           NID_policy_constraints,
                           NID_policy_mappings,
                           NID_inhibit_any_policy,
                           NID_info_access};
  array_builder out(c.memory());
  for (int i = 0; i < X509_get_ext_count(x); ++i) {
    auto* e = X509_get_ext(x, i);
    auto* id = X509_EXTENSION_get_object(e);
    if (X509_EXTENSION_get_critical(e) == 1
        && std::find(std::begin(known), std::end(known), OBJ_obj2nid(id))
               == std::end(known))
      out.push(oid_value(c, id));
  }
  return out.size() ? out.array() : value::null();
}

void add_constraints(call_context& c, object_builder& b, X509* x) {
  int critical = -1;
  auto* basic = static_cast<BASIC_CONSTRAINTS*>(
      X509_get_ext_d2i(x, NID_basic_constraints, &critical, nullptr));
  // Go's -1 is "no limit".
  int64_t path = 0;
  if (basic)
    path = basic->pathlen ? ASN1_INTEGER_get(basic->pathlen) : -1;
  b.add("BasicConstraintsValid", value::boolean(basic != nullptr));
  b.add("IsCA", value::boolean(basic && basic->ca));
  b.add("MaxPathLen", value::integer(path));
  b.add("MaxPathLenZero", value::boolean(basic && path == 0));
  BASIC_CONSTRAINTS_free(basic);
  add_name_constraints(c, b, x);
  b.add("ExtraExtensions", value::null());
  b.add("UnhandledCriticalExtensions", unhandled_extensions(c, x));
  b.add("Policies", policies(c, x, true));
  b.add("PolicyIdentifiers", policies(c, x, false));
}

template <class T, class F>
value der_value(call_context& c, T* object, F encode) {
  unsigned char* der = nullptr;
  auto n = encode(object, &der);
  std::string bytes(reinterpret_cast<char*>(der),
                    n > 0 ? static_cast<size_t>(n) : 0);
  OPENSSL_free(der);
  return c.string(base64_encode(bytes, base64_form::standard));
}

void add_raw(call_context& c, object_builder& b, X509* x) {
  b.add("Raw", der_value(c, x, i2d_X509));
  b.add("RawTBSCertificate", der_value(c, x, i2d_re_X509_tbs));
  b.add("RawSubjectPublicKeyInfo",
        der_value(c, X509_get_X509_PUBKEY(x), i2d_X509_PUBKEY));
  b.add("RawSubject", der_value(c, X509_get_subject_name(x), i2d_X509_NAME));
  b.add("RawIssuer", der_value(c, X509_get_issuer_name(x), i2d_X509_NAME));
}

} // namespace

bool read_certificates(std::string_view der, certificates& out) {
  auto* p = reinterpret_cast<const unsigned char*>(der.data());
  auto* end = p + der.size();
  while (p < end) {
    auto* x = d2i_X509(nullptr, &p, end - p);
    if (!x) {
      ERR_clear_error();
      return false;
    }
    out.emplace_back(x, X509_free);
  }
  return true;
}

value to_value(call_context& c, const certificate& cert, bool uris) {
  auto* x = cert.get();
  object_builder b(c.memory(), 64);
  add_raw(c, b, x);
  const ASN1_BIT_STRING* signature = nullptr;
  X509_get0_signature(&signature, nullptr, x);
  b.add("Signature",
        c.string(base64_encode(ia5(signature), base64_form::standard)));
  b.add("SignatureAlgorithm",
        value::integer(go_signature_algorithm(X509_get_signature_nid(x))));
  add_public_key(c, b, X509_get0_pubkey(x));
  b.add("Version", value::integer(X509_get_version(x) + 1));
  b.add("SerialNumber", integer_value(c, X509_get0_serialNumber(x)));
  b.add("Issuer", name_value(c, X509_get_issuer_name(x)));
  b.add("Subject", name_value(c, X509_get_subject_name(x)));
  b.add("NotBefore", time_value(c, X509_get0_notBefore(x)));
  b.add("NotAfter", time_value(c, X509_get0_notAfter(x)));
  b.add("KeyUsage", value::integer(key_usage(x)));
  b.add("Extensions", extensions_value(c, X509_get0_extensions(x)));
  add_extended_usage(c, b, x);
  add_constraints(c, b, x);
  b.add("SubjectKeyId", key_id(c, X509_get0_subject_key_id(x)));
  b.add("AuthorityKeyId", key_id(c, X509_get0_authority_key_id(x)));
  b.add("OCSPServer", strings_or_null(c, authority_urls(x, NID_ad_OCSP)));
  b.add("IssuingCertificateURL",
        strings_or_null(c, authority_urls(x, NID_ad_ca_issuers)));
  b.add("CRLDistributionPoints", strings_or_null(c, revocation_urls(x)));
  auto names = names_of(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(x, NID_subject_alt_name, nullptr, nullptr)));
  add_names(c, b, names);
  if (uris)
    b.add("URIStrings", strings_or_null(c, names.uris));
  ERR_clear_error();
  return b.finish();
}

value request_value(call_context& c, std::string_view der) {
  auto* p = reinterpret_cast<const unsigned char*>(der.data());
  std::unique_ptr<X509_REQ, decltype(&X509_REQ_free)> owned(
      d2i_X509_REQ(nullptr, &p, static_cast<long>(der.size())), X509_REQ_free);
  auto* r = owned.get();
  ERR_clear_error();
  if (!r)
    return {};
  object_builder b(c.memory());
  b.add("Raw", der_value(c, r, i2d_X509_REQ));
  b.add("RawTBSCertificateRequest", der_value(c, r, i2d_re_X509_REQ_tbs));
  b.add("RawSubjectPublicKeyInfo",
        der_value(c, X509_REQ_get_X509_PUBKEY(r), i2d_X509_PUBKEY));
  b.add("RawSubject",
        der_value(c, X509_REQ_get_subject_name(r), i2d_X509_NAME));
  const ASN1_BIT_STRING* signature = nullptr;
  X509_REQ_get0_signature(r, &signature, nullptr);
  b.add("Signature",
        c.string(base64_encode(ia5(signature), base64_form::standard)));
  b.add("SignatureAlgorithm",
        value::integer(go_signature_algorithm(X509_REQ_get_signature_nid(r))));
  add_public_key(c, b, X509_REQ_get0_pubkey(r));
  b.add("Version", value::integer(X509_REQ_get_version(r)));
  b.add("Subject", name_value(c, X509_REQ_get_subject_name(r)));
  b.add("Attributes", make_array(c.memory(), {}));
  b.add("ExtraExtensions", value::null());
  auto* extensions = X509_REQ_get_extensions(r);
  b.add("Extensions", extensions_value(c, extensions));
  add_names(c, b,
            names_of(static_cast<GENERAL_NAMES*>(X509V3_get_d2i(
                extensions, NID_subject_alt_name, nullptr, nullptr))));
  sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
  ERR_clear_error();
  return b.finish();
}

} // namespace rego
