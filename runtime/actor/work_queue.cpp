// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/actor/work_queue.hpp"

#include <string>

namespace acgs {

work_queue::work_queue(std::size_t workers, std::size_t waiting_max,
                       const time_source& clock,
                       std::chrono::nanoseconds patience)
    : waiting_max_{waiting_max}, patience_{patience}, clock_{clock},
      workers_(workers) {
  // Workers join when they start.
}

caf::strong_actor_ptr work_queue::take_idle() {
  if (idle_.empty())
    return nullptr;
  auto& chosen = workers_[idle_.back()];
  idle_.pop_back();
  chosen.busy = true;
  chosen.since = clock_.steady_now();
  return chosen.who;
}

caf::error work_queue::too_many() const {
  return make_error(ec::overloaded, "the queue of "
                                        + std::to_string(waiting_max_)
                                        + " requests is full; try again later");
}

caf::error work_queue::too_late() const {
  using std::chrono::milliseconds;
  auto limit = std::chrono::duration_cast<milliseconds>(patience_).count();
  return make_error(ec::overloaded, "the request waited longer than "
                                        + std::to_string(limit)
                                        + " ms in the queue; nothing was done; "
                                          "try again later");
}

std::optional<work_queue::item>
work_queue::take_next(steady_time now, std::vector<held_request>& late) {
  for (auto* from : {&urgent_, &waiting_})
    while (!from->empty()) {
      auto next = std::move(from->front());
      from->pop_front();
      if (now - next.since <= patience_)
        return std::move(next.work);
      late.push_back(std::move(next.work.asker));
    }
  return std::nullopt;
}

void work_queue::join(std::size_t place, caf::strong_actor_ptr who) {
  std::unique_lock guard{mutex_};
  std::erase(idle_, place);
  workers_[place].who = std::move(who);
  go_on(std::move(guard), place);
}

void work_queue::done(std::size_t place) {
  std::unique_lock guard{mutex_};
  go_on(std::move(guard), place);
}

void work_queue::go_on(std::unique_lock<std::mutex> guard, std::size_t place) {
  auto& which = workers_[place];
  if (!which.who)
    return;
  auto now = clock_.steady_now();
  std::vector<held_request> late;
  auto next = take_next(now, late);
  which.busy = next.has_value();
  if (next)
    which.since = now;
  else
    idle_.push_back(place);
  auto who = which.who;
  guard.unlock();
  for (auto& each : late)
    each.refuse(too_late());
  if (next)
    next->asker.hand_to(who, std::move(next->what));
}

void work_queue::leave(std::size_t place, const caf::actor_control_block* who) {
  caf::strong_actor_ptr gone; // let go of after the lock
  std::lock_guard guard{mutex_};
  auto& which = workers_[place];
  if (which.who.get() != who)
    return;
  std::erase(idle_, place);
  which.busy = false;
  gone.swap(which.who);
}

std::vector<std::chrono::nanoseconds> work_queue::busy_for() const {
  std::lock_guard guard{mutex_};
  auto now = clock_.steady_now();
  std::vector<std::chrono::nanoseconds> out;
  for (const auto& each : workers_)
    out.push_back(each.busy ? now - each.since : std::chrono::nanoseconds{0});
  return out;
}

std::size_t work_queue::waiting() const {
  std::lock_guard guard{mutex_};
  return urgent_.size() + waiting_.size();
}

} // namespace acgs
