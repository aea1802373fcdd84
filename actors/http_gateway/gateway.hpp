// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The part of HTTP_GATEWAY that lives on the loop: it owns the server and the
// bridge, lets each request in (Host, Origin, identity, rights, rate) and
// hands it to its route. The actor makes it, tells it of new states, drains
// and destroys it, all on the loop.

#include "actors/http_gateway/call.hpp"
#include "runtime/net/asio_loop.hpp"

#include <caf/fwd.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace acgs::http_gateway {

class gateway {
public:
  /// Listens. Fails as `http::server::start`.
  static result<std::unique_ptr<gateway>> start(caf::actor_system& system,
                                                net::asio_loop& loop,
                                                const config& settings);

  ~gateway();

  void publish(std::shared_ptr<const present> next);

  const std::vector<http::listen_address>& addresses() const {
    return server_->addresses();
  }

  /// Lets no new connection in and calls `done` when all are answered.
  void drain(std::function<void()> done);

  std::size_t connections() const { return server_->counts().open; }

  /// A JSON object of what it has counted.
  std::string facts() const;

private:
  explicit gateway(const config& settings);

  void count_server();
  void handle(http::exchange waiting);
  /// Fails where a page of somebody else's asks, by what its browser says.
  caf::error check_page(const http::request& asked) const;
  void route(const call_ptr& what);
  /// To the same path without empty steps, as OPA's router does; by 308 where
  /// 301, which is OPA's, would have clients leave the body out.
  void redirect(const call_ptr& what);
  bool admit(const call_ptr& what);
  caf::error identify(call& what);
  bool take_rate(const call_ptr& what);
  void count_probe(call& what);
  void handshake_failed(const std::optional<std::string>& wrong,
                        const http::peer& from);
  http::response refuse(const http::refusal& why, const http::peer& from);

  router router_;
  services shared_;
  std::unique_ptr<http::server> server_;
  net::ticker counting_;
};

} // namespace acgs::http_gateway
