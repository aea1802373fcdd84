// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What compiles and still must not become state: a policy that would add to a
// rule of the constitution, whose digest then would say less than it seems to,
// and base documents where a rule stands, which OPA refuses too.

#include "runtime/base/error.hpp"
#include "runtime/snapshot/snapshot.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace acgs::control {

/// The constant steps of a rule's path below `data`: "data.a[\"b.c\"].d[x]" is
/// a, b.c, d. What is not a constant ends them.
std::vector<std::string> steps_of_rule(std::string_view path);

/// Fails with `policy_invalid` where a policy defines a rule that the
/// constitution defines, one above it or one inside it; with `conflict` where
/// a base document stands at a rule's place or a scalar leads there.
caf::error check_conflicts(const snapshot& of);

} // namespace acgs::control
