// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/net/kj_tls.hpp"

#include "runtime/base/regular_file.hpp"

#include <kj/debug.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <array>
#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

namespace acgs::net {

namespace {

constexpr std::size_t pem_bytes_max = 1u << 20;

/// kj keeps OpenSSL's context to itself and has no option for a reason. An
/// explicit instantiation may name what is private; where a later kj has no
/// such member, this does not compile.
template <auto Member>
struct opener {
  friend SSL_CTX* openssl_of(kj::TlsContext& in) {
    return static_cast<SSL_CTX*>(in.*Member);
  }
};
SSL_CTX* openssl_of(kj::TlsContext& in);
template struct opener<&kj::TlsContext::ctx>;

/// The last reason of a certificate's refusal that OpenSSL knows, and some.
constexpr int verify_errors_max = 128;

/// A library of our own in OpenSSL's table of errors, whose reasons are those
/// of the verification of certificates.
int verify_library() {
  static const int library = [] {
    static std::array<ERR_STRING_DATA, verify_errors_max + 1> texts{};
    for (int i = 0; i < verify_errors_max; ++i)
      texts[static_cast<std::size_t>(i)] = {
          ERR_PACK(0, 0, i + 1), X509_verify_cert_error_string(i + 1)};
    int made = ERR_get_next_error_library();
    ERR_load_strings(made, texts.data());
    return made;
  }();
  return library;
}

/// Called for each certificate of the client's chain. OpenSSL itself reports
/// only that one was refused; what is put beside that, kj reports as well.
int note_refusal(int good, X509_STORE_CTX* at) {
  if (!good)
    ERR_raise(verify_library(), X509_STORE_CTX_get_error(at));
  return good;
}

std::string read_file(const std::filesystem::path& path) {
  auto text = read_regular_file(path, pem_bytes_max);
  KJ_REQUIRE(static_cast<bool>(text), "cannot read the file", path.c_str());
  return std::move(*text);
}

template <class Pem>
Pem read_pem(const std::filesystem::path& path) {
  auto text = read_file(path);
  return Pem(kj::StringPtr(text.c_str()));
}

kj::TlsContext::Options options_of(const kj::TlsKeypair& pair,
                                   const kj::TlsCertificate& authority) {
  kj::TlsContext::Options out;
  out.useSystemTrustStore = false;
  out.verifyClients = true;
  out.trustedCertificates = kj::arrayPtr(&authority, 1);
  out.defaultKeypair = pair;
  return out;
}

/// One line of kj's report: "error:0A000086:SSL routines::the reason".
std::optional<tls_error> read_line(std::string_view line) {
  constexpr std::string_view mark = "error:";
  auto from = line.find(mark);
  if (from == std::string_view::npos)
    return std::nullopt;
  line.remove_prefix(from + mark.size());
  tls_error out;
  auto [end, wrong] =
      std::from_chars(line.data(), line.data() + line.size(), out.code, 16);
  if (wrong != std::errc{})
    return std::nullopt;
  out.reason = line.substr(line.rfind(':') + 1);
  return out;
}

} // namespace

kj_tls_server::kj_tls_server(const files& from)
    : pair_{read_pem<kj::TlsPrivateKey>(from.key),
            read_pem<kj::TlsCertificate>(from.certificate)},
      authority_{read_pem<kj::TlsCertificate>(from.authority)},
      context_{options_of(pair_, authority_)} {
  verify_library();
  auto* inside = openssl_of(context_);
  SSL_CTX_set_verify(inside, SSL_CTX_get_verify_mode(inside), note_refusal);
}

result<std::shared_ptr<kj_tls_server>> kj_tls_server::make(const files& from) {
  std::shared_ptr<kj_tls_server> out;
  auto failure =
      kj::runCatchingExceptions([&] { out.reset(new kj_tls_server{from}); });
  KJ_IF_MAYBE (exception, failure)
    return make_error(ec::invalid_argument,
                      "cannot use the certificates of RPC: "
                          + std::string{exception->getDescription().cStr()},
                      "rpc");
  return out;
}

kj::Promise<kj::AuthenticatedStream>
kj_tls_server::greet(kj::AuthenticatedStream from) {
  return kj::evalNow([&] { return context_.wrapServer(kj::mv(from)); });
}

std::optional<std::string> wrong_proof(const kj::Exception& broken) {
  if (broken.getType() == kj::Exception::Type::DISCONNECTED)
    return std::nullopt;
  std::vector<tls_error> met;
  std::string_view left{broken.getDescription().cStr()};
  while (!left.empty()) {
    auto line = left.substr(0, left.find('\n'));
    left.remove_prefix(std::min(left.size(), line.size() + 1));
    if (auto read = read_line(line))
      met.push_back(*read);
  }
  return wrong_proof(met);
}

} // namespace acgs::net
