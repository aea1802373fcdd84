// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/rule_tree.hpp"

#include "core/decimal.hpp"

namespace rego {

namespace {

// The same for 1, 1.0 and 10e-1.
std::string number_text(const std::string& number) {
  auto d = to_decimal(number);
  if (d.digits.empty())
    return "0";
  return (d.negative ? "-." : ".") + d.digits + "e"
         + std::to_string(d.exponent);
}

} // namespace

std::string key_text(const term& t) {
  if (t.is(term_kind::number))
    return number_text(t.text);
  return t.is(term_kind::string) ? "\"" + t.text : term_text(t);
}

rule_tree::rule_tree() : root_(std::make_unique<rule_tree_node>()) {
}

namespace {

rule_tree_node& descend(rule_tree_node& n, const term& key) {
  auto& slot = n.children[key_text(key)];
  if (!slot) {
    slot = std::make_unique<rule_tree_node>();
    slot->key = key_text(key);
    slot->key_term = key;
    slot->parent = &n;
  }
  return *slot;
}

} // namespace

rule_tree_node& rule_tree::package_of(const module& m) {
  auto* n = root_.get();
  for (size_t i = 1; i < m.package.args.size(); ++i)
    n = &descend(*n, m.package.args[i]);
  n->package = true;
  return *n;
}

void rule_tree::add(module& m, rule& r, errors&) {
  auto* n = &package_of(m);
  std::vector<term> path;
  auto& ref = r.head.ref;
  if (ref.kind == term_kind::ref)
    path = ref.args;
  else
    path.push_back(ref);
  path[0].kind = term_kind::string;
  if (!n->names)
    n->names = std::make_shared<std::unordered_set<std::string>>();
  n->names->insert(path[0].text);
  size_t i = 0;
  for (; i < path.size() && is_scalar(path[i]); ++i)
    n = &descend(*n, path[i]);
  rule_entry e{&m, &r, {}};
  e.suffix.assign(path.begin() + static_cast<long>(i), path.end());
  n->rules.push_back(std::move(e));
}

const rule_tree_node* rule_tree::child(const rule_tree_node& n,
                                       const term& key) {
  if (!is_scalar(key))
    return nullptr;
  auto at = n.children.find(key_text(key));
  return at == n.children.end() ? nullptr : at->second.get();
}

rule_names rule_tree::names_in(const module& m) const {
  const auto* n = root_.get();
  for (size_t i = 1; n && i < m.package.args.size(); ++i)
    n = child(*n, m.package.args[i]);
  return n ? n->names : nullptr;
}

term path_ref(const rule_tree_node& n) {
  term t;
  t.kind = term_kind::ref;
  std::vector<const rule_tree_node*> chain;
  for (auto* x = &n; x->parent; x = x->parent)
    chain.push_back(x);
  term data;
  data.kind = term_kind::var;
  data.text = "data";
  t.args.push_back(data);
  for (auto at = chain.rbegin(); at != chain.rend(); ++at)
    t.args.push_back((*at)->key_term);
  return t;
}

std::string path_text(const rule_tree_node& n) {
  return ref_text(path_ref(n));
}

} // namespace rego
