// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// CONTROL on the deterministic scheduler, with a store in memory and with a
// LEDGER and a SIGNER of the test's.

#include "actors/control/control.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/fake_ledger.hpp"
#include "tests/support/fake_signer.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/preparing.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace acgs::test {

/// A policy that compiles.
inline constexpr std::string_view good = "package a\n\nallow := true\n";

/// A command of the admin alice.
inline wire::command alices_command(domain::command_kind what,
                                    std::string_view name,
                                    std::string_view body = {},
                                    std::uint64_t expected = 0) {
  domain::identity caller;
  caller.subject = "alice";
  caller.role_ = domain::role::admin;
  domain::command out;
  out.kind = what;
  out.name = name;
  out.body = body;
  out.request_id = "r-1";
  out.reason = "because";
  out.expected_revision = expected;
  out.caller = caller;
  return wire::command{out};
}

struct control_fixture : actor_fixture {
  control_actor start() {
    control::config cfg;
    cfg.store = std::make_shared<memory_environment>(disk);
    cfg.node = "node-1";
    cfg.ledger = actor_ref<ledger_actor>::fixed(ledger.handle);
    cfg.registry = &registry;
    cfg.time = &clock;
    cfg.queue_max = 3;
    cfg.reserve_bytes = 1000;
    cfg.make_preparer = make_preparer;
    cfg.ending = &ending;
    cfg.fatal = [this](const caf::error& why) { fatal = why; };
    if (with_signer)
      cfg.signer = actor_ref<signer_actor>::fixed(signer.handle);
    if (known)
      cfg.listeners = {actor_ref<control_listener>::fixed(known)};
    auto out = system.spawn(control::control, std::move(cfg));
    run();
    return out;
  }

  void stop(const control_actor& who) {
    caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
    run();
  }

  result<control::applied> carry_out(const control_actor& who,
                                     domain::command_kind what,
                                     std::string_view name,
                                     std::string_view body = {}) {
    return ask<control::applied>(who, alices_command(what, name, body));
  }

  result<control::published> present(const control_actor& who) {
    return ask<control::published>(who, control::get_published{});
  }

  memory_disk disk;
  manual_clock clock;
  acgs::metrics::registry registry;
  fake_ledger ledger{system};
  fake_signer signer{system};
  bool with_signer = false;
  control_listener known;
  std::atomic<bool> ending{false};
  control::preparer_maker make_preparer = prepare_here;
  caf::error fatal;
};

} // namespace acgs::test
