// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The YAML of one `# METADATA` block as an annotation, by OPA's rules: each
// field has its type, and what has no field is ignored.

#include "builtins/yaml_values.hpp"
#include "parser/annotation.hpp"

namespace rego {

/// Reads the lines of a block into `to`. False with the error; it says in which
/// line ("yaml: line 2: ...") where the YAML is at fault.
bool read_annotation(arena& memory, const std::string& yaml,
                     yaml_bounds& bounds, annotation& to, std::string& error);

} // namespace rego
