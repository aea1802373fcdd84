// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads off a rule's clauses what they demand of the input or of arguments, by
// equality, membership or the ends of a text, for the rule index.

#include <memory>

#include "compiler/code_writer.hpp"
#include "machine/index.hpp"

namespace rego {

/// The index of a node's clauses in order (defaults left out); null where
/// there are too few clauses or equalities.
std::shared_ptr<const rule_index> make_index(unit_writer& u,
                                             const rule_tree_node& n);

} // namespace rego
