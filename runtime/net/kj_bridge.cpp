// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/net/kj_bridge.hpp"

#include <caf/mailbox_element.hpp>
#include <kj/debug.h>

#include <sys/eventfd.h>
#include <unistd.h>

#include <mutex>

namespace acgs::net {

namespace {

/// The part of a CAF message id that tells requests apart.
constexpr std::uint64_t id_mask = 0x0FFFFFFFFFFFFFFF;

int make_eventfd() {
  int fd = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (fd < 0)
    KJ_FAIL_SYSCALL("eventfd", errno);
  return fd;
}

} // namespace

/// What actors' threads put in and the loop takes out.
struct kj_bridge::inbox {
  std::mutex mutex;
  std::vector<caf::mailbox_element_ptr> elements;
  int wake_fd = -1; // -1: the loop is gone

  void put(caf::mailbox_element_ptr element) {
    std::lock_guard guard{mutex};
    if (wake_fd < 0)
      return;
    auto was_empty = elements.empty();
    elements.push_back(std::move(element));
    if (!was_empty)
      return;
    std::uint64_t one = 1;
    // Fails only where the counter is at its maximum: the loop is woken then.
    [[maybe_unused]] auto written = ::write(wake_fd, &one, sizeof one);
  }
};

/// One call that waits; lives inside its promise, which may outlive the
/// bridge: what was detached ends with the event loop.
struct kj_bridge::waiting {
  waiting(kj::PromiseFulfiller<result<caf::message>>& fulfiller,
          kj_bridge& bridge, std::uint64_t id, kj::TimePoint deadline)
      : deadline{deadline},
        fulfiller_{fulfiller}, pending_{bridge.pending_}, id_{id} {
    pending_->emplace(id_, this);
  }
  ~waiting() noexcept(false) { pending_->erase(id_); }
  KJ_DISALLOW_COPY(waiting);

  void end(result<caf::message> reply) { fulfiller_.fulfill(std::move(reply)); }

  const kj::TimePoint deadline;

private:
  kj::PromiseFulfiller<result<caf::message>>& fulfiller_;
  std::shared_ptr<table> pending_;
  std::uint64_t id_;
};

kj_bridge::kj_bridge(caf::actor_system& system, kj::UnixEventPort& port,
                     kj::Timer& timer, kj_bridge_options options)
    : options_{options}, timer_{timer}, wake_fd_{make_eventfd()},
      observer_{port, wake_fd_.get(),
                kj::UnixEventPort::FdObserver::OBSERVE_READ},
      inbox_{std::make_shared<inbox>()}, tasks_{*this} {
  inbox_->wake_fd = wake_fd_.get();
  auto companion = system.spawn<caf::actor_companion, caf::hidden>();
  companion_ = caf::actor_cast<caf::strong_actor_ptr>(companion);
  static_cast<caf::actor_companion*>(
      caf::actor_cast<caf::abstract_actor*>(companion))
      ->on_enqueue([box = inbox_](caf::mailbox_element_ptr element) {
        box->put(std::move(element));
      });
  tasks_.add(pump());
}

kj_bridge::~kj_bridge() noexcept(false) {
  static_cast<caf::actor_companion*>(companion_->get())
      ->on_enqueue(caf::actor_companion::enqueue_handler{});
  std::lock_guard guard{inbox_->mutex};
  inbox_->wake_fd = -1;
  inbox_->elements.clear();
}

kj::Promise<result<caf::message>>
kj_bridge::request(const caf::strong_actor_ptr& to,
                   std::chrono::nanoseconds timeout, caf::message content) {
  if (auto refusal = check_room(static_cast<bool>(to)))
    return result<caf::message>{std::move(refusal)};
  auto id = next_id_++;
  auto promise = kj::newAdaptedPromise<result<caf::message>, waiting>(
      *this, id, deadline_in(timeout));
  send(to, id, std::move(content));
  return promise;
}

caf::error kj_bridge::error_in(caf::message& reply) {
  if (reply.match_elements<caf::error>()) {
    auto& error = reply.get_mutable_as<caf::error>(0);
    if (error)
      return std::move(error);
  }
  return make_error(ec::internal,
                    "an actor answered with a message of another type");
}

caf::error kj_bridge::check_room(bool has_target) const {
  if (!has_target)
    return make_error(ec::unavailable,
                      "the part of the node that should answer is not running");
  if (pending_->size() >= options_.pending_max)
    return make_error(ec::overloaded,
                      std::to_string(pending_->size())
                          + " calls wait for an answer already, as many as "
                            "may; nothing was done");
  return caf::none;
}

kj::TimePoint kj_bridge::deadline_in(std::chrono::nanoseconds timeout) {
  if (!ticking_) {
    ticking_ = true;
    tasks_.add(tick());
  }
  return timer_.now() + timeout.count() * kj::NANOSECONDS;
}

void kj_bridge::send(const caf::strong_actor_ptr& to, std::uint64_t id,
                     caf::message content) {
  auto mid = id == 0 ? caf::make_message_id()
                     : caf::make_message_id<caf::message_priority::normal>(id);
  to->get()->enqueue(companion_, mid, std::move(content), nullptr);
}

kj::Promise<void> kj_bridge::pump() {
  return observer_.whenBecomesReadable().then([this] {
    std::uint64_t count = 0;
    [[maybe_unused]] auto got = ::read(wake_fd_.get(), &count, sizeof count);
    empty_inbox();
    return pump();
  });
}

void kj_bridge::empty_inbox() {
  {
    std::lock_guard guard{inbox_->mutex};
    batch_.swap(inbox_->elements);
  }
  for (auto& element : batch_) {
    if (!element->mid.is_response())
      continue; // the companion has no behaviour: nobody is to send to it
    auto found = pending_->find(element->mid.integer_value() & id_mask);
    if (found != pending_->end())
      found->second->end(element->move_content_to_message());
  }
  batch_.clear();
}

kj::Promise<void> kj_bridge::tick() {
  auto nanos = std::chrono::nanoseconds{options_.tick}.count();
  return timer_.afterDelay(nanos * kj::NANOSECONDS)
      .then([this]() -> kj::Promise<void> {
        auto now = timer_.now();
        for (auto& [id, call] : *pending_)
          if (call->deadline <= now)
            call->end(make_error(ec::timed_out,
                                 "no answer in time; the effect is unknown"));
        ticking_ = !pending_->empty();
        return ticking_ ? tick() : kj::Promise<void>{kj::READY_NOW};
      });
}

void kj_bridge::taskFailed(kj::Exception&& exception) {
  KJ_LOG(FATAL, "the bridge to the actors stopped", exception);
}

} // namespace acgs::net
