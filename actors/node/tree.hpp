// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The actors of a node in the order of their start, with what each is given.
// This is the one place that decides what gets a thread of its own.

#include "actors/node/parts.hpp"

namespace acgs::node {

/// The root: everything but the gateways, which take work only after the
/// constitution is active. `rest_for_one`: whoever depends on an actor stands
/// behind it and is started anew with it.
supervisor_config core_tree(parts& of);

} // namespace acgs::node
