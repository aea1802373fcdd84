// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/server.hpp"

#include "actors/rpc_gateway/capabilities.hpp"
#include "runtime/base/log.hpp"

#include <capnp/rpc-twoparty.h>
#include <fcntl.h>
#include <kj/compat/tls.h>

#include <fstream>
#include <iterator>

namespace acgs::rpc_gateway {

namespace {

const log::logger logger{"rpc_gateway"};

/// Calls of one connection that are in flight may take this many messages of
/// the largest size together; then reading waits.
constexpr std::size_t flow_messages = 4;

/// Answers that a peer does not read may pile up to this, and for this long.
constexpr std::size_t unread_bytes_max = 64u << 20;
constexpr auto unread_time_max = 30 * kj::SECONDS;

constexpr auto watch_interval = 1 * kj::SECONDS;
constexpr std::chrono::hours certificate_interval{1};
constexpr auto tls_timeout = 10 * kj::SECONDS;

capnp::ReaderOptions reader_options(std::size_t message_bytes) {
  capnp::ReaderOptions out;
  out.traversalLimitInWords = message_bytes / sizeof(capnp::word);
  out.nestingLimit = wire::nesting_max;
  return out;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  KJ_REQUIRE(in.good(), "cannot read the file", path.c_str());
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// "127.0.0.1:53412" without its port.
std::string host_of(kj::StringPtr peer) {
  std::string text{peer.cStr()};
  return text.substr(0, text.rfind(':'));
}

transport_proof proof_of(kj::PeerIdentity& peer, bool local) {
  transport_proof out;
  if (local) {
    out.address = "unix";
    auto credentials =
        kj::downcast<kj::LocalPeerIdentity>(peer).getCredentials();
    KJ_IF_MAYBE (uid, credentials.uid) {
      out.uid = *uid;
    }
    return out;
  }
  auto& secure = kj::downcast<kj::TlsPeerIdentity>(peer);
  if (secure.hasCertificate())
    out.common_name = secure.getCommonName().cStr();
  out.address = host_of(secure.getNetworkIdentity().toString());
  return out;
}

} // namespace

struct server::connection {
  connection(kj::Own<kj::AsyncIoStream> from, services& with, std::uint64_t id,
             transport_proof proof)
      : stream{kj::mv(from)}, network{*stream,
                                      capnp::rpc::twoparty::Side::SERVER,
                                      reader_options(
                                          with.settings.message_bytes_max)},
        rpc{capnp::makeRpcServer(network,
                                 make_gateway(with, id, std::move(proof)))} {
    rpc.setFlowLimit(flow_messages * with.settings.message_bytes_max
                     / sizeof(capnp::word));
  }

  bool is_stalled() {
    return network.getCurrentQueueSize() > unread_bytes_max
           || (network.getCurrentQueueCount() > 0
               && network.getOutgoingMessageWaitTime() > unread_time_max);
  }

  kj::Own<kj::AsyncIoStream> stream;
  capnp::TwoPartyVatNetwork network;
  capnp::RpcSystem<capnp::rpc::twoparty::VatId> rpc;
};

struct server::tls {
  tls(const tcp_listener& from, kj::Timer& timer)
      : pair{kj::TlsPrivateKey(kj::StringPtr(read_file(from.key).c_str())),
             kj::TlsCertificate(
                 kj::StringPtr(read_file(from.certificate).c_str()))},
        authority{kj::StringPtr(read_file(from.authority).c_str())},
        context{options(timer)} {
    // Files are read once: for others there is another.
  }

  kj::TlsContext::Options options(kj::Timer& timer) {
    kj::TlsContext::Options out;
    out.useSystemTrustStore = false;
    out.verifyClients = true;
    out.trustedCertificates = kj::arrayPtr(&authority, 1);
    out.defaultKeypair = pair;
    out.timer = timer;
    out.acceptTimeout = tls_timeout;
    return out;
  }

