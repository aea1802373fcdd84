// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// HTTP_GATEWAY's messages to the rest of the node. What clients say to it is
// in `routes/`.

#include "actors/control/protocol.hpp"
#include "runtime/actor/directory.hpp"
#include "runtime/actor/local_message.hpp"
#include "runtime/actor/probe.hpp"

#include <caf/typed_actor.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace acgs::http_gateway {

struct get_addresses {
  using local_message = void;
};

/// Where it listens, in the order of the configuration, with the ports taken.
struct addresses {
  struct one {
    std::string host;
    std::uint16_t port = 0;
  };
  std::vector<one> bound;
  using local_message = void;
};

/// Takes no new connection, answers what has been asked, ends connections.
struct drain {
  std::chrono::nanoseconds within = std::chrono::seconds{7};
  using local_message = void;
};

/// How a drain ended.
struct drained {
  std::size_t left = 0; ///< connections that were not done in time
  using local_message = void;
};

/// To itself, from its loop: everything has been answered.
struct emptied {
  using local_message = void;
};

/// To itself: the time for draining is over.
struct drain_ended {
  using local_message = void;
};

/// To itself, from its loop: what it has counted, as a JSON object.
struct looked {
  std::string facts;
  using local_message = void;
};

} // namespace acgs::http_gateway

namespace acgs {

using http_gateway_actor = caf::typed_actor<
    /// From CONTROL: users, tokens, limits, policies and modes as they are.
    caf::reacts_to<control::published>,
    caf::replies_to<http_gateway::get_addresses>::with<http_gateway::addresses>,
    /// Before the node stops. Answers when no request waits any longer, or the
    /// time is up.
    caf::replies_to<http_gateway::drain>::with<http_gateway::drained>,
    caf::reacts_to<http_gateway::emptied>,
    caf::reacts_to<http_gateway::drain_ended>,
    caf::reacts_to<http_gateway::looked>,
    /// Facts: where it listens, connections, requests that wait.
    caf::replies_to<probe>::with<probe_result>>;

namespace http_gateway {

/// Where HTTP_GATEWAY is found.
inline constexpr actor_key<http_gateway_actor> key{"http_gateway"};

} // namespace http_gateway

} // namespace acgs
