// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// HTTP_GATEWAY, the actor: the handle by which the rest of the node reaches
// what lives on the Asio loop. It follows CONTROL's state, answers probes
// through the loop, so that a loop that hangs is seen, and drains. Supervised
// by NODE; when it ends, for whatever reason, its listeners are closed.

#include "actors/http_gateway/config.hpp"
#include "actors/http_gateway/protocol.hpp"
#include "runtime/net/asio_loop.hpp"

#include <caf/fwd.hpp>

#include <functional>

namespace acgs::http_gateway {

using told_addresses = std::function<void(const addresses&)>;

/// Listens, tells `bound_to` where, and makes the actor. The loop must outlive
/// it. Fails with `invalid_argument` or `unavailable`, as
/// `http::server::start`.
result<http_gateway_actor> start(caf::actor_system& system,
                                 net::asio_loop& loop, config settings,
                                 const told_addresses& bound_to = {});

} // namespace acgs::http_gateway
