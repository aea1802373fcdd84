// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// The making of types, their order and their unions.

#include "compiler/types/type.hpp"

#include <algorithm>

#include "core/decimal.hpp"
#include "core/work.hpp"

namespace rego::types {

namespace {

constexpr uint32_t size_max = 4096;
constexpr uint8_t depth_max = 64;
constexpr size_t members_max = 64;

type plain(type_kind k) {
  auto n = std::make_shared<type_node>();
  n->kind = k;
  return n;
}

// Adds up what the parts are; too large a whole is anything.
class measure {
public:
  explicit measure(type_node& n) : n_(n) {}

  void add(const type& part, bool needed = true) {
    if (!part) {
      n_.unknown |= needed && n_.kind != type_kind::any;
      return;
    }
    n_.unknown |= part->unknown && n_.kind != type_kind::any;
    n_.size = std::min(n_.size + part->size, size_max + 1);
    n_.depth = std::max<uint8_t>(n_.depth, part->depth + 1);
  }

  bool fits() const { return n_.size <= size_max && n_.depth <= depth_max; }

private:
  type_node& n_;
};

type finished(type_node n) {
  // As the other passes do, it takes some ten bytes a step.
  spend(8 + 2 * n.items.size() + 6 * n.properties.size());
  measure m(n);
  for (auto& i : n.items)
    m.add(i);
  for (auto& p : n.properties)
    m.add(p.value);
  m.add(n.key, n.kind == type_kind::object && n.rest);
  m.add(n.rest, n.kind == type_kind::set || n.kind == type_kind::function
                    || (n.kind == type_kind::object && n.key));
  if (n.kind != type_kind::function && !m.fits())
    return any();
  auto whole = std::make_shared<type_node>(std::move(n));
  constexpr size_t large = 16;
  if (whole->properties.size() > large
      || (whole->kind == type_kind::array && whole->items.size() > large)) {
    auto all_keys = keys(whole), all_values = values(whole);
    whole->all_keys = all_keys;
    whole->all_values = all_values;
  }
  return whole;
}

type union_of(std::vector<type> members) {
  if (members.size() > members_max)
    return any();
  type_node n;
  n.kind = type_kind::any;
  n.items = std::move(members);
  return finished(std::move(n));
}

bool before(const type& a, const type& b) {
  return compare(a, b) < 0;
}

type with_member(const type& of, const type& t) {
  if (is_anything(of))
    return of;
  auto at = std::lower_bound(of->items.begin(), of->items.end(), t, before);
  if (at != of->items.end() && compare(*at, t) == 0)
    return of;
  auto members = of->items;
  members.insert(members.begin() + (at - of->items.begin()), t);
  return union_of(std::move(members));
}

type union_of_both(const type& a, const type& b) {
  if (is_anything(a) || is_anything(b))
    return any();
  std::vector<type> members;
  std::set_union(a->items.begin(), a->items.end(), b->items.begin(),
                 b->items.end(), std::back_inserter(members), before);
  return union_of(std::move(members));
}

type one_function(const type_node& a, const type_node& b) {
  if (a.items.size() != b.items.size())
    return any();
  std::vector<type> arguments;
  for (size_t i = 0; i < a.items.size(); ++i)
    arguments.push_back(either(a.items[i], b.items[i]));
  return function_of(std::move(arguments), either(a.rest, b.rest));
}

int compare_lists(const std::vector<type>& a, const std::vector<type>& b) {
  for (size_t i = 0; i < a.size() && i < b.size(); ++i)
    if (auto c = compare(a[i], b[i]))
      return c;
  return a.size() < b.size() ? -1 : a.size() > b.size();
}

int compare_properties(const std::vector<property>& a,
                       const std::vector<property>& b) {
  for (size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (auto c = compare(a[i].key, b[i].key))
      return c;
    if (auto c = compare(a[i].value, b[i].value))
      return c;
  }
  return a.size() < b.size() ? -1 : a.size() > b.size();
}

} // namespace

type scalar(type_kind k) {
  static const type all[] = {plain(type_kind::null), plain(type_kind::boolean),
                             plain(type_kind::number),
                             plain(type_kind::string)};
  return all[static_cast<size_t>(k)];
}

type any() {
  static const type anything = plain(type_kind::any);
  return anything;
}

type array_of(std::vector<type> items, type rest) {
  type_node n;
  n.kind = type_kind::array;
  n.items = std::move(items);
  n.rest = std::move(rest);
  return finished(std::move(n));
}

type object_of(std::vector<property> properties, type key, type value) {
  std::stable_sort(properties.begin(), properties.end(),
                   [](auto& a, auto& b) { return compare(a.key, b.key) < 0; });
  type_node n;
  n.kind = type_kind::object;
  for (auto& p : properties) // of one key the last
    if (!n.properties.empty() && compare(n.properties.back().key, p.key) == 0)
      n.properties.back() = std::move(p);
    else
      n.properties.push_back(std::move(p));
  n.key = std::move(key);
  n.rest = std::move(value);
  return finished(std::move(n));
}

type set_of(type element) {
  type_node n;
  n.kind = type_kind::set;
  n.rest = std::move(element);
  return finished(std::move(n));
}

type function_of(std::vector<type> arguments, type result) {
  type_node n;
  n.kind = type_kind::function;
  n.items = std::move(arguments);
  n.rest = std::move(result);
  return finished(std::move(n));
}

type either(const type& a, const type& b) {
  if (!a || !b)
    return a ? a : b;
  bool fa = is(a, type_kind::function), fb = is(b, type_kind::function);
  if (fa || fb)
    return fa && fb ? one_function(*a, *b) : any();
  bool ua = is(a, type_kind::any), ub = is(b, type_kind::any);
  if (ua && ub)
    return union_of_both(a, b);
  if (ua || ub)
    return ua ? with_member(a, b) : with_member(b, a);
  auto order = compare(a, b);
  if (order == 0)
    return a;
  return union_of(order < 0 ? std::vector{a, b} : std::vector{b, a});
}

int compare(const constant_key& a, const constant_key& b) {
  if (a.kind != b.kind)
    return a.kind < b.kind ? -1 : 1;
  if (a.kind == type_kind::number && a.text != b.text)
    return rego::compare(to_decimal(a.text), to_decimal(b.text));
  return a.text.compare(b.text);
}

int compare(const type& a, const type& b) {
  if (a == b)
    return 0;
  spend();
  if (!a || !b)
    return a ? 1 : -1;
  if (a->kind != b->kind)
    return a->kind < b->kind ? -1 : 1;
  if (a->kind == type_kind::any)
    return compare_lists(a->items, b->items);
  if (a->kind == type_kind::function) {
    if (a->items.size() != b->items.size())
      return a->items.size() < b->items.size() ? -1 : 1;
    auto c = compare_lists(a->items, b->items);
    return c ? c : compare(a->rest, b->rest);
  }
  if (auto c = compare(a->key, b->key))
    return c;
  if (auto c = compare(a->rest, b->rest))
    return c;
  auto c = compare_lists(a->items, b->items);
  return c ? c : compare_properties(a->properties, b->properties);
}

} // namespace rego::types
