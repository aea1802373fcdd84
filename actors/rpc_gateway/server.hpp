// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Listens and keeps the connections, on the gateway's loop. A stream that is
// malformed, truncated, silent or not read from ends its own connection and
// nothing else. Made, used and destroyed on the loop's thread.

#include "actors/rpc_gateway/tls_listener.hpp"

#include <kj/async-io.h>

#include <chrono>
#include <map>
#include <optional>

namespace acgs::rpc_gateway {

class server final : private kj::TaskSet::ErrorHandler {
public:
  server(services& with, kj::AsyncIoContext& io);
  ~server() noexcept(false);
  KJ_DISALLOW_COPY(server);

  /// Takes connections from a Unix socket that listens.
  void serve_unix(kj::AutoCloseFd listening);

  /// Takes connections from a TCP socket that listens, with mutual TLS by the
  /// settings. Fails with `invalid_argument` where a PEM file cannot be used.
  /// The files are looked at again every hour: where they were renewed, new
  /// connections are served with the new ones, and those there are stay.
  caf::error serve_tls(kj::AutoCloseFd listening);

  /// Has the certificate renewed where it is time, and goes on with the new
  /// one. Fails as `serve_tls` and the settings' `renew` do; then all is as
  /// before.
  caf::error renew_certificate();

  /// How long the certificate lives yet; nothing where that is not known.
  std::optional<std::chrono::seconds> certificate_left() const;

  /// Takes over one connection whose peer is known.
  void adopt(kj::Own<kj::AsyncIoStream> stream, transport_proof proof);

  /// No new connections from now on.
  void stop_listening();

private:
  struct connection;

  kj::Promise<void> watch();
  void close(std::uint64_t id);
  void taskFailed(kj::Exception&& exception) override;

  services& with_;
  kj::AsyncIoContext& io_;
  std::map<std::uint64_t, kj::Own<connection>> connections_;
  kj::Vector<kj::Own<kj::ConnectionReceiver>> receivers_;
  kj::Own<kj::TaskSet> listening_;
  tls_listener tls_;
  kj::TaskSet tasks_;
};

} // namespace acgs::rpc_gateway
