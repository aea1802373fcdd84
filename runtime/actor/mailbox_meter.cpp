// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/actor/mailbox_meter.hpp"

#include "runtime/base/error.hpp"

#include <caf/abstract_actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/make_message.hpp>
#include <caf/system_messages.hpp>

#include <string>
#include <utility>

namespace acgs {

namespace {

bool is_system_message(const caf::mailbox_element& element) {
  const auto& content = element.content();
  return content.match_elements<caf::exit_msg>()
         || content.match_elements<caf::down_msg>()
         || content.match_elements<caf::timeout_msg>();
}

} // namespace

void answer_request(const caf::mailbox_element& element, caf::error error,
                    caf::execution_unit* unit) {
  if (!element.mid.is_request() || !element.sender)
    return;
  caf::actor_cast<caf::abstract_actor*>(element.sender)
      ->enqueue(nullptr, element.mid.response_id(),
                caf::make_message(std::move(error)), unit);
}

mailbox_meter::mailbox_meter(std::size_t bound) : bound_{bound} {
  // All counts start at 0.
}

mailbox_meter::~mailbox_meter() = default;

bool mailbox_meter::admit(caf::mailbox_element& element,
                          const caf::actor_control_block* self,
                          caf::execution_unit* unit) {
  if (closed_.load(relaxed) || length_.fetch_add(1, relaxed) < bound_)
    return true;
  if (element.mid.is_response()
      || element.mid.category() != caf::message_id::normal_message_category
      || element.sender.get() == self || is_system_message(element))
    return true;
  length_.fetch_sub(1, relaxed);
  refused_.fetch_add(1, relaxed);
  answer_request(
      element,
      make_error(ec::overloaded, "the queue of " + std::to_string(bound_)
                                     + " requests is full; try again later"),
      unit);
  return false;
}

void mailbox_meter::close() {
  closed_.store(true, relaxed);
  length_.store(0, relaxed);
}

void mailbox_meter::take() {
  length_.fetch_sub(1, relaxed);
  processed_.fetch_add(1, relaxed);
}

void mailbox_meter::put_back() {
  length_.fetch_add(1, relaxed);
  processed_.fetch_sub(1, relaxed);
}

void mailbox_meter::answer_after_throw(caf::mailbox_element& element) {
  // A handler that made a promise took the sender out of the element.
  answer_request(
      element,
      make_error(ec::unavailable,
                 "the actor failed while it worked on this request; the "
                 "effect is unknown"),
      nullptr);
}

caf::error mailbox_meter::error_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    return make_error(ec::internal,
                      std::string{"uncaught exception: "} + error.what());
  } catch (...) {
    return make_error(ec::internal, "uncaught exception of an unknown type");
  }
}

const mailbox_meter* meter_of(const caf::strong_actor_ptr& handle) {
  if (!handle)
    return nullptr;
  return dynamic_cast<const mailbox_meter*>(
      caf::actor_cast<caf::abstract_actor*>(handle));
}

} // namespace acgs
