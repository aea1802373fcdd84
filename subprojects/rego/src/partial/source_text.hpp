// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// A resolved tree as Rego v1 again. Locals have names of their own there
// ("x#3"), written x__3; assignments become unifications, declarations vanish.

#include <string>

#include "parser/ast.hpp"
#include "rego/value.hpp"

namespace rego {

/// Thrown by a tree that has no text here: string templates, `and` and `or`.
struct no_source_text {
  std::string what;
};

std::string source_text(const term& t);
std::string source_text(const expr& e);
std::string source_text(const query& q, std::string_view between = "; ");

/// The value as a term.
term term_of(const value& v);

} // namespace rego
