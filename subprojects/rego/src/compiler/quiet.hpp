// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What may be computed at another time, or not at all, and nobody sees it.

#include <algorithm>
#include <iterator>

#include "parser/ast.hpp"

namespace rego {

/// Computing it raises no error and calls nothing.
inline bool is_quiet(const term& t) {
  if (t.kind == term_kind::call || t.kind == term_kind::template_string
      || t.body || (t.kind == term_kind::var && t.text == "data"))
    return false;
  return std::all_of(t.args.begin(), t.args.end(), is_quiet);
}

/// A comparison, which itself raises nothing?
inline bool is_comparison(const term& t) {
  constexpr const char* names[] = {"eq", "equal", "assign", "neq",
                                   "lt", "lte",   "gt",     "gte"};
  return std::any_of(std::begin(names), std::end(names),
                     [&](auto* name) { return t.is_call(name); });
}

/// So is all of the literal.
inline bool is_quiet(const expr& e) {
  auto quiet = [](const term& t) { return is_quiet(t); };
  if (!e.withs.empty() || e.body || !e.bodies.empty())
    return false;
  return std::all_of(e.terms.begin(), e.terms.end(), [&](const term& t) {
    return is_comparison(t) ? std::all_of(t.args.begin(), t.args.end(), quiet)
                            : is_quiet(t);
  });
}

/// Does the user see that it is evaluated?
inline bool tells_the_user(const expr& e) {
  return e.kind == expr_kind::term
         && (e.terms[0].is_call("print") || e.terms[0].is_call("trace"));
}

} // namespace rego
