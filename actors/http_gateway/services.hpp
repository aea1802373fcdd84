// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What all calls share while they are served. Lives on the gateway's loop,
// owned by the gateway, and outlives every call.

#include "actors/health/protocol.hpp"
#include "actors/http_gateway/config.hpp"
#include "actors/http_gateway/metrics.hpp"
#include "actors/http_gateway/policy_trees.hpp"
#include "actors/http_gateway/state.hpp"
#include "actors/http_gateway/yaml_reader.hpp"
#include "runtime/metrics/decision_stats.hpp"
#include "runtime/net/asio_bridge.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>

namespace acgs::http_gateway {

/// What HEALTH said last, for callers who ask more often than they should.
struct last_report {
  health::report what;
  steady_time when;
};

/// A worker of the gateway's own, made with the first question to it.
template <class Handle>
struct worker {
  std::function<Handle()> make = {};
  Handle made = {};

  const Handle& get() {
    if (!made)
      made = make();
    return made;
  }

  void end() {
    if (made)
      caf::anon_send_exit(made, caf::exit_reason::user_shutdown);
  }
};

struct services {
  const config& settings;
  state core;
  metrics counts;
  auth::rate_limiter limiter;
  std::shared_ptr<acgs::metrics::decision_stats> decisions;
  std::unique_ptr<net::asio_bridge> bridge; ///< ends first
  bool draining = false;
  std::optional<last_report> health = std::nullopt;
  worker<policy_trees_actor> trees = {};
  worker<yaml_reader_actor> yaml = {};

  const peers& others() const { return *settings.others; }
  const time_source& time() const { return *settings.time; }

  /// Since the node started, at least 1.
  std::int64_t uptime_seconds() const {
    auto up = moment_of(time()).since(settings.started);
    return std::max<std::int64_t>(1, up / std::chrono::seconds{1});
  }
};

} // namespace acgs::http_gateway
