// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/service.hpp"

#include "actors/rpc_gateway/listen.hpp"
#include "actors/rpc_gateway/server.hpp"
#include "runtime/net/kj_loop.hpp"

#include <optional>

namespace acgs::rpc_gateway {

/// In the order of construction; what lives on the loop is made and destroyed
/// there.
struct service::parts {
  explicit parts(config from)
      : settings{std::move(from)}, load{settings.within},
        counts{*settings.registry}, limiter{settings.limits} {
    // The loop is started by `start`.
    if (!settings.decisions)
      settings.decisions = std::make_shared<acgs::metrics::decision_stats>();
  }

  config settings;
  present now;
  state load; ///< belongs to the loop
  metrics counts;
  auth::rate_limiter limiter;
  std::optional<net::kj_loop> loop;
  std::optional<services> shared;
  std::unique_ptr<server> listening;
};

service::service(config settings)
    : parts_{std::make_unique<parts>(std::move(settings))} {
  // Started by `open`.
}

service::~service() {
  if (!parts_->loop)
    return;
  // Fails only where the loop has ended by itself, and all on it with it.
  [[maybe_unused]] auto ended =
      parts_->loop->execute([this](auto&) { parts_->listening.reset(); });
  parts_->loop->stop();
  std::error_code ignored;
  if (owns_socket_)
    std::filesystem::remove(parts_->settings.socket, ignored);
}

result<std::shared_ptr<service>> service::open(caf::actor_system& system,
                                               config settings) {
  std::shared_ptr<service> out{new service{std::move(settings)}};
  if (auto error = out->start(system))
    return error;
  return out;
}

caf::error service::start(caf::actor_system& system) {
  auto& settings = parts_->settings;
  kj::AutoCloseFd local;
  if (!settings.socket.empty()) {
    auto made = listen_unix(settings.socket);
    if (!made)
      return std::move(made.error());
    local = kj::mv(*made);
    owns_socket_ = true;
  }
  kj::AutoCloseFd remote;
  if (!settings.tcp.host.empty()) {
    auto made = listen_tcp(settings.tcp.host, settings.tcp.port,
                           settings.tcp.strict_port);
    if (!made)
      return std::move(made.error());
    remote = kj::mv(made->fd);
    port_ = made->port;
  }
  parts_->loop.emplace(system, "rpc");
  caf::error failure;
  auto error = parts_->loop->execute([&](net::kj_loop::context& here) {
    parts_->shared.emplace(services{settings, here.bridge, parts_->now,
                                    parts_->load, parts_->counts,
                                    parts_->limiter, *settings.decisions});
    parts_->listening = std::make_unique<server>(*parts_->shared, here.io);
    if (local.get() >= 0)
      parts_->listening->serve_unix(kj::mv(local));
    if (remote.get() >= 0)
      failure = parts_->listening->serve_tls(kj::mv(remote));
  });
  return error ? error : failure;
}

void service::update(control::published now) {
  parts_->now.set(std::move(now));
}

void service::drain() {
  // A loop that has ended lets nothing in either.
  [[maybe_unused]] auto error = parts_->loop->execute([this](auto&) {
    parts_->load.drain();
    parts_->listening->stop_listening();
  });
}

workload service::load() {
  workload out;
  [[maybe_unused]] auto error = parts_->loop->execute([&](auto&) {
    out = {parts_->load.connections(), parts_->load.calls(),
           parts_->load.handshakes(), parts_->listening->certificate_left()};
  });
  return out;
}

caf::error service::renew_certificate() {
  caf::error failure;
  auto error = parts_->loop->execute(
      [&](auto&) { failure = parts_->listening->renew_certificate(); });
  return error ? error : failure;
}

const std::filesystem::path& service::socket() const {
  return parts_->settings.socket;
}

caf::error service::adopt(int fd, std::uint32_t uid) {
  return parts_->loop->execute([&](net::kj_loop::context& here) {
    transport_proof proof;
    proof.uid = uid;
    proof.address = "unix";
    parts_->listening->adopt(
        here.io.lowLevelProvider->wrapSocketFd(kj::AutoCloseFd(fd)),
        std::move(proof));
  });
}

} // namespace acgs::rpc_gateway
