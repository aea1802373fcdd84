// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// LEDGER, the actor: the only writer of ledger/. Spawned detached and bounded
// by NODE. A batch is whatever queued up while the last one was being synced,
// at most `batch_max`; it waits for no timer. Nobody is answered before the
// commit. Others can read what was committed a moment later, or when they ask
// for it (`publish`).

#include "actors/ledger/config.hpp"
#include "actors/ledger/protocol.hpp"

namespace acgs::ledger {

/// Comes behind everything that was queued when it was sent.
struct flush {
  using local_message = void;
};

/// The pause after a signature is over: what was committed in it is signed.
struct pause_over {
  using local_message = void;
};

/// What waited to be readable has waited long enough.
struct publish_due {
  using local_message = void;
};

/// The next piece of what was archived is to be erased.
struct sweep_on {
  using local_message = void;
};

/// What LEDGER understands besides: its own messages to itself.
using self_actor =
    ledger_actor::extend<caf::reacts_to<flush>, caf::reacts_to<pause_over>,
                         caf::reacts_to<publish_due>, caf::reacts_to<sweep_on>>;

/// Takes up the log; where that fails it calls `cfg.fatal` and ends.
self_actor::behavior_type ledger(self_actor::pointer self, config cfg);

} // namespace acgs::ledger
