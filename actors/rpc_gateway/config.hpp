// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What RPC_GATEWAY is made with: where it listens, its bounds, and whom it
// asks. Made by NODE from the configuration; tests put fakes in.

#include "actors/rpc_gateway/state.hpp"
#include "runtime/auth/rate_limiter.hpp"
#include "runtime/base/ids.hpp"
#include "runtime/base/moment.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace acgs::metrics {
class decision_stats;
class registry;
} // namespace acgs::metrics

namespace acgs::domain {
class archive_desk;
} // namespace acgs::domain

namespace acgs::auth {
class authenticator;
} // namespace acgs::auth

namespace acgs::rpc_gateway {

struct peers; // peers.hpp: the actors that it asks

/// The TCP side; PEM files.
struct tcp_listener {
  std::string host = "127.0.0.1"; ///< empty: no TCP
  std::uint16_t port = 8182;      ///< 0: any free one
  bool strict_port = false;       ///< else the next free one is taken
  std::filesystem::path authority;
  std::filesystem::path certificate;
  std::filesystem::path key;
  wall_time expires{}; ///< when they run out; the epoch: not known

  /// Renews the files where they are about to run out, and says when they do.
  /// Called on the loop now and then. May be empty.
  std::function<result<wall_time>()> renew{};
};

struct config {
  std::filesystem::path socket; ///< empty: no Unix socket
  std::uint32_t own_uid = 0;    ///< the node's user
  tcp_listener tcp;
  bounds within;
  std::size_t message_bytes_max = 8u << 20;
  std::size_t batch_inputs_max = 1000;
  std::chrono::nanoseconds call_timeout = std::chrono::seconds{30};
  std::chrono::nanoseconds verify_timeout = std::chrono::minutes{10};
  std::string node_name;
  std::string version;
  moment started;
  auth::rate_limits limits;
  const time_source* time = &system_clock();
  id_maker* ids = nullptr;
  metrics::registry* registry = nullptr;
  /// Shared by both gateways; null: one of its own.
  std::shared_ptr<metrics::decision_stats> decisions;
  std::shared_ptr<auth::authenticator> tokens; ///< with the node's token keys
  /// CONTROL takes archives of bundles from it; null: none are taken.
  std::shared_ptr<domain::archive_desk> archives;
  std::shared_ptr<const peers> others;
};

} // namespace acgs::rpc_gateway
