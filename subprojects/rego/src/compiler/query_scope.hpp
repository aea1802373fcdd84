// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What names mean in a query: it has no module, but may be given what one has.

#include <string>
#include <vector>

#include "compiler/resolve.hpp"
#include "compiler/rule_tree.hpp"
#include "rego/error.hpp"

namespace rego {

/// Tells the resolver of the imports ("data.a.b as c") and of the package, with
/// or without "data." before it, that a query is asked in; an empty package is
/// none. Returns why one of them does not parse.
errors set_scope(resolver& r, const std::vector<std::string>& imports,
                 const std::string& package, const rule_tree& tree);

} // namespace rego
