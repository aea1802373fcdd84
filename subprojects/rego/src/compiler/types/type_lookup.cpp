// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// What a collection's keys and elements are.

#include <algorithm>
#include <charconv>

#include "compiler/types/type.hpp"
#include "core/work.hpp"

namespace rego::types {

namespace {

type known(const type& t) {
  return t ? t : any();
}

// The union of what `of` says of each member.
template <class Of>
type of_each(const type& t, Of of) {
  if (is_anything(t))
    return t;
  type out;
  for (auto& member : t->items)
    out = either(of(member), out);
  return out;
}

type select_index(const type_node& array, const constant_key& key) {
  if (key.kind != type_kind::number)
    return nullptr;
  int64_t at = -1;
  auto* end = key.text.data() + key.text.size();
  auto read = std::from_chars(key.text.data(), end, at);
  if (read.ec != std::errc() || read.ptr != end || at < 0)
    return nullptr;
  if (static_cast<size_t>(at) < array.items.size())
    return known(array.items[static_cast<size_t>(at)]);
  return array.rest;
}

// Is a constant of that kind among them? Unions list their members whole.
bool holds(const type& all, type_kind k) {
  if (!is(all, type_kind::any))
    return is(all, k);
  return all->items.empty()
         || std::any_of(all->items.begin(), all->items.end(),
                        [&](auto& t) { return is(t, k); });
}

type select_property(const type_node& object, const constant_key& key) {
  auto& list = object.properties;
  auto at =
      std::lower_bound(list.begin(), list.end(), key,
                       [](auto& p, auto& k) { return compare(p.key, k) < 0; });
  if (at != list.end() && compare(at->key, key) == 0)
    return known(at->value);
  return object.rest && holds(known(object.key), key.kind) ? object.rest
                                                           : nullptr;
}

} // namespace

constant_key key_of(const term& t) {
  if (t.is(term_kind::string))
    return {type_kind::string, t.text};
  if (t.is(term_kind::number))
    return {type_kind::number, t.text};
  if (t.is(term_kind::boolean))
    return {type_kind::boolean, t.truth ? "true" : "false"};
  return {type_kind::null, "null"};
}

type keys(const type& t) {
  if (!t || t->all_keys)
    return t ? t->all_keys : nullptr;
  type out;
  switch (t->kind) {
  case type_kind::array:
    return scalar(type_kind::number);
  case type_kind::object:
    spend(t->properties.size());
    for (auto& p : t->properties)
      if (!out || out->kind != p.key.kind)
        out = either(out, scalar(p.key.kind));
    return either(out, t->rest ? known(t->key) : nullptr);
  case type_kind::set:
    return known(t->rest);
  case type_kind::any:
    return of_each(t, keys);
  default:
    return nullptr;
  }
}

type values(const type& t) {
  if (!t || t->all_values)
    return t ? t->all_values : nullptr;
  type out;
  switch (t->kind) {
  case type_kind::array:
    for (auto& i : t->items)
      out = either(out, known(i));
    return either(out, t->rest);
  case type_kind::object:
    for (auto& p : t->properties)
      out = either(out, known(p.value));
    return either(out, t->rest);
  case type_kind::set:
    return known(t->rest);
  case type_kind::any:
    return of_each(t, values);
  default:
    return nullptr;
  }
}

type select(const type& t, const constant_key& key) {
  if (!t)
    return nullptr;
  switch (t->kind) {
  case type_kind::array:
    return select_index(*t, key);
  case type_kind::object:
    return select_property(*t, key);
  case type_kind::set:
    return holds(known(t->rest), key.kind) ? scalar(key.kind) : nullptr;
  case type_kind::any:
    return of_each(t, [&](auto& member) { return select(member, key); });
  default:
    return nullptr;
  }
}

} // namespace rego::types
