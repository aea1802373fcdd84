// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Asks actors for a test without being an actor of its own behaviour. Messages
// pass through it untyped: an actor spawned for each type of request makes a
// test three times as long to compile.

#include "runtime/base/error.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_companion.hpp>
#include <caf/actor_system.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace acgs::test {

class asker {
public:
  /// Takes what was answered: a message of its values, or of one caf::error.
  using taker = std::function<void(caf::message)>;

  explicit asker(caf::actor_system& system)
      : handle_{caf::actor_cast<caf::strong_actor_ptr>(
          system.spawn<caf::actor_companion, caf::hidden>())} {
    self().on_enqueue([this](caf::mailbox_element_ptr told) { take(*told); });
  }
  asker(const asker&) = delete;
  ~asker() { self().on_enqueue(nullptr); }

  /// Puts the request into the actor's mailbox and runs nobody. The answer is
  /// taken when the actor gives it, in its place.
  void ask(const caf::strong_actor_ptr& to, caf::message what, taker then) {
    waiting_.emplace(++last_, std::move(then));
    to->enqueue(handle_, caf::make_message_id(last_), std::move(what), nullptr);
  }

private:
  caf::actor_companion& self() {
    return *static_cast<caf::actor_companion*>(
        caf::actor_cast<caf::abstract_actor*>(handle_));
  }

  void take(caf::mailbox_element& told) {
    constexpr auto number = (std::uint64_t{1} << 60) - 1;
    if (!told.mid.is_response())
      return; // farewells
    auto found = waiting_.extract(told.mid.integer_value() & number);
    if (!found.empty())
      found.mapped()(told.move_content_to_message());
  }

  caf::strong_actor_ptr handle_;
  std::uint64_t last_ = 0;
  std::map<std::uint64_t, taker> waiting_;
};

} // namespace acgs::test
