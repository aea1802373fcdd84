// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The configured names of constitutions and what lies in the configuration's
// folders become control state: at each start, names and a constitution that
// differ from the present ones, and policies whose ids are new to the history,
// are put by commands, which are checked, recorded and kept like any other.

#include "actors/node/parts.hpp"

namespace acgs::node {

/// Activates the names of constitutions, and the constitution and the policies
/// of the configured folders, and holds the node to the configured pin. Fails
/// with `policy_invalid` where one does not compile, `hash_mismatch` where
/// another constitution than the pinned one is active, and as CONTROL and
/// `read_modules` and `read_policies` do.
caf::error activate_configured(parts& of);

} // namespace acgs::node
