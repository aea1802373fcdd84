// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which variables OPA sees in a literal and holds to be bound by it: less exact
// than what vars.hpp finds, but errors to the letter follow from it. Resolved
// literals go in, expanded (expanded_body.hpp) or as written.

#include "compiler/vars.hpp"
#include "parser/ast.hpp"

namespace rego {

/// What a look for variables leaves out.
struct unseen {
  bool ref_heads = false;
  bool object_keys = false;
  bool closures = false;
  bool sets = false;
};

/// What OPA looks at where it checks that variables are safe.
inline constexpr unseen unseen_outside{.closures = true};

/// Adds the variables of a tree; the callee of a call and roots are none.
void seen_vars(const term& t, unseen without, var_set& out);
void seen_vars(const expr& e, unseen without, var_set& out);
void seen_vars(const query& q, unseen without, var_set& out);

/// Those of `safe` that a tree names. Closures are looked at with them alone:
/// with all of them each of many would copy what its body has bound.
template <class Tree>
var_set safe_within(const Tree& what, const var_set& safe) {
  var_set out;
  seen_vars(what, {}, out);
  std::erase_if(out, [&](auto& v) { return !safe.count(v); });
  return out;
}

/// Those that a literal needs from its body or binds for it: what is outside of
/// closures, and what operands of `not`, `and` and `or` without braces need.
void body_vars(const expr& e, const arity_of& arity, var_set& out);

/// Those that may close over variables of the body.
void closed_vars(const expr& e, var_set& out);

/// The new variables that the literal binds, given those that are safe.
var_set bound_by(const expr& e, const var_set& safe, const arity_of& arity);

/// `some x in xs` as OPA rewrites it: `x = xs[key]`. A key that is not written
/// has the name given.
expr as_equation(const expr& some_in, std::string key);

/// The call f(operands...), of a literal's place.
term call_of(std::string callee, std::vector<term> operands,
             const location& at);

} // namespace rego
