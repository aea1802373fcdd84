// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A node as RPC_GATEWAY sees it, made of fakes: typed actors that answer from
// `knobs` and note what they were asked. The gateway itself is the real one,
// on a Unix socket in a scratch folder.

#include "actors/rpc_gateway/peers.hpp"
#include "actors/rpc_gateway/service.hpp"
#include "runtime/auth/authenticator.hpp"
#include "runtime/client/client.hpp"
#include "runtime/crypto/ed25519.hpp"
#include "runtime/metrics/decision_stats.hpp"
#include "runtime/metrics/registry.hpp"
#include "tests/support/scratch.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace acgs::test {

/// How the fakes answer, and what they were asked.
struct knobs {
  std::atomic<bool> policy_silent{false};
  std::atomic<bool> admin_allowed{true};
  std::atomic<bool> ledger_full{false};
  /// What decisions come to; `none`: they are allowed.
  std::atomic<domain::verdict> outcome{domain::verdict::none};
  std::string error_code{}; ///< of those that come to an error

  std::string full_input{}; ///< of a batch, that cannot be recorded

  void note(const std::string& what) {
    std::lock_guard guard{mutex};
    noted.push_back(what);
    came.notify_all();
  }
  /// What was noted, once there is as much of it. What an actor is told and
  /// does not answer is waited for so: no reply of another says that it came.
  std::vector<std::string> notes(std::size_t as_many = 0) {
    std::unique_lock guard{mutex};
    came.wait(guard, [&] { return noted.size() >= as_many; });
    return noted;
  }

  std::mutex mutex;
  std::condition_variable came;
  std::vector<std::string> noted; ///< in the order in which it came
};

policy_actor spawn_policy(caf::actor_system& in, std::shared_ptr<knobs> by);
ledger_actor spawn_ledger(caf::actor_system& in, std::shared_ptr<knobs> by);
control_actor spawn_control(caf::actor_system& in, std::shared_ptr<knobs> by);
reader_actor spawn_reader(caf::actor_system& in, std::shared_ptr<knobs> by);
identity_actor spawn_identity(caf::actor_system& in, std::shared_ptr<knobs> by);
signer_actor spawn_signer(caf::actor_system& in);
health_actor spawn_health(caf::actor_system& in);

class rpc_node {
public:
  rpc_node();
  ~rpc_node();

  /// Starts the gateway; change `settings` before.
  void start();

  /// Tells the gateway of `state`.
  void publish();

  /// A token of this role, issued in `state` and published.
  std::string token(domain::role role, const std::string& id = "t1");

  /// Connects with a token, or as the node's own user where it is empty.
  result<client::connection> connect(const std::string& token = {});

  std::string address() const { return "unix:" + socket.string(); }

  caf::actor_system_config actor_config;
  caf::actor_system system{actor_config};
  scratch_folder folder;
  std::filesystem::path socket = folder.path() / "acgsd.sock";
  std::shared_ptr<knobs> by = std::make_shared<knobs>();
  crypto::signing_key key = crypto::signing_key::generate();
  auth::token_key token_key{key.public_part()};
  domain::control_state state;
  metrics::registry registry;
  id_maker ids;
  std::shared_ptr<directory> actors;
  std::shared_ptr<rpc_gateway::peers> peers;
  rpc_gateway::config settings;
  std::shared_ptr<rpc_gateway::service> gateway;
};

} // namespace acgs::test
