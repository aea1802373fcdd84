// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A question to an actor from NODE's own thread, which waits for the answer.

#include "runtime/actor/directory.hpp"
#include "runtime/base/error.hpp"

#include <caf/scoped_actor.hpp>

#include <chrono>
#include <utility>

namespace acgs::node {

/// The answer, or why there is none; `timed_out` where it took too long.
template <class Answer, class Handle, class Question>
result<Answer> ask(caf::actor_system& system, const actor_ref<Handle>& whom,
                   std::chrono::nanoseconds within, Question question) {
  caf::scoped_actor self{system, true};
  result<Answer> out = make_error(ec::timed_out, "no answer");
  auto sent = self->request(whom.get(), within, std::move(question));
  auto failed = [&](caf::error& error) { out = std::move(error); };
  if constexpr (std::is_void_v<Answer>)
    sent.receive([&] { out = result<void>{}; }, failed);
  else
    sent.receive([&](Answer& answer) { out = std::move(answer); }, failed);
  return out;
}

} // namespace acgs::node
