// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a module as it was parsed needs of the program that is to run it.

#include "parser/ast.hpp"
#include "rego/capabilities.hpp"

namespace rego {

/// Adds the built-ins, keywords and features that the module uses. A call of
/// what its own rules or imports name is none of a built-in.
void add_needed(const module& m, capabilities& to);

} // namespace rego
