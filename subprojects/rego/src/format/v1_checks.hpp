// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What Rego v1 refuses in a module that v0 takes, beyond what formatting mends:
// duplicate imports, rules, arguments and variables named input or data,
// deprecated built-in functions, rules named as keywords.

#include "parser/ast.hpp"
#include "rego/error.hpp"

namespace rego::formatting {

/// The errors in OPA's order and words; empty where there are none.
errors check_v1(const module& m);

} // namespace rego::formatting
