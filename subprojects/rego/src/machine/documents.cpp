// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Virtual documents over base documents: packages as lazy objects.

#include <algorithm>

#include "machine/machine.hpp"

namespace rego {

namespace {

const value* find(const value* object, const value& key) {
  if (!object || !object->is_object())
    return nullptr;
  auto at = find_key(object->as_object(), key);
  return at < 0 ? nullptr : &object->as_object()->values[at];
}

// The documents of the system itself are read by their names: data.system. All
// of data is without them, as in OPA.
bool is_hidden(int node, const value& key) {
  return node == 0 && key.is_string() && key.as_string() == "system";
}

} // namespace

// The base document at a node's path, or null.
const value* machine::base_at(int node) const {
  std::vector<const value*> path;
  for (auto n = node; n > 0; n = prog_->nodes[static_cast<size_t>(n)].parent)
    path.push_back(&prog_->nodes[static_cast<size_t>(n)].key);
  const value* at = &base_;
  for (auto k = path.rbegin(); at && k != path.rend(); ++k)
    at = find(at, **k);
  return at;
}

// Has `with` replaced the document at this node or one above it?
bool machine::masked(int node) const {
  if (masks_.empty())
    return false;
  std::vector<const value*> path;
  for (auto n = node; n > 0; n = prog_->nodes[static_cast<size_t>(n)].parent)
    path.push_back(&prog_->nodes[static_cast<size_t>(n)].key);
  for (auto& m : masks_) {
    auto items = m.items();
    bool covers = items.size() <= path.size();
    for (size_t i = 0; covers && i < items.size(); ++i)
      covers = equal(items[i], *path[path.size() - 1 - i]);
    if (covers)
      return true;
  }
  return false;
}

value machine::vnode(int node) {
  if (masked(node)) {
    auto* b = base_at(node);
    return b ? *b : value();
  }
  return value::node(base_at(node), static_cast<uint32_t>(node));
}

value machine::vnode_get(const value& node, const value& key) {
  auto& n = prog_->nodes[node.node_id()];
  auto* base = static_cast<const value*>(node.as_pointer());
  auto child = lookup(n.child_index, key);
  if (child.defined()) {
    auto id = static_cast<int>(child.as_integer());
    auto& c = prog_->nodes[static_cast<size_t>(id)];
    if (c.document && !masked(id)) {
      if (c.slot >= 0)
        return rule_value(c.slot);
      return value::node(find(base, key), static_cast<uint32_t>(id));
    }
  }
  auto* v = find(base, key);
  return v ? *v : value();
}

// Those of the base document, then those of the rules, in the order of either:
// what is in both comes twice, as in OPA.
value machine::vnode_keys(const value& node) {
  auto& n = prog_->nodes[node.node_id()];
  array_builder keys(mem_), virtual_keys(mem_);
  auto* base = static_cast<const value*>(node.as_pointer());
  if (base && base->is_object())
    for (auto& k : base->keys())
      if (!is_hidden(static_cast<int>(node.node_id()), k))
        keys.push(k);
  for (auto c : n.children)
    if (prog_->nodes[static_cast<size_t>(c)].document)
      virtual_keys.push(prog_->nodes[static_cast<size_t>(c)].key);
  for (auto& k : virtual_keys.set().keys())
    keys.push(k);
  return keys.array();
}

value machine::force(const value& v) {
  return v.type() == kind::node ? whole(static_cast<int>(v.node_id())) : v;
}

// A package's documents as one object, base documents beneath.
value machine::whole(int node) {
  if (masked(node)) {
    auto* b = base_at(node);
    return b ? *b : value();
  }
  object_builder out(mem_);
  for (auto c : prog_->nodes[static_cast<size_t>(node)].children) {
    auto& n = prog_->nodes[static_cast<size_t>(c)];
    if (!n.document || is_hidden(node, n.key))
      continue;
    auto v = n.slot >= 0 ? rule_value(n.slot) : whole(c);
    if (v.defined())
      out.add(n.key, v);
  }
  auto above = out.finish();
  auto* base = base_at(node);
  // Where a base document contradicts a rule it wins, as in OPA.
  return base ? merged(above, node == 0 ? without_system(*base) : *base)
              : above;
}

// The root of the base documents as all of data shows it.
value machine::without_system(const value& root) {
  auto hides = [](const value& k) { return is_hidden(0, k); };
  if (!root.is_object() || std::ranges::none_of(root.keys(), hides))
    return root;
  object_builder out(mem_, root.size());
  for (size_t i = 0; i < root.size(); ++i)
    if (!hides(root.keys()[i]))
      out.add(root.keys()[i], root.values()[i]);
  return out.finish();
}

// Objects merged deeply; where they differ the second one wins.
value machine::merged(const value& below, const value& above) {
  if (!below.is_object() || !above.is_object())
    return above;
  if (below.size() == 0)
    return above;
  object_builder out(mem_, below.size() + above.size());
  for (size_t i = 0; i < below.size(); ++i)
    out.add(below.keys()[i], below.values()[i]);
  for (size_t i = 0; i < above.size(); ++i) {
    auto there = lookup(below, above.keys()[i]);
    out.add(above.keys()[i], merged(there, above.values()[i]));
  }
  return out.finish();
}

} // namespace rego
