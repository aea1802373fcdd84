// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/net/http/transport_asio.hpp"
#include "runtime/net/tls_failure.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <vector>

namespace acgs::http {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

/// The first common name, whole and in UTF-8, as RPC has it from kj; empty
/// where there is none.
std::string common_name_of(const X509* certificate) {
  const auto* subject = X509_get_subject_name(certificate);
  auto at = X509_NAME_get_index_by_NID(const_cast<X509_NAME*>(subject),
                                       NID_commonName, -1);
  if (at < 0)
    return {};
  unsigned char* text = nullptr;
  auto length = ASN1_STRING_to_UTF8(
      &text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
  if (length < 0) {
    ERR_clear_error(); // or the session takes it for one of its own
    return {};
  }
  std::string out(reinterpret_cast<const char*>(text),
                  static_cast<std::size_t>(length));
  OPENSSL_free(text);
  return out;
}

/// The name of who proved a certificate; nothing where nobody did.
std::optional<std::string> client_name(SSL* session) {
  const X509* certificate = SSL_get_verify_result(session) == X509_V_OK
                                ? SSL_get0_peer_certificate(session)
                                : nullptr;
  if (!certificate)
    return std::nullopt;
  return common_name_of(certificate);
}

/// Of a handshake that failed. Where no proof is asked for none can be wrong.
std::optional<std::string> wrong_proof(SSL* session, const error_code& how) {
  if (how.category() != asio::error::get_ssl_category()
      || !(SSL_get_verify_mode(session) & SSL_VERIFY_PEER))
    return std::nullopt;
  std::vector<net::tls_error> met;
  // Why a certificate was refused, OpenSSL does not tell as an error.
  if (auto verified = SSL_get_verify_result(session); verified != X509_V_OK)
    met.push_back({0, X509_verify_cert_error_string(verified)});
  auto code = static_cast<unsigned int>(how.value());
  const char* reason = ERR_reason_error_string(code);
  met.push_back({code, reason ? reason : "an error without a name"});
  return net::wrong_proof(met);
}

class tls_transport final : public transport {
public:
  tls_transport(tcp::socket socket, std::shared_ptr<ssl::context> context)
      : context_{std::move(context)}, stream_{std::move(socket), *context_} {
    describe_peer(stream_.next_layer(), peer_);
    peer_.encrypted = true;
  }

  void open(std::function<void(const opening&)> done) override {
    stream_.async_handshake(
        ssl::stream_base::server,
        [this, done = std::move(done)](const error_code& error) {
          opened_ = !error;
          auto* session = stream_.native_handle();
          if (opened_)
            peer_.certificate_name = client_name(session);
          done({opened_, opened_ ? std::nullopt : wrong_proof(session, error)});
        });
  }

  void read(std::span<char> into, moved done) override {
    stream_.async_read_some(
        asio::buffer(into.data(), into.size()),
        [done = std::move(done)](const error_code& error, std::size_t size) {
          done(error ? 0 : size);
        });
  }

  void write(std::string_view bytes, moved done) override {
    asio::async_write(
        stream_, asio::buffer(bytes.data(), bytes.size()),
        [done = std::move(done)](const error_code& error, std::size_t size) {
          done(error ? 0 : size);
        });
  }

  void finish(std::function<void()> done) override {
    if (!opened_)
      return part_with(stream_.next_layer(), rubbish_, std::move(done));
    stream_.async_shutdown(
        [done = std::move(done)](const error_code&) { done(); });
  }

  void close() override {
    error_code ignored;
    stream_.next_layer().close(ignored);
  }

  const peer& who() const override { return peer_; }

private:
  std::shared_ptr<ssl::context> context_;
  ssl::stream<tcp::socket> stream_;
  peer peer_;
  bool opened_ = false;
  std::array<char, 512> rubbish_;
};

caf::error unusable(const std::string& file, const error_code& error) {
  return make_error(ec::invalid_argument,
                    "the TLS file '" + file
                        + "' cannot be used: " + error.message());
}

} // namespace

std::unique_ptr<transport>
make_tls_transport(tcp::socket socket, std::shared_ptr<ssl::context> context) {
  return std::make_unique<tls_transport>(std::move(socket), std::move(context));
}

result<std::shared_ptr<ssl::context>> make_tls_context(const tls_files& files) {
  auto out = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(out->native_handle(), TLS1_2_VERSION);
  // The state of a resumed session would carry an identity past the
  // revocation of its certificate.
  SSL_CTX_set_session_cache_mode(out->native_handle(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(out->native_handle(), 0);
  SSL_CTX_set_options(out->native_handle(),
                      SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  error_code error;
  out->use_certificate_chain_file(files.certificate, error);
  if (error)
    return unusable(files.certificate, error);
  out->use_private_key_file(files.key, ssl::context::pem, error);
  if (error)
    return unusable(files.key, error);
  if (SSL_CTX_check_private_key(out->native_handle()) != 1)
    return make_error(ec::invalid_argument,
                      "the TLS key '" + files.key
                          + "' does not belong to the certificate '"
                          + files.certificate + "'");
  if (!files.client_authority.empty()) {
    out->load_verify_file(files.client_authority, error);
    if (error)
      return unusable(files.client_authority, error);
    out->set_verify_mode(ssl::verify_peer, error);
  }
  return out;
}

} // namespace acgs::http
