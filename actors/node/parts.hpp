// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Everything that a running node is made of, in the order in which it is
// made; it is destroyed in the reverse order, so that no actor outlives what
// it uses. Owned by `node`; the members are used by the functions that make
// the tree of actors (tree.hpp, gateways.hpp).

#include "actors/node/epoch.hpp"
#include "actors/node/keys.hpp"
#include "actors/node/outbox.hpp"
#include "actors/node/stores.hpp"
#include "actors/node/witness.hpp"
#include "runtime/actor/supervisor.hpp"
#include "runtime/auth/authenticator.hpp"
#include "runtime/base/ids.hpp"
#include "runtime/base/moment.hpp"
#include "runtime/config/settings.hpp"
#include "runtime/metrics/decision_stats.hpp"
#include "runtime/metrics/exposer.hpp"
#include "runtime/metrics/registry.hpp"
#include "runtime/net/asio_loop.hpp"
#include "runtime/snapshot/latest.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <atomic>
#include <memory>
#include <string>

namespace acgs::breaker {
struct setup;
} // namespace acgs::breaker

namespace acgs::domain {
class archive_desk;
} // namespace acgs::domain

namespace rego {
class http_transport;
} // namespace rego

namespace acgs::node {

struct outbound;

/// CAF as we use it: no network, and the scheduler that answers threads
/// outside soonest.
struct system_config : caf::actor_system_config {
  system_config();
};

struct parts {
  parts(const config::settings& from, stores opened, public_keys found,
        log_choice writes, std::shared_ptr<rego::http_transport> carrier);

  const config::settings settings;
  const time_source& time = system_clock();
  const moment started = moment_of(time);
  const stores store;
  const public_keys keys;
  const std::string origin; ///< `cluster/node/epoch`: this node's log
  const std::shared_ptr<store::log_mark_file> mark; ///< how far it was signed
  acgs::metrics::registry registry;
  /// Of both gateways, and across their restarts.
  const std::shared_ptr<acgs::metrics::decision_stats> decisions =
      std::make_shared<acgs::metrics::decision_stats>();
  std::unique_ptr<acgs::metrics::exposer> exposer;
  /// Where http.send goes; null where no host is listed.
  const std::shared_ptr<outbound> egress;
  id_maker ids;
  /// Ends evaluations that are under way, and lets no change begin.
  std::atomic<bool> cancel{false};
  std::shared_ptr<auth::authenticator> tokens;
  /// What counts now, for decisions that are under way.
  const std::shared_ptr<latest_snapshot> latest =
      std::make_shared<latest_snapshot>();
  /// From RPC_GATEWAY to CONTROL.
  const std::shared_ptr<domain::archive_desk> archives;

  system_config cfg;
  caf::actor_system system;
  std::shared_ptr<directory> actors;
  std::shared_ptr<outbox> entries; ///< of NODE's own, on their way to LEDGER
  std::shared_ptr<std::atomic<bool>> index_told =
      std::make_shared<std::atomic<bool>>(false);
  witness seen;
  net::asio_loop loop{"http"}; ///< HTTP_GATEWAY's
  std::atomic<std::uint16_t> rpc_port{0};
  supervisor_actor core;
  supervisor_actor gateways;

  /// What the breakers before hosts have in common.
  breaker::setup host_breaker();

  /// What `run` returns; set where something went wrong for good.
  std::atomic<int> exit_code{0};
};

/// Something happened after which nothing may be acknowledged any more (a
/// failed write or sync, a store that contradicts itself): says so and ends
/// the process at once, without a chance for anybody to go on.
[[noreturn]] void end_at_once(const caf::error& why);

} // namespace acgs::node
