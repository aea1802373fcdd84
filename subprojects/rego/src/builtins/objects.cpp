// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Objects: get, keys, remove, filter, union, subset.

#include <algorithm>

#include "builtins/families.hpp"
#include "builtins/support.hpp"

namespace rego {

namespace {

value get(call_context& c, args a) {
  if (!need(c, a, {kind::object}))
    return {};
  if (!a[1].is_array()) {
    auto v = lookup(a[0], a[1]);
    return v.defined() ? v : a[2];
  }
  auto at = a[0];
  for (auto& key : a[1].items()) {
    if (!at.is_collection())
      return a[2];
    at = lookup(at, key);
    if (!at.defined())
      return a[2];
  }
  return at;
}

value keys(call_context& c, args a) {
  if (!need(c, a, {kind::object}))
    return {};
  array_builder out(c.memory(), a[0].size());
  for (auto& k : a[0].keys())
    out.push(k);
  return out.set();
}

// Operand 2 as a set of keys; undefined after an error.
value chosen_keys(call_context& c, args a) {
  auto& v = a[1];
  if (v.is_set())
    return v;
  if (!v.is_array() && !v.is_object())
    return c.operand_error(2, v, {"object", "set", "array"});
  array_builder out(c.memory(), v.size());
  for (auto& k : elements(v))
    out.push(k);
  return out.set();
}

value with_keys(call_context& c, args a, bool listed) {
  if (!need(c, a, {kind::object}))
    return {};
  auto set = chosen_keys(c, a);
  if (!set.defined())
    return {};
  object_builder out(c.memory(), a[0].size());
  c.tick(a[0].size() / 4);
  for (size_t i = 0; i < a[0].size(); ++i) {
    auto& k = a[0].keys()[i];
    if ((find_key(set.as_object(), k) >= 0) == listed)
      out.add(k, a[0].values()[i]);
  }
  return out.finish();
}

value remove(call_context& c, args a) {
  return with_keys(c, a, false);
}
value filter(call_context& c, args a) {
  return with_keys(c, a, true);
}

// The right one wins, objects on both sides are merged.
value merge(call_context& c, const value& x, const value& y) {
  auto a = x.keys(), b = y.keys();
  object_builder out(c.memory(), a.size() + b.size());
  c.tick((a.size() + b.size()) / 4);
  size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    int order = i == a.size() ? 1 : j == b.size() ? -1 : compare(a[i], b[j]);
    if (order < 0)
      out.add(a[i], x.values()[i]);
    else if (order > 0)
      out.add(b[j], y.values()[j]);
    else if (x.values()[i].is_object() && y.values()[j].is_object())
      out.add(a[i], merge(c, x.values()[i], y.values()[j]));
    else
      out.add(a[i], y.values()[j]);
    i += order <= 0;
    j += order >= 0;
  }
  return out.finish();
}

value union_two(call_context& c, args a) {
  if (!need(c, a, {kind::object, kind::object}))
    return {};
  return merge(c, a[0], a[1]);
}

struct object_entry {
  const value *key, *held;
};

// The entries of these objects, at least one, in the order of their keys, and
// those of one key in the order of the objects; how many there are. There is as
// much room beside.
size_t gather_entries(std::span<const value> objects, object_entry* to,
                      object_entry* room) {
  if (objects.size() == 1) {
    auto& o = objects[0];
    for (size_t i = 0; i < o.size(); ++i)
      to[i] = {&o.keys()[i], &o.values()[i]};
    return o.size();
  }
  auto half = objects.size() / 2;
  auto a = gather_entries(objects.first(half), to, room);
  auto b = gather_entries(objects.subspan(half), to + a, room);
  auto less = [](const object_entry& x, const object_entry& y) {
    return compare(*x.key, *y.key) < 0;
  };
  std::merge(to, to + a, to + a, to + a + b, room, less);
  std::copy(room, room + a + b, to);
  return a + b;
}

value merge_many(call_context& c, std::span<const value> objects);

// What one key holds after all of these have been merged, the last one last.
// Only objects behind the last that is none are merged.
value merged_entry(call_context& c, std::span<const object_entry> of) {
  auto n = of.size();
  while (n > 0 && of[n - 1].held->is_object())
    --n;
  of = of.subspan(std::min(n, of.size() - 1));
  if (of.size() == 1)
    return *of[0].held;
  array_builder objects(c.memory(), of.size());
  for (auto& e : of)
    objects.push(*e.held);
  return merge_many(c, objects.items());
}

// As merge() of one after the other, in one pass over all entries.
value merge_many(call_context& c, std::span<const value> objects) {
  if (objects.size() == 2)
    return merge(c, objects[0], objects[1]);
  size_t size = 0;
  for (auto& o : objects)
    size += o.size();
  c.tick((objects.size() + size) / 4);
  auto* entries = c.memory().allocate_array<object_entry>(2 * size);
  if (!objects.empty())
    gather_entries(objects, entries, entries + size);
  object_builder out(c.memory(), size);
  for (size_t i = 0, end = 0; i < size; i = end) {
    while (end < size && equal(*entries[i].key, *entries[end].key))
      ++end;
    out.add(*entries[i].key, merged_entry(c, {entries + i, entries + end}));
  }
  return out.finish();
}

value union_many(call_context& c, args a) {
  if (!need(c, a, {kind::array}))
    return {};
  auto items = a[0].items();
  for (size_t i = items.size(); i > 0; --i)
    if (!items[i - 1].is_object())
      return c.element_error(1, a[0], items[i - 1], "object");
  return merge_many(c, items);
}

bool set_subset(const value& super, const value& sub) {
  for (auto& v : sub.keys())
    if (find_key(super.as_object(), v) < 0)
      return false;
  return true;
}

bool array_subset(call_context& c, const value& super, const value& sub) {
  auto a = super.items(), b = sub.items();
  for (size_t from = 0; from + b.size() <= a.size(); ++from) {
    size_t n = 0;
    while (n < b.size() && equal(a[from + n], b[n]))
      ++n;
    if (n == b.size())
      return true;
    c.tick(1 + n);
  }
  return false;
}

bool object_subset(call_context& c, const value& super, const value& sub) {
  c.tick(sub.size() / 4);
  for (size_t i = 0; i < sub.size(); ++i) {
    auto x = lookup(super, sub.keys()[i]);
    auto& y = sub.values()[i];
    if (!x.defined())
      return false;
    if (equal(x, y))
      continue;
    if (x.type() != y.type() || !x.is_collection())
      return false;
    if (!(x.is_object() ? object_subset(c, x, y)
          : x.is_set()  ? set_subset(x, y)
                        : array_subset(c, x, y)))
      return false;
  }
  return true;
}

// Counts occurrences, as OPA does: a member that stands twice counts twice.
bool array_has_set(const value& super, const value& sub) {
  auto missing = static_cast<int64_t>(sub.size());
  for (auto& v : super.items()) {
    missing -= find_key(sub.as_object(), v) >= 0;
    if (missing == 0)
      return true;
  }
  return false;
}

value subset(call_context& c, args a) {
  auto &x = a[0], &y = a[1];
  if (x.is_object() && y.is_object())
    return truth(object_subset(c, x, y));
  if (x.is_set() && y.is_set())
    return truth(set_subset(x, y));
  if (x.is_array() && y.is_array())
    return truth(array_subset(c, x, y));
  if (x.is_array() && y.is_set())
    return truth(array_has_set(x, y));
  return c.fail("eval_type_error",
                "both arguments object.subset must be of the same type or "
                "array and set");
}

} // namespace

void register_objects(builtin_table& t) {
  t.add("object.filter", filter);
  t.add("object.get", get);
  t.add("object.keys", keys);
  t.add("object.remove", remove);
  t.add("object.subset", subset);
  t.add("object.union", union_two);
  t.add("object.union_n", union_many);
}

} // namespace rego
