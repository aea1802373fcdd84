// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Visits every term of a tree, closures and replacements of `with` included;
// the name that a call calls is visited as a reference or variable like others,
// with `callee` set.

#include "parser/ast.hpp"

namespace rego {

/// `visit(term, callee)` before the parts; false leaves the parts out.
template <class Visit>
void walk_tree(const term& t, const Visit& visit, bool callee = false);

template <class Visit>
void walk_tree(const expr& e, const Visit& visit) {
  for (auto& t : e.terms)
    walk_tree(t, visit);
  if (e.body)
    for (auto& x : e.body->literals)
      walk_tree(x, visit);
  for (auto& b : e.bodies)
    for (auto& x : b->literals)
      walk_tree(x, visit);
  for (auto& w : e.withs) {
    walk_tree(w.target, visit);
    walk_tree(w.replacement, visit);
  }
}

template <class Visit>
void walk_tree(const term& t, const Visit& visit, bool callee) {
  if (!visit(t, callee))
    return;
  for (size_t i = 0; i < t.args.size(); ++i)
    walk_tree(t.args[i], visit, i == 0 && t.kind == term_kind::call);
  if (t.body)
    for (auto& e : t.body->literals)
      walk_tree(e, visit);
}

/// All of a rule: head, body, else.
template <class Visit>
void walk_tree(const rule& r, const Visit& visit) {
  for (auto* x = &r; x; x = x->otherwise.get()) {
    if (x->head.ref.kind == term_kind::ref)
      for (size_t i = 1; i < x->head.ref.args.size(); ++i)
        walk_tree(x->head.ref.args[i], visit);
    for (auto& a : x->head.args)
      walk_tree(a, visit);
    walk_tree(x->head.key, visit);
    walk_tree(x->head.value, visit);
    for (auto& e : x->body.literals)
      walk_tree(e, visit);
  }
}

} // namespace rego
