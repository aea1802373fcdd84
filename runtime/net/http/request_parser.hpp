// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads requests from a connection's bytes, one after the other. Boost.Beast
// does the framing; before it sees a head, `read_head` has judged it strictly,
// and both must accept it. Owned by one connection, used on its loop.
//
// Invariant: at most `head_bytes` of head and `body_bytes` of body are kept,
// whatever arrives, and whatever it decompresses to; of all bodies together
// what there is room for. Between requests nothing of the last body is kept.

#include "runtime/net/http/body_room.hpp"
#include "runtime/net/http/head.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace acgs::http {

class request_parser {
public:
  enum class state {
    idle,    ///< nothing of the next request has come
    head,    ///< part of a head has
    body,    ///< part of a body has
    ready,   ///< `parsed` holds a whole request
    refused, ///< `why` says why; nothing more can be read
  };

  explicit request_parser(
      const limits& bounds,
      std::shared_ptr<body_room> room = std::make_shared<body_room>());
  ~request_parser();

  /// Takes bytes as they came. Stops at the end of a request: what follows
  /// is kept for the next one.
  state feed(std::string_view bytes);

  /// Forgets the request that is ready and goes on with what was kept.
  state next();

  state now() const { return state_; }
  const request& parsed() const { return head_.parsed; }
  const refusal& why() const { return refusal_; }

  /// Notes when the request was complete, for `parsed`.
  void received_at(std::int64_t nanos) { head_.parsed.received_nanos = nanos; }

  /// Whether the client waits for "100 Continue". True once a request.
  bool take_continue();

private:
  class framer;

  state advance();
  state start_body(std::size_t head_length);
  state read_body();
  state finish();
  void drop_body();
  state refuse(unsigned status, std::string sentence);
  state refuse_for_room();

  const limits bounds_;
  state state_ = state::idle;
  std::string pending_; ///< received and not yet consumed
  std::string text_;    ///< the head that `head_` points into
  std::string inflated_;
  std::size_t searched_ = 0; ///< no end of the head is before this
  head head_;
  refusal refusal_;
  body_share share_;
  std::unique_ptr<framer> framer_;
};

} // namespace acgs::http
