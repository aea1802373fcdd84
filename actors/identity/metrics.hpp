// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What IDENTITY counts: log-ins and refreshes. Refusals by a gateway are
// counted there.

#include "runtime/metrics/registry.hpp"

namespace acgs::identity {

class metrics {
public:
  explicit metrics(acgs::metrics::registry& in)
      : succeeded_{in.make_counter(attempts, attempts_help,
                                   {{"result", "success"}})},
        failed_{
            in.make_counter(attempts, attempts_help, {{"result", "failure"}})},
        locked_{
            in.make_counter(attempts, attempts_help, {{"result", "locked"}})},
        failures_{in.make_counter("acgs_auth_failures_total",
                                  "Credentials that were refused")},
        login_events_{
            in.make_counter(events, events_help, {{"type", "auth_failure"}})},
        lock_events_{
            in.make_counter(events, events_help, {{"type", "login_locked"}})},
        reuse_events_{
            in.make_counter(events, events_help, {{"type", "refresh_reuse"}})},
        unrecorded_{in.make_counter(
            "acgs_auth_unrecorded_total",
            "Refusals that the ledger has no entry of their own about")} {
    // Handles only.
  }

  void succeeded() { succeeded_.increment(); }

  /// A wrong name, password or refresh token.
  void failed() {
    failed_.increment();
    failures_.increment();
    login_events_.increment();
  }

  /// An attempt while the name or the address was locked.
  void locked() {
    locked_.increment();
    failures_.increment();
  }

  /// A name or an address was locked just now.
  void locked_out() { lock_events_.increment(); }

  /// A refresh token was used a second time.
  void reused() { reuse_events_.increment(); }

  void unrecorded() { unrecorded_.increment(); }

private:
  static constexpr auto attempts = "acgs_auth_attempts_total";
  static constexpr auto attempts_help = "Credentials that were shown";
  static constexpr auto events = "acgs_security_events_total";
  static constexpr auto events_help = "What a security team wants to hear of";

  acgs::metrics::counter succeeded_;
  acgs::metrics::counter failed_;
  acgs::metrics::counter locked_;
  acgs::metrics::counter failures_;
  acgs::metrics::counter login_events_;
  acgs::metrics::counter lock_events_;
  acgs::metrics::counter reuse_events_;
  acgs::metrics::counter unrecorded_;
};

} // namespace acgs::identity
