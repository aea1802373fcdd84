// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Residuals as syntax trees. Their text is parsed again, so that the trees are
// those that OPA's clients would get of that text.

#include "builtins/ast_json.hpp"
#include "parser/parse.hpp"
#include "rego/build.hpp"
#include "rego/partial.hpp"

namespace rego {

namespace {

// A module taken over whole may be one of v0.
result<value> tree_of_text(arena& to, const std::string& text) {
  auto m = parse_module("partial.rego", text, {});
  if (!m)
    if (auto old = parse_module("partial.rego", text, {.v1 = false}))
      m = std::move(old);
  if (!m)
    return m.error_list();
  return tree_of(to, *m, {});
}

// The body of a query, by way of a rule that has it. A text that is no body
// is an error: an empty body would hold always.
result<value> body_of_text(arena& to, const std::string& text) {
  if (text.empty())
    return array_builder(to).array();
  auto tree = tree_of_text(to, "package q\n\nq if {\n" + text + "\n}\n");
  if (!tree)
    return tree;
  auto rules = lookup(*tree, make_string(to, "rules"));
  if (rules.size() != 1)
    return error{"rego_compile_error",
                 "partial evaluation wrote what is no body: " + text, "", 1, 1};
  return lookup(rules.items()[0], make_string(to, "body"));
}

} // namespace

result<value> syntax_tree(arena& to, const module_source& m) {
  auto parsed = parse_module(m.name, m.text, {.v1 = !m.v0.value_or(false)});
  if (!parsed)
    return parsed.error_list();
  return tree_of(to, *parsed, {});
}

result<value> syntax_trees(arena& to, const partial_result& r) {
  array_builder queries(to), support(to);
  for (auto& q : r.queries) {
    auto body = body_of_text(to, q);
    if (!body)
      return body;
    queries.push(*body);
  }
  for (auto& m : r.support) {
    auto tree = tree_of_text(to, m.text);
    if (!tree)
      return tree;
    support.push(*tree);
  }
  object_builder out(to);
  if (queries.size())
    out.add("queries", queries.array());
  if (support.size())
    out.add("support", support.array());
  return out.finish();
}

} // namespace rego
