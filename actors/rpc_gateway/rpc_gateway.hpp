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
#include "runtime/actor/promise.hpp"

#include <caf/stateful_actor.hpp>

#include <chrono>
#include <memory>
#include <optional>

namespace acgs::rpc_gateway {

/// What the actor keeps. CAF destroys an actor's state before anybody hears of
/// its end, so that whoever waited for that finds the socket and the port free.
struct held {
  /// A drain that is under way.
  struct draining {
    promise<drained> answer;
    std::chrono::nanoseconds left;
  };
  std::shared_ptr<service> serving;
  std::optional<draining> drain;
};

/// The behaviour. Subscribes to CONTROL at once; ends the service when it
/// ends itself.
rpc_gateway_actor::behavior_type
rpc_gateway(rpc_gateway_actor::stateful_pointer<held> self,
            std::shared_ptr<service> serving, actor_ref<control_actor> control);

} // namespace acgs::rpc_gateway
