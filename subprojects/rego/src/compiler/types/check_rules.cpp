// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/types/check_rules.hpp"

#include "compiler/types/checker.hpp"

namespace rego::types {

namespace {

// What p[k1][k2] gives, outermost first; null where a key is not known.
type nested(const checker& c, const std::vector<term>& path, size_t from,
            const type& value) {
  if (from == path.size() || !value)
    return value;
  auto inner = nested(c, path, from + 1, value);
  auto key = c.type_of(path[from]);
  return key && inner ? object_of({}, key, inner) : nullptr;
}

type function_type(checker& c, const rule_head& head) {
  std::vector<type> arguments;
  for (auto& a : head.args) {
    c.take_any(a);
    arguments.push_back(c.type_of(a));
  }
  return function_of(std::move(arguments), c.type_of(head.value));
}

// What one clause gives at its node; null where that is not known.
type clause_type(checker& c, const rule_entry& e, const rule& r) {
  if (r.head.is_function)
    return function_type(c, r.head);
  if (e.suffix.empty()) {
    auto t = c.type_of(r.head.is_set ? r.head.key : r.head.value);
    return t && r.head.is_set ? set_of(t) : t;
  }
  if (r.head.is_set) // of sets below keys nothing is kept
    return nullptr;
  return nested(c, e.suffix, 0, c.type_of(r.head.value));
}

void check_clause(const rule_tree& tree, const rule_tree_node& n,
                  const rule_entry& e, const rule& r, const base_types& base,
                  rule_types& found, errors& out) {
  auto before = out.size();
  checker c(tree, found, base, e.mod->file, out);
  for (auto& a : r.head.args)
    c.check(a);
  c.check(r.body);
  for (auto& key : e.suffix)
    c.check(key);
  c.check(r.head.is_set ? r.head.key : r.head.value);
  if (out.size() > before)
    found.give_up(n);
  else
    found.add(n, clause_type(c, e, r));
}

} // namespace

void check_rules(const rule_tree& tree,
                 const std::vector<const rule_tree_node*>& order,
                 schemas& schemas, rule_types& found, errors& out) {
  for (auto* n : order)
    for (auto& e : n->rules)
      for (auto* r = e.r; r; r = r->otherwise.get()) {
        auto& base = schemas.of(*e.mod, *r, r != e.r, out);
        check_clause(tree, *n, e, *r, base, found, out);
      }
  found.settle();
}

} // namespace rego::types
