// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/certificate.hpp"

#include "runtime/crypto/openssl.hpp"
#include "runtime/crypto/random.hpp"
#include "runtime/crypto/sodium.hpp"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace acgs::crypto {

namespace {

using namespace detail;

/// What goes into a certificate beside its key.
struct contents {
  std::string common_name;
  std::string alternatives; // in OpenSSL's words: "DNS:a,IP:b"
  certificate_use use = certificate_use::both;
  bool authority = false;
  wall_time now;
  std::chrono::days lifetime;
};

/// The issuer's part; both null for a self-signed certificate.
struct signer {
  X509* certificate = nullptr;
  EVP_PKEY* key = nullptr;
};

std::time_t seconds(wall_time time) {
  return static_cast<std::time_t>(to_nanos(time) / 1'000'000'000);
}

bool set_serial(X509* to) {
  // 16 random bytes, kept positive and not zero.
  auto bytes = random_bytes(16);
  bytes[0] = (bytes[0] & std::byte{0x7f}) | std::byte{0x40};
  std::unique_ptr<BIGNUM, deleter<BN_free>> number{
      BN_bin2bn(raw(bytes.data()), static_cast<int>(bytes.size()), nullptr)};
  return number
         && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(to))
                != nullptr;
}

bool set_name(X509* to, const std::string& common_name) {
  auto* text = reinterpret_cast<const unsigned char*>(common_name.data());
  return X509_NAME_add_entry_by_NID(X509_get_subject_name(to), NID_commonName,
                                    MBSTRING_UTF8, text,
                                    static_cast<int>(common_name.size()), -1, 0)
         == 1;
}

bool add_extension(X509* to, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
  std::unique_ptr<X509_EXTENSION, deleter<X509_EXTENSION_free>> extension{
      X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str())};
  return extension && X509_add_ext(to, extension.get(), -1) == 1;
}

bool add_extensions(X509* to, X509* issuer, const contents& what) {
  auto add = [&](int id, const std::string& value) {
    return add_extension(to, issuer, id, value);
  };
  if (!add(NID_subject_key_identifier, "hash"))
    return false;
  if (what.authority)
    return add(NID_basic_constraints, "critical,CA:TRUE,pathlen:0")
           && add(NID_key_usage, "critical,keyCertSign,cRLSign");
  const char* uses = what.use == certificate_use::server   ? "serverAuth"
                     : what.use == certificate_use::client ? "clientAuth"
                                                           : "serverAuth,"
                                                             "clientAuth";
  return add(NID_basic_constraints, "critical,CA:FALSE")
         && add(NID_key_usage, "critical,digitalSignature")
         && add(NID_ext_key_usage, uses)
         && add(NID_authority_key_identifier, "keyid")
         && (what.alternatives.empty()
             || add(NID_subject_alt_name, what.alternatives));
}

x509_owner build(const contents& what, EVP_PKEY* key, const signer& by) {
  x509_owner out{X509_new()};
  auto* to = out.get();
  auto* issuer = by.certificate != nullptr ? by.certificate : to;
  bool fine =
      to != nullptr && X509_set_version(to, X509_VERSION_3) == 1
      && set_serial(to) && set_name(to, what.common_name)
      && X509_set_issuer_name(to, X509_get_subject_name(issuer)) == 1
      && ASN1_TIME_set(X509_getm_notBefore(to),
                       seconds(what.now - std::chrono::hours{1}))
             != nullptr
      && ASN1_TIME_set(X509_getm_notAfter(to),
                       seconds(what.now + what.lifetime))
             != nullptr
      && X509_set_pubkey(to, key) == 1 && add_extensions(to, issuer, what)
      && X509_sign(to, by.key != nullptr ? by.key : key, EVP_sha256()) != 0;
  return fine ? std::move(out) : nullptr;
}

