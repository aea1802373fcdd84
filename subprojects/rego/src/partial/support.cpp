// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "partial/support.hpp"

#include <algorithm>

#include "partial/source_text.hpp"

namespace rego::partial {

namespace {

bool is_name(const node& n) {
  return n.is(node_kind::constant) && n.constant.is_string()
         && is_plain_name(n.constant.as_string());
}

int compare_optional(const node_ptr& a, const node_ptr& b) {
  if (!a || !b)
    return a ? 1 : b ? -1 : 0;
  return compare(*a, *b);
}

int compare_rules(const support_rule& a, const support_rule& b) {
  if (auto c = compare(a.args, b.args))
    return c;
  if (auto c = compare(a.ref, b.ref))
    return c;
  if (auto c = compare_optional(a.key, b.key))
    return c;
  if (auto c = compare_optional(a.value, b.value))
    return c;
  if (a.is_default != b.is_default)
    return b.is_default ? -1 : 1;
  return compare(a.body, b.body);
}

std::string text_of(const support_rule& r) {
  arena memory;
  auto body = named_wildcards(memory, r.body);
  node ref;
  ref.kind = node_kind::ref;
  ref.parts = r.ref;
  auto out = source_text(to_term(ref));
  if (r.is_function) {
    out += "(";
    for (auto& a : r.args)
      out += (&a == &r.args[0] ? "" : ", ") + source_text(to_term(*a));
    out += ")";
  }
  if (r.key)
    out += " contains " + source_text(to_term(*r.key));
  else
    out += " := " + source_text(to_term(*r.value));
  if (r.is_default)
    return "default " + out + "\n";
  bool always = body.size() == 1 && body[0].kind == literal_kind::term
                && same(*body[0].terms[0], *true_node());
  if (always || body.empty())
    return out + "\n";
  return out + " if {\n  " + source_text(to_query(body), "\n  ") + "\n}\n";
}

rule tree_of(const support_rule& r) {
  rule out;
  node ref;
  ref.kind = node_kind::ref;
  ref.parts = r.ref;
  out.head.ref = to_term(ref);
  out.is_default = r.is_default;
  out.head.is_function = r.is_function;
  for (auto& a : r.args)
    out.head.args.push_back(to_term(*a));
  out.head.is_set = r.key != nullptr;
  out.head.has_value = !r.key;
  if (r.key)
    out.head.key = to_term(*r.key);
  else
    out.head.value = to_term(*r.value);
  out.body = to_query(r.body);
  if (out.body.literals.empty()) {
    literal always;
    always.terms.push_back(true_node());
    out.body = to_query({always});
  }
  return out;
}

} // namespace

size_t support_rules::package_of(const nodes& path) {
  size_t out = 2;
  for (size_t i = 2; i < path.size() && is_name(*path[i]); ++i)
    out = i;
  return out;
}

void support_rules::add(const nodes& path, size_t package, support_rule r) {
  node whole;
  whole.kind = node_kind::ref;
  whole.parts.assign(path.begin(), path.begin() + static_cast<long>(package));
  auto named = to_term(whole);
  auto text = named;
  text.args.erase(text.args.begin());
  text.args[0].kind = term_kind::var;
  auto name = [](const node& n) { return std::string(n.constant.as_string()); };
  r.ref.assign(path.begin() + static_cast<long>(package), path.end());
  r.ref[0] = var_node(name(*r.ref[0]));
  auto& p = packages_[source_text(text)];
  p.path = std::move(named);
  p.rules.push_back(std::move(r));
}

support_rules::modules support_rules::finish(budget& left) const {
  modules out;
  for (auto& [name, p] : packages_) {
    auto sorted = p.rules;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](auto& a, auto& b) { return compare_rules(a, b) < 0; });
    auto& text = out.texts[name];
    module m;
    m.package = p.path;
    for (auto& r : sorted) {
      auto one = text_of(r);
      left.write(one.size());
      text += "\n" + one;
      m.rules.push_back(tree_of(r));
    }
    out.trees.push_back(std::move(m));
  }
  return out;
}

nodes partial_path(arena& memory, nodes path) {
  path.insert(path.begin() + 1, string_node(memory, "partial"));
  return path;
}

// A wildcard that is written twice is a variable of its own.
literals named_wildcards(arena& memory, const literals& body) {
  std::map<std::string, size_t> seen;
  walk(body, [&](const node& n) {
    if (is_var(n) && n.name[0] == '$')
      ++seen[n.name];
    return true;
  });
  std::map<std::string, std::string> given;
  for (auto& [name, times] : seen)
    if (times > 1)
      given[name] = "__wildcard" + std::to_string(given.size()) + "__";
  if (given.empty())
    return body;
  return changed(memory, body, [&](const node_ptr& n) -> node_ptr {
    auto at = is_var(*n) ? given.find(n->name) : given.end();
    return at == given.end() ? nullptr : var_node(at->second);
  });
}

} // namespace rego::partial
