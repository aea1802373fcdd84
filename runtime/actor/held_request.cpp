// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/actor/held_request.hpp"

#include "runtime/actor/mailbox_meter.hpp"
#include "runtime/base/error.hpp"

#include <caf/abstract_actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/mailbox_element.hpp>

#include <utility>

namespace acgs {

held_request::held_request(const caf::response_promise& from)
    : asker_{from.source()}, stages_{from.stages()}, id_{from.id()} {
  // Nobody else answers.
}

held_request::held_request(caf::mailbox_element& request)
    : asker_{std::move(request.sender)}, stages_{std::move(request.stages)},
      id_{request.mid} {
  // The element is not delivered any more.
}

held_request::held_request(held_request&& other) noexcept
    : asker_{std::move(other.asker_)}, stages_{std::move(other.stages_)},
      id_{other.id_}, held_{std::exchange(other.held_, false)} {
  // The duty has moved along.
}

held_request::~held_request() {
  if (held_)
    refuse(make_error(ec::unavailable,
                      "the node ended before it worked on this request"));
}

void held_request::refuse(caf::error why) {
  held_ = false;
  auto element = caf::make_mailbox_element(std::move(asker_), id_,
                                           std::move(stages_), caf::message{});
  answer_request(*element, std::move(why), nullptr);
}

void held_request::hand_to(const caf::strong_actor_ptr& whom,
                           caf::message what) {
  held_ = false;
  // No execution unit: the caller may be any thread.
  caf::actor_cast<caf::abstract_actor*>(whom)->enqueue(
      caf::make_mailbox_element(std::move(asker_), id_, std::move(stages_),
                                std::move(what)),
      nullptr);
}

} // namespace acgs
