// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Built-ins beyond OPA's, for programs that embed the engine. Added before the
// first policy is compiled, on one thread; from then on the table is fixed.

#include "builtins/builtin.hpp"

namespace rego {

/// Adds a built-in; false once the table is in use or the name is taken.
bool add_builtin(builtin b);

} // namespace rego
