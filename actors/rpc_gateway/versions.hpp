// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What policies and bundles were at earlier revisions, out of the history of
// commands.

#include "actors/control/protocol.hpp"
#include "actors/rpc_gateway/answer.hpp"

#include <string>
#include <vector>

namespace acgs::rpc_gateway {

/// Nothing where control state has come to the revision, or it means the last
/// one; else `invalid_argument`, naming the last. CONTROL is asked where the
/// gateway has not heard of the revision: its client may have made it just now.
kj::Promise<caf::error> check_reached(session& who, std::uint64_t revision);

/// The question whose answer the functions below read.
control::get_history history_up_to(std::string name, std::uint64_t revision);

/// The command that made the policy what it was; null where there was none.
const control::history_item* policy_in(const control::history& from);

/// The digests that were active of a bundle, snapshot first; none where it was
/// not. Fails with `not_found` where its archives are kept no more.
result<std::vector<std::string>> bundle_in(const control::history& from,
                                           const domain::control_state& now);

} // namespace acgs::rpc_gateway
