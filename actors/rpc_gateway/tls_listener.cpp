// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/tls_listener.hpp"

#include "actors/rpc_gateway/listen.hpp"
#include "actors/rpc_gateway/log.hpp"
#include "runtime/auth/local_identity.hpp"

#include <array>

namespace acgs::rpc_gateway {

namespace {

constexpr std::chrono::hours certificate_interval{1};

/// What a refused peer may still send while it is told.
constexpr std::size_t farewell_bytes_max = 64u << 10;

/// "127.0.0.1:53412" without its port.
std::string host_of(kj::PeerIdentity& peer) {
  std::string text{peer.toString().cStr()};
  return text.substr(0, text.rfind(':'));
}

/// kj has no answer for a certificate without a common name but to throw.
/// Empty, it is refused as soon as the peer shows its credential.
std::string common_name_of(kj::TlsPeerIdentity& peer) {
  std::string out;
  auto nameless = kj::runCatchingExceptions([&] {
    auto name = peer.getCommonName();
    out.assign(name.begin(), name.size());
  });
  KJ_IF_MAYBE (why, nameless)
    logger.debug("a client certificate has no common name that can be read",
                 {{"event", "rpc_certificate_nameless"},
                  {"reason", why->getDescription().cStr()}});
  return out;
}

transport_proof proof_of(kj::PeerIdentity& peer, std::string address) {
  transport_proof out;
  auto& secure = kj::downcast<kj::TlsPeerIdentity>(peer);
  if (secure.hasCertificate())
    out.common_name = common_name_of(secure);
  out.address = std::move(address);
  return out;
}

/// What is left of a connection whose peer was refused.
struct farewell {
  kj::Own<kj::AsyncIoStream> stream;
  std::size_t left = farewell_bytes_max;
  std::array<kj::byte, 4096> buffer{};
};

kj::Promise<void> read_on(farewell& from) {
  return from.stream->tryRead(from.buffer.data(), 1, from.buffer.size())
      .then([&from](std::size_t got) -> kj::Promise<void> {
        if (got == 0 || got >= from.left)
          return kj::READY_NOW;
        from.left -= got;
        return read_on(from);
      });
}

/// Says that nothing more comes, and reads until the peer hangs up: closed
/// over unread bytes, the stream would be reset, and the peer not read why.
kj::Promise<void> part_with(kj::Own<kj::AsyncIoStream> stream) {
  return kj::evalNow([&] {
           stream->shutdownWrite();
           auto last = kj::heap<farewell>();
           last->stream = kj::mv(stream);
           auto& from = *last;
           return read_on(from).attach(kj::mv(last));
         })
      .catch_([](kj::Exception&&) {
        // The peer is gone.
      });
}

} // namespace

tls_listener::tls_listener(services& with, kj::AsyncIoContext& io, taker proved)
    : with_{with}, io_{io}, proved_{kj::mv(proved)},
      tasks_{kj::heap<kj::TaskSet>(static_cast<ErrorHandler&>(*this))} {
  // Listens from `open` on.
}

caf::error tls_listener::open(kj::AutoCloseFd listening) {
  expires_ = with_.settings.tcp.expires;
  looked_ = with_.settings.time->steady_now();
  if (auto error = read_files())
    return error;
  receiver_ = io_.lowLevelProvider->wrapListenSocketFd(kj::mv(listening));
  tasks_->add(
      accept_all(*receiver_, io_.provider->getTimer(),
                 [this](kj::AuthenticatedStream got) { begin(kj::mv(got)); }));
  return {};
}

caf::error tls_listener::read_files() {
  const auto& from = with_.settings.tcp;
  auto made =
      net::kj_tls_server::make({from.authority, from.certificate, from.key});
  if (!made)
    return std::move(made.error());
  tls_ = std::move(*made);
  return {};
}

caf::error tls_listener::renew() {
  const auto& from = with_.settings.tcp;
  if (!from.renew || !tls_)
    return {};
  auto until = from.renew();
  if (!until)
    return until.error();
  if (*until == expires_)
    return {};
  if (auto error = read_files())
    return error;
  expires_ = *until;
  logger.info("the certificate of RPC was renewed",
              {{"event", "certificate_renewed"}});
  return {};
}

std::optional<std::chrono::seconds> tls_listener::certificate_left() const {
  if (!tls_ || expires_ == wall_time{})
    return std::nullopt;
  return std::chrono::floor<std::chrono::seconds>(expires_
                                                  - with_.settings.time->now());
}

void tls_listener::look() {
  auto now = with_.settings.time->steady_now();
  for (auto id : with_.load.handshakes_due(now)) {
    auto& late = handshakes_.at(id);
    if (!late.failed)
      with_.counts.handshake_unfinished();
    late.failed = true;
    late.end->fulfill();
  }
  if (now - looked_ < certificate_interval)
    return;
  looked_ = now;
  if (auto error = renew())
    logger.error(
        "the certificate of RPC cannot be renewed",
        {{"event", "certificate_not_renewed"}, {"reason", sentence_of(error)}});
}

void tls_listener::begin(kj::AuthenticatedStream got) {
  auto address = host_of(*got.peerIdentity);
  auto id =
      with_.load.handshake_begins(address, with_.settings.time->steady_now());
  if (!id)
    return with_.counts.turned_away(); // closes the stream
  auto end = kj::newPromiseAndFulfiller<void>();
  handshakes_[*id].end = kj::mv(end.fulfiller);
  tasks_->add(greet(*id, kj::mv(got), std::move(address))
                  .exclusiveJoin(kj::mv(end.promise))
                  .attach(kj::defer([this, id = *id] {
                    handshakes_.erase(id);
                    with_.load.handshake_ends(id);
                  })));
}

kj::Promise<void> tls_listener::greet(std::uint64_t id,
                                      kj::AuthenticatedStream got,
                                      std::string address) {
  using outcome = kj::Maybe<kj::AuthenticatedStream>;
  // Lent, so that it is still there after a handshake that fails.
  auto plain = kj::mv(got.stream);
  got.stream =
      kj::Own<kj::AsyncIoStream>(plain.get(), kj::NullDisposer::instance);
  return tls_->greet(kj::mv(got))
      .then(
          [](kj::AuthenticatedStream peer) -> outcome { return kj::mv(peer); },
          [this, id, address](kj::Exception&& how) -> outcome {
            failed(id, how, address);
            return nullptr;
          })
      .then([this, address, plain = kj::mv(plain),
             tls = tls_](outcome peer) mutable -> kj::Promise<void> {
        KJ_IF_MAYBE (secure, peer) {
          auto proof = proof_of(*secure->peerIdentity, address);
          proved_(secure->stream.attach(kj::mv(plain), kj::mv(tls)),
                  std::move(proof));
          return kj::READY_NOW;
        }
        return part_with(kj::mv(plain));
      });
}

void tls_listener::failed(std::uint64_t id, const kj::Exception& how,
                          const std::string& address) {
  handshakes_.at(id).failed = true;
  auto wrong = net::wrong_proof(how);
  logger.debug("a TLS handshake failed",
               {{"event", "rpc_handshake_failed"},
                {"address", address},
                {"reason", wrong ? *wrong : how.getDescription().cStr()}});
  if (!wrong)
    return with_.counts.handshake_unfinished();
  with_.counts.refused();
  auto state = with_.now.state();
  // Every one is counted; a scanner does not fill the log with them.
  if (with_.limiter.take(auth::anonymous_identity(address), state.get(),
                         with_.settings.time->steady_now()))
    return;
  tell_refused(with_, {}, net::refusal_of(*wrong), address);
}

void tls_listener::stop() {
  tasks_ = kj::heap<kj::TaskSet>(static_cast<ErrorHandler&>(*this));
  receiver_ = nullptr;
}

void tls_listener::taskFailed(kj::Exception&& exception) {
  logger.warning("a task of the RPC gateway failed",
                 {{"event", "rpc_task_failed"},
                  {"reason", exception.getDescription().cStr()}});
}

} // namespace acgs::rpc_gateway
