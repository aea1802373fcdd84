// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which variables a literal needs and which it binds, after the names are
// resolved. Pure functions on the tree, used by the safety pass.

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "parser/ast.hpp"

namespace rego {

using var_set = std::set<std::string, std::less<>>;

/// How many arguments a callee takes, or -1 where unknown. A call with one
/// operand more has its result in the last.
using arity_of = std::function<int(const term& callee)>;

/// `with f as count`: a name of a built-in is no variable.
bool names_builtin(const term& t);

/// Variables outside closures; the callee of a call is none.
void vars_in(const term& t, var_set& out);
void vars_in(const expr& e, var_set& out);
/// Variables in the closures of a literal: comprehensions, every, not bodies.
void closure_vars(const expr& e, var_set& out);
/// Variables anywhere in a body, closures included.
void all_vars(const query& q, var_set& out);
void all_vars(const expr& e, var_set& out);
void all_vars(const term& t, var_set& out);

/// Gives a variable another name wherever it stands.
void rename_vars(term& t, const std::string& from, const std::string& to);
void rename_vars(expr& e, const std::string& from, const std::string& to);

/// Of two objects in a unification: what stands under keys of one text.
std::vector<std::pair<const term*, const term*>>
values_of_equal_keys(const term& a, const term& b);

/// The variables that a literal binds, given those that are safe before it.
var_set output_vars(const expr& e, const var_set& safe, const arity_of& arity);

} // namespace rego
