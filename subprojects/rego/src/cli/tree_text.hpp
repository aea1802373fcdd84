// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// A syntax tree for the eye: one node a line, indented by a space a level.

#include <string>

#include "rego/value.hpp"

namespace rego::cli {

/// The lines of a module's tree, as tree_of() gives it.
std::string tree_text(const value& module);

} // namespace rego::cli
