// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Lets one kj event loop ask CAF actors without either side ever waiting for
// the other. A request goes straight into the actor's mailbox; its reply comes
// to a companion actor, whose queue the loop empties. An eventfd wakes the
// loop only when that queue was empty, so that replies are taken in batches.
//
// Belongs to one loop: made, used and destroyed on its thread.
// Invariant: each call ends once: with the reply, with the actor's error, with
// `timed_out` (looked for by one tick, not by a timer a call), or, beyond the
// bound of calls that wait, with `overloaded` and nothing sent.

#include "runtime/base/error.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_companion.hpp>
#include <caf/actor_system.hpp>
#include <caf/message.hpp>
#include <kj/async-unix.h>
#include <kj/async.h>
#include <kj/io.h>
#include <kj/timer.h>

#include <chrono>
#include <memory>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace acgs::net {

struct kj_bridge_options {
  std::size_t pending_max = 16384; ///< calls that may wait at once
  std::chrono::milliseconds tick{50};
};

class kj_bridge : private kj::TaskSet::ErrorHandler {
public:
  kj_bridge(caf::actor_system& system, kj::UnixEventPort& port,
            kj::Timer& timer, kj_bridge_options options = {});
  ~kj_bridge() noexcept(false);
  KJ_DISALLOW_COPY(kj_bridge);

  /// Sends the actor a request and gives its reply. A reply later than
  /// `timeout` (to a tick) is dropped. Dropping the promise drops the call;
  /// the actor may have seen it.
  kj::Promise<result<caf::message>> request(const caf::strong_actor_ptr& to,
                                            std::chrono::nanoseconds timeout,
                                            caf::message content);

  /// The same for a reply of one type.
  template <class Reply, class Handle, class... Args>
  kj::Promise<result<Reply>>
  call(const Handle& to, std::chrono::nanoseconds timeout, Args&&... args) {
    return request(caf::actor_cast<caf::strong_actor_ptr>(to), timeout,
                   caf::make_message(std::forward<Args>(args)...))
        .then([](result<caf::message> reply) -> result<Reply> {
          if (!reply)
            return std::move(reply.error());
          return reply_as<Reply>(*reply);
        });
  }

  /// What an actor's reply holds, or the error that it is: the actor's own,
  /// or `internal` where it is of another type.
  template <class Reply>
  static result<Reply> reply_as(caf::message& reply) {
    if constexpr (std::is_same_v<Reply, caf::unit_t>) {
      if (reply.empty() || reply.match_elements<caf::unit_t>())
        return caf::unit;
    } else if (reply.match_elements<Reply>()) {
      return std::move(reply.get_mutable_as<Reply>(0));
    }
    return error_in(reply);
  }

  /// Sends a message that has no reply.
  template <class Handle, class... Args>
  void tell(const Handle& to, Args&&... args) {
    if (to)
      send(caf::actor_cast<caf::strong_actor_ptr>(to), 0,
           caf::make_message(std::forward<Args>(args)...));
  }

  /// Calls that wait for their reply.
  std::size_t pending() const { return pending_->size(); }

private:
  struct inbox;

  struct waiting;
  using table = std::unordered_map<std::uint64_t, waiting*>;

  static caf::error error_in(caf::message& reply);
  caf::error check_room(bool has_target) const;
  kj::TimePoint deadline_in(std::chrono::nanoseconds timeout);
  void send(const caf::strong_actor_ptr& to, std::uint64_t id,
            caf::message content);
  kj::Promise<void> pump();
  void empty_inbox();
  kj::Promise<void> tick();
  void taskFailed(kj::Exception&& exception) override;

  kj_bridge_options options_;
  kj::Timer& timer_;
  kj::AutoCloseFd wake_fd_; // must outlive the observer: it is removed from
                            // the event port by its descriptor
  kj::UnixEventPort::FdObserver observer_;
  std::shared_ptr<inbox> inbox_;
  caf::strong_actor_ptr companion_;
  std::shared_ptr<table> pending_ = std::make_shared<table>();
  std::vector<caf::mailbox_element_ptr> batch_;
  std::uint64_t next_id_ = 1;
  bool ticking_ = false;
  kj::TaskSet tasks_;
};

} // namespace acgs::net
