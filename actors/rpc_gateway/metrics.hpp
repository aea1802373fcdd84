// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What RPC_GATEWAY counts. The counts of authentication are shared with the
// HTTP gateway: one series, told apart by nothing but the outcome.

#include "runtime/auth/permissions.hpp"
#include "runtime/base/error.hpp"
#include "runtime/metrics/registry.hpp"

#include <string_view>

namespace acgs::rpc_gateway {

class metrics {
public:
  explicit metrics(acgs::metrics::registry& in);

  void connections(std::size_t now) {
    connections_.set(static_cast<double>(now));
  }
  void turned_away() { turned_away_.increment(); }
  void handshake_unfinished() { unfinished_.increment(); }
  void authenticated() { attempts_ok_.increment(); }
  void refused();
  /// A call has ended, with `ec::none` where it was answered.
  void call(auth::verb what, ec how);

private:
  acgs::metrics::gauge connections_;
  acgs::metrics::counter turned_away_;
  acgs::metrics::counter unfinished_;
  acgs::metrics::counter attempts_ok_;
  acgs::metrics::counter attempts_refused_;
  acgs::metrics::counter failures_;
  acgs::metrics::counter events_;
  std::vector<acgs::metrics::counter> answered_; ///< by verb
  acgs::metrics::counter_family failed_;
};

} // namespace acgs::rpc_gateway
