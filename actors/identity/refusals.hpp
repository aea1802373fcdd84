// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Ledger entries about refused proofs of identity. What somebody typed as a
// name may be a password, so only names of known users stand in the entry; the
// claimed one lies beside the log, sealed. Of one address so many are recorded
// at once and then some a minute, so that nobody fills the disk by guessing;
// the next entry says how many were left out. The clock is handed in.

#include "actors/identity/protocol.hpp"
#include "actors/ledger/protocol.hpp"
#include "runtime/auth/rate_limiter.hpp"

#include <functional>
#include <optional>

namespace acgs::identity {

/// Entries of one address: so many at once, and then one in so many seconds.
inline constexpr double refusals_at_once = 20;
inline constexpr double refusals_a_second = 0.2;

using sealer =
    std::function<domain::sealed_payload(domain::payload_kind, byte_view)>;

class refusals {
public:
  refusals(std::string node, const time_source& time, sealer seal);

  /// The entry about one refusal, or nothing where it is only counted.
  /// `event_type` is "login", "refresh_reuse", "credential", ...
  std::optional<ledger::append> record(const refused& what,
                                       std::string_view event_type,
                                       const domain::control_state* known);

private:
  std::string node_;
  const time_source& time_;
  sealer seal_;
  auth::rate_limiter pace_;
  std::uint64_t left_out_ = 0;
};

} // namespace acgs::identity
