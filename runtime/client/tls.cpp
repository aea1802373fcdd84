// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/client/tls.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <fstream>
#include <iterator>
#include <memory>

namespace acgs::client {

namespace {

constexpr std::size_t pem_bytes_max = 1u << 20;

result<std::string> read_pem(const std::string& path, const char* field) {
  if (path.empty())
    return make_error(ec::invalid_argument,
                      std::string{"a connection over TCP needs --"} + field,
                      field);
  std::ifstream in{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (!in.good() && text.empty())
    return make_error(ec::invalid_argument, "cannot read '" + path + "'",
                      field);
  if (text.size() > pem_bytes_max)
    return make_error(ec::invalid_argument,
                      "'" + path + "' is too large for a PEM file", field);
  return text;
}

/// Makes one of kj's TLS objects, which throw on text that is not PEM.
template <class Make>
caf::error try_pem(const char* field, const std::string& path, Make make) {
  KJ_IF_MAYBE (exception, kj::runCatchingExceptions(make))
    return make_error(ec::invalid_argument,
                      "'" + path + "' does not hold what PEM should: "
                          + exception->getDescription().cStr(),
                      field);
  return {};
}

/// Whether the key is that of the certificate. Both are PEM that kj has taken.
bool belong_together(const std::string& certificate, const std::string& key) {
  auto bio_of = [](const std::string& text) {
    return std::unique_ptr<BIO, decltype(&BIO_free)>{
        BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free};
  };
  char no_password[] = ""; // or OpenSSL would ask at the terminal
  std::unique_ptr<X509, decltype(&X509_free)> shown{
      PEM_read_bio_X509(bio_of(certificate).get(), nullptr, nullptr, nullptr),
      X509_free};
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> own{
      PEM_read_bio_PrivateKey(bio_of(key).get(), nullptr, nullptr, no_password),
      EVP_PKEY_free};
  auto yes =
      shown && own && X509_check_private_key(shown.get(), own.get()) == 1;
  ERR_clear_error(); // or kj would take it for its own
  return yes;
}

} // namespace

result<kj::Own<kj::TlsContext>> make_tls_context(const options& how) {
  auto authority = read_pem(how.authority, "ca");
  if (!authority)
    return std::move(authority.error());
  auto certificate = read_pem(how.certificate, "cert");
  if (!certificate)
    return std::move(certificate.error());
  auto key = read_pem(how.key, "key");
  if (!key)
    return std::move(key.error());

  std::optional<kj::TlsCertificate> trusted;
  std::optional<kj::TlsCertificate> own;
  std::optional<kj::TlsPrivateKey> secret;
  if (auto error = try_pem("ca", how.authority,
                           [&] { trusted.emplace(authority->c_str()); }))
    return error;
  if (auto error = try_pem("cert", how.certificate,
                           [&] { own.emplace(certificate->c_str()); }))
    return error;
  if (auto error =
          try_pem("key", how.key, [&] { secret.emplace(key->c_str()); }))
    return error;
  if (!belong_together(*certificate, *key))
    return make_error(ec::invalid_argument,
                      "'" + how.key + "' is not the key of the certificate '"
                          + how.certificate + "'",
                      "key");
  auto pair = kj::heap<kj::TlsKeypair>(
      kj::TlsKeypair{std::move(*secret), std::move(*own)});
  kj::TlsContext::Options options;
  options.useSystemTrustStore = false;
  options.trustedCertificates = kj::arrayPtr(&*trusted, 1);
  options.defaultKeypair = *pair;
  return kj::heap<kj::TlsContext>(kj::mv(options)).attach(kj::mv(pair));
}

std::string server_name(const options& how) {
  if (!how.server_name.empty())
    return how.server_name;
  auto host = how.address.substr(0, how.address.rfind(':'));
  auto numeric = host.starts_with('[')
                 || host.find_first_not_of("0123456789.") == std::string::npos;
  return numeric ? "localhost" : host;
}

} // namespace acgs::client
