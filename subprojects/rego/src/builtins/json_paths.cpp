// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// json.filter and json.remove. The paths become a trie; a path that ends in a
// node covers all below it.

#include <algorithm>

#include "builtins/families.hpp"
#include "builtins/json_path.hpp"
#include "builtins/support.hpp"

namespace rego {

namespace {

// Paths as nested objects, null at the leaves. Sorted paths come in order, so
// one that covers another comes first.
value trie_of(call_context& c, std::vector<json_path>::const_iterator from,
              std::vector<json_path>::const_iterator to, size_t depth) {
  object_builder b(c.memory());
  while (from != to) {
    auto& key = (*from)[depth];
    auto next = from;
    bool leaf = false;
    for (; next != to && equal((*next)[depth], key); ++next)
      leaf = leaf || next->size() == depth + 1;
    c.tick(static_cast<uint64_t>(next - from));
    b.add(key, leaf ? value::null() : trie_of(c, from, next, depth + 1));
    from = next;
  }
  return b.finish();
}

bool less_path(const json_path& x, const json_path& y) {
  return std::lexicographical_compare(
      x.begin(), x.end(), y.begin(), y.end(),
      [](const value& a, const value& b) { return compare(a, b) < 0; });
}

// Operands 1 and 2 of both functions; undefined after an error.
value paths_trie(call_context& c, args a) {
  if (!need(c, a, {kind::object}))
    return {};
  if (!a[1].is_array() && !a[1].is_set())
    return c.operand_error(2, a[1], {"set", "array"});
  std::vector<json_path> paths;
  for (auto& p : elements(a[1])) {
    json_path path;
    if (!read_path(c, p, path))
      return operand_failure(
          c, 2,
          "must be one of {set, array} containing string paths or array of "
          "path segments but got "
              + std::string(type_name(p)));
    if (path.size() > value_depth_max)
      throw bound_reached{bound::depth};
    if (!path.empty())
      paths.push_back(std::move(path));
  }
  std::sort(paths.begin(), paths.end(), less_path);
  return trie_of(c, paths.begin(), paths.end(), 0);
}

value index_key(call_context& c, size_t i) {
  return c.string(std::to_string(i));
}

value filtered(call_context& c, const value& v, const value& by) {
  if (by.is_null() || !v.is_collection())
    return v;
  c.tick(v.size() / 4);
  if (v.is_array()) {
    array_builder out(c.memory());
    for (size_t i = 0; i < v.size(); ++i)
      if (auto sub = lookup(by, index_key(c, i)); sub.defined())
        out.push(filtered(c, v.items()[i], sub));
    return out.array();
  }
  array_builder members(c.memory());
  object_builder pairs(c.memory());
  for (size_t i = 0; i < v.size(); ++i) {
    auto sub = lookup(by, v.keys()[i]);
    if (!sub.defined())
      continue;
    if (v.is_set())
      members.push(filtered(c, v.keys()[i], sub));
    else
      pairs.add(v.keys()[i], filtered(c, v.values()[i], sub));
  }
  return v.is_set() ? members.set() : pairs.finish();
}

// Undefined where the value itself goes.
value removed(call_context& c, const value& v, const value& by) {
  if (!by.defined())
    return v;
  if (by.is_null())
    return {};
  if (!v.is_collection())
    return v;
  c.tick(v.size() / 4);
  array_builder items(c.memory());
  object_builder pairs(c.memory());
  for (size_t i = 0; i < v.size(); ++i) {
    auto key = v.is_array() ? index_key(c, i) : v.keys()[i];
    auto& old = v.is_array() ? v.items()[i]
                : v.is_set() ? v.keys()[i]
                             : v.values()[i];
    auto now = removed(c, old, lookup(by, key));
    if (!now.defined())
      continue;
    if (v.is_object())
      pairs.add(key, now);
    else
      items.push(now);
  }
  return v.is_object() ? pairs.finish()
         : v.is_set()  ? items.set()
                       : items.array();
}

value json_filter(call_context& c, args a) {
  auto by = paths_trie(c, a);
  return by.defined() ? filtered(c, a[0], by) : value();
}

value json_remove(call_context& c, args a) {
  auto by = paths_trie(c, a);
  return by.defined() ? removed(c, a[0], by) : value();
}

} // namespace

bool read_path(call_context& c, const value& v, json_path& out) {
  if (v.is_array()) {
    out.assign(v.items().begin(), v.items().end());
    return true;
  }
  if (!v.is_string())
    return false;
  auto s = v.as_string();
  if (s.empty())
    return true;
  s.remove_prefix(std::min(s.find_first_not_of('/'), s.size()));
  for (size_t from = 0; from <= s.size();) {
    auto to = std::min(s.find('/', from), s.size());
    std::string part;
    for (auto i = from; i < to; ++i) {
      bool escape =
          s[i] == '~' && i + 1 < to && (s[i + 1] == '0' || s[i + 1] == '1');
      part += escape ? (s[i + 1] == '1' ? '/' : '~') : s[i];
      i += escape;
    }
    out.push_back(c.string(part));
    from = to + 1;
  }
  return true;
}

void register_json_paths(builtin_table& t) {
  t.add("json.filter", json_filter);
  t.add("json.remove", json_remove);
}

} // namespace rego
