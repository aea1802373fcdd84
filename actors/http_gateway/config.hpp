// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What HTTP_GATEWAY is made with: where it listens, its bounds, who may call,
// and whom it asks. Made by NODE from the configuration; tests put fakes in.

#include "actors/http_gateway/peers.hpp"
#include "runtime/auth/rate_limiter.hpp"
#include "runtime/base/ids.hpp"
#include "runtime/base/moment.hpp"
#include "runtime/net/http/server.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace acgs::metrics {
class decision_stats;
class registry;
} // namespace acgs::metrics

namespace acgs::auth {
class authenticator;
} // namespace acgs::auth

namespace acgs::http_gateway {

/// From where a caller is let in at all.
struct access_rules {
  /// Names taken in Host besides localhost and IP addresses.
  std::vector<std::string> hosts;
  /// Origins whose pages may call, "https://ops.example".
  std::vector<std::string> cors_origins;
  /// Whether callers on loopback need no token for what agents may do.
  bool anonymous_loopback = true;
  /// Patterns of the paths below data that they may ask for beside the
  /// constitution's decisions.
  std::vector<std::string> anonymous_paths{"**/allow"};
};

struct config {
  http::server_options server;
  access_rules access;
  auth::rate_limits limits;
  /// Digest of a constitution in hexadecimal -> the 16 digits that clients
  /// know it by.
  std::map<std::string, std::string> constitution_aliases;
  std::string constitution_pin;                 ///< as configured; empty: none
  std::string default_decision = "system/main"; ///< what POST / answers with
  std::size_t batch_inputs_max = 1000;
  std::chrono::nanoseconds decide_timeout = std::chrono::seconds{10};
  std::chrono::nanoseconds call_timeout = std::chrono::seconds{30};
  std::chrono::nanoseconds verify_timeout = std::chrono::minutes{10};
  std::size_t pending_max = 16384; ///< requests that wait for actors
  bool access_log = true;          ///< a line a request
  std::string node_name;
  std::string cluster_name;
  std::string version;
  moment started;
  const time_source* time = &system_clock();
  id_maker* ids = nullptr;
  acgs::metrics::registry* registry = nullptr;
  /// Shared by both gateways; null: one of its own.
  std::shared_ptr<acgs::metrics::decision_stats> decisions;
  std::shared_ptr<auth::authenticator> tokens; ///< with the node's token keys
  std::shared_ptr<const peers> others;
};

} // namespace acgs::http_gateway
