// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The TCP side of RPC: takes connections and has each prove itself by mutual
// TLS, in a task of its own, so that a slow or silent peer holds up nobody. How
// many handshakes are under way, in all and from one address, is bounded, and
// so is their time; a peer beyond the bounds finds its connection closed and
// counted among those turned away. Made, used and destroyed on the loop.
//
// A handshake that fails is a wrong proof or none
// (runtime/net/tls_failure.hpp). The one is counted as a refused credential,
// and recorded as one while its address is within its rate; the other is
// counted as unfinished. The peer is told in TLS, and its stream closed only
// after it has read that or has had the time to.

#include "actors/rpc_gateway/session.hpp"
#include "runtime/net/kj_tls.hpp"

#include <kj/async-io.h>
#include <kj/function.h>

#include <map>
#include <memory>
#include <optional>

namespace acgs::rpc_gateway {

class tls_listener final : private kj::TaskSet::ErrorHandler {
public:
  /// Gets each stream whose peer has proved itself.
  using taker = kj::Function<void(kj::Own<kj::AsyncIoStream>, transport_proof)>;

  tls_listener(services& with, kj::AsyncIoContext& io, taker proved);
  KJ_DISALLOW_COPY(tls_listener);

  /// As `server::serve_tls`.
  caf::error open(kj::AutoCloseFd listening);

  /// As `server::renew_certificate`.
  caf::error renew();

  /// As `server::certificate_left`.
  std::optional<std::chrono::seconds> certificate_left() const;

  /// Ends the handshakes whose time is up, and looks at the certificate where
  /// it is time. To be called about once a second.
  void look();

  /// No new connections from now on; handshakes under way end.
  void stop();

private:
  struct handshake {
    kj::Own<kj::PromiseFulfiller<void>> end;
    bool failed = false; ///< counted; its peer is being told
  };

  caf::error read_files();
  void begin(kj::AuthenticatedStream got);
  kj::Promise<void> greet(std::uint64_t id, kj::AuthenticatedStream got,
                          std::string address);
  void failed(std::uint64_t id, const kj::Exception& how,
              const std::string& address);
  void taskFailed(kj::Exception&& exception) override;

  services& with_;
  kj::AsyncIoContext& io_;
  taker proved_;
  std::shared_ptr<net::kj_tls_server> tls_; ///< connections keep theirs
  steady_time looked_{};
  wall_time expires_{};
  std::map<std::uint64_t, handshake> handshakes_;
  kj::Own<kj::ConnectionReceiver> receiver_;
  kj::Own<kj::TaskSet> tasks_; ///< ends before what it uses
};

} // namespace acgs::rpc_gateway
