// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The gateway as a whole, seen from the node: a loop on its own thread, the
// server on it, and what it is told from outside. Owned by the actor, or by a
// test. Any thread but the loop's may call it.

#include "actors/rpc_gateway/config.hpp"
#include "actors/rpc_gateway/present.hpp"
#include "runtime/base/error.hpp"

#include <caf/fwd.hpp>
#include <kj/async-io.h>

#include <chrono>
#include <memory>
#include <optional>

namespace acgs::rpc_gateway {

/// How much the gateway has to do now.
struct workload {
  std::size_t connections = 0;
  std::size_t calls = 0;
  std::size_t handshakes = 0; ///< of TLS, under way
  /// How long the certificate of TCP lives yet, where that is known.
  std::optional<std::chrono::seconds> certificate_left;
};

class service {
public:
  /// Starts the loop and listens. Fails as `listen_unix`, `listen_tcp` and
  /// `server::serve_tls` do; then nothing is left behind.
  static result<std::shared_ptr<service>> open(caf::actor_system& system,
                                               config settings);

  /// Closes every connection, ends the loop and removes the socket file.
  ~service();
  service(const service&) = delete;
  service& operator=(const service&) = delete;

  /// The state to go by from the next call on.
  void update(control::published now);

  /// Lets nothing new in.
  void drain();

  workload load();

  /// As `server::renew_certificate`; done every hour anyhow.
  caf::error renew_certificate();

  /// The TCP port that was bound; 0 without TCP.
  std::uint16_t port() const { return port_; }
  const std::filesystem::path& socket() const;

  /// Takes over one end of a socket pair as a local caller's: for tests.
  caf::error adopt(int fd, std::uint32_t uid);

private:
  struct parts;

  explicit service(config settings);
  caf::error start(caf::actor_system& system);

  std::unique_ptr<parts> parts_;
  std::uint16_t port_ = 0;
  bool owns_socket_ = false;
};

} // namespace acgs::rpc_gateway
