// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/outbound.hpp"

#include <rego/curl_transport.hpp>
#include <rego/http_cache.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace acgs::node {

namespace {

constexpr std::size_t egress_mailbox_bound = 64;

/// A call that fails has taken an evaluator's time, so that few must be enough
/// to tell.
breaker::config host_rules(breaker::config general) {
  auto& out = general;
  if (out.sliding_window_type == breaker::window_type::count)
    out.sliding_window_size =
        std::min<std::size_t>(out.sliding_window_size, 20);
  out.minimum_number_of_calls =
      std::min<std::size_t>(out.minimum_number_of_calls, 10);
  out.permitted_number_of_calls_in_half_open_state = std::min<std::size_t>(
      out.permitted_number_of_calls_in_half_open_state, 2);
  return general;
}

} // namespace

result<std::shared_ptr<rego::http_transport>>
make_carrier(const config::egress_settings& set) try {
  if (set.hosts.empty())
    return std::shared_ptr<rego::http_transport>{};
  rego::curl_options options;
  options.may_connect =
      [to = net::destinations{set.hosts}](const std::string& address) {
        return to.may_connect(address);
      };
  return rego::make_curl_transport(std::move(options));
} catch (const std::runtime_error& thrown) {
  return make_error(ec::unavailable,
                    std::string{"egress.hosts: "} + thrown.what());
}

std::shared_ptr<outbound>
make_outbound(std::shared_ptr<rego::http_transport> carrier,
              const config::egress_settings& set, breaker::setup like) {
  if (!carrier)
    return nullptr;
  like.rules = host_rules(like.rules);
  auto out = std::make_shared<outbound>();
  out->breakers = make_host_breakers(net::destinations{set.hosts}.hosts, like);
  out->way =
      std::make_shared<net::egress>(guarded(std::move(carrier), out->breakers),
                                    set.timeout, *like.registry, *like.clock);
  return out;
}

std::vector<child_spec> outbound_children(caf::actor_system& system,
                                          const outbound* out) {
  std::vector<child_spec> made;
  if (out)
    for (const auto& [host, each] : out->breakers)
      made.push_back(breaker::make_desk(system, egress_mailbox_bound, each));
  return made;
}

rego::http_access network_of(const config::egress_settings& set,
                             const outbound* from) {
  rego::http_access out;
  if (from)
    out.transport = from->way;
  out.hosts = net::destinations{set.hosts}.hosts;
  out.cache = std::make_shared<rego::http_cache>(set.cache_bytes);
  out.response_bytes_max = set.response_bytes_max;
  return out;
}

} // namespace acgs::node
