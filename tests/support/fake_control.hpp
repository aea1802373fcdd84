// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A CONTROL without store and ledger: it applies commands in memory and tells
// its listeners. It compiles nothing.

#include "actors/control/apply.hpp"
#include "actors/control/protocol.hpp"
#include "runtime/base/clock.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <vector>

namespace acgs::test {

struct fake_control {
  struct kept {
    domain::control_state_ptr state = control::initial_state();
    std::vector<control_listener> listeners;
    std::vector<wire::command> commands;
    caf::error refusal; ///< of every command, while it is set
    bool publishes = true;

    void tell(const control_listener& who) const {
      caf::anon_send(who, control::published{state, nullptr});
    }
  };

  fake_control(caf::actor_system& system, const time_source& time)
      : what{std::make_shared<kept>()} {
    handle =
        system.spawn<caf::hidden>([in = what, &time](control_actor::pointer) {
          return behavior(in, time);
        });
  }

  static caf::result<control::applied>
  carry_out(kept& in, const time_source& time, const wire::command& order) {
    if (in.refusal)
      return in.refusal;
    auto timed = *order;
    timed.time_nanos = to_nanos(time.now());
    auto next = control::apply(*in.state, timed);
    if (!next)
      return next.error();
    in.state = *next;
    in.commands.push_back(order);
    if (in.publishes)
      for (const auto& each : in.listeners)
        in.tell(each);
    return control::applied{in.state->revision, in.state->revision - 1};
  }

  static control_actor::behavior_type behavior(std::shared_ptr<kept> in,
                                               const time_source& time) {
    return {
        [in, &time](const wire::command& order) {
          return carry_out(*in, time, order);
        },
        [in](control::get_published) {
          return control::published{in->state, nullptr};
        },
        [](const control::get_history&) { return control::history{}; },
        [in](const control_listener& who) {
          in->listeners.push_back(who);
          in->tell(who);
        },
        [](const control::rotate_key&) { return control::key_changed{}; },
        [](const control::revoke_key&) { return control::key_changed{}; },
        [](probe) { return probe_result{}; },
    };
  }

  std::shared_ptr<kept> what;
  control_actor handle;
};

} // namespace acgs::test
