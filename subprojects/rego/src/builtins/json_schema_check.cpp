// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Checks of a schema before it is used.

#include <algorithm>
#include <charconv>
#include <set>

#include "builtins/go_regex.hpp"
#include "builtins/json_schema.hpp"
#include "builtins/urlquery.hpp"
#include "core/number.hpp"
#include "rego/build.hpp"

namespace rego::json_schema {

value member(const value& o, std::string_view name) {
  if (!o.is_object())
    return {};
  for (size_t i = 0; i < o.size(); ++i)
    if (o.keys()[i].is_string() && o.keys()[i].as_string() == name)
      return o.values()[i];
  return {};
}

value resolve(const value& root, std::string_view reference) {
  if (!reference.starts_with('#'))
    return {};
  std::string pointer, error;
  if (!query_unescape(reference.substr(1), pointer, error))
    return {};
  auto at = root;
  std::string_view rest = pointer;
  while (rest.starts_with('/') && at.defined()) {
    rest.remove_prefix(1);
    auto end = std::min(rest.find('/'), rest.size());
    std::string key;
    for (size_t i = 0; i < end; ++i) {
      bool escape = rest[i] == '~' && i + 1 < end
                    && (rest[i + 1] == '0' || rest[i + 1] == '1');
      key += escape ? (rest[i + 1] == '1' ? '/' : '~') : rest[i];
      i += escape;
    }
    rest.remove_prefix(end);
    size_t index = 0;
    auto [stop, ec] =
        std::from_chars(key.data(), key.data() + key.size(), index);
    if (at.is_array())
      at = ec == std::errc() && stop == key.data() + key.size()
                   && index < at.size()
               ? at.items()[index]
               : value();
    else
      at = member(at, key);
  }
  return rest.empty() ? at : value();
}

namespace {

constexpr int depth_max = 200;

class checker {
public:
  checker(call_context& c, const value& root) : c_(c), root_(root) {}
  std::string error;
  bool schema(const value& v, int depth);

private:
  bool fail(std::string what) {
    error = std::move(what);
    return false;
  }
  bool types(const value& v);
  bool children(const value& v, int depth);
  bool numbers(const value& v);
  bool texts(const value& v);
  bool reference(const value& v, int depth);

  call_context& c_;
  const value& root_;
  std::set<std::string> seen_;
};

bool checker::types(const value& v) {
  constexpr std::string_view known[] = {"array", "boolean", "integer", "number",
                                        "null",  "object",  "string"};
  auto type = member(v, "type");
  if (!type.defined())
    return true;
  if (!type.is_string() && !type.is_array())
    return fail("Invalid type. Expected: string/array of strings, given: "
                "type");
  auto one = std::span<const value>(&type, 1);
  for (auto& t : type.is_array() ? type.items() : one) {
    if (!t.is_string())
      return fail("Invalid type. Expected: string/array of strings, given: "
                  "type");
    auto name = t.as_string();
    if (std::find(std::begin(known), std::end(known), name) == std::end(known))
      return fail("has a primitive type that is NOT VALID -- given: /"
                  + std::string(name)
                  + "/ Expected valid values are:[array boolean integer "
                    "number null object string]");
  }
  return true;
}

bool checker::reference(const value& v, int depth) {
  auto ref = member(v, "$ref");
  if (!ref.defined())
    return true;
  if (!ref.is_string())
    return fail("Invalid type. Expected: string, given: $ref");
  std::string text(ref.as_string());
  if (!text.starts_with('#'))
    return fail("remote reference loading disabled: " + text);
  if (!seen_.insert(text).second)
    return true;
  auto target = resolve(root_, text);
  if (!target.defined())
    return fail("Object has no key '" + text.substr(text.rfind('/') + 1) + "'");
  return schema(target, depth + 1);
}

bool checker::numbers(const value& v) {
  for (auto name : {"minimum", "maximum", "multipleOf"})
    if (auto n = member(v, name); n.defined() && !n.is_number())
      return fail(std::string(name) + " must be of a number");
  auto multiple = member(v, "multipleOf");
  if (multiple.defined() && compare(multiple, value::integer(0)) <= 0)
    return fail("multipleOf must be strictly greater than 0");
  for (auto name : {"minLength", "maxLength", "minItems", "maxItems",
                    "minProperties", "maxProperties"}) {
    auto n = member(v, name);
    if (!n.defined())
      continue;
    if (!n.is_number() || !to_int64(n))
      return fail(std::string(name) + " must be of an integer");
    if (*to_int64(n) < 0)
      return fail(std::string(name) + " must be greater than or equal to 0");
  }
  return true;
}

bool checker::texts(const value& v) {
  if (auto p = member(v, "pattern"); p.defined()) {
    if (!p.is_string())
      return fail("pattern must be of a string");
    if (!compile_regex(c_, p.as_string())->error.empty())
      return fail("pattern must match a valid regex");
  }
  if (auto r = member(v, "required"); r.defined() && !r.is_boolean()) {
    if (!r.is_array())
      return fail("Invalid type. Expected: array of strings, given: required");
    for (auto& name : r.items())
      if (!name.is_string())
        return fail("required items must be string");
  }
  if (auto e = member(v, "enum"); e.defined() && !e.is_array())
    return fail("enum must be of an array");
  return true;
}

bool checker::children(const value& v, int depth) {
  for (auto name : {"properties", "definitions", "patternProperties"}) {
    auto o = member(v, name);
    if (!o.defined())
      continue;
    if (!o.is_object())
      return fail(std::string(name) + " must be of type object");
    for (auto& child : o.values())
      if (!schema(child, depth + 1))
        return false;
  }
  for (auto name : {"anyOf", "allOf", "oneOf"}) {
    auto list = member(v, name);
    if (!list.defined())
      continue;
    if (!list.is_array())
      return fail(std::string(name) + " must be of an array");
    for (auto& child : list.items())
      if (!schema(child, depth + 1))
        return false;
  }
  for (auto name : {"not", "if", "then", "else", "additionalProperties",
                    "additionalItems", "contains", "propertyNames"})
    if (auto child = member(v, name); child.defined())
      if (!schema(child, depth + 1))
        return false;
  auto items = member(v, "items");
  if (!items.defined())
    return true;
  if (!items.is_array())
    return schema(items, depth + 1);
  for (auto& child : items.items())
    if (!schema(child, depth + 1))
      return false;
  return true;
}

bool checker::schema(const value& v, int depth) {
  c_.tick(1);
  if (v.is_boolean())
    return true;
  if (!v.is_object())
    return fail("Invalid type. Expected: valid schema, given: "
                + std::string(type_name(v)));
  if (depth > depth_max)
    return fail("schema is nested too deeply");
  return types(v) && reference(v, depth) && numbers(v) && texts(v)
         && children(v, depth);
}

} // namespace

std::string check(call_context& c, const value& schema) {
  checker k(c, schema);
  k.schema(schema, 0);
  return k.error;
}

} // namespace rego::json_schema
