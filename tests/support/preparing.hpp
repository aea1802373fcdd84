// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Commands of content without a thread: prepared at once, on the test's own
// scheduler, or when the test says so.

#include "actors/control/content.hpp"
#include "actors/control/preparer.hpp"
#include "actors/control/state.hpp"
#include "runtime/actor/bounded.hpp"
#include "runtime/actor/held_request.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <new>
#include <utility>

namespace acgs::test {

/// What a command leads to upon the head, prepared where it must be.
inline result<control::staged> stage(const control::state& core,
                                     const wire::command& what, wall_time now,
                                     const control::bundle_source& from = {}) {
  if (!control::changes_content(what->kind))
    return core.stage(what, now);
  auto made = control::prepare(core.basis(), what, now, {}, from);
  if (!made)
    return made.error();
  return core.stage(*made, now);
}

/// A worker that the test's scheduler runs.
inline control::preparer_actor prepare_here(caf::actor_system& system,
                                            control::preparer_config cfg) {
  return system.spawn(control::preparer, std::move(cfg));
}

/// Workers that keep what they are given until they are told to go on, or
/// fail.
class held_preparer {
public:
  control::preparer_maker maker() {
    return [this](caf::actor_system& system, control::preparer_config cfg) {
      ++made;
      auto real = system.spawn(control::preparer, std::move(cfg));
      return spawn_bounded(
          system, 8,
          [this, real](control::preparer_actor::pointer self)
              -> control::preparer_actor::behavior_type {
            return {[this, real, self](const control::prepare_command& what)
                        -> caf::delegated<control::preparation> {
              if (std::exchange(fails, false))
                throw std::bad_alloc{};
              auto request = std::make_shared<held_request>(self);
              held.push_back([real, what, request] {
                request->hand_to(caf::actor_cast<caf::strong_actor_ptr>(real),
                                 caf::make_message(what));
              });
              return {};
            }};
          });
    };
  }

  /// Lets the oldest go on; the system is to be run afterwards.
  void release() {
    held.front()();
    held.pop_front();
  }

  unsigned made = 0;  ///< workers
  bool fails = false; ///< with the next command
  std::deque<std::function<void()>> held;
};

} // namespace acgs::test
