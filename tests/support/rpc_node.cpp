// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/rpc_node.hpp"

#include "runtime/crypto/random.hpp"

#include <caf/send.hpp>

#include <boost/test/unit_test.hpp>

#include <unistd.h>

namespace acgs::test {

rpc_node::rpc_node() : ids{system_clock(), crypto::random_fill} {
  actors = std::make_shared<directory>(system);
  peers = std::make_shared<rpc_gateway::peers>(rpc_gateway::peers_in(actors));
  auto put = [&](std::string_view name, const auto& handle) {
    actor_status status;
    status.parent = "node";
    status.state = actor_state::running;
    status.since = system_clock().steady_now();
    actors->put(name, caf::actor_cast<caf::strong_actor_ptr>(handle), status);
  };
  put("policy", spawn_policy(system, by));
  put("ledger", spawn_ledger(system, by));
  put("control", spawn_control(system, by));
  put("reader", spawn_reader(system, by));
  put("identity", spawn_identity(system, by));
  put("signer", spawn_signer(system));
  put("health", spawn_health(system));

  settings.socket = socket;
  settings.own_uid = ::getuid();
  settings.tcp.host.clear();
  settings.node_name = "n1";
  settings.version = "0.1.0";
  settings.ids = &ids;
  settings.registry = &registry;
  settings.decisions = std::make_shared<metrics::decision_stats>();
  settings.tokens = std::make_shared<auth::authenticator>(system_clock());
  settings.tokens->set_keys({token_key});
  settings.others = peers;
  state.data = std::make_shared<const std::string>(R"({"a":{"b":[1,2]}})");
  state.data_revision = 7;
  state.policies["mine"].text =
      std::make_shared<const std::string>("package mine\n");
}

rpc_node::~rpc_node() {
  gateway.reset();
  for (auto& row : actors->rows())
    caf::anon_send_exit(actors->find(actor_key<caf::actor>{row.name}).get(),
                        caf::exit_reason::user_shutdown);
  settings.others.reset();
  peers.reset();
  actors.reset();
}

void rpc_node::start() {
  auto made = rpc_gateway::service::open(system, settings);
  BOOST_REQUIRE_MESSAGE(made, sentence_of(made.error()));
  gateway = *made;
  publish();
}

void rpc_node::publish() {
  ++state.revision;
  auto now = std::make_shared<const domain::control_state>(state);
  settings.tokens->update(now);
  gateway->update({now, nullptr});
}

std::string rpc_node::token(domain::role role, const std::string& id) {
  auth::claims of;
  of.token_id = id;
  of.subject = "alice";
  of.role_ = role;
  auto now = std::chrono::floor<std::chrono::seconds>(system_clock().now());
  of.issued = of.not_before = now;
  of.expires = now + std::chrono::hours{1};
  domain::token kept;
  kept.subject = of.subject;
  kept.role_ = role;
  kept.expires_nanos = to_nanos(of.expires);
  state.tokens[id] = kept;
  publish();
  auto input = auth::signing_input(of, token_key);
  auto signature = key.sign(as_byte_view(input));
  return auth::with_signature(std::move(input), signature);
}

result<client::connection> rpc_node::connect(const std::string& token) {
  client::options options;
  options.address = address();
  options.token = token;
  return client::connection::open(options);
}

} // namespace acgs::test
