// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/net/asio_bridge.hpp"

#include <caf/actor_companion.hpp>
#include <caf/actor_system.hpp>
#include <caf/mailbox_element.hpp>

#include <mutex>
#include <string>
#include <vector>

namespace acgs::net {

namespace {

// A message id holds 60 bits of ours: slot and, above it, how often the slot
// was used, so that a late reply never meets the slot's next user.
constexpr unsigned slot_bits = 24;
constexpr std::uint64_t slot_mask = (1u << slot_bits) - 1;
constexpr std::uint64_t generation_max = (1ull << (60 - slot_bits)) - 1;
constexpr std::uint64_t id_mask = (1ull << 60) - 1;

caf::error pending_error(std::size_t bound) {
  return make_error(ec::overloaded,
                    "too many requests wait for an answer; at most "
                        + std::to_string(bound) + " may");
}

} // namespace

struct asio_bridge::impl {
  /// What actors' threads put in and the loop takes out.
  struct inbox {
    std::mutex mutex;
    std::vector<caf::mailbox_element_ptr> elements;
    std::function<void()> wake; ///< empty when the bridge has ended

    void put(caf::mailbox_element_ptr element) {
      std::lock_guard guard{mutex};
      if (!wake)
        return;
      elements.push_back(std::move(element));
      if (elements.size() == 1)
        wake();
    }

    void take(std::vector<caf::mailbox_element_ptr>& into) {
      std::lock_guard guard{mutex};
      into.swap(elements);
    }

    void close() {
      std::lock_guard guard{mutex};
      wake = nullptr;
      elements.clear();
    }
  };

  struct slot {
    std::unique_ptr<call> waiting; ///< null: free
    std::uint64_t generation = 1;
    steady_time deadline{};
  };

  impl(asio_loop& l, const time_source& c, options o)
      : loop{l}, clock{c}, opts{o} {
    // The companion is made by the bridge's constructor.
  }

  std::uint64_t reserve(std::unique_ptr<call> waiting,
                        std::chrono::nanoseconds limit);
  std::unique_ptr<call> release(std::uint64_t id);
  std::unique_ptr<call> empty(std::size_t index);
  void fail_later(std::unique_ptr<call> waiting, caf::error error);
  void deliver_all();
  void deliver(caf::mailbox_element& element);

  asio_loop& loop;
  const time_source& clock;
  const options opts;
  std::shared_ptr<inbox> box = std::make_shared<inbox>();
  caf::strong_actor_ptr companion;
  caf::actor_companion* self = nullptr;
  std::vector<slot> slots;
  std::vector<std::uint32_t> free;
  std::size_t pending = 0;
  std::vector<caf::mailbox_element_ptr> batch;
  ticker ticking;
  /// False once the bridge has ended; posted tasks look at it.
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);
};

std::uint64_t asio_bridge::impl::reserve(std::unique_ptr<call> waiting,
                                         std::chrono::nanoseconds limit) {
  if (free.empty()) {
    free.push_back(static_cast<std::uint32_t>(slots.size()));
    slots.emplace_back();
  }
  auto index = free.back();
  free.pop_back();
  auto& at = slots[index];
  at.waiting = std::move(waiting);
  at.deadline = clock.steady_now() + limit;
  ++pending;
  return at.generation << slot_bits | index;
}

std::unique_ptr<asio_bridge::call> asio_bridge::impl::empty(std::size_t index) {
  auto& at = slots[index];
  at.generation = at.generation == generation_max ? 1 : at.generation + 1;
  free.push_back(static_cast<std::uint32_t>(index));
  --pending;
  return std::move(at.waiting);
}

std::unique_ptr<asio_bridge::call>
asio_bridge::impl::release(std::uint64_t id) {
  auto index = id & slot_mask;
  if (index >= slots.size() || !slots[index].waiting
      || slots[index].generation != id >> slot_bits)
    return nullptr; // answered after its deadline
  return empty(index);
}

