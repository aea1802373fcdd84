// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Asks all evaluators one question and adds up the answers. One that crashes
// meanwhile is left out: these are figures for people, and no decision hangs
// on them. A slow policy delays the answer; gateways have deadlines of their
// own. Where many questions wait for an evaluator already, another is refused,
// so that its mailbox always has room for the decision that it is given.

#include "actors/policy/state.hpp"
#include "runtime/actor/mailbox_meter.hpp"
#include "runtime/actor/promise.hpp"

#include <caf/duration.hpp>

#include <memory>

namespace acgs::policy {

template <class Answer, class Self, class Question, class Add>
caf::result<Answer> gather(Self* self, const std::vector<worker>& workers,
                           const Question& question, Answer start, Add add) {
  struct collected {
    Answer sum;
    std::size_t missing;
  };
  for (const auto& each : workers) {
    auto handle = caf::actor_cast<caf::strong_actor_ptr>(each.who.get());
    const auto* meter = meter_of(handle);
    if (meter != nullptr && meter->length() > meter->bound() / 2)
      return make_error(ec::overloaded,
                        "as many questions as may wait for " + each.name);
  }
  promise<Answer> later{self};
  auto all =
      std::make_shared<collected>(collected{std::move(start), workers.size()});
  auto settle = [later, all] {
    if (--all->missing == 0)
      later.deliver(all->sum);
  };
  for (const auto& each : workers)
    self->request(each.who.get(), caf::infinite, question)
        .then(
            [all, add, settle](Answer& one) {
              add(all->sum, one);
              settle();
            },
            [settle](caf::error&) { settle(); });
  return later;
}

} // namespace acgs::policy
