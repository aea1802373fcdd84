// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Internal to `apply`: what bundles do to a state, and what is theirs. A bundle
// owns what its roots cover; while it is active, policies and data there are
// changed by its next version and by nothing else, as in OPA. `data.acgs` is
// the node's: the root "" does not cover it, and a bundle that brings something
// below it must name it as a root, "acgs/agents".

#include "actors/control/bundle_source.hpp"
#include "runtime/domain/command.hpp"
#include "runtime/domain/control_state.hpp"

#include <string>
#include <vector>

namespace acgs::control::changes {

caf::error put_bundle(domain::control_state& next, const domain::command& what,
                      const bundle_source& bundles);
caf::error activate_bundle(domain::control_state& next,
                           const domain::command& what,
                           const bundle_source& bundles);

/// The digests that an `activate_bundle` names. Fails with
/// `invalid_argument`.
result<std::vector<std::string>> digests_of(std::string_view body);

/// Does a root cover the path? "" covers everything but `acgs`.
bool covers(std::string_view root, const std::vector<std::string>& path);

/// Fails with `conflict`, naming the bundle, where a path of data is an active
/// bundle's, or above what is.
caf::error check_data_owner(const domain::control_state& in,
                            const std::vector<std::string>& path);

/// Fails with `conflict` where the policy is a bundle's, or its package lies
/// where one owns everything.
caf::error check_policy_owner(const domain::control_state& in,
                              std::string_view id, std::string_view text);

} // namespace acgs::control::changes
