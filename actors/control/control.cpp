// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/control.hpp"

#include "actors/control/shell.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace acgs::control {

self_actor::behavior_type control(self_actor::pointer self, config cfg) {
  auto fatal = cfg.fatal;
  auto kept = std::make_shared<shell>(self, std::move(cfg));
  if (auto wrong = kept->start()) {
    if (fatal)
      fatal(wrong);
    self->quit(wrong);
  }
  self->set_down_handler(
      [kept](const caf::down_msg& down) { kept->forget(down.source); });
  return {
      [kept](const wire::command& what) { return kept->accept(what); },
      [kept](get_published) { return kept->show(); },
      [kept](const get_history& which) -> caf::result<history> {
        auto found = kept->list(which);
        if (!found)
          return found.error();
        return std::move(*found);
      },
      [kept](const control_listener& who) { kept->subscribe(who); },
      [kept](const rotate_key& what) { return kept->keys().change(what); },
      [kept](const revoke_key& what) { return kept->keys().change(what); },
      [kept](probe) { return kept->check(); },
      [kept](retry) { kept->try_ledger_again(); },
      [kept](note) { kept->note_recorded(); },
  };
}

} // namespace acgs::control
