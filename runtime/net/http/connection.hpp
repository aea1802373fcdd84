// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// One client's connection: reads requests, hands them over one at a time,
// writes responses. Owned by its server's list and by whatever is under way
// on it; used on the loop's thread. Invariant: at most one request is being
// handled, and nothing is read meanwhile, so that a client which does not
// wait for its answers fills its own socket and not our memory.

#include "runtime/base/clock.hpp"
#include "runtime/net/http/request_parser.hpp"
#include "runtime/net/http/response_writer.hpp"
#include "runtime/net/http/server.hpp"
#include "runtime/net/http/transport.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>

namespace acgs::http {

/// What connections share; their server owns it, and closes them before it
/// goes.
struct connection_context {
  const server_options& options;
  const server_handlers& handlers;
  const time_source& clock;
  response_writer writer;
  std::shared_ptr<body_room> room;
  bool draining = false;
  std::uint64_t timed_out = 0;
  /// Takes a connection that has ended off the list.
  std::function<void(connection*)> forget;
};

class connection : public std::enable_shared_from_this<connection> {
public:
  connection(connection_context& context, std::unique_ptr<transport> over);

  /// Begins to read.
  void start();

  /// Answers the request that is being handled.
  void respond(const response& with);

  /// Ends it after the response that is under way, or after the next one if it
  /// comes at once.
  void drain();

  /// Ends it if its time is over.
  void sweep(steady_time now);

  /// Ends it now, without a word.
  void close();

  /// Since when the client is awaited: to shake hands, to ask, or to send the
  /// rest of a request. Nothing while it is the client's turn to wait.
  std::optional<steady_time> awaited_since() const;

  const request& asked() const { return parser_.parsed(); }
  const peer& from() const { return over_->who(); }

private:
  enum class phase {
    opening,
    idle,      ///< waits for a request's first byte
    reading,   ///< a request is coming in
    handling,  ///< the handler has it
    writing,   ///< the response goes out
    finishing, ///< waits for the client to close
    closed
  };

  void opened(const opening& how);
  void wait_for_request();
  void enter(phase next, std::chrono::nanoseconds limit);
  void read_more();
  void received(std::size_t size);
  void act_on_parser();
  void enter_body();
  void refuse_rest(unsigned status, std::string_view why);
  void hand_over();
  void send_continue();
  void send(const response& with, bool keep_alive);
  void sent(bool keep_alive);
  void finish();

  connection_context& context_;
  std::unique_ptr<transport> over_;
  request_parser parser_;
  phase phase_ = phase::opening;
  bool in_body_ = false;
  steady_time since_{}; ///< the phase began, with reading the request
  steady_time deadline_{};
  std::string out_;
  std::array<char, 8192> buffer_;
};

} // namespace acgs::http
