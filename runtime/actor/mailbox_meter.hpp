// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Counts what waits in an actor's mailbox and says whether more may come in.
// Part of every actor that `bounded` makes; any thread may read it, through a
// handle that keeps the actor alive. Invariant: the length is the number of
// messages let in and not yet taken out, whatever their kind.

#include <caf/fwd.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>

namespace acgs {

/// Sends an error to whoever waits for the answer to a request that is not
/// going to be handled; nothing happens where nobody does.
void answer_request(const caf::mailbox_element& element, caf::error error,
                    caf::execution_unit* unit);

class mailbox_meter {
public:
  /// Messages that wait now.
  std::size_t length() const { return length_.load(relaxed); }

  /// The length from which on outsiders are refused.
  std::size_t bound() const { return bound_; }

  /// Messages refused so far because the mailbox was full.
  std::uint64_t refused() const { return refused_.load(relaxed); }

  /// Messages taken out so far.
  std::uint64_t processed() const { return processed_.load(relaxed); }

protected:
  explicit mailbox_meter(std::size_t bound);
  virtual ~mailbox_meter();

  mailbox_meter(const mailbox_meter&) = delete;
  mailbox_meter& operator=(const mailbox_meter&) = delete;

  /// Counts a message in. Refuses it where the mailbox is full: answers a
  /// request with `ec::overloaded`, drops what nobody waits for, and returns
  /// false. Responses, urgent and system messages and what the actor sent to
  /// itself always pass. Callable from any thread.
  bool admit(caf::mailbox_element& element,
             const caf::actor_control_block* self, caf::execution_unit* unit);

  /// The actor has ended: what still comes is CAF's to refuse.
  void close();

  /// Counts one message out; `put_back` takes that back.
  void take();
  void put_back();

  /// Answers a request whose handler threw: it has left the mailbox, so that
  /// nobody else would.
  static void answer_after_throw(caf::mailbox_element& element);

  /// What an uncaught exception becomes as the reason of an actor's end:
  /// `ec::internal` with the exception's own text.
  static caf::error error_of(const std::exception_ptr& thrown);

private:
  static constexpr auto relaxed = std::memory_order_relaxed;

  const std::size_t bound_;
  std::atomic<bool> closed_{false};
  std::atomic<std::size_t> length_{0};
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<std::uint64_t> processed_{0};
};

/// The meter of an actor that `bounded` made, or null for any other. It lives
/// as long as the handle.
const mailbox_meter* meter_of(const caf::strong_actor_ptr& handle);

} // namespace acgs
