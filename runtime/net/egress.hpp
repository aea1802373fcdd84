// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The node's way out for policies: stands before the transport that carries
// http.send's requests, counts them, ends each within a time, and can be
// closed, which ends those under way and refuses others. A request blocks the
// evaluator that makes it and nobody else. Used from any thread.

#include "runtime/base/clock.hpp"
#include "runtime/base/network.hpp"
#include "runtime/metrics/registry.hpp"

#include <rego/http.hpp>

#include <atomic>
#include <vector>

namespace acgs::net {

class egress final : public rego::http_transport {
public:
  /// Closed until it is opened.
  egress(std::shared_ptr<rego::http_transport> carrier,
         std::chrono::nanoseconds timeout, acgs::metrics::registry& registry,
         const time_source& time = system_clock());

  rego::http_response send(const rego::http_request& request) override;
  void pause(std::chrono::nanoseconds time,
             const std::function<bool()>& cancelled) override;

  /// Lets requests through, or none from now on; what was under way is ended
  /// even where it is opened again at once.
  void open(bool now);

private:
  /// Each change adds one: open while it is even.
  bool is_open(unsigned turn) const { return turn % 2 == 0 && turn == turn_; }
  rego::http_response carry(const rego::http_request& request);

  const std::shared_ptr<rego::http_transport> carrier_;
  const std::chrono::nanoseconds timeout_;
  const time_source& time_;
  std::atomic<unsigned> turn_{1};
  std::vector<acgs::metrics::counter> results_; ///< by failure
  acgs::metrics::histogram duration_;
};

/// Where requests of policies may go.
struct destinations {
  std::vector<std::string> hosts; ///< names and addresses that they may name
  std::vector<network> listed;    ///< addresses that names may lead to

  /// From the configuration's list of names, addresses and networks.
  explicit destinations(const std::vector<std::string>& from);

  /// A public address, or one that is listed.
  bool may_connect(const std::string& address) const;
};

} // namespace acgs::net
