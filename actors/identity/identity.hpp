// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// IDENTITY, the actor: log-in, tokens and users. Spawned detached and bounded
// by NODE: Argon2id takes tens of milliseconds and 64 MiB, one at a time. It
// signs nothing and stores nothing itself: SIGNER signs, CONTROL keeps. A token
// leaves only after CONTROL has it on record.

#include "actors/identity/config.hpp"
#include "actors/identity/protocol.hpp"

namespace acgs::identity {

/// What IDENTITY understands besides: each new control state.
using self_actor = identity_actor::extend<caf::reacts_to<control::published>>;

self_actor::behavior_type identity(self_actor::pointer self, config cfg);

} // namespace acgs::identity
