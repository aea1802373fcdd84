// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// BREAKER, the actor: a transparent proxy before any actor. It passes each
// request on, relays the response or the error as it came, and keeps count;
// when open it answers `unavailable` at once, with the time after which to try
// again. Supervised by its owner, who enters it as a child:
//
//   children.push_back(breaker::make_guard(
//       system, 256, actors->find(provider::key),
//       {.name = "openai", .clock = &clock, .registry = &registry}));
//   auto provider = breaker::find<provider_actor>(*actors, "openai");

#include "actors/breaker/protocol.hpp"
#include "actors/breaker/state.hpp"
#include "runtime/actor/supervisor.hpp"
#include "runtime/metrics/registry.hpp"

#include <caf/actor_cast.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace acgs::breaker {

/// What an error says about the far side. By default: what the caller did
/// wrong is a success (it was answered), `rate_limited` is a throttling,
/// `cancelled` is ignored, and all else is a failure.
outcome judge_error(const caf::error& error);

struct setup {
  std::string name; ///< label of the metrics; the directory adds the prefix
  config rules{};
  /// A request that is not answered within it gets `timed_out`.
  std::chrono::nanoseconds call_timeout = std::chrono::seconds{5};
  /// Calls under way; one more gets `overloaded`.
  std::size_t calls_max = 1024;
  const time_source* clock = &system_clock();
  random_source random{};
  acgs::metrics::registry* registry = nullptr; ///< none: counted nowhere
  /// Called on BREAKER's thread; must not block nor throw.
  std::function<void(const change_event&)> listener{};
  std::function<outcome(const caf::error&)> judge = judge_error;
  /// The actor behind it, asked on each call.
  std::function<caf::strong_actor_ptr()> target{};
};

/// Spawns a BREAKER before `with.target`.
breaker_actor spawn(caf::actor_system& system, std::size_t mailbox_bound,
                    setup with);

/// A BREAKER as a supervisor's child, under its directory name.
child_spec make_child(caf::actor_system& system, std::size_t mailbox_bound,
                      setup with);

/// The same before an actor of the directory.
template <class Target>
child_spec make_guard(caf::actor_system& system, std::size_t mailbox_bound,
                      actor_ref<Target> target, setup with) {
  with.target = [target = std::move(target)] {
    return caf::actor_cast<caf::strong_actor_ptr>(target.get());
  };
  return make_child(system, mailbox_bound, std::move(with));
}

} // namespace acgs::breaker
