// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// RPC_GATEWAY's messages to the rest of the node. What clients say to it is
// in `schemas/gateway.capnp`.

#include "actors/control/protocol.hpp"
#include "runtime/actor/directory.hpp"
#include "runtime/actor/local_message.hpp"
#include "runtime/actor/probe.hpp"

#include <caf/typed_actor.hpp>

#include <chrono>

namespace acgs::rpc_gateway {

/// Lets no new connection and no new call in, and lets calls that wait end.
struct drain {
  std::chrono::nanoseconds within = std::chrono::seconds{7};
  using local_message = void;
};

/// How a drain ended.
struct drained {
  std::size_t left = 0; ///< calls that were not answered in time
  using local_message = void;
};

/// To itself: look whether the calls have ended.
struct look {
  using local_message = void;
};

} // namespace acgs::rpc_gateway

namespace acgs {

using rpc_gateway_actor = caf::typed_actor<
    /// From CONTROL: users, tokens, limits and modes as they are now.
    caf::reacts_to<control::published>,
    /// Before the node stops. Answers when no call waits any longer, or the
    /// time is up.
    caf::replies_to<rpc_gateway::drain>::with<rpc_gateway::drained>,
    caf::reacts_to<rpc_gateway::look>,
    /// Facts: where it listens, connections, calls that wait.
    caf::replies_to<probe>::with<probe_result>>;

namespace rpc_gateway {

/// Where RPC_GATEWAY is found.
inline constexpr actor_key<rpc_gateway_actor> key{"rpc_gateway"};

} // namespace rpc_gateway

} // namespace acgs
