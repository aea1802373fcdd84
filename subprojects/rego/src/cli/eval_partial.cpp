// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/eval_partial.hpp"

#include "cli/text.hpp"
#include "rego/build.hpp"

namespace rego::cli {

namespace {

// The tree of a module as OPA writes it, by the built-in that makes it.
value tree_of_text(arena& to, const std::string& text) {
  auto p = compile({});
  auto q = prepare(*p, "rego.parse_module(\"partial.rego\", input)");
  auto d = load_data("{}");
  arena memory;
  evaluator e;
  auto a = e.evaluate(**q, **d, make_string(memory, text));
  if (!a.defined())
    return {};
  auto first = lookup(a.result.items()[0], make_string(memory, "expressions"));
  return deep_copy(to, first.items()[0]);
}

std::string lines_of(const std::string& body) {
  return body.empty() ? "true" : body;
}

} // namespace

value partial_value(arena& a, const partial_result& r) {
  array_builder queries(a), support(a);
  for (auto& q : r.queries) {
    auto tree = q.empty()
                    ? value()
                    : tree_of_text(a, "package q\n\nq if {\n" + q + "\n}\n");
    auto rules =
        tree.defined() ? lookup(tree, make_string(a, "rules")) : value();
    if (rules.size())
      queries.push(lookup(rules.items()[0], make_string(a, "body")));
    else
      queries.push(array_builder(a).array());
  }
  for (auto& m : r.support)
    if (auto tree = tree_of_text(a, m.text); tree.defined())
      support.push(tree);
  object_builder out(a);
  if (queries.size())
    out.add("queries", queries.array());
  if (support.size())
    out.add("support", support.array());
  return out.finish();
}

std::string partial_source(const partial_result& r) {
  std::string out;
  size_t n = 0;
  for (auto& q : r.queries)
    out += "# Query " + std::to_string(++n) + "\n" + lines_of(q) + "\n\n";
  n = 0;
  for (auto& m : r.support)
    out += "# Module " + std::to_string(++n) + "\n" + m.text;
  return out;
}

std::string partial_table(const partial_result& r) {
  if (r.queries.empty())
    return "undefined\n";
  std::vector<std::vector<std::string>> rows;
  auto add = [&](std::string name, const std::string& text) {
    size_t begin = 0;
    while (begin < text.size()) {
      auto end = std::min(text.find('\n', begin), text.size());
      rows.push_back({name, text.substr(begin, end - begin)});
      name.clear();
      begin = end + 1;
    }
  };
  size_t n = 0;
  for (auto& q : r.queries)
    add("Query " + std::to_string(++n), lines_of(q));
  n = 0;
  for (auto& m : r.support)
    add("Support " + std::to_string(++n), m.text);
  return table_text({}, rows);
}

} // namespace rego::cli
