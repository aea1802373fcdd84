// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// CONTROL, the actor: the only writer of state/. Spawned detached and bounded
// by NODE. One command at a time passes through: it is staged, made durable,
// recorded in the ledger, published, answered; others wait their turn. What
// changes policies, data or bundles is prepared by a worker before its turn
// comes (preparer.hpp), one after the other, so that a lockdown, a revocation
// or a probe never waits behind a compiler; such a command may be overtaken by
// one that came later and needs no preparing, never by one of its own. Where
// the ledger cannot take the entry, the command's caller is told, nothing is
// published, further commands are refused, and the ledger is tried again until
// it can: no policy decides whose change is not on record. An entry that a
// crash swallowed is written at start in the same way.

#include "actors/control/config.hpp"
#include "actors/control/protocol.hpp"

namespace acgs::control {

/// From CONTROL to itself: time to try the ledger again, and time to write
/// down what the ledger holds.
struct retry {
  using local_message = void;
};
struct note {
  using local_message = void;
};

using self_actor =
    control_actor::extend<caf::reacts_to<retry>, caf::reacts_to<note>>;

/// Takes up the store; where that fails it calls `cfg.fatal` and ends.
self_actor::behavior_type control(self_actor::pointer self, config cfg);

} // namespace acgs::control
