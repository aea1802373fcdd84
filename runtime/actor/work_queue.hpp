// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Work for several equal actors: one queue for all of them. Who brings work
// gives it to a worker that is idle; where there is none it waits here, and the
// worker that is done first takes it. So nothing waits behind slow work as long
// as another worker comes free. Urgent work is taken before all other. What has
// waited too long is refused in place of being worked on: who asked has mostly
// gone, and workers that are always late would answer nobody. Also known is for
// how long each is busy, which shows one that hangs. Shared by who brings work
// and the workers; outlives them; any thread.
//
// Invariant: nothing waits while a worker is idle.

#include "runtime/actor/held_request.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/base/error.hpp"

#include <caf/actor_control_block.hpp>
#include <caf/message.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace acgs {

class work_queue {
public:
  /// Who asked, and what a worker is to be told.
  struct item {
    held_request asker;
    caf::message what;
  };

  enum class turn : std::uint8_t { usual, urgent };

  /// Nobody works before `join`; at most `waiting_max` items of either turn
  /// wait, and none of them longer than `patience`.
  work_queue(std::size_t workers, std::size_t waiting_max,
             const time_source& clock,
             std::chrono::nanoseconds patience = std::chrono::hours{1});

  work_queue(const work_queue&) = delete;
  work_queue& operator=(const work_queue&) = delete;

  /// An idle worker, who is busy from now on and is to be given the work. Null
  /// where there is none: then what `make` returns waits. Fails with
  /// `overloaded`, and makes nothing, where too much waits already.
  template <class Make>
  result<caf::strong_actor_ptr> give(Make make, turn when = turn::usual) {
    std::lock_guard guard{mutex_};
    if (auto found = take_idle())
      return found;
    auto& line = when == turn::urgent ? urgent_ : waiting_;
    if (line.size() >= waiting_max_)
      return too_many();
    line.push_back({make(), clock_.steady_now()});
    return caf::strong_actor_ptr{};
  }

  /// From now on this actor works in that place, and takes what waits.
  void join(std::size_t place, caf::strong_actor_ptr who);

  /// The worker is done; it takes what waits or is idle.
  void done(std::size_t place);

  /// That actor works no longer, unless another took its place already.
  void leave(std::size_t place, const caf::actor_control_block* who);

  /// How long each worker has been at its work; 0 for one that is idle or not
  /// there.
  std::vector<std::chrono::nanoseconds> busy_for() const;

  /// How much waits.
  std::size_t waiting() const;

  /// How much may wait.
  std::size_t bound() const { return waiting_max_; }

private:
  struct worker {
    caf::strong_actor_ptr who; ///< null: not there
    bool busy = false;
    steady_time since{}; ///< of its work
  };

  struct waiting_item {
    item work;
    steady_time since;
  };
  using line = std::deque<waiting_item>;

  caf::strong_actor_ptr take_idle();
  /// What is to be done next; what waited too long before it goes to `late`.
  std::optional<item> take_next(steady_time now,
                                std::vector<held_request>& late);
  caf::error too_many() const;
  caf::error too_late() const;
  /// Marks what the worker does next, and hands it the work outside the lock.
  void go_on(std::unique_lock<std::mutex> guard, std::size_t place);

  const std::size_t waiting_max_;
  const std::chrono::nanoseconds patience_;
  const time_source& clock_;
  mutable std::mutex mutex_;
  std::vector<worker> workers_;
  std::vector<std::size_t> idle_; ///< who came last is taken first
  line urgent_, waiting_;
};

} // namespace acgs
