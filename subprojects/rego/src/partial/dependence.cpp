// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "partial/dependence.hpp"

#include "builtins/builtin.hpp"
#include "partial/tree_walk.hpp"

namespace rego {

namespace {

void collect(const rule_tree_node& n, std::vector<const rule_tree_node*>& out) {
  if (!n.rules.empty())
    out.push_back(&n);
  for (auto& [k, c] : n.children)
    collect(*c, out);
}

const std::string& root_name(const term& t) {
  return t.kind == term_kind::ref ? t.args[0].text : t.text;
}

} // namespace

std::vector<const rule_tree_node*> rules_meant(const rule_tree& tree,
                                               const term& ref) {
  std::vector<const rule_tree_node*> out;
  if (root_name(ref) != "data")
    return out;
  const auto* n = &tree.root();
  for (size_t i = 1; i < ref.args.size(); ++i) {
    if (!n->rules.empty() && n->children.empty()) {
      out.push_back(n);
      return out;
    }
    if (!is_scalar(ref.args[i]))
      break;
    auto* next = rule_tree::child(*n, ref.args[i]);
    if (!next && n->rules.empty())
      return out;
    if (!next)
      break;
    n = next;
  }
  collect(*n, out);
  return out;
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

bool dependence::term_depends(const term& t, bool callee) {
  bool ref = t.kind == term_kind::ref && t.args[0].kind == term_kind::var;
  if (callee && !(ref && t.args[0].text == "data")) {
    auto* b = builtin_table::instance().find(callee_name(t));
    return !b || b->nondeterministic;
  }
  bool root =
      t.kind == term_kind::var && (t.text == "input" || t.text == "data");
  if (!ref && !root)
    return false;
  if (unknown(t) || apart(t))
    return true;
  for (auto* n : rules_meant(tree_, t))
    if (depends(*n))
      return true;
  return false;
}

template <class Tree>
bool dependence::depends(const Tree& tree) {
  bool found = false;
  walk_tree(tree, [&](const term& t, bool callee) {
    found = found || term_depends(t, callee);
    // A reference's own head is no reference to all of input.
    bool whole = t.kind == term_kind::ref && t.args[0].kind == term_kind::var;
    if (whole && !found)
      for (size_t i = 1; i < t.args.size(); ++i)
        found = found || depends(t.args[i]);
    return !found && !whole;
  });
  return found;
}

template bool dependence::depends(const term&);
template bool dependence::depends(const expr&);
template bool dependence::depends(const rule&);

bool dependence::depends(const rule_tree_node& n) {
  auto [at, fresh] = known_.try_emplace(&n, false);
  if (!fresh)
    return at->second;
  bool found = false;
  for (auto& e : n.rules)
    found = found || depends(*e.r);
  return known_[&n] = found;
}

} // namespace rego
