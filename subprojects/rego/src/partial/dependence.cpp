// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "partial/dependence.hpp"

#include <utility>

#include "builtins/builtin.hpp"
#include "partial/tree_walk.hpp"

namespace rego {

namespace {

const std::string& root_name(const term& t) {
  return t.kind == term_kind::ref ? t.args[0].text : t.text;
}

// A reference of a variable: its head is no reference to all of input.
bool is_path(const term& t) {
  return t.kind == term_kind::ref && t.args[0].kind == term_kind::var;
}

} // namespace

std::vector<const rule_tree_node*> with_rules(const rule_tree_node& n) {
  std::vector<const rule_tree_node*> out, left{&n};
  while (!left.empty()) {
    auto* x = left.back();
    left.pop_back();
    if (!x->rules.empty())
      out.push_back(x);
    for (auto& [k, c] : x->children)
      left.push_back(c.get());
  }
  return out;
}

const rule_tree_node* meant_by(const rule_tree& tree, const term& ref) {
  if (root_name(ref) != "data")
    return nullptr;
  const auto* n = &tree.root();
  for (size_t i = 1; i < ref.args.size(); ++i) {
    bool end = !n->rules.empty() && n->children.empty();
    if (end || !is_scalar(ref.args[i]))
      break;
    auto* next = rule_tree::child(*n, ref.args[i]);
    if (!next)
      return n->rules.empty() ? nullptr : n;
    n = next;
  }
  return n;
}

// One of the two is the beginning of the other, as far as both are ground.
bool dependence::overlaps(const term& ref, const std::vector<term>& list) {
  for (auto& u : list) {
    if (root_name(u) != root_name(ref))
      continue;
    auto size = [](const term& t) {
      return t.kind == term_kind::ref ? t.args.size() : size_t{1};
    };
    bool apart = false;
    for (size_t i = 1; i < std::min(size(u), size(ref)) && !apart; ++i)
      apart = is_scalar(u.args[i]) && is_scalar(ref.args[i])
              && key_text(u.args[i]) != key_text(ref.args[i]);
    if (!apart)
      return true;
  }
  return false;
}

// Without what the rules do that it means.
bool dependence::by_itself(const term& t, bool callee) const {
  if (callee && !(is_path(t) && t.args[0].text == "data")) {
    auto* b = builtin_table::instance().find(callee_name(t));
    return !b || b->nondeterministic;
  }
  bool root =
      t.kind == term_kind::var && (t.text == "input" || t.text == "data");
  return (is_path(t) || root) && (unknown(t) || apart(t));
}

// Whether the rule depends by what it says itself; `needed` are the nodes that
// it comes by.
bool dependence::look(const rule& r, nodes& needed) {
  bool found = false;
  uint64_t terms = 0;
  walk_tree(r, [&](const term& t, term_role role) {
    if (found || role == term_role::head)
      return false;
    ++terms;
    found = by_itself(t, role == term_role::callee);
    if (is_path(t) || t.kind == term_kind::var)
      if (auto* n = meant_by(tree_, t))
        needed.push_back(n);
    return !found;
  });
  left_.spend(terms);
  return found;
}

bool dependence::look(const rule_tree_node& n, nodes& needed) {
  for (auto& e : n.rules)
    if (look(*e.r, needed))
      return true;
  for (auto& [k, c] : n.children)
    needed.push_back(c.get());
  return false;
}

// Looks at all that the node comes by, each once, then tells those that come by
// one that depends. Chains and cycles of rules take no stack.
bool dependence::depends(const rule_tree_node& start) {
  if (auto at = known_.find(&start); at != known_.end())
    return at->second;
  std::map<const rule_tree_node*, nodes> users{{&start, {}}};
  nodes list{&start}, found;
  for (size_t i = 0; i < list.size(); ++i) {
    auto* n = list[i];
    nodes needed;
    bool does = look(*n, needed);
    for (size_t k = 0; k < needed.size() && !does; ++k) {
      if (auto at = known_.find(needed[k]); at != known_.end()) {
        does = at->second;
        continue;
      }
      auto [to, fresh] = users.try_emplace(needed[k]);
      to->second.push_back(n);
      if (fresh)
        list.push_back(needed[k]);
    }
    if (does)
      found.push_back(n);
  }
  for (auto* n : list)
    known_[n] = false;
  for (auto* n : found)
    known_[n] = true;
  for (size_t i = 0; i < found.size(); ++i)
    for (auto* by : users.at(found[i]))
      if (!std::exchange(known_[by], true))
        found.push_back(by);
  return known_.at(&start);
}

} // namespace rego
