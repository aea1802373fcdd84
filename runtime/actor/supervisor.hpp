// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The supervisor actor: starts children in order, watches them, starts them
// again by the rules of `supervision.hpp`, and keeps the directory up to date.
// NODE runs one as the root, POLICY another for its evaluators.
//
//   supervisor_config config{.name = "node", .actors = actors, ...};
//   config.children.push_back(make_child(signer::key, [=, &system] {
//     return spawn_bounded(system, 256, signer::behavior, signer_config);
//   }));
//   auto root = spawn_supervisor(system, 256, std::move(config));
//
// A start function runs on the supervisor's thread, must not wait for long,
// and is called again for each restart, so that it makes everything anew. Only
// NODE decides what gets a thread, by the spawn options that it uses there.
// When a supervisor gives up it ends with an error, and so fails whoever
// supervises it; when it ends in any other way, its children end with it.

#include "runtime/actor/directory.hpp"
#include "runtime/actor/local_message.hpp"
#include "runtime/actor/supervision.hpp"
#include "runtime/base/error.hpp"

#include <caf/actor_cast.hpp>
#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace acgs {

/// One child: its rule and how to make it.
struct child_spec {
  supervision::child_rule rule;
  std::function<result<caf::strong_actor_ptr>()> start;
};

/// A child under the name that others find it by. `start` returns the handle
/// of that type, or a `result` of one.
template <class Handle, class Start>
child_spec make_child(actor_key<Handle> key, Start start,
                      supervision::child_rule rule = {}) {
  rule.name = key.name;
  return {
      std::move(rule),
      [start = std::move(start)]() mutable -> result<caf::strong_actor_ptr> {
        result<Handle> handle = start();
        if (!handle)
          return std::move(handle.error());
        return caf::actor_cast<caf::strong_actor_ptr>(*handle);
      }};
}

/// Something that NODE counts, logs and records.
struct supervisor_event {
  enum class kind : std::uint8_t {
    ended,     ///< a child ended by itself, `reason` says why
    restarted, ///< a child was started again
    killed,    ///< a child missed its deadline and was ended by force
    abandoned, ///< a child did not end at all; its thread may hang
    gave_up,   ///< the supervisor ends; `child` is empty
  };
  kind what = kind::ended;
  std::string supervisor;
  std::string child;
  std::string reason;
  unsigned restarts = 0;             ///< of the child, since the node started
  std::chrono::nanoseconds delay{0}; ///< `ended`: until it is started again
};

struct supervisor_config {
  std::string name;     ///< its own, in the directory
  std::string parent{}; ///< its supervisor's name; empty: it is the root
  supervision::strategy how = supervision::strategy::one_for_one;
  supervision::limits within{};
  std::vector<child_spec> children{};
  std::shared_ptr<directory> actors;
  const time_source* clock = &system_clock();
  random_source random{}; ///< for jitter; none: no jitter
  /// Called on the supervisor's thread; must not block nor throw.
  std::function<void(const supervisor_event&)> listener{};
};

namespace supervision {

/// Asks for all actors of the node.
struct get_tree {
  using local_message = void;
};

/// Each supervisor stands before its children; `parent` makes the tree.
struct tree {
  std::vector<actor_row> rows;
  using local_message = void;
};

struct restart_child {
  std::string name;
  using local_message = void;
};

struct stop_children {
  using local_message = void;
};

/// From a supervisor to itself: something may be due.
struct tick {
  using local_message = void;
};

} // namespace supervision

using supervisor_actor = caf::typed_actor<
    /// All actors, how they do and how much waits for them.
    caf::replies_to<supervision::get_tree>::with<supervision::tree>,
    /// Ends a child and starts it again. Answers when that has begun. Fails
    /// with `not_found`, or `unavailable` while everything stops.
    caf::replies_to<supervision::restart_child>::with<void>,
    /// Ends all children, the last started first, each within its deadline;
    /// answers when all are down, and then ends itself.
    caf::replies_to<supervision::stop_children>::with<void>,
    caf::reacts_to<supervision::tick>>;

/// Spawns a supervisor, which starts its children at once.
supervisor_actor spawn_supervisor(caf::actor_system& system,
                                  std::size_t mailbox_bound,
                                  supervisor_config config);

class supervisor_state;

/// The behaviour, for those who spawn it in another way; its state is in
/// `supervisor_state.hpp`.
supervisor_actor::behavior_type
supervisor(supervisor_actor::stateful_pointer<supervisor_state> self,
           supervisor_config config);

} // namespace acgs
