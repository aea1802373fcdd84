// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// RPC_GATEWAY's core: which connections there are, how many calls wait on
// each, and which are to be closed. Lives on the gateway's loop; knows nothing
// of streams and messages. A connection counts from its acceptance on, so that
// strangers who never authenticate are bounded and dropped too; over TCP from
// the end of its handshake on, which has bounds of its own before.

#include "runtime/base/clock.hpp"
#include "runtime/base/error.hpp"
#include "runtime/domain/identity.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace acgs::rpc_gateway {

struct bounds {
  std::size_t connections_max = 256;
  std::size_t calls_max = 256;      ///< that wait, on one connection
  unsigned refusals_max = 8;        ///< of credentials, on one connection
  std::size_t uploads_max = 2;      ///< of archives, on all connections
  std::size_t handshakes_max = 256; ///< of TLS, that are under way
  std::size_t handshakes_of_address_max = 128;
  /// For a handshake of TLS, and then again for a credential to be shown.
  std::chrono::nanoseconds handshake_timeout = std::chrono::seconds{10};
  std::chrono::nanoseconds idle_timeout = std::chrono::minutes{15};
  /// So long a silent connection keeps its place where all are taken.
  std::chrono::nanoseconds silent_at_least = std::chrono::seconds{1};
};

class state {
public:
  explicit state(bounds within) : within_{within} {}

  /// A handshake's number; nothing where too many are under way, in all or
  /// of this address, or the gateway drains.
  std::optional<std::uint64_t> handshake_begins(const std::string& address,
                                                steady_time now);

  /// It is done, or was broken off.
  void handshake_ends(std::uint64_t handshake);

  /// The handshakes that have taken too long by now.
  std::vector<std::uint64_t> handshakes_due(steady_time now) const;

  /// Handshakes that are under way.
  std::size_t handshakes() const { return handshakes_.size(); }

  /// Where there is no place for one connection more, the one that is to be
  /// closed for it: the longest silent of those that were for the time within
  /// the bounds and have no call under way. Those that have shown no credential
  /// come first, admins last, and while a quarter of all have shown none, the
  /// others keep their places. So nobody keeps others out by connecting and
  /// saying nothing.
  std::optional<std::uint64_t> dispensable(steady_time now) const;

  /// A new connection's number; nothing where there are too many or the
  /// gateway drains.
  std::optional<std::uint64_t> connected(steady_time now);

  /// It was closed, by whomever.
  void gone(std::uint64_t connection);

  /// It has shown a valid credential.
  void authenticated(std::uint64_t connection, domain::role as,
                     steady_time now);

  /// It has shown a wrong one.
  void refused(std::uint64_t connection);

  /// A call begins, unless `overloaded` (too many wait) or `unavailable` (the
  /// gateway drains, the connection is closing) comes back.
  caf::error call_begins(std::uint64_t connection, steady_time now);

  /// A call that had begun ends.
  void call_ends(std::uint64_t connection, steady_time now);

  /// It takes no answers in: to be closed.
  void stalled(std::uint64_t connection);

  /// The connections to be closed by now: silent before authentication, idle
  /// for too long, refused too often, stalled.
  std::vector<std::uint64_t> due(steady_time now) const;

  /// An upload begins, unless `overloaded` comes back: as many are under way
  /// as there may be, on all connections.
  caf::error upload_begins();

  /// An upload that had begun ends.
  void upload_ends() { --uploads_; }

  /// From now on no connection and no call is let in.
  void drain() { draining_ = true; }

  std::size_t connections() const { return connections_.size(); }

  /// Calls that wait, on all connections.
  std::size_t calls() const { return calls_; }

private:
  /// In the order in which they give their places away.
  enum class standing : std::uint8_t { stranger, known, admin };

  struct connection {
    steady_time since; ///< connected, or of the latest call
    standing stands = standing::stranger;
    std::size_t calls = 0;
    unsigned refusals = 0;
    bool stalled = false;
  };

  struct handshake {
    std::string address;
    steady_time since;
  };

  bounds within_;
  std::map<std::uint64_t, handshake> handshakes_;
  std::map<std::string, std::size_t> handshakes_of_; ///< by address
  std::map<std::uint64_t, connection> connections_;
  std::uint64_t next_ = 1;
  std::size_t calls_ = 0;
  std::size_t uploads_ = 0;
  bool draining_ = false;
};

} // namespace acgs::rpc_gateway
