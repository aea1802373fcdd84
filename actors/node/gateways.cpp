// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/gateways.hpp"

#include "actors/http_gateway/http_gateway.hpp"
#include "actors/node/ask.hpp"
#include "actors/node/deciding.hpp"
#include "actors/node/log.hpp"
#include "actors/rpc_gateway/peers.hpp"
#include "actors/rpc_gateway/rpc_gateway.hpp"
#include "runtime/actor/bounded.hpp"
#include "runtime/base/version.hpp"
#include "runtime/crypto/random.hpp"
#include "runtime/crypto/tls_files.hpp"
#include "runtime/metrics/decision_stats.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <unistd.h>

#include <algorithm>
#include <thread>
#include <utility>

namespace acgs::node {

namespace {

constexpr std::size_t gateway_mailbox_bound = 1024;

domain::rate_limit limit_of(const config::limits_settings& set,
                            std::uint64_t requests_per_second) {
  return {static_cast<double>(requests_per_second),
          static_cast<double>(set.burst)};
}

auth::rate_limits limits_of(const config::limits_settings& set) {
  auth::rate_limits out;
  out.fallback = limit_of(set, set.requests_per_second);
  for (const auto& [role, rate] : set.requests_per_second_by_role)
    out.by_role[role] = limit_of(set, rate);
  return out;
}

http::server_options server_options_of(const config::settings& from) {
  const auto& set = from.http;
  http::server_options out;
  for (const auto& at : set.listen)
    out.listen.push_back({at.host, at.port});
  out.ports_to_try = from.process.strict_ports ? 1 : 100;
  out.tls.certificate = set.tls_certificate.string();
  out.tls.key = set.tls_key.string();
  out.tls.client_authority = set.tls_client_authority.string();
  out.bounds.body_bytes = set.body_bytes_max;
  out.bounds.head_bytes = set.header_bytes_max;
  out.connections_max = set.connections_max;
  out.bodies_bytes_max = set.bodies_bytes_max;
  out.request_timeout = set.request_timeout;
  out.head_timeout =
      std::min<std::chrono::nanoseconds>(out.head_timeout, set.request_timeout);
  out.idle_timeout = set.idle_timeout;
  return out;
}

/// Clients, and the files with the ports, know where a gateway listens: one
/// that is started again listens there and nowhere else.
void keep_ports(const std::vector<std::uint16_t>& bound,
                http::server_options& in) {
  if (bound.size() != in.listen.size())
    return; // it never listened
  for (std::size_t i = 0; i < bound.size(); ++i)
    in.listen[i].port = bound[i];
  in.ports_to_try = 1;
}

http_gateway::config http_config(parts& of) {
  const auto& from = of.settings;
  http_gateway::config out;
  out.server = server_options_of(from);
  out.access.hosts = from.http.hosts;
  out.access.cors_origins = from.http.cors_origins;
  out.access.anonymous_loopback = from.auth.anonymous_loopback;
  out.access.anonymous_paths = from.auth.anonymous_paths;
  out.limits = limits_of(from.limits);
  out.constitution_aliases = from.constitution.aliases;
  out.constitution_pin = from.constitution.pin;
  out.default_decision = from.policy.default_decision;
  out.batch_inputs_max = from.policy.batch_inputs_max;
  out.decide_timeout = decide_timeout;
  out.node_name = from.node.name;
  out.cluster_name = from.cluster.name;
  out.version = version;
  out.started = of.started;
  out.time = &of.time;
  out.ids = &of.ids;
  out.registry = &of.registry;
  out.decisions = of.decisions;
  out.tokens = of.tokens;
  out.others = std::make_shared<const http_gateway::peers>(
      http_gateway::peers_in(of.actors));
  return out;
}

result<rpc_gateway::config> rpc_config(parts& of) {
  const auto& from = of.settings;
  auto ensure = [folder = from.keys.dir / "tls", name = from.node.name,
                 &time = of.time] {
    return crypto::ensure_tls_files(
        folder, name, {"localhost", "127.0.0.1", "::1"}, time.now());
  };
  auto tls = ensure();
  if (!tls)
    return tls.error();
  rpc_gateway::config out;
  out.socket = from.rpc.socket;
  out.own_uid = ::geteuid();
  out.tcp.host = from.rpc.listen.host;
  out.tcp.port = from.rpc.listen.port;
  out.tcp.strict_port = from.process.strict_ports;
  if (of.rpc_port != 0) { // as keep_ports
    out.tcp.port = of.rpc_port;
    out.tcp.strict_port = true;
  }
  out.tcp.authority = tls->authority;
  out.tcp.certificate = tls->certificate;
  out.tcp.key = tls->key;
  out.tcp.expires = tls->expires;
  out.tcp.renew = [ensure]() -> result<wall_time> {
    auto files = ensure();
    if (!files)
      return files.error();
    return files->expires;
  };
  out.within.connections_max = from.rpc.sessions_max;
  out.within.calls_max = from.rpc.calls_in_flight_max;
  out.message_bytes_max = from.rpc.message_bytes_max;
  out.batch_inputs_max = from.policy.batch_inputs_max;
  out.node_name = from.node.name;
  out.version = version;
  out.started = of.started;
  out.limits = limits_of(from.limits);
  out.time = &of.time;
  out.ids = &of.ids;
  out.registry = &of.registry;
  out.decisions = of.decisions;
  out.tokens = of.tokens;
  out.archives = of.archives;
  out.others = std::make_shared<const rpc_gateway::peers>(
      rpc_gateway::peers_in(of.actors));
  return out;
}

child_spec http_child(parts& of) {
  supervision::child_rule rule;
  rule.stop_timeout = of.settings.process.drain_timeout;
  return make_child(
      http_gateway::key,
      [&of, ports = std::vector<std::uint16_t>{}]() mutable {
        auto with = http_config(of);
        keep_ports(ports, with.server);
        return http_gateway::start(of.system, of.loop, std::move(with),
                                   [&](const http_gateway::addresses& at) {
                                     ports.clear();
                                     for (const auto& one : at.bound)
                                       ports.push_back(one.port);
                                   });
      },
      rule);
}

child_spec rpc_child(parts& of) {
  supervision::child_rule rule;
  rule.stop_timeout = of.settings.process.drain_timeout;
  return make_child(
      rpc_gateway::key,
      [&of]() -> result<rpc_gateway_actor> {
        auto with = rpc_config(of);
        if (!with)
          return with.error();
        auto opened = rpc_gateway::service::open(of.system, std::move(*with));
        if (!opened)
          return opened.error();
        of.rpc_port = (*opened)->port();
        return rpc_gateway_actor{spawn_bounded(
            of.system, gateway_mailbox_bound, rpc_gateway::rpc_gateway, *opened,
            of.actors->find(control::key))};
      },
      rule);
}

} // namespace

supervisor_config gateway_tree(parts& of) {
  supervisor_config out;
  out.name = "gateways"; // nobody supervises it: it is a root
  out.within.restarts_max =
      static_cast<unsigned>(of.settings.process.restarts_max);
  out.within.restarts_window = of.settings.process.restarts_window;
  out.actors = of.actors;
  out.clock = &of.time;
  out.random = crypto::random_fill;
  out.children.push_back(rpc_child(of));
  out.children.push_back(http_child(of));
  return out;
}

result<std::vector<named_ports>> gateway_ports(parts& of) {
  auto bound = ask<http_gateway::addresses>(
      of.system, of.actors->find(http_gateway::key), std::chrono::seconds{10},
      http_gateway::get_addresses{});
  if (!bound)
    return bound.error();
  std::vector<std::uint16_t> http;
  for (const auto& at : bound->bound)
    http.push_back(at.port);
  return std::vector<named_ports>{{"rpc", {of.rpc_port}},
                                  {"http", std::move(http)}};
}

void drain_gateways(parts& of, std::chrono::nanoseconds within) {
  if (!of.gateways)
    return;
  auto margin = within + std::chrono::seconds{1};
  std::thread rpc{[&of, within, margin] {
    ask<rpc_gateway::drained>(of.system, of.actors->find(rpc_gateway::key),
                              margin, rpc_gateway::drain{within});
  }};
  auto done =
      ask<http_gateway::drained>(of.system, of.actors->find(http_gateway::key),
                                 margin, http_gateway::drain{within});
  rpc.join();
  if (done && done->left > 0)
    logger.warning("connections were cut off", {{"connections", done->left}});
}

} // namespace acgs::node
