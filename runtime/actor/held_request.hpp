// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A request taken out of the handler that it came to, so that any thread can
// hand it to another actor later, which then answers the asker directly. CAF's
// own response promise does that on the thread of its actor alone.

#include <caf/actor_control_block.hpp>
#include <caf/error.hpp>
#include <caf/message.hpp>
#include <caf/message_id.hpp>
#include <caf/response_promise.hpp>

#include <vector>

namespace acgs {

class held_request {
public:
  /// Takes over the duty to answer the request that `self` is handling; the
  /// handler returns a `caf::delegated`.
  template <class Self>
  explicit held_request(Self* self)
      : held_request{self->make_response_promise()} {
    // The handler owes no answer any more.
  }

  /// Takes over the duty to answer a request that is still to be enqueued.
  explicit held_request(caf::mailbox_element& request);

  held_request(held_request&& other) noexcept;
  held_request& operator=(held_request&&) = delete;

  /// Who is let go of unanswered gets `unavailable`.
  ~held_request();

  /// Hands the request on with a message that its actor understands.
  void hand_to(const caf::strong_actor_ptr& whom, caf::message what);

  /// Answers it with an error.
  void refuse(caf::error why);

private:
  explicit held_request(const caf::response_promise& from);

  caf::strong_actor_ptr asker_;
  std::vector<caf::strong_actor_ptr> stages_;
  caf::message_id id_;
  bool held_ = true;
};

} // namespace acgs
