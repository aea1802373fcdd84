// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Unification of two terms under their bindings. What depends on the unknowns
// becomes an equation that is saved.

#include <algorithm>

#include "partial/evaluation.hpp"
#include "partial/source_text.hpp"
#include "rego/build.hpp"
#include "rego/error.hpp"

namespace rego::partial {

namespace {

kind type_of(const node& n) {
  switch (n.kind) {
  case node_kind::constant:
    return n.constant.type();
  case node_kind::array:
    return kind::array;
  case node_kind::object:
    return kind::object;
  case node_kind::set:
    return kind::set;
  default:
    return kind::undefined;
  }
}

} // namespace

void evaluation::unify(frame& f, const node_ptr& a, const node_ptr& b,
                       bindings* b1, bindings* b2, const continuation& k) {
  if (depth_ >= depth_max)
    throw bound_reached{bound::depth};
  left_.spend(1);
  ++depth_;
  auto x = apply(a, b1), y = apply(b, b2);
  auto t1 = type_of(*x.n), t2 = type_of(*y.n);
  if (t1 == kind::undefined || t2 == kind::undefined || t1 == kind::set)
    unify_values(f, x.n, y.n, x.in, y.in, k);
  else if (x.n->is(node_kind::constant) && y.n->is(node_kind::constant)) {
    if (equal(x.n->constant, y.n->constant))
      k();
  } else if (t1 == t2 && t1 == kind::array) {
    auto left = elements(*x.n), right = elements(*y.n);
    if (left.size() == right.size())
      unify_lists(f, left, right, 0, x.in, y.in, k);
  } else if (t1 == t2 && t1 == kind::object)
    unify_objects(f, x.n, y.n, x.in, y.in, k);
  else if (t2 == kind::set && t1 == kind::set)
    unify_values(f, x.n, y.n, x.in, y.in, k);
  --depth_;
}

void evaluation::unify_lists(frame& f, const nodes& a, const nodes& b, size_t i,
                             bindings* b1, bindings* b2,
                             const continuation& k) {
  if (i == a.size())
    return k();
  unify(f, a[i], b[i], b1, b2, [&] { unify_lists(f, a, b, i + 1, b1, b2, k); });
}

// Values under keys that are equal. A key that is open may be equal to any.
void evaluation::unify_objects(frame& f, const node_ptr& a, const node_ptr& b,
                               bindings* b1, bindings* b2,
                               const continuation& k) {
  auto left = elements(*a), right = elements(*b);
  if (left.size() != right.size())
    return;
  auto plug_keys = [&](nodes& list, bindings* in) {
    bool all = true;
    for (size_t i = 0; i < list.size(); i += 2) {
      list[i] = naming_.plug(list[i], in);
      all = all && list[i]->is(node_kind::constant);
    }
    return all;
  };
  bool l = plug_keys(left, b1), r = plug_keys(right, b2);
  if (!l || !r)
    return save_equation(f, a, b, b1, b2, k);
  nodes v1, v2;
  for (size_t i = 0; i < left.size(); i += 2) {
    size_t j = 0;
    while (j < right.size() && !same(*left[i], *right[j]))
      j += 2;
    if (j == right.size())
      return;
    v1.push_back(left[i + 1]);
    v2.push_back(right[j + 1]);
  }
  unify_lists(f, v1, v2, 0, b1, b2, k);
}

void evaluation::unify_values(frame& f, const node_ptr& a, const node_ptr& b,
                              bindings* b1, bindings* b2,
                              const continuation& k) {
  auto is_set = [](const node_ptr& n) { return type_of(*n) == kind::set; };
  bool left = is_set(a) ? holds_open(*a, b1) : open(a, b1);
  if (!left && a->is(node_kind::ref))
    return unify_ref(f, a, b, b1, b2, k);
  bool right = is_set(b) ? holds_open(*b, b2) : open(b, b2);
  if (!right && b->is(node_kind::ref))
    return unify_ref(f, b, a, b2, b1, k);
  if (left || right)
    return save_equation(f, a, b, b1, b2, k);
  if (a->is_closure())
    return unify_closure(f, a, b, b1, b2, false, k);
  if (b->is_closure())
    return unify_closure(f, b, a, b2, b1, true, k);
  if (a->is(node_kind::call) || b->is(node_kind::call))
    return save_equation(f, a, b, b1, b2, k);
  if (is_var(*a)) {
    if (is_var(*b) && b1 == b2 && a->name == b->name)
      return k();
    binding_scope bound(*b1, a->name, {b, b2});
    return k();
  }
  if (is_var(*b)) {
    binding_scope bound(*b2, b->name, {a, b1});
    return k();
  }
  auto x = naming_.plug(a, b1), y = naming_.plug(b, b2);
  if (same(*x, *y))
    k();
}

void evaluation::unify_ref(frame& f, const node_ptr& a, const node_ptr& b,
                           bindings* b1, bindings* b2, const continuation& k) {
  auto& parts = a->parts;
  auto& head = *parts[0];
  if (is_ref_of(*a, "data")) {
    if (f.in->special)
      return replaced_document(f, a, b, b1, b2, k);
    return in_tree(f, {parts, 1, parts, b1, b, b2, &tree_.root()}, k);
  }
  place at{nullptr, b1};
  if (is_var(head) && head.name == "input") {
    if (f.in->input.defined())
      at.n = constant_node(f.in->input);
  } else if (is_var(head)) {
    at = apply(parts[0], b1);
    if (at.n == parts[0])
      at.n = nullptr;
  } else {
    at.n = parts[0];
  }
  if (at.n)
    in_term(f, {parts, 1, b1, at, b, b2}, k);
}

// Where `with` replaces documents or functions the machine answers for the
// ground beginning of a reference.
void evaluation::replaced_document(frame& f, const node_ptr& a,
                                   const node_ptr& b, bindings* b1,
                                   bindings* b2, const continuation& k) {
  nodes path{a->parts[0]};
  for (size_t i = 1; i < a->parts.size(); ++i) {
    auto p = naming_.plug(a->parts[i], b1);
    if (!p->is(node_kind::constant))
      break;
    path.push_back(p);
  }
  auto v = value_of(f, path);
  if (!v) {
    // The literal stays; what encloses it has no other answer.
    return save_equation(f, a, b, b1, b2, k);
  }
  if (v->defined())
    in_term(f, {a->parts, path.size(), b1, {constant_node(*v), b1}, b, b2}, k);
}

known_parts::answer evaluation::value_of(const frame& f, const nodes& path) {
  node ref;
  ref.kind = node_kind::ref;
  ref.parts = path;
  return known_.document(source_text(to_term(ref)), f.in->text);
}

// A closure that is known is evaluated; one that is not is kept, its literals
// as they are.
void evaluation::unify_closure(frame& f, const node_ptr& a, const node_ptr& b,
                               bindings* b1, bindings* b2, bool swapped,
                               const continuation& k) {
  if (!unknown(*a, b1))
    if (auto v = closure_value(f, *a, b1))
      return unify(f, v, b, b1, b2, k);
  auto left = naming_.close(a, b1);
  auto right = b->is_closure() ? naming_.close(b, b2) : b;
  // The names are those outside already: they are of the root's bindings.
  auto* in = b->is_closure() ? &root_ : b2;
  if (swapped)
    save_equation(f, right, left, in, &root_, k);
  else
    save_equation(f, left, right, &root_, in, k);
}

node_ptr evaluation::closure_value(frame& f, const node& c, bindings* b) {
  frame inner{
      c.body.get(), 0, next_id_++, b, f.in, steps_.closure(f.told, *c.body)};
  nodes heads;
  saved_.emplace_back();
  bool all = true;
  enter(inner, [&] {
    if (!saved_.back().empty())
      all = false;
    for (auto& p : c.parts) {
      heads.push_back(naming_.plug(p, b));
      all = all && heads.back()->is(node_kind::constant);
    }
  });
  saved_.pop_back();
  if (!all)
    return nullptr;
  if (c.is(node_kind::object_closure)) {
    object_builder o(memory_);
    for (size_t i = 0; i + 1 < heads.size(); i += 2)
      o.add(heads[i]->constant, heads[i + 1]->constant);
    auto v = o.finish_unique();
    return v.defined() ? constant_node(v) : nullptr;
  }
  return make_node(memory_,
                   c.is(node_kind::array_closure) ? node_kind::array
                                                  : node_kind::set,
                   std::move(heads));
}

} // namespace rego::partial
