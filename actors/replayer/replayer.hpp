// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// REPLAYER, the actor: makes recorded decisions again, one request at a time,
// on threads of its own that give way to all others. Writes nothing. Spawned
// detached and bounded by NODE.

#include "actors/replayer/config.hpp"
#include "actors/replayer/protocol.hpp"

namespace acgs::replayer {

/// Where the log cannot be opened it ends at once, with why.
replayer_actor::behavior_type replayer(replayer_actor::pointer self,
                                       config with);

} // namespace acgs::replayer
