// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/outbox.hpp"

#include "runtime/actor/bounded.hpp"
#include "runtime/actor/promise.hpp"

#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <utility>
#include <vector>

namespace acgs::node {

namespace {

constexpr std::size_t outbox_bound = 4096;

struct sender_state {
  static inline const char* name = "outbox";

  outbox_config cfg;
  bool busy = false;    ///< an answer or the next try is awaited
  bool resting = false; ///< the next try is
  unsigned failures = 0;
  std::vector<promise<void>> flushers;
};

using self_pointer = outbox_actor::stateful_pointer<sender_state>;

/// Whether the entry itself is wrong; every other error may pass.
bool is_final(const caf::error& why) {
  auto code = code_of(why);
  return code == ec::invalid_argument || code == ec::too_large
         || code == ec::conflict;
}

void send_next(self_pointer self);

void settle(self_pointer self) {
  auto& at = self->state;
  at.failures = 0;
  at.cfg.entries->pop();
  send_next(self);
}

void fail(self_pointer self, const ledger::append& what,
          const caf::error& why) {
  auto& at = self->state;
  if (is_final(why)) {
    at.cfg.entries->count_lost();
    if (at.cfg.on_refused)
      at.cfg.on_refused(what, why);
    return settle(self);
  }
  if (code_of(why) == ec::store_full)
    for (auto& each : std::exchange(at.flushers, {}))
      each.fail(why);
  auto wait = at.cfg.retry.delay(at.failures++, at.cfg.random);
  at.resting = true;
  self->delayed_send(self, wait, outbox_retry{});
}

void answer_flushers(sender_state& at) {
  for (auto& each : std::exchange(at.flushers, {}))
    each.deliver();
}

void send_next(self_pointer self) {
  auto& at = self->state;
  auto next = at.cfg.entries->front();
  at.busy = next.has_value();
  at.resting = false;
  if (!next)
    return answer_flushers(at);
  self->request(at.cfg.ledger.get(), at.cfg.timeout, *next)
      .then([self](const ledger::appended&) { settle(self); },
            [self, what = *next](const caf::error& why) {
              fail(self, what, why);
            });
}

outbox_actor::behavior_type sender(self_pointer self, outbox_config cfg) {
  self->state.cfg = std::move(cfg);
  send_next(self);
  return {
      [self](outbox_wake) {
        if (!self->state.busy)
          send_next(self);
      },
      [self](outbox_retry) {
        if (self->state.resting)
          send_next(self);
      },
      [self](outbox_flush) -> caf::result<void> {
        promise<void> later{self};
        self->state.flushers.push_back(later);
        if (!self->state.busy || self->state.resting)
          send_next(self);
        return later;
      },
  };
}

} // namespace

outbox::outbox(std::size_t entries_max, std::function<std::string()> make_key,
               actor_ref<outbox_actor> actor)
    : entries_max_{entries_max}, make_key_{std::move(make_key)},
      actor_{std::move(actor)} {
  // Empty.
}

void outbox::put(ledger::append what) {
  if (what.idempotency_key.empty())
    what.idempotency_key = make_key_();
  {
    std::lock_guard guard{mutex_};
    if (waiting_.size() >= entries_max_) {
      ++lost_;
      return;
    }
    waiting_.push_back(std::move(what));
  }
  caf::anon_send(actor_.get(), outbox_wake{});
}

std::optional<ledger::append> outbox::front() const {
  std::lock_guard guard{mutex_};
  if (waiting_.empty())
    return std::nullopt;
  return waiting_.front();
}

void outbox::pop() {
  std::lock_guard guard{mutex_};
  waiting_.pop_front();
}

void outbox::count_lost() {
  std::lock_guard guard{mutex_};
  ++lost_;
}

std::string outbox::names() const {
  std::lock_guard guard{mutex_};
  std::string out;
  for (const auto& each : waiting_)
    out += (out.empty() ? "" : ", ") + std::string{each.entry->event_type};
  return out;
}

std::size_t outbox::size() const {
  std::lock_guard guard{mutex_};
  return waiting_.size();
}

std::uint64_t outbox::lost() const {
  std::lock_guard guard{mutex_};
  return lost_;
}

outbox_actor spawn_outbox(caf::actor_system& system, outbox_config cfg) {
  return spawn_bounded(system, outbox_bound, sender, std::move(cfg));
}

} // namespace acgs::node
