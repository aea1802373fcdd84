// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// An HTTP/1.1 server on an Asio loop: listeners, connections, their bounds
// and time-outs. It hands each whole request to one handler and sends what
// the handler answers, now or later. Made, used and destroyed on the loop's
// thread. Requests of a connection are handled one after the other, so that
// pipelined ones are answered in order; there is no timer a connection, but
// one sweep over all.

#include "runtime/base/clock.hpp"
#include "runtime/base/error.hpp"
#include "runtime/net/asio_loop.hpp"
#include "runtime/net/http/head.hpp"
#include "runtime/net/http/message.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace acgs::http {

class connection;

/// One request that waits for its response. Exactly one response is sent:
/// where nobody gave one before the last owner let go, it is a 503.
class exchange {
public:
  explicit exchange(std::shared_ptr<connection> on);
  exchange(exchange&&) noexcept = default;
  exchange& operator=(exchange&&) = delete;
  ~exchange();

  /// What is asked, until `respond`.
  const request& asked() const;

  /// Who asks.
  const peer& from() const;

  /// Sends the response. A second call does nothing.
  void respond(response with);

private:
  std::shared_ptr<connection> connection_;
};

/// Where to listen.
struct listen_address {
  std::string host{}; ///< an IP address
  std::uint16_t port = 0;
};

/// Certificates of the listeners, names of PEM files.
struct tls_files {
  std::string certificate{}; ///< with its chain; empty: no TLS
  std::string key{};
  std::string client_authority{}; ///< whose client certificates are taken;
                                  ///< empty: none are asked for
};

struct server_options {
  std::vector<listen_address> listen{};
  /// How many ports to try from a busy one on. 1: only that one.
  unsigned ports_to_try = 100;
  tls_files tls{};
  limits bounds{};
  std::size_t connections_max = 1024;
  /// Of all bodies together; one that finds no room is refused with 503.
  std::size_t bodies_bytes_max = std::size_t{256} << 20;
  /// Where there are as many, a new one takes the place of the one whose client
  /// has been awaited for the longest, if it was for so long: nobody keeps
  /// others out by connecting and saying nothing, or little.
  std::chrono::nanoseconds awaited_at_least = std::chrono::seconds{1};
  /// Within these, from its first byte, a request's head and all of it must
  /// have arrived. A TLS handshake has as long as a head.
  std::chrono::nanoseconds head_timeout = std::chrono::seconds{10};
  std::chrono::nanoseconds request_timeout = std::chrono::seconds{30};
  std::chrono::nanoseconds idle_timeout = std::chrono::seconds{60};
  std::chrono::nanoseconds write_timeout = std::chrono::seconds{30};
  std::chrono::nanoseconds linger_timeout = std::chrono::seconds{2};
  /// So long after `drain` an unused connection waits for a request that is on
  /// its way: who sent one could not know, and would see it fail.
  std::chrono::nanoseconds drain_grace = std::chrono::milliseconds{250};
  std::chrono::nanoseconds sweep_period = std::chrono::milliseconds{250};
};

/// What a server asks of its owner, all on the loop's thread.
struct server_handlers {
  std::function<void(exchange)> handle;
  /// The response to a request that could not be read.
  std::function<response(const refusal&, const peer&)> refuse;
  /// A TLS handshake came to nothing. With what was wrong with what the peer
  /// showed, as OpenSSL says it; nothing where it showed nothing wrong: it
  /// left, was late, refused the node, or was not asked to prove itself.
  std::function<void(const std::optional<std::string>&, const peer&)>
      handshake_failed = [](const auto&, const auto&) {};
};

struct server_counts {
  std::uint64_t accepted = 0;
  std::uint64_t turned_away = 0; ///< for want of room, the old or the new
  std::uint64_t timed_out = 0;
  std::size_t open = 0;
  std::size_t body_bytes = 0;     ///< held now, but for the first of each
  std::uint64_t without_room = 0; ///< requests refused for that
};

class server {
public:
  /// Listens on all addresses. Fails with `invalid_argument` where one is no
  /// IP address, or not loopback without TLS, or a TLS file is unusable, and
  /// with `unavailable` where no port is free.
  static result<std::unique_ptr<server>> start(net::asio_loop& loop,
                                               const time_source& clock,
                                               server_options options,
                                               server_handlers handlers);

  /// Closes everything at once. Handlers are not called any more.
  ~server();

  /// Where it listens, in the order of `listen`, with the ports taken.
  const std::vector<listen_address>& addresses() const;

  server_counts counts() const;

  /// Stops listening, ends connections after their next response, which says
  /// so, or unused ones after `drain_grace`; then, or now if there are none,
  /// calls `done`.
  void drain(std::function<void()> done);

  /// Ends what is past its time. Called by the server's own ticker; tests
  /// call it after they moved the clock.
  void sweep();

private:
  friend class connection;
  struct impl;

  explicit server(std::unique_ptr<impl> state);
  std::unique_ptr<impl> impl_;
};

} // namespace acgs::http
