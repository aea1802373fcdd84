// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// RPC_GATEWAY as an actor: it owns the service, tells it of each published
// state, drains it, and answers probes. NODE makes the service first (listening
// can fail) and then spawns:
//
//   auto made = rpc_gateway::service::open(system, config);
//   if (!made)
//     return made.error();
//   return spawn_bounded(system, 256, rpc_gateway::rpc_gateway, *made,
//   control);

#include "actors/rpc_gateway/protocol.hpp"
#include "actors/rpc_gateway/service.hpp"

#include <memory>

namespace acgs::rpc_gateway {

/// The behaviour. Subscribes to CONTROL at once; ends the service when it
/// ends itself.
rpc_gateway_actor::behavior_type rpc_gateway(rpc_gateway_actor::pointer self,
                                             std::shared_ptr<service> serving,
                                             actor_ref<control_actor> control);

} // namespace acgs::rpc_gateway