std::string pem_of(X509* certificate) {
  bio_owner out{BIO_new(BIO_s_mem())};
  if (!out || PEM_write_bio_X509(out.get(), certificate) != 1)
    return {};
  char* data = nullptr;
  auto size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

/// The key's PEM straight from OpenSSL's wiped memory into ours.
std::optional<secret> pem_of(EVP_PKEY* key) {
  bio_owner out{BIO_new(BIO_s_secmem())};
  if (!out
      || PEM_write_bio_PKCS8PrivateKey(out.get(), key, nullptr, nullptr, 0,
                                       nullptr, nullptr)
             != 1)
    return std::nullopt;
  char* data = nullptr;
  auto size = BIO_get_mem_data(out.get(), &data);
  return secret::copy_of(as_byte_view({data, static_cast<std::size_t>(size)}));
}

result<std::string> certify(const contents& what, EVP_PKEY* key,
                            const signer& by) {
  auto doing = "cannot make the certificate for '" + what.common_name + "'";
  auto certificate = build(what, key, by);
  if (!certificate)
    return openssl_error(ec::invalid_argument, doing);
  auto text = pem_of(certificate.get());
  if (text.empty())
    return openssl_error(ec::internal, doing);
  return text;
}

result<credentials> make(const contents& what, const signer& by) {
  auto doing = "cannot make the certificate for '" + what.common_name + "'";
  key_owner key{EVP_EC_gen("P-256")};
  if (!key)
    return openssl_error(ec::internal, doing);
  auto text = certify(what, key.get(), by);
  if (!text)
    return text.error();
  auto key_text = pem_of(key.get());
  if (!key_text)
    return openssl_error(ec::internal, doing);
  return credentials{std::move(*text), std::move(*key_text)};
}

key_owner key_of(const credentials& what) {
  return what.key.read([](byte_view view) {
    auto from = bio_of(as_text(view));
    return key_owner{
        from ? PEM_read_bio_PrivateKey(from.get(), nullptr, nullptr, nullptr)
             : nullptr};
  });
}

/// Names in OpenSSL's words. What could end one name and begin another there
/// is refused.
result<std::string> alternatives_of(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) {
    unsigned char address[16];
    bool is_address = ::inet_pton(AF_INET, name.c_str(), address) == 1
                      || ::inet_pton(AF_INET6, name.c_str(), address) == 1;
    bool is_host = !name.empty() && name.size() <= 253
                   && name.find_first_not_of(
                          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                          "0123456789-.*")
                          == name.npos;
    if (!is_address && !is_host)
      return make_error(ec::invalid_argument,
                        "'" + name + "' is no host name and no IP address");
    out += (out.empty() ? "" : ",") + std::string{is_address ? "IP:" : "DNS:"}
           + name;
  }
  return out;
}

x509_owner parse(std::string_view pem) {
  auto from = bio_of(pem);
  return x509_owner{
      from ? PEM_read_bio_X509(from.get(), nullptr, nullptr, nullptr)
           : nullptr};
}

std::string common_name_of(const X509_NAME* name) {
  char text[256] = "";
  X509_NAME_get_text_by_NID(const_cast<X509_NAME*>(name), NID_commonName, text,
                            sizeof text);
  return text;
}

wall_time time_of(const ASN1_TIME* from) {
  std::tm parts{};
  ASN1_TIME_to_tm(from, &parts);
  return wall_time{std::chrono::seconds{::timegm(&parts)}};
}

} // namespace

result<credentials> make_authority(const std::string& common_name,
                                   wall_time now, std::chrono::days lifetime) {
  contents what{common_name, {}, certificate_use::both, true, now, lifetime};
  return make(what, {});
}

namespace {

/// Calls `use` with what is to be certified and who does it.
template <class Use>
auto with_authority(const credentials& authority,
                    const certificate_request& request, wall_time now, Use use)
    -> decltype(use(contents{}, signer{})) {
  auto names = alternatives_of(request.names);
  if (!names)
    return names.error();
  auto issuer = parse(authority.certificate);
  auto key = key_of(authority);
  if (!issuer || !key || X509_check_private_key(issuer.get(), key.get()) != 1)
    return openssl_error(ec::invalid_argument,
                         "the authority's certificate and key do not match");
  contents what{request.common_name, *names, request.use, false, now,
                request.lifetime};
  return use(what, signer{issuer.get(), key.get()});
}

} // namespace

result<credentials> issue_certificate(const credentials& authority,
                                      const certificate_request& request,
                                      wall_time now) {
  return with_authority(authority, request, now, make);
}

result<std::string> renew_certificate(const credentials& authority,
                                      const credentials& old,
                                      const certificate_request& request,
                                      wall_time now) {
  auto key = key_of(old);
  if (!key)
    return openssl_error(ec::invalid_argument, "the key of '"
                                                   + request.common_name
                                                   + "' cannot be read");
  return with_authority(authority, request, now,
                        [&](const contents& what, const signer& by) {
                          return certify(what, key.get(), by);
                        });
}

result<certificate_facts> read_certificate(std::string_view pem) {
  auto from = parse(pem);
  if (!from)
    return openssl_error(ec::invalid_argument, "not a certificate in PEM");
  certificate_facts out;
  out.common_name = common_name_of(X509_get_subject_name(from.get()));
  out.issuer = common_name_of(X509_get_issuer_name(from.get()));
  out.not_before = time_of(X509_get0_notBefore(from.get()));
  out.not_after = time_of(X509_get0_notAfter(from.get()));
  out.is_authority = X509_check_ca(from.get()) == 1;
  unsigned size = 0;
  if (X509_digest(from.get(), EVP_sha256(), raw(out.fingerprint.data()), &size)
      != 1)
    return openssl_error(ec::internal, "cannot digest a certificate");
  return out;
}

bool is_issued_by(std::string_view certificate, std::string_view authority) {
  auto issued = parse(certificate);
  auto issuer = parse(authority);
  bool fine = issued && issuer
              && X509_check_issued(issuer.get(), issued.get()) == X509_V_OK
              && X509_verify(issued.get(), X509_get0_pubkey(issuer.get())) == 1;
  ERR_clear_error();
  return fine;
}

} // namespace acgs::crypto
