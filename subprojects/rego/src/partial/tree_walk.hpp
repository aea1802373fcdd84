// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Visits every term of a tree, closures and replacements of `with` included;
// the name that a call calls is visited as a reference or variable like others,
// and so is the variable that a reference begins with. In no order that is
// promised: what is left to visit waits in a list, so that however deep a tree
// is it takes no stack.

#include <variant>
#include <vector>

#include "parser/ast.hpp"

namespace rego {

enum class term_role : uint8_t { operand, callee, head };

class tree_walk {
public:
  explicit tree_walk(const term& t) { add(t); }
  explicit tree_walk(const expr& e) { left_.push_back(&e); }
  /// All of a rule: head, body, else.
  explicit tree_walk(const rule& r) {
    for (auto* x = &r; x; x = x->otherwise.get()) {
      if (x->head.ref.kind == term_kind::ref)
        for (size_t i = 1; i < x->head.ref.args.size(); ++i)
          add(x->head.ref.args[i]);
      for (auto& a : x->head.args)
        add(a);
      add(x->head.key);
      add(x->head.value);
      add(x->body);
    }
  }

  /// `visit(term, role)` before the parts; false leaves the parts out.
  template <class Visit>
  void run(const Visit& visit) {
    while (!left_.empty()) {
      auto next = left_.back();
      left_.pop_back();
      if (auto* t = std::get_if<place>(&next)) {
        if (visit(*t->t, t->role))
          add_parts(*t->t);
      } else {
        add_parts(*std::get<const expr*>(next));
      }
    }
  }

private:
  struct place {
    const term* t;
    term_role role;
  };

  void add(const term& t, term_role role = term_role::operand) {
    left_.push_back(place{&t, role});
  }

  void add(const query& q) {
    for (auto& e : q.literals)
      left_.push_back(&e);
  }

  void add_parts(const term& t) {
    for (auto& a : t.args) {
      bool first = &a == t.args.data();
      bool head = first && t.kind == term_kind::ref && a.kind == term_kind::var;
      add(a, first && t.kind == term_kind::call ? term_role::callee
             : head                             ? term_role::head
                                                : term_role::operand);
    }
    if (t.body)
      add(*t.body);
  }

  void add_parts(const expr& e) {
    for (auto& t : e.terms)
      add(t);
    if (e.body)
      add(*e.body);
    for (auto& b : e.bodies)
      add(*b);
    for (auto& w : e.withs) {
      add(w.target);
      add(w.replacement);
    }
  }

  std::vector<std::variant<place, const expr*>> left_;
};

template <class Tree, class Visit>
void walk_tree(const Tree& tree, const Visit& visit) {
  tree_walk(tree).run(visit);
}

} // namespace rego
