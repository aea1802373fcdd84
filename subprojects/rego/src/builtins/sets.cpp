// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Sets and arrays.

#include <algorithm>

#include "builtins/families.hpp"
#include "builtins/support.hpp"
#include "core/elements.hpp"
#include "core/number.hpp"
#include "core/set_merge.hpp"

namespace rego {

namespace {

value merge(call_context& c, const value& x, const value& y, set_parts k) {
  c.tick((size_t{x.size()} + y.size()) / 8);
  return merge_sets(c.memory(), x, y, k);
}

value set_and(call_context& c, args a) {
  if (!need(c, a, {kind::set, kind::set}))
    return {};
  return merge(c, a[0], a[1], set_intersection);
}

value set_or(call_context& c, args a) {
  if (!need(c, a, {kind::set, kind::set}))
    return {};
  return merge(c, a[0], a[1], set_union);
}

value set_minus(call_context& c, args a) {
  if (!need(c, a, {kind::set, kind::set}))
    return {};
  return merge(c, a[0], a[1], set_difference);
}

value minus(call_context& c, args a) {
  if (a[0].is_number() && a[1].is_number())
    return number_minus(c.memory(), a[0], a[1]);
  if (a[0].is_set() && a[1].is_set())
    return set_minus(c, a);
  if (!a[0].is_number() && !a[0].is_set())
    return c.operand_error(1, a[0], {"number", "set"});
  return c.operand_error(2, a[1], a[1].is_number() ? "set" : "number");
}

bool need_sets(call_context& c, args a) {
  if (!need(c, a, {kind::set}))
    return false;
  for (auto& s : a[0].keys()) {
    if (!s.is_set()) {
      c.operand_error(1, s, "set");
      return false;
    }
  }
  return true;
}

value union_of(call_context& c, args a) {
  if (!need_sets(c, a))
    return {};
  array_builder out(c.memory());
  for (auto& s : a[0].keys()) {
    c.tick(s.size());
    for (auto& v : s.keys())
      out.push(v);
  }
  return out.set();
}

value intersection(call_context& c, args a) {
  if (!need_sets(c, a))
    return {};
  if (a[0].size() == 0)
    return a[0];
  auto out = a[0].keys()[0];
  for (auto& s : a[0].keys().subspan(1))
    out = merge(c, out, s, set_intersection);
  return out;
}

value array_concat(call_context& c, args a) {
  if (!need(c, a, {kind::array, kind::array}))
    return {};
  array_builder out(c.memory(), a[0].size() + size_t{a[1].size()});
  for (auto& x : a)
    for (auto& v : x.items())
      out.push(v);
  return out.array();
}

value array_slice(call_context& c, args a) {
  if (!need(c, a, {kind::array}))
    return {};
  auto start = need_integer(c, a, 2);
  if (!start)
    return {};
  auto stop = need_integer(c, a, 3);
  if (!stop)
    return {};
  auto items = a[0].items();
  auto size = static_cast<int64_t>(items.size());
  auto to = std::clamp<int64_t>(*stop, 0, size);
  auto from = std::clamp<int64_t>(*start, 0, to);
  return adopt_elements(c.memory(), items.data() + from,
                        static_cast<size_t>(to - from), a[0]);
}

value array_reverse(call_context& c, args a) {
  if (!need(c, a, {kind::array}))
    return {};
  array_builder out(c.memory(), a[0].size());
  for (size_t i = a[0].size(); i > 0; --i)
    out.push(a[0].items()[i - 1]);
  return out.array();
}

value array_flatten(call_context& c, args a) {
  if (!need(c, a, {kind::array}))
    return {};
  array_builder out(c.memory(), a[0].size());
  for (auto& v : a[0].items()) {
    if (!v.is_array()) {
      out.push(v);
      continue;
    }
    for (auto& inner : v.items())
      out.push(inner);
  }
  return out.array();
}

} // namespace

void register_sets(builtin_table& t) {
  t.add("and", set_and);
  t.add("intersection", intersection);
  t.add("minus", minus);
  t.add("or", set_or);
  t.add("set_diff", set_minus);
  t.add("union", union_of);
  t.add("array.concat", array_concat);
  t.add("array.flatten", array_flatten);
  t.add("array.reverse", array_reverse);
  t.add("array.slice", array_slice);
}

} // namespace rego