  kj::TlsKeypair pair;
  kj::TlsCertificate authority;
  kj::TlsContext context;
};

server::server(services& with, kj::AsyncIoContext& io)
    : with_{with}, io_{io}, listening_{kj::heap<kj::TaskSet>(
                                static_cast<ErrorHandler&>(*this))},
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
  listening_->add(accept(receiver, true));
}

caf::error server::serve_tls(kj::AutoCloseFd listening) {
  tls_listening_ = kj::mv(listening);
  expires_ = with_.settings.tcp.expires;
  looked_ = with_.settings.time->steady_now();
  return begin_tls();
}

caf::error server::begin_tls() {
  std::unique_ptr<tls> made;
  auto failure = kj::runCatchingExceptions([&] {
    made = std::make_unique<tls>(with_.settings.tcp, io_.provider->getTimer());
  });
  KJ_IF_MAYBE (exception, failure)
    return make_error(ec::invalid_argument,
                      "cannot use the certificates of RPC: "
                          + std::string{exception->getDescription().cStr()},
                      "rpc");
  // One of its own for each context: the socket listens all the while.
  kj::AutoCloseFd again(::fcntl(tls_listening_.get(), F_DUPFD_CLOEXEC, 0));
  if (again.get() < 0)
    return make_error(ec::unavailable, "no descriptor left to listen with");
  tls_accepting_ = nullptr;
  tls_receiver_ = made->context.wrapPort(
      io_.lowLevelProvider->wrapListenSocketFd(kj::mv(again)));
  tls_.push_back(std::move(made));
  tls_accepting_ = kj::heap<kj::TaskSet>(static_cast<ErrorHandler&>(*this));
  tls_accepting_->add(accept(*tls_receiver_, false));
  return {};
}

caf::error server::renew_certificate() {
  const auto& from = with_.settings.tcp;
  if (!from.renew || tls_.empty())
    return {};
  auto until = from.renew();
  if (!until)
    return until.error();
  if (*until == expires_)
    return {};
  // A gateway that drains lets nobody in with the new one either.
  if (tls_accepting_.get() != nullptr)
    if (auto error = begin_tls())
      return error;
  expires_ = *until;
  logger.info("the certificate of RPC was renewed",
              {{"event", "certificate_renewed"}});
  return {};
}

std::optional<std::chrono::seconds> server::certificate_left() const {
  if (tls_.empty() || expires_ == wall_time{})
    return std::nullopt;
  return std::chrono::floor<std::chrono::seconds>(expires_
                                                  - with_.settings.time->now());
}

void server::look_at_certificate() {
  auto now = with_.settings.time->steady_now();
  if (now - looked_ < certificate_interval)
    return;
  looked_ = now;
  if (auto error = renew_certificate())
    logger.error(
        "the certificate of RPC cannot be renewed",
        {{"event", "certificate_not_renewed"}, {"reason", sentence_of(error)}});
}

kj::Promise<void> server::accept(kj::ConnectionReceiver& from, bool local) {
  return from.acceptAuthenticated()
      .then(
          [this, local](kj::AuthenticatedStream got) {
            adopt(kj::mv(got.stream), proof_of(*got.peerIdentity, local));
          },
          [](kj::Exception&& exception) {
            // A handshake that failed, or no descriptors left for now.
            logger.info("a connection was not accepted",
                        {{"event", "rpc_refused"},
                         {"reason", exception.getDescription().cStr()}});
          })
      .then([this, &from, local] { return accept(from, local); });
}

void server::adopt(kj::Own<kj::AsyncIoStream> stream, transport_proof proof) {
  auto id = with_.load.connected(with_.settings.time->steady_now());
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
  tls_accepting_ = nullptr;
  tls_receiver_ = nullptr;
  tls_listening_ = nullptr;
}

kj::Promise<void> server::watch() {
  return io_.provider->getTimer().afterDelay(watch_interval).then([this] {
    for (auto& [id, each] : connections_)
      if (each->is_stalled())
        with_.load.stalled(id);
    for (auto id : with_.load.due(with_.settings.time->steady_now()))
      close(id);
    look_at_certificate();
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
