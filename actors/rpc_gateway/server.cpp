// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/server.hpp"

#include "actors/rpc_gateway/capabilities.hpp"
#include "actors/rpc_gateway/gated_stream.hpp"
#include "actors/rpc_gateway/listen.hpp"
#include "actors/rpc_gateway/log.hpp"

#include <capnp/rpc-twoparty.h>

namespace acgs::rpc_gateway {

namespace {

/// Calls of one connection that are in flight may take this many messages of
/// the largest size together; then reading waits.
constexpr std::size_t flow_messages = 4;

/// Answers that a peer does not read may pile up to this, and for this long.
constexpr std::size_t unread_bytes_max = 64u << 20;
constexpr auto unread_time_max = 30 * kj::SECONDS;

constexpr auto watch_interval = 1 * kj::SECONDS;

capnp::ReaderOptions reader_options(std::size_t message_bytes) {
  capnp::ReaderOptions out;
  out.traversalLimitInWords = message_bytes / sizeof(capnp::word);
  out.nestingLimit = wire::nesting_max;
  return out;
}

transport_proof local_proof(kj::PeerIdentity& peer) {
  transport_proof out;
  out.address = "unix";
  auto credentials = kj::downcast<kj::LocalPeerIdentity>(peer).getCredentials();
  KJ_IF_MAYBE (uid, credentials.uid) {
    out.uid = *uid;
  }
  return out;
}

} // namespace

struct server::connection {
  connection(kj::Own<kj::AsyncIoStream> from, services& with, std::uint64_t id,
             transport_proof proof)
      : stream{kj::mv(from), stranger_bytes_max},
        network{stream, capnp::rpc::twoparty::Side::SERVER,
                reader_options(with.settings.message_bytes_max)},
        rpc{capnp::makeRpcServer(network,
                                 make_gateway(with, id, std::move(proof),
                                              [this] { stream.open(); }))} {
    rpc.setFlowLimit(flow_messages * with.settings.message_bytes_max
                     / sizeof(capnp::word));
  }

  bool is_stalled() {
    return network.getCurrentQueueSize() > unread_bytes_max
           || (network.getCurrentQueueCount() > 0
               && network.getOutgoingMessageWaitTime() > unread_time_max);
  }

  gated_stream stream;
  capnp::TwoPartyVatNetwork network;
  capnp::RpcSystem<capnp::rpc::twoparty::VatId> rpc;
};

server::server(services& with, kj::AsyncIoContext& io)
    : with_{with}, io_{io}, listening_{kj::heap<kj::TaskSet>(
                                static_cast<ErrorHandler&>(*this))},
      tls_{with, io,
           [this](kj::Own<kj::AsyncIoStream> stream, transport_proof proof) {
             adopt(kj::mv(stream), std::move(proof));
           }},
      tasks_{*this} {
  tasks_.add(watch());
}

server::~server() noexcept(false) {
  for (auto& [id, each] : connections_)
    with_.load.gone(id);
}

void server::serve_unix(kj::AutoCloseFd listening) {
  auto& receiver = *receivers_.add(
      io_.lowLevelProvider->wrapListenSocketFd(kj::mv(listening)));
  listening_->add(accept_all(
      receiver, io_.provider->getTimer(), [this](kj::AuthenticatedStream got) {
        adopt(kj::mv(got.stream), local_proof(*got.peerIdentity));
      }));
}

caf::error server::serve_tls(kj::AutoCloseFd listening) {
  return tls_.open(kj::mv(listening));
}

caf::error server::renew_certificate() {
  return tls_.renew();
}

std::optional<std::chrono::seconds> server::certificate_left() const {
  return tls_.certificate_left();
}

void server::adopt(kj::Own<kj::AsyncIoStream> stream, transport_proof proof) {
  auto now = with_.settings.time->steady_now();
  if (auto least = with_.load.dispensable(now)) {
    with_.counts.turned_away();
    close(*least);
  }
  auto id = with_.load.connected(now);
  if (!id)
    return with_.counts.turned_away(); // closes the stream
  auto made =
      kj::heap<connection>(kj::mv(stream), with_, *id, std::move(proof));
  // Not closed within its own event: its network is still at work there.
  tasks_.add(made->network.onDisconnect().then(
      [this, id = *id] { return kj::evalLater([this, id] { close(id); }); }));
  connections_.emplace(*id, kj::mv(made));
  with_.counts.connections(connections_.size());
}

void server::stop_listening() {
  listening_ = kj::heap<kj::TaskSet>(static_cast<ErrorHandler&>(*this));
  receivers_.clear();
  tls_.stop();
}

kj::Promise<void> server::watch() {
  return io_.provider->getTimer().afterDelay(watch_interval).then([this] {
    for (auto& [id, each] : connections_)
      if (each->is_stalled())
        with_.load.stalled(id);
    for (auto id : with_.load.due(with_.settings.time->steady_now()))
      close(id);
    tls_.look();
    return watch();
  });
}

void server::close(std::uint64_t id) {
  auto found = connections_.find(id);
  if (found == connections_.end())
    return;
  auto closing = kj::mv(found->second);
  connections_.erase(found);
  closing = nullptr; // ends its calls, which count themselves off
  with_.load.gone(id);
  with_.counts.connections(connections_.size());
}

void server::taskFailed(kj::Exception&& exception) {
  logger.warning("a task of the RPC gateway failed",
                 {{"event", "rpc_task_failed"},
                  {"reason", exception.getDescription().cStr()}});
}

} // namespace acgs::rpc_gateway
