// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The actors that read the log.

#include "actors/node/parts.hpp"

#include <vector>

namespace acgs::node {

/// The supervisor of the READERs (`readers`, one_for_one), each of which has a
/// thread of its own, and the one handle that stands for all of them.
std::vector<child_spec> reading_children(parts& of);

} // namespace acgs::node
