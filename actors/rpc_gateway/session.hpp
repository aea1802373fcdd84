// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who is at the other end of a session, and whether a call of theirs may go
// on. Shared by all capabilities of the session; lives on the gateway's loop.
// Each call is admitted by itself: the credential still holds, the role grants
// the verb, lockdown does not forbid it, the caller is within the rate, and
// not too many calls wait.

#include "actors/rpc_gateway/config.hpp"
#include "actors/rpc_gateway/metrics.hpp"
#include "actors/rpc_gateway/peers.hpp"
#include "actors/rpc_gateway/present.hpp"
#include "runtime/auth/permissions.hpp"
#include "runtime/auth/rate_limiter.hpp"
#include "runtime/metrics/decision_stats.hpp"
#include "runtime/net/kj_bridge.hpp"

#include <kj/refcount.h>

#include <optional>
#include <string>

namespace acgs::rpc_gateway {

/// What everything on the loop shares; outlives all sessions.
struct services {
  const config& settings;
  net::kj_bridge& bridge;
  present& now;
  state& load;
  metrics& counts;
  auth::rate_limiter& limiter;
  acgs::metrics::decision_stats& decisions;

  const peers& others() const { return *settings.others; }
};

/// What a connection has proved by itself, before any token.
struct transport_proof {
  std::optional<std::uint32_t> uid; ///< at the other end of a Unix socket
  std::string common_name;          ///< of the client certificate
  std::string address;              ///< "unix", "127.0.0.1"
};

/// Who the proof makes one, by the state as it is (may be null).
result<domain::identity> identity_of(const transport_proof& proof,
                                     std::uint32_t own_uid,
                                     const domain::control_state* state);

/// Has IDENTITY record a proof that was wrong, and counted before. `subject`
/// is as claimed, or empty.
void tell_refused(services& with, std::string subject, std::string why,
                  std::string address);

class session final : public kj::Refcounted {
public:
  /// For `open` alone.
  session(services& with, std::uint64_t connection, transport_proof proof,
          std::string token);

  /// Fails with `unauthenticated`. An empty token: what the connection proves.
  static result<kj::Own<session>> open(services& with, std::uint64_t connection,
                                       transport_proof proof,
                                       std::string token);

  /// Lets a call in. Where it may not be: `unauthenticated`, `forbidden`,
  /// `rate_limited`, `overloaded`, `unavailable`. Every call let in must be
  /// `done`.
  caf::error admit(auth::verb what);
  void done(auth::verb what, const caf::error& how);

  /// For a call that stands for as many as it has inputs, and was let in as
  /// one: takes the others out of the caller's rate. Fails with `rate_limited`,
  /// or `too_large` where that would be so for ever.
  caf::error take_batch(std::size_t inputs);

  /// Whether the role grants the verb, for choices within a call.
  bool may(auth::verb what) const { return auth::may(who_.role_, what); }

  const domain::identity& who() const { return who_; }
  services& with() { return with_; }

private:
  caf::error renew();
  caf::error within_rate(const domain::control_state* state, double calls = 1);

  services& with_;
  std::uint64_t connection_;
  transport_proof proof_;
  std::string token_;
  domain::identity who_;
  std::uint64_t revision_ = 0; ///< of the state that `who_` was made by
};

/// Keeps a call counted until its promise is done or dropped.
class ticket {
public:
  ticket(kj::Own<session> who, auth::verb what)
      : who_{kj::mv(who)}, what_{what} {}
  ticket(ticket&&) = default;
  ~ticket() {
    if (who_.get() != nullptr)
      who_->done(what_, how);
  }

  caf::error how = make_error(ec::cancelled);

private:
  kj::Own<session> who_;
  auth::verb what_;
};

} // namespace acgs::rpc_gateway
