// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// References: down the tree of rules and base documents, and into terms.

#include "partial/evaluation.hpp"
#include "partial/source_text.hpp"
#include "rego/build.hpp"

namespace rego::partial {

// Keys that are known are stepped along in a loop: what follows the reference
// runs on top of all that is on its way.
void evaluation::in_tree(frame& f, tree_step s, const continuation& k) {
  for (;; ++s.pos) {
    left_.spend(1);
    if (s.pos == s.ref.size())
      return tree_end(f, s, k);
    auto key = naming_.plug(s.ref[s.pos], s.b);
    if (!key->is(node_kind::constant))
      return tree_all(f, std::move(s), k);
    if (meets_rules(s, key))
      return virtual_document(f, s, k);
  }
}

// One step down the tree.
bool evaluation::meets_rules(tree_step& s, const node_ptr& key) {
  s.plugged[s.pos] = key;
  const rule_tree_node* below = nullptr;
  if (s.node && !key->constant.is_collection())
    below = rule_tree::child(*s.node, term_of(key->constant));
  s.node = below;
  return below && !below->rules.empty();
}

void evaluation::tree_next(frame& f, tree_step s, const node_ptr& key,
                           const continuation& k) {
  if (meets_rules(s, key))
    return virtual_document(f, s, k);
  ++s.pos;
  in_tree(f, std::move(s), k);
}

// Keys of the base document, then those of rules.
void evaluation::tree_all(frame& f, tree_step s, const continuation& k) {
  auto plugged = s.plugged;
  for (size_t i = s.pos; i < plugged.size(); ++i)
    plugged[i] = naming_.plug(plugged[i], s.b);
  auto whole = make_node(memory_, node_kind::ref, plugged);
  auto left = shape(*whole, plugged.size(), nullptr);
  if (kept_apart(plugged, s.pos, false) || depends_.unknown(left))
    return save_equation(f, make_node(memory_, node_kind::ref, s.ref), s.rterm,
                         s.b, s.rb, k);
  auto one = [&](const node_ptr& key) {
    unify(f, key, s.ref[s.pos], s.b, s.b, [&] { tree_next(f, s, key, k); });
  };
  auto at = known_.data();
  for (size_t i = 1; i < s.pos && at.defined(); ++i)
    at = lookup(at, plugged[i]->constant);
  if (at.is_array())
    for (size_t i = 0; i < at.size(); ++i)
      one(constant_node(value::integer(static_cast<int64_t>(i))));
  else if (at.is_object())
    for (auto& key : at.keys())
      one(constant_node(key));
  if (!s.node)
    return;
  for (auto& [text, child] : s.node->children) {
    auto key = scalar_node(memory_, child->key_term);
    // A key of both was met.
    if (!at.is_object() || !lookup(at, key->constant).defined())
      one(key);
  }
}

void evaluation::tree_end(frame& f, const tree_step& s, const continuation& k) {
  auto whole = make_node(memory_, node_kind::ref, s.plugged);
  if (unknown_ref(*whole, s.b))
    return save_equation(f, whole, s.rterm, s.b, s.rb, k);
  if (!s.node) {
    auto at = known_.data();
    for (size_t i = 1; i < s.plugged.size() && at.defined(); ++i)
      at = lookup(at, s.plugged[i]->constant);
    if (at.defined())
      unify(f, s.rterm, constant_node(at), s.rb, s.b, k);
    return;
  }
  auto v = value_of(f, s.plugged);
  if (!v)
    return save_equation(f, whole, s.rterm, s.b, s.rb, k);
  if (v->defined())
    unify(f, s.rterm, constant_node(*v), s.rb, s.b, k);
}

void evaluation::in_term(frame& f, term_step s, const continuation& k) {
  for (;; ++s.pos) {
    if (s.pos == s.ref.size())
      return unify(f, s.at.n, s.rterm, s.at.in, s.rb, k);
    left_.spend(1);
    s.at = apply(s.at.n, s.at.in);
    if (open(s.at.n, s.at.in) || s.at.n->is(node_kind::ref))
      return term_open(f, s, k);
    auto key = naming_.plug(s.ref[s.pos], s.b);
    if (!key->is(node_kind::constant))
      return term_all(f, s, k);
    auto& n = *s.at.n;
    if (n.is(node_kind::object) || n.is(node_kind::set))
      return term_next(f, s, key, k);
    if (n.is(node_kind::constant)) {
      auto v = lookup(n.constant, key->constant);
      if (!v.defined())
        return;
      s.at.n = constant_node(v);
    } else {
      auto i = n.is(node_kind::array) ? to_index(key->constant) : std::nullopt;
      if (!i || *i >= n.parts.size())
        return;
      s.at.n = node_ptr(n.parts[*i]);
    }
  }
}

// The path goes on from a variable for what is open.
void evaluation::term_open(frame& f, const term_step& s,
                           const continuation& k) {
  auto v = var_node("$_ref_" + std::to_string(next_ref_++));
  unify(f, s.at.n, v, s.at.in, s.b, [&] {
    nodes parts{v};
    parts.insert(parts.end(), s.ref.begin() + static_cast<long>(s.pos),
                 s.ref.end());
    unify(f, make_node(memory_, node_kind::ref, std::move(parts)), s.rterm, s.b,
          s.rb, k);
  });
}

// One step along each of the term's keys.
void evaluation::term_all(frame& f, const term_step& s, const continuation& k) {
  bool object = s.at.n->is(node_kind::object);
  bool set = s.at.n->is(node_kind::set);
  bool array = s.at.n->is(node_kind::array);
  if (s.at.n->is(node_kind::constant)) {
    object = s.at.n->constant.is_object();
    set = s.at.n->constant.is_set();
    array = s.at.n->constant.is_array();
  }
  if (!object && !set && !array)
    return;
  auto list = elements(*s.at.n);
  for (size_t i = 0; i < list.size(); i += object ? 2 : 1) {
    if (array) {
      auto n = constant_node(value::integer(static_cast<int64_t>(i)));
      unify(f, n, s.ref[s.pos], s.b, s.b, [&] {
        auto inner = s;
        inner.at = apply(list[i], s.at.in);
        ++inner.pos;
        in_term(f, std::move(inner), k);
      });
      continue;
    }
    unify(f, list[i], s.ref[s.pos], s.at.in, s.b, [&] {
      auto inner = s;
      inner.at = apply(list[object ? i + 1 : i], s.at.in);
      ++inner.pos;
      in_term(f, std::move(inner), k);
    });
  }
}

// One step along a key that is known. A key of the term that is open may be
// equal to it: that is asked, and so is whether it is none of the others'.
void evaluation::term_next(frame& f, const term_step& s, const node_ptr& key,
                           const continuation& k) {
  auto& n = *s.at.n;
  bool object = n.is(node_kind::object);
  for (size_t i = 0; i < n.parts.size(); i += object ? 2 : 1)
    unify(f, n.parts[i], key, s.at.in, s.b, [&] {
      auto inner = s;
      inner.at = apply(n.parts[object ? i + 1 : i], s.at.in);
      ++inner.pos;
      in_term(f, std::move(inner), k);
    });
}

std::optional<size_t> evaluation::to_index(const value& v) {
  if (!v.is_integer() || v.as_integer() < 0)
    return {};
  return static_cast<size_t>(v.as_integer());
}

} // namespace rego::partial
