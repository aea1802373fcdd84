// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Residuals as syntax trees in OPA's JSON.

#include "builtins/ast_json.hpp"
#include "parser/parse.hpp"
#include "partial/residual_trees.hpp"
#include "rego/build.hpp"
#include "rego/partial.hpp"

namespace rego {

namespace {

// By way of a rule that has it.
value body_of(arena& to, const query& q) {
  if (q.literals.empty())
    return array_builder(to).array();
  module m;
  rule r;
  r.head.ref.kind = term_kind::var;
  r.head.ref.text = "q";
  r.head.value.kind = term_kind::boolean;
  r.head.value.truth = true;
  r.body = q;
  m.rules.push_back(std::move(r));
  auto tree = tree_of(to, m, {});
  auto rules = lookup(tree, make_string(to, "rules"));
  return lookup(rules.items()[0], make_string(to, "body"));
}

template <class Make>
result<value> within_values(arena& to, Make make) {
  to.allow_deeper(tree_levels);
  try {
    return make();
  } catch (const bound_reached& b) {
    return bound_error(b.which);
  }
}

} // namespace

result<value> syntax_tree(arena& to, const module_source& m) {
  auto parsed = parse_module(m.name, m.text, {.v1 = !m.v0.value_or(false)});
  if (!parsed)
    return parsed.error_list();
  return within_values(to, [&] { return tree_of(to, *parsed, {}); });
}

result<value> syntax_trees(arena& to, const partial_result& r) {
  return within_values(to, [&] {
    array_builder queries(to), support(to);
    for (auto& q : r.trees->queries)
      queries.push(body_of(to, q));
    for (auto& m : r.trees->support)
      support.push(tree_of(to, m, {}));
    object_builder out(to);
    if (queries.size())
      out.add("queries", queries.array());
    if (support.size())
      out.add("support", support.array());
    return out.finish();
  });
}

} // namespace rego
