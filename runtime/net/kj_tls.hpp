// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The node's side of mutual TLS on a kj stream: a client without a certificate
// of our authority gets no further than the handshake. kj says only that a
// certificate was refused; here OpenSSL's reason comes along. Used on the
// loop's thread.

#include "runtime/base/error.hpp"
#include "runtime/net/tls_failure.hpp"

#include <kj/compat/tls.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace acgs::net {

class kj_tls_server {
public:
  /// PEM files, read once: for renewed ones there is another server.
  struct files {
    std::filesystem::path authority; ///< of the clients
    std::filesystem::path certificate;
    std::filesystem::path key;
  };

  /// Fails with `invalid_argument` where a file cannot be used.
  static result<std::shared_ptr<kj_tls_server>> make(const files& from);

  /// Does the handshake on `from`. The promise breaks where the peer does not
  /// prove itself, and waits as long as the peer does. The stream given must
  /// outlive the one that comes back, and so must this object.
  kj::Promise<kj::AuthenticatedStream> greet(kj::AuthenticatedStream from);

private:
  explicit kj_tls_server(const files& from);

  kj::TlsKeypair pair_;
  kj::TlsCertificate authority_;
  kj::TlsContext context_;
};

/// The same as of OpenSSL's errors (tls_failure.hpp), of the exception that a
/// handshake broke with.
std::optional<std::string> wrong_proof(const kj::Exception& broken);

} // namespace acgs::net
