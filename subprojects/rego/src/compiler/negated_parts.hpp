// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What of a negated expression is evaluated before it. OPA rewrites
// `not f(input.x)` to `v = input.x; not f(v)`: where `input.x` is undefined,
// the body is, and not only f. Modules that import future.keywords.not negate
// whole expressions (`expr::whole`) and have no such parts.

#include <functional>

#include "parser/ast.hpp"

namespace rego {

/// Evaluates a term outside and gives the variable that stands for it.
using lifter = std::function<term(const term&)>;

/// Replaces the parts by variables, in the order of their evaluation: calls
/// within the expression; references that are operands of a call (but not of =
/// and, in rules, ==), stand within brackets or are parts of a composite; the
/// domain of `every`. In queries == is a call as others.
void lift_negated_parts(expr& e, bool in_rule, const lifter& lift);

} // namespace rego
