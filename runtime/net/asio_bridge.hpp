// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The bridge between one Asio loop and the actors: neither waits for the
// other. A request goes straight into the actor's mailbox; replies, which
// come on the actors' threads, are collected and taken by the loop in batches
// (one post for each time the collection stops being empty).
//
// Owned by what runs on the loop; used on the loop's thread only. Invariant:
// the callback of each request is called exactly once, on the loop and never
// inside `request`: with the reply, or with an error when the actor is dead,
// too many requests are pending, the deadline passed or the bridge ends.

#include "runtime/base/clock.hpp"
#include "runtime/base/error.hpp"
#include "runtime/net/asio_loop.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/detail/type_list.hpp>
#include <caf/fwd.hpp>
#include <caf/make_message.hpp>
#include <caf/message.hpp>
#include <caf/response_type.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

namespace acgs::net {

class asio_bridge {
public:
  struct options {
    /// Requests in flight; one more fails with `overloaded`.
    std::size_t pending_max = 16384;
    /// How often deadlines are looked at. A request ends up to one tick late.
    std::chrono::nanoseconds tick = std::chrono::milliseconds{50};
  };

  /// On the loop's thread. Loop, system and clock must outlive the bridge.
  asio_bridge(caf::actor_system& system, asio_loop& loop,
              const time_source& clock, options opts);

  /// On the loop's thread. Whoever still waits gets `unavailable`.
  ~asio_bridge();

  asio_bridge(const asio_bridge&) = delete;
  asio_bridge& operator=(const asio_bridge&) = delete;

  /// The one reply type that `Handle` gives for `Message`.
  template <class Handle, class Message>
  struct reply_of;
  template <class Handle, class Message>
  using reply_t = typename reply_of<Handle, Message>::type;

  /// Sends a request to a typed actor; `done` takes a `result<Reply>`.
  /// Errors: the actor's own, `overloaded` (too many pending, nothing was
  /// sent), `unavailable` (no such actor, or it died), `timed_out` (no reply
  /// within `limit`; the actor may still act on it).
  template <class Handle, class Message, class Done>
  void request(const Handle& to, Message what, std::chrono::nanoseconds limit,
               Done done) {
    using reply = reply_t<Handle, Message>;
    start(caf::actor_cast<caf::strong_actor_ptr>(to),
          caf::make_message(std::move(what)), limit,
          std::make_unique<call_of<reply, Done>>(std::move(done)));
  }

  /// Sends a message that has no answer.
  template <class Handle, class Message>
  void send(const Handle& to, Message what) {
    if (to)
      put(caf::actor_cast<caf::strong_actor_ptr>(to),
          caf::make_message(std::move(what)));
  }

  /// Requests in flight.
  std::size_t pending() const;

  /// Ends with `timed_out` what is past its deadline. Called by the bridge's
  /// own ticker; tests call it after they moved the clock.
  void expire();

private:
  struct call {
    virtual ~call() = default;
    virtual void succeed(caf::message& reply) = 0;
    virtual void fail(caf::error error) = 0;
  };

  template <class Reply, class Done>
  struct call_of final : call {
    explicit call_of(Done d) : done{std::move(d)} {
      // Called once, by succeed or fail.
    }
    void succeed(caf::message& reply) override {
      if constexpr (std::is_void_v<Reply>) {
        done(result<void>{});
      } else {
        if (reply.match_elements<Reply>())
          done(result<Reply>{std::move(reply.get_mutable_as<Reply>(0))});
        else
          fail(unexpected(reply));
      }
    }
    void fail(caf::error error) override {
      done(result<Reply>{std::move(error)});
    }
    Done done;
  };

  struct impl;

  static caf::error unexpected(const caf::message& reply);
  void start(caf::strong_actor_ptr to, caf::message what,
             std::chrono::nanoseconds limit, std::unique_ptr<call> waiting);
  void put(caf::strong_actor_ptr to, caf::message what);

  std::unique_ptr<impl> impl_;
};

template <class Handle, class Message>
struct asio_bridge::reply_of {
private:
  template <class... Out>
  struct only;
  template <class Out>
  struct only<caf::detail::type_list<Out>> {
    using type = Out;
  };

public:
  using type = typename only<
      caf::response_type_t<typename Handle::signatures, Message>>::type;
};

} // namespace acgs::net
