// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A blocking TLS client for tests: one request, one response, as text. Empty
// where the handshake or the connection fails.

#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <string>

namespace acgs::test {

/// PEM files; an empty certificate means that the client has none.
struct tls_client_files {
  std::string authority;
  std::string certificate{};
  std::string key{};
};

inline std::string ask_over_tls(std::uint16_t port, const std::string& request,
                                const tls_client_files& files,
                                int version_max = TLS1_3_VERSION) {
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{
      SSL_CTX_new(TLS_client_method()), SSL_CTX_free};
  SSL_CTX_set_max_proto_version(context.get(), version_max);
  SSL_CTX_load_verify_locations(context.get(), files.authority.c_str(),
                                nullptr);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  if (!files.certificate.empty()) {
    SSL_CTX_use_certificate_file(context.get(), files.certificate.c_str(),
                                 SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file(context.get(), files.key.c_str(),
                                SSL_FILETYPE_PEM);
  }
  std::unique_ptr<BIO, decltype(&BIO_free_all)> stream{
      BIO_new_ssl_connect(context.get()), BIO_free_all};
  auto where = "127.0.0.1:" + std::to_string(port);
  BIO_set_conn_hostname(stream.get(), where.c_str());
  if (BIO_do_handshake(stream.get()) != 1)
    return {};
  BIO_write(stream.get(), request.data(), static_cast<int>(request.size()));
  std::string out;
  char part[4096];
  for (int got; (got = BIO_read(stream.get(), part, sizeof part)) > 0;)
    out.append(part, static_cast<std::size_t>(got));
  return out;
}

} // namespace acgs::test
