// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/actor/supervisor_state.hpp"

#include "runtime/actor/bounded.hpp"
#include "runtime/actor/promise.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <utility>

namespace acgs {

namespace {

using self_pointer = supervisor_actor::stateful_pointer<supervisor_state>;

void set_handlers(self_pointer self) {
  self->set_down_handler([self](caf::down_msg& down) {
    self->state.child_ended(down.source, down.reason);
    self->state.work();
  });
  self->set_exit_handler([self](caf::exit_msg& exit) {
    self->state.end_with(std::move(exit.reason));
    self->state.work();
  });
}

caf::result<void> restart(self_pointer self, const std::string& name) {
  auto outcome = self->state.restart(name);
  self->state.work();
  if (!outcome)
    return std::move(outcome.error());
  return {};
}

} // namespace

supervisor_actor::behavior_type supervisor(self_pointer self,
                                           supervisor_config config) {
  set_handlers(self);
  self->state.begin(std::move(config));
  self->state.work();
  return {
      [self](supervision::get_tree) {
        return supervision::tree{self->state.rows()};
      },
      [self](const supervision::restart_child& which) {
        return restart(self, which.name);
      },
      [self](supervision::stop_children) -> caf::result<void> {
        promise<void> later{self};
        self->state.stop(later);
        self->state.work();
        return later;
      },
      [self](supervision::tick) { self->state.ticked(); },
  };
}

supervisor_actor spawn_supervisor(caf::actor_system& system,
                                  std::size_t mailbox_bound,
                                  supervisor_config config) {
  return spawn_bounded(system, mailbox_bound, supervisor, std::move(config));
}

} // namespace acgs
