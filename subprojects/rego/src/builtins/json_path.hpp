// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Paths into documents as json.filter, json.remove and json.patch take them:
// "a/b~1c" or ["a", "b/c"]. Stateless; any thread.

#include <vector>

#include "builtins/builtin.hpp"

namespace rego {

using json_path = std::vector<value>;

/// Reads a path; false where the value is neither string nor array.
bool read_path(call_context& c, const value& v, json_path& out);

} // namespace rego
