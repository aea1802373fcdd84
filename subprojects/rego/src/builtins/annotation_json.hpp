// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Metadata annotations in the shape of OPA's JSON, as a syntax tree has them.

#include "builtins/ast_json.hpp"
#include "parser/annotation.hpp"

namespace rego {

/// The annotations of a module's file.
value tree_of(arena& memory, const std::vector<const annotation*>& list,
              const std::string& file, const tree_options& options);

/// For each rule of a module the annotations that OPA prints with it: those of
/// its document and the rule's own.
std::vector<std::vector<const annotation*>>
annotations_of_rules(const module& m, const std::vector<annotation>& all);

} // namespace rego