void asio_bridge::impl::fail_later(std::unique_ptr<call> waiting,
                                   caf::error error) {
  std::shared_ptr<call> kept = std::move(waiting);
  loop.post([kept, error = std::move(error)] { kept->fail(error); });
}

void asio_bridge::impl::deliver_all() {
  // A callback may end the bridge, so nothing of it is touched afterwards.
  std::vector<caf::mailbox_element_ptr> mine;
  mine.swap(batch);
  box->take(mine);
  auto still = alive;
  for (auto& element : mine) {
    deliver(*element);
    if (!*still)
      return;
  }
  mine.clear();
  batch.swap(mine); // keeps the memory
}

void asio_bridge::impl::deliver(caf::mailbox_element& element) {
  if (!element.mid.is_response())
    return; // exit and down messages are nothing to a bridge
  auto waiting = release(element.mid.integer_value() & id_mask);
  if (!waiting)
    return;
  auto reply = element.move_content_to_message();
  if (reply.match_elements<caf::error>())
    waiting->fail(reply.get_as<caf::error>(0));
  else
    waiting->succeed(reply);
}

asio_bridge::asio_bridge(caf::actor_system& system, asio_loop& loop,
                         const time_source& clock, options opts)
    : impl_{std::make_unique<impl>(loop, clock, opts)} {
  auto companion = system.spawn<caf::actor_companion, caf::hidden>();
  impl_->companion = caf::actor_cast<caf::strong_actor_ptr>(companion);
  impl_->self = static_cast<caf::actor_companion*>(
      caf::actor_cast<caf::abstract_actor*>(companion));
  impl_->box->wake = [&loop, at = impl_.get(), alive = impl_->alive] {
    loop.post([at, alive] {
      if (*alive)
        at->deliver_all();
    });
  };
  impl_->self->on_enqueue([box = impl_->box](caf::mailbox_element_ptr element) {
    box->put(std::move(element));
  });
  impl_->ticking = loop.every(opts.tick, [this] { expire(); });
}

asio_bridge::~asio_bridge() {
  *impl_->alive = false;
  impl_->box->close();
  // `disconnect` is declared by CAF 0.17 and defined nowhere.
  impl_->self->on_enqueue(nullptr);
  impl_->ticking = {};
  for (std::size_t i = 0; i < impl_->slots.size(); ++i)
    if (impl_->slots[i].waiting)
      impl_->empty(i)->fail(
          make_error(ec::unavailable, "the node is stopping"));
}

void asio_bridge::start(caf::strong_actor_ptr to, caf::message what,
                        std::chrono::nanoseconds limit,
                        std::unique_ptr<call> waiting) {
  if (!to)
    return impl_->fail_later(
        std::move(waiting),
        make_error(ec::unavailable, "the part that answers this is down"));
  if (impl_->pending >= impl_->opts.pending_max)
    return impl_->fail_later(std::move(waiting),
                             pending_error(impl_->opts.pending_max));
  auto id = impl_->reserve(std::move(waiting), limit);
  to->enqueue(impl_->companion, caf::make_message_id(id), std::move(what),
              nullptr);
}

void asio_bridge::put(caf::strong_actor_ptr to, caf::message what) {
  to->enqueue(impl_->companion, caf::make_message_id(), std::move(what),
              nullptr);
}

std::size_t asio_bridge::pending() const {
  return impl_->pending;
}

void asio_bridge::expire() {
  auto now = impl_->clock.steady_now();
  auto still = impl_->alive;
  for (std::size_t i = 0; *still && i < impl_->slots.size(); ++i)
    if (impl_->slots[i].waiting && impl_->slots[i].deadline <= now)
      impl_->empty(i)->fail(
          make_error(ec::timed_out, "no answer within the time allowed"));
}

caf::error asio_bridge::unexpected(const caf::message& reply) {
  return make_error(ec::internal, "an actor answered with "
                                      + std::to_string(reply.size())
                                      + " values of an unexpected type");
}

} // namespace acgs::net
