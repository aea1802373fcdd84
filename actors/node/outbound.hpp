// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What NODE lets out: http.send's requests, to the hosts of the configuration.

#include "actors/node/guarded.hpp"
#include "runtime/base/error.hpp"
#include "runtime/config/settings.hpp"
#include "runtime/net/egress.hpp"

#include <memory>
#include <vector>

namespace acgs::node {

/// What carries requests to the hosts that are listed; null where none is.
/// Fails with `unavailable` where libcurl cannot be loaded.
result<std::shared_ptr<rego::http_transport>>
make_carrier(const config::egress_settings& set);

struct outbound {
  std::shared_ptr<net::egress> way;
  host_breakers breakers;
};

/// The way out, closed, with a breaker like that one before each host; null
/// without a carrier.
std::shared_ptr<outbound>
make_outbound(std::shared_ptr<rego::http_transport> carrier,
              const config::egress_settings& set, breaker::setup like);

/// The desks of its breakers, where there is one.
std::vector<child_spec> outbound_children(caf::actor_system& system,
                                          const outbound* out);

/// The network as the evaluators that decide have it, with one cache for all
/// of them. Policies read no file and no variable of the node.
rego::http_access network_of(const config::egress_settings& set,
                             const outbound* out);

} // namespace acgs::node
