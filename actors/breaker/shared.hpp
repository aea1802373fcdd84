// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A circuit breaker for calls that are no messages, because whoever makes them
// waits on a thread of its own: the rules of `state` behind a lock. An actor
// beside it, its desk, answers BREAKER's messages, so that it is shown, tripped
// and reset like any other. It outlives its desk, which may be restarted.
// Used from any thread.

#include "actors/breaker/breaker.hpp"
#include "actors/breaker/metrics.hpp"

#include <memory>
#include <mutex>
#include <optional>

namespace acgs::breaker {

class shared_breaker {
public:
  /// Of the setup, what is about messages is not used. `registry` is needed.
  explicit shared_breaker(setup with);

  /// May a call be made? Either a permit, or `why` is set.
  std::optional<permit> acquire(refusal& why);

  /// Tells how a permitted call ended that began then.
  void record(permit of, outcome how, steady_time began,
              std::optional<std::chrono::nanoseconds> retry_after = {});

  status look();
  void trip(const std::string& why);
  void force_open(const std::string& why);
  void reset(const std::string& why);

  const std::string& name() const { return setup_.name; }
  steady_time now() const { return setup_.clock->steady_now(); }

private:
  /// Does something with the state, and then tells what that changed.
  template <class What>
  auto locked(What what);

  const setup setup_;
  std::mutex mutex_; ///< guards the state
  state state_;
  metrics metrics_;
};

/// Its desk as a supervisor's child, under the directory name of a BREAKER.
child_spec make_desk(caf::actor_system& system, std::size_t mailbox_bound,
                     std::shared_ptr<shared_breaker> of);

} // namespace acgs::breaker
