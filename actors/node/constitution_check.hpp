// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether a node can start with the constitution and the policies of its
// configuration, found out before a start touches anything.

#include "runtime/base/error.hpp"
#include "runtime/config/settings.hpp"

namespace acgs::node {

/// Fails as `read_modules` does, naming the key; with `hash_mismatch` where the
/// constitution in the folder, which a start activates, is another than the
/// pinned one; as CONTROL does where it would not take it: it does not compile,
/// or contradicts itself; and with `policy_invalid` where it has no rule that
/// decides for agents (`acgs.main.decision`) or for administrators
/// (`acgs.admin.allow`).
caf::error check_constitution(const config::constitution_settings& from);

/// Fails as `read_policies` does, naming the key.
caf::error check_policies(const config::policy_settings& from);

} // namespace acgs::node
