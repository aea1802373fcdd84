// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// One listening socket. Owned by a server, used on its loop.

#include "runtime/base/error.hpp"
#include "runtime/net/asio_loop.hpp"
#include "runtime/net/http/server.hpp"
#include "runtime/net/http/transport.hpp"

#include <functional>
#include <memory>

namespace acgs::http {

struct acceptor_hooks {
  std::function<bool()> has_room; ///< for one more connection
  std::function<void(std::unique_ptr<transport>)> take;
};

class acceptor {
public:
  virtual ~acceptor() = default;

  /// The address with the port that was taken.
  virtual listen_address bound() const = 0;

  /// Goes on after the process had run out of descriptors.
  virtual void retry() = 0;
};

/// Binds and listens; errors as of `server::start`.
result<std::unique_ptr<acceptor>> make_acceptor(net::asio_loop& loop,
                                                const listen_address& address,
                                                const server_options& options,
                                                acceptor_hooks hooks);

} // namespace acgs::http
