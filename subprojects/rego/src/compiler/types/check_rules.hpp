// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The type check of a policy, rule by rule.

#include "compiler/types/rule_types.hpp"
#include "compiler/types/schemas.hpp"
#include "rego/capabilities.hpp"
#include "rego/error.hpp"

namespace rego::types {

/// Checks the rules of the nodes in the order given, in which what a rule needs
/// stands before it, by what the schemas say, and keeps what they give.
void check_rules(const rule_tree& tree,
                 const std::vector<const rule_tree_node*>& order,
                 schemas& schemas, rule_types& found, errors& out);

/// Calls with too few or too many operands, and of what is no function or is
/// not among those allowed; null allows all.
void check_arities(const rule_tree& tree, const module& m,
                   const capabilities* allowed, errors& out);
void check_arities(const rule_tree& tree, const query& q,
                   const capabilities* allowed, errors& out);

} // namespace rego::types
