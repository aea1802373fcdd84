// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The `# METADATA` blocks of a module and the statements that they stand above.

#include "parser/annotation.hpp"
#include "rego/arena.hpp"
#include "rego/error.hpp"

namespace rego {

/// In the order of the source, each with its target and scope. A block that OPA
/// refuses is a rego_parse_error, as is one that grows by aliases far beyond
/// its text.
std::vector<annotation> read_annotations(arena& memory, const module& m,
                                         errors& out);

} // namespace rego
