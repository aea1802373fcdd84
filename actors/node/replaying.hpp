// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The actor that makes recorded decisions again, and what it does that with:
// EVALUATOR's core, and control state as CONTROL's history has it.

#include "actors/node/parts.hpp"

namespace acgs::node {

child_spec replayer_child(parts& of);

} // namespace acgs::node
