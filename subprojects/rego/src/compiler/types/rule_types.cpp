// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/types/rule_types.hpp"

#include <algorithm>

#include "core/work.hpp"

namespace rego::types {

namespace {

// Documents of more parts are any: each reference to them would cost as much.
constexpr size_t extent_max = 512;

bool is_dynamic_object(const type& t) {
  return is(t, type_kind::object) && t->properties.empty();
}

// What two rules of one document give. Objects without static properties
// become one, as do sets.
type merged(const type& a, const type& b) {
  if (!a || !b)
    return a ? a : b;
  if (is_dynamic_object(a) && is_dynamic_object(b))
    return object_of({}, either(a->key, b->key), merged(a->rest, b->rest));
  if (is(a, type_kind::set) && is(b, type_kind::set))
    return set_of(either(a->rest, b->rest));
  if (is(a, type_kind::any) && is_dynamic_object(b))
    return merged(b, a);
  if (!is_dynamic_object(a) || !is(b, type_kind::any))
    return either(a, b);
  type others, one = a;
  for (auto& member : b->items)
    if (is_dynamic_object(member) && is_dynamic_object(one))
      one = object_of({}, either(one->key, member->key),
                      either(one->rest, member->rest));
    else
      others = either(others, member);
  return is_anything(b) ? b : either(others, one);
}

// An object that has the value under the path as well.
type with_path(const type& object, const std::vector<constant_key>& path,
               size_t from, const type& value) {
  if (from == path.size() || !is(object, type_kind::object))
    return object;
  auto inner =
      from + 1 == path.size()
          ? value
          : with_path(object_of({}, nullptr, nullptr), path, from + 1, value);
  return object_of(object->properties,
                   either(object->key, scalar(path[from].kind)),
                   either(object->rest, inner));
}

class extent_builder {
public:
  explicit extent_builder(const rule_types& all) : all_(all) {}

  type of(const rule_tree_node& n) {
    if (auto& own = all_.value(n))
      return own;
    spend(1 + std::min(n.children.size(), extent_max));
    parts_ += n.children.size();
    if (parts_ > extent_max)
      return any();
    std::vector<property> list;
    for (auto& [k, c] : n.children) {
      if (all_.known(*c) && !c->key_term.is(term_kind::null))
        list.push_back({key_of(c->key_term), of(*c)});
    }
    // There may be base documents as well.
    return object_of(std::move(list), scalar(type_kind::string), any());
  }

private:
  const rule_types& all_;
  size_t parts_ = 0;
};

} // namespace

rule_types::entry& rule_types::at(const rule_tree_node& n) {
  auto i = static_cast<size_t>(n.index);
  if (i >= by_index_.size())
    by_index_.resize(i + 1);
  return by_index_[i];
}

const type& rule_types::value(const rule_tree_node& n) const {
  static const type none;
  auto i = static_cast<size_t>(n.index);
  return i < by_index_.size() ? by_index_[i].value : none;
}

bool rule_types::known(const rule_tree_node& n) const {
  auto i = static_cast<size_t>(n.index);
  return i < by_index_.size() && by_index_[i].known;
}

const rule_tree_node* rule_types::child(const rule_tree_node& n,
                                        const term& key) const {
  auto* c = rule_tree::child(n, key);
  return c && known(*c) ? c : nullptr;
}

type rule_types::extent(const rule_tree_node& n) const {
  auto i = static_cast<size_t>(n.index);
  if (settled_ || i >= by_index_.size())
    return extent_builder(*this).of(n);
  extents_.resize(by_index_.size());
  if (!extents_[i])
    extents_[i] = extent_builder(*this).of(n);
  return extents_[i];
}

void rule_types::forget_extents(const rule_tree_node& n) {
  for (auto* x = &n; x; x = x->parent)
    if (auto i = static_cast<size_t>(x->index); i < extents_.size())
      extents_[i] = nullptr;
}

void rule_types::settle() {
  settled_ = true;
  extents_ = {};
}

std::vector<constant_key> rule_types::children(const rule_tree_node& n) const {
  std::vector<constant_key> out;
  for (auto& [k, c] : n.children)
    if (known(*c))
      out.push_back(key_of(c->key_term));
  std::sort(out.begin(), out.end(),
            [](auto& a, auto& b) { return compare(a, b) < 0; });
  return out;
}

void rule_types::mark(const rule_tree_node& n) {
  forget_extents(n);
  for (auto* x = &n; x && !known(*x); x = x->parent)
    at(*x).known = true;
}

void rule_types::add(const rule_tree_node& n, const type& t) {
  mark(n);
  if (!t || at(n).given_up)
    return;
  add_to_documents_above(n, t);
  auto whole = merged(value(n), t);
  if (!value(n)) // those that come later add themselves
    add_documents_below(n, {}, whole);
  at(n).value = whole;
}

void rule_types::give_up(const rule_tree_node& n) {
  mark(n);
  at(n).given_up = true;
  at(n).value = any();
}

void rule_types::add_to_documents_above(const rule_tree_node& n,
                                        const type& t) {
  std::vector<constant_key> path;
  for (auto* x = &n; x->parent; x = x->parent) {
    path.insert(path.begin(), key_of(x->key_term));
    if (is(value(*x->parent), type_kind::object))
      at(*x->parent).value = with_path(value(*x->parent), path, 0, t);
  }
}

void rule_types::add_documents_below(const rule_tree_node& n,
                                     const std::vector<constant_key>& path,
                                     type& to) {
  for (auto& [k, c] : n.children) {
    auto below = path;
    below.push_back(key_of(c->key_term));
    if (auto& own = value(*c))
      to = with_path(to, below, 0, own);
    else if (known(*c))
      add_documents_below(*c, below, to);
  }
}

} // namespace rego::types
