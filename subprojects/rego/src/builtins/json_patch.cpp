// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// json.patch (RFC 6902), on sets as well. An operation copies the path it
// touches. Whatever goes wrong makes the result undefined, as in OPA.

#include <algorithm>
#include <charconv>

#include "builtins/families.hpp"
#include "builtins/json_path.hpp"
#include "builtins/support.hpp"

namespace rego {

namespace {

using path_span = std::span<const value>;

// Position in an array of `size` elements, or -1; `size` itself for "-".
int64_t array_index(const value& key, size_t size) {
  int64_t n = -1;
  if (key.is_number()) {
    n = to_int64(key).value_or(-1);
  } else if (key.is_string()) {
    auto s = key.as_string();
    if (s == "-")
      return static_cast<int64_t>(size);
    if (s.size() > 1 && s[0] == '0')
      return -1;
    auto [end, ec] = std::from_chars(s.data(), s.data() + s.size(), n);
    if (ec != std::errc() || end != s.data() + s.size())
      return -1;
  }
  return n >= 0 && n <= static_cast<int64_t>(size) ? n : -1;
}

value child(const value& v, const value& key) {
  if (v.is_array()) {
    auto i = array_index(key, v.size());
    return i >= 0 && i < static_cast<int64_t>(v.size())
               ? v.items()[static_cast<size_t>(i)]
               : value();
  }
  return v.is_collection() ? lookup(v, key) : value();
}

value at_path(const value& v, path_span path) {
  auto out = v;
  for (auto& key : path) {
    out = child(out, key);
    if (!out.defined())
      return out;
  }
  return out;
}

enum class change { insert, replace, remove };

value change_array(call_context& c, const value& v, int64_t at, change how,
                   const value& now) {
  array_builder out(c.memory(), v.size() + size_t{1});
  auto items = v.items();
  for (size_t i = 0; i <= items.size(); ++i) {
    bool here = static_cast<int64_t>(i) == at;
    if (here && how != change::remove)
      out.push(now);
    if (i < items.size() && (!here || how == change::insert))
      out.push(items[i]);
  }
  return out.array();
}

value change_set(call_context& c, const value& v, const value& key, change how,
                 const value& now) {
  array_builder out(c.memory(), v.size() + size_t{1});
  for (auto& x : v.keys())
    if (how == change::insert || !equal(x, key))
      out.push(x);
  if (how != change::remove)
    out.push(now);
  return out.set();
}

value change_object(call_context& c, const value& v, const value& key,
                    change how, const value& now) {
  object_builder out(c.memory(), v.size() + size_t{1});
  for (size_t i = 0; i < v.size(); ++i)
    if (!equal(v.keys()[i], key))
      out.add(v.keys()[i], v.values()[i]);
  if (how != change::remove)
    out.add(key, now);
  return out.finish();
}

value change_child(call_context& c, const value& v, const value& key,
                   change how, const value& now) {
  c.tick(v.size() / 4 + 1);
  if (v.is_array()) {
    auto i = array_index(key, v.size());
    if (i < 0 || (how != change::insert && i == static_cast<int64_t>(v.size())))
      return {};
    return change_array(c, v, i, how, now);
  }
  if (!v.is_collection())
    return {};
  if (how == change::remove && !lookup(v, key).defined())
    return {};
  return v.is_set() ? change_set(c, v, key, how, now)
                    : change_object(c, v, key, how, now);
}

// The document with one place changed; undefined where that cannot be.
value changed(call_context& c, const value& v, path_span path, change how,
              const value& now) {
  if (path.empty())
    return how == change::remove ? value() : now;
  if (path.size() == 1) {
    if (v.is_set() && how == change::insert && !equal(path[0], now))
      return {};
    return change_child(c, v, path[0], how, now);
  }
  auto old = child(v, path[0]);
  if (!old.defined())
    return {};
  auto inner = changed(c, old, path.subspan(1), how, now);
  return inner.defined() ? change_child(c, v, path[0], change::replace, inner)
                         : value();
}

struct operation {
  std::string_view op;
  json_path path, from;
  value operand;
};

bool read_operation(call_context& c, const value& v, operation& out) {
  if (!v.is_object())
    return false;
  auto get = [&](std::string_view name) { return lookup(v, c.string(name)); };
  auto read = [&](std::string_view name, json_path& to) {
    auto p = get(name);
    return p.defined() && read_path(c, p, to);
  };
  auto op = get("op");
  if (!op.is_string() || !read("path", out.path))
    return false;
  out.op = op.as_string();
  if (out.op == "move" || out.op == "copy")
    return read("from", out.from);
  out.operand = get("value");
  return out.op == "remove"
         || ((out.op == "add" || out.op == "replace" || out.op == "test")
             && out.operand.defined());
}

value apply(call_context& c, const value& v, const operation& o) {
  auto insert = [&](const value& to, const value& what) {
    return what.defined() && (to.defined() || o.path.empty())
               ? changed(c, to, o.path, change::insert, what)
               : value();
  };
  auto without = [&](const json_path& p) {
    return at_path(v, p).defined() ? changed(c, v, p, change::remove, {})
                                   : value();
  };
  if (o.op == "add")
    return insert(v, o.operand);
  if (o.op == "remove")
    return without(o.path);
  if (o.op == "replace")
    return insert(without(o.path), o.operand);
  if (o.op == "copy")
    return insert(v, at_path(v, o.from));
  if (o.op == "move") {
    auto moved = at_path(v, o.from);
    return moved.defined() ? insert(without(o.from), moved) : value();
  }
  auto found = at_path(v, o.path);
  return found.defined() && equal(found, o.operand) ? v : value();
}

value json_patch(call_context& c, args a) {
  if (!a[1].is_array())
    return c.operand_error(2, a[1], "array");
  auto v = a[0];
  for (auto& p : a[1].items()) {
    operation o;
    if (!read_operation(c, p, o))
      return {};
    v = apply(c, v, o);
    if (!v.defined())
      return {};
  }
  return v;
}

} // namespace

void register_json_patch(builtin_table& t) {
  t.add("json.patch", json_patch);
}

} // namespace rego
