// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What Rego v1 and the strict mode refuse in a module as it was parsed. Each
// returns its errors in OPA's order and words, none where there are none.

#include "parser/ast.hpp"
#include "rego/error.hpp"

namespace rego {

/// Two imports of one name.
errors check_duplicate_imports(const module& m);
/// Rules, arguments and variables named input or data.
errors check_root_names(const module& m);
/// Calls of deprecated built-in functions.
errors check_deprecated_calls(const module& m);
/// Rules named as keywords of v1.
errors check_keyword_names(const module& m);

/// `import data.a as b`.
std::string import_text(const import_decl& d);

} // namespace rego
