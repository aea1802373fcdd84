// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The gateways: where work comes in. They start last and stop first.

#include "actors/node/parts.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace acgs::node {

/// A supervisor of its own (`gateways`, one_for_one), spawned by NODE once
/// the node can decide.
supervisor_config gateway_tree(parts& of);

/// The name of a file and the ports that it tells.
struct named_ports {
  std::string name;
  std::vector<std::uint16_t> ports;
};

/// "rpc", then "http". Asks the gateways.
result<std::vector<named_ports>> gateway_ports(parts& of);

/// No new work; waits until what was begun is answered, at most `within`.
void drain_gateways(parts& of, std::chrono::nanoseconds within);

} // namespace acgs::node
