// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Checks of a schema before it is used.

#include <algorithm>
#include <charconv>
#include <set>

#include "builtins/go_regex.hpp"
#include "builtins/go_url.hpp"
#include "builtins/json_schema.hpp"
#include "builtins/urlquery.hpp"
#include "core/json_members.hpp"
#include "core/number.hpp"
#include "rego/build.hpp"
#include "rego/json.hpp"

namespace rego::json_schema {

value member(const value& o, std::string_view name) {
  if (!o.is_object())
    return {};
  auto before = [](const value& key, std::string_view n) {
    return key.is_string() ? key.as_string() < n : key.type() < kind::string;
  };
  auto keys = o.keys();
  auto at = std::lower_bound(keys.begin(), keys.end(), name, before);
  bool found = at != keys.end() && at->is_string() && at->as_string() == name;
  return found ? o.values()[static_cast<size_t>(at - keys.begin())] : value();
}

value resolve(const value& root, std::string_view reference) {
  if (!reference.starts_with('#'))
    return {};
  std::string pointer, error;
  if (!query_unescape(reference.substr(1), pointer, error))
    return {};
  if (!pointer.starts_with('/'))
    return root; // what is no pointer means all of it
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

draft draft_of(const value& root) {
  auto schema = member(root, "$schema");
  if (!schema.is_string())
    return draft::hybrid;
  auto name = schema.as_string();
  if (name.ends_with('#'))
    name.remove_suffix(1);
  for (auto [n, d] :
       {std::pair("4", draft::four), {"6", draft::six}, {"7", draft::seven}})
    if (name == "http://json-schema.org/draft-0" + std::string(n) + "/schema")
      return d;
  return draft::hybrid;
}

namespace {

constexpr int depth_max = 200;

std::string wrong_type(std::string_view expected, std::string_view key) {
  return "Invalid type. Expected: " + std::string(expected)
         + ", given: " + std::string(key);
}

// Keywords in the order in which the library looks at them: the first that is
// wrong is the one reported.
class checker {
public:
  checker(call_context& c, const value& root, patterns p)
      : c_(c), root_(root), draft_(draft_of(root)), patterns_(p) {}
  std::string error;
  bool root();
  bool schema(const value& v, int depth);

private:
  bool fail(std::string what) {
    error = std::move(what);
    return false;
  }
  bool type_name_known(const value& t, std::vector<std::string_view>& seen);
  bool types(const value& v);
  bool text(const value& v, std::string_view name);
  bool properties(const value& v, int depth);
  bool pattern_properties(const value& v, int depth);
  bool dependencies(const value& v, int depth);
  bool items(const value& v, int depth);
  bool branch(const value& v, std::string_view name, std::string_view expected,
              int depth);
  bool bound(const value& v, std::string_view name, std::string_view exclusive);
  bool numbers(const value& v);
  bool sizes(const value& v, std::string_view least, std::string_view most);
  bool pattern(const value& v);
  bool required(const value& v);
  bool arrays(const value& v, int depth);
  bool options(const value& v);
  bool combinations(const value& v, int depth);
  bool url(std::string_view text, go_url& to);
  bool url(std::string_view text) {
    go_url unused;
    return url(text, unused);
  }
  bool name(const value& v);
  bool reference(const value& v, int depth);
  bool definitions(const value& v, int depth);

  call_context& c_;
  const value& root_;
  draft draft_;
  patterns patterns_;
  std::set<std::string> seen_;
};

bool is_schema(const value& v) {
  return v.is_object() || v.is_boolean();
}

bool checker::definitions(const value& v, int depth) {
  auto d = member(v, "definitions");
  if (!d.defined())
    return true;
  if (!d.is_object())
    return fail(wrong_type("Array Of Schemas", "definitions"));
  for (auto& child : d.values()) {
    if (!is_schema(child))
      return fail(wrong_type("Array Of Schemas", "definitions"));
    if (!schema(child, depth + 1))
      return false;
  }
  return true;
}

bool checker::text(const value& v, std::string_view name) {
  auto t = member(v, name);
  return !t.defined() || t.is_string() || fail(wrong_type("string", name));
}

bool checker::url(std::string_view text, go_url& to) {
  std::string why;
  return parse_url(text, to, why) || fail(why);
}

// What the schema is called by; drafts before 6 know `id` alone.
bool checker::name(const value& v) {
  bool old = draft_ == draft::four
             || (draft_ == draft::hybrid && member(v, "id").defined());
  auto keyword = old ? "id" : "$id";
  auto id = member(v, keyword);
  return text(v, keyword) && (!id.defined() || url(id.as_string()));
}

bool checker::reference(const value& v, int depth) {
  auto ref = member(v, "$ref");
  if (!text(v, "$ref") || !ref.defined())
    return ref.is_string() || !ref.defined();
  std::string text(ref.as_string());
  go_url to;
  if (!url(text, to))
    return false;
  bool whole = !to.scheme.empty() && (!to.host.empty() || to.scheme == "file");
  if (!text.starts_with('#'))
    return fail(whole ? "remote reference loading disabled: " + text
                      : "Reference " + text + " must be canonical");
  if (!seen_.insert(text).second)
    return true;
  auto target = resolve(root_, text);
  if (!target.defined())
    return fail("Object has no key '" + text.substr(text.rfind('/') + 1) + "'");
  if (!is_schema(target))
    return fail("Valid Schema must be of type object");
  return schema(target, depth + 1);
}

bool checker::type_name_known(const value& t,
                              std::vector<std::string_view>& seen) {
  constexpr std::string_view known[] = {"array", "boolean", "integer", "number",
                                        "null",  "object",  "string"};
  if (!t.is_string())
    // Told the wrong way round by OPA.
    return fail(wrong_type("type", "string/Array Of Strings"));
  auto name = t.as_string();
  if (std::find(std::begin(known), std::end(known), name) == std::end(known))
    return fail("has a primitive type that is NOT VALID -- given: /"
                + std::string(name)
                + "/ Expected valid values are:[array boolean integer number "
                  "null object string]");
  if (std::find(seen.begin(), seen.end(), name) != seen.end())
    return fail(std::string(name) + " type is duplicated");
  seen.push_back(name);
  return true;
}

bool checker::types(const value& v) {
  auto type = member(v, "type");
  if (!type.defined())
    return true;
  auto one = std::span<const value>(&type, 1);
  std::vector<std::string_view> seen;
  for (auto& t : type.is_array() ? type.items() : one)
    if (!type_name_known(t, seen))
      return false;
  return true;
}

bool checker::properties(const value& v, int depth) {
  auto o = member(v, "properties");
  if (!o.defined())
    return true;
  if (!o.is_object())
    return fail("Properties must be of type object");
  for (auto& child : o.values())
    if (!schema(child, depth + 1))
      return false;
  return true;
}

// A schema or a boolean, where drafts below 6 know but the schema.
bool checker::branch(const value& v, std::string_view name,
                     std::string_view expected, int depth) {
  auto child = member(v, name);
  if (!child.defined())
    return true;
  if (!is_schema(child))
    return fail(std::string(expected));
  bool flag = child.is_boolean() && name.starts_with("additional");
  return flag || schema(child, depth + 1);
}

bool checker::pattern_properties(const value& v, int depth) {
  auto o = member(v, "patternProperties");
  if (!o.defined())
    return true;
  if (!o.is_object())
    return fail(wrong_type("Valid Schema", "patternProperties"));
  for (size_t i = 0; i < o.size(); ++i) {
    auto pattern = json_name(o.keys()[i]);
    if (!compile_regex(c_, pattern)->error.empty())
      return fail("Invalid regex pattern '" + pattern + "'");
    if (!schema(o.values()[i], depth + 1))
      return false;
  }
  return true;
}

bool checker::dependencies(const value& v, int depth) {
  auto d = member(v, "dependencies");
  if (!d.defined())
    return true;
  if (!d.is_object())
    return fail("dependencies must be of type object");
  constexpr auto wrong =
      "Dependency must be of type Schema Or Array Of Strings";
  for (auto& on : d.values()) {
    if (is_schema(on)) {
      if (!schema(on, depth + 1))
        return false;
      continue;
    }
    if (!on.is_array())
      return fail(wrong);
    for (auto& name : on.items())
      if (!name.is_string())
        return fail(wrong);
  }
  return true;
}

bool checker::items(const value& v, int depth) {
  auto items = member(v, "items");
  if (!items.defined())
    return true;
  auto one = std::span<const value>(&items, 1);
  for (auto& child : items.is_array() ? items.items() : one) {
    if (!is_schema(child))
      return fail(wrong_type("Valid Schema/Array Of Schemas", "items"));
    if (!schema(child, depth + 1))
      return false;
  }
  return true;
}

// exclusiveMinimum is a flag beside minimum in draft 4, a number since.
bool checker::bound(const value& v, std::string_view name,
                    std::string_view exclusive) {
  auto n = member(v, name), e = member(v, exclusive);
  if (n.defined() && !n.is_number())
    return fail(std::string(name) + " must be of a Number");
  if (!e.defined())
    return true;
  bool flag = e.is_boolean() && draft_ != draft::six && draft_ != draft::seven;
  if (flag && !n.defined())
    return fail(std::string(exclusive) + " cannot be used without "
                + std::string(name));
  if (flag || (e.is_number() && draft_ != draft::four))
    return true;
  return fail(wrong_type(draft_ == draft::four     ? "boolean"
                         : draft_ == draft::hybrid ? "boolean/number"
                                                   : "number",
                         exclusive));
}

bool checker::numbers(const value& v) {
  auto multiple = member(v, "multipleOf");
  if (multiple.defined() && !multiple.is_number())
    return fail(wrong_type("Number", "multipleOf"));
  if (multiple.defined() && compare(multiple, value::integer(0)) <= 0)
    return fail("multipleOf must be strictly greater than 0");
  return bound(v, "minimum", "exclusiveMinimum")
         && bound(v, "maximum", "exclusiveMaximum");
}

bool checker::sizes(const value& v, std::string_view least,
                    std::string_view most) {
  for (auto name : {least, most}) {
    auto n = member(v, name);
    if (!n.defined())
      continue;
    if (!n.is_number() || !to_int64(n))
      return fail(std::string(name) + " must be of an integer");
    if (*to_int64(n) < 0)
      return fail(std::string(name) + " must be greater than or equal to 0");
  }
  auto low = member(v, least), high = member(v, most);
  // Of arrays the library does not look at this.
  if (least != "minItems" && low.defined() && high.defined()
      && compare(low, high) > 0)
    return fail(std::string(least) + " cannot be greater than "
                + std::string(most));
  return true;
}

bool checker::pattern(const value& v) {
  auto p = member(v, "pattern");
  if (!text(v, "pattern"))
    return false;
  return !p.defined() || patterns_ == patterns::unread
         || compile_regex(c_, p.as_string())->error.empty()
         || fail("pattern must be a valid regex");
}

bool checker::required(const value& v) {
  auto r = member(v, "required");
  if (!r.defined())
    return true;
  if (!r.is_array())
    return fail("required must be of an array");
  c_.tick(r.size());
  std::set<std::string_view> names;
  for (auto& name : r.items()) {
    if (!name.is_string())
      return fail(wrong_type("string", "required"));
    if (!names.insert(name.as_string()).second)
      return fail("required items must be unique");
  }
  return true;
}

bool checker::arrays(const value& v, int depth) {
  auto unique = member(v, "uniqueItems");
  if (unique.defined() && !unique.is_boolean())
    return fail("uniqueItems must be of a boolean");
  auto contains = member(v, "contains");
  return !contains.defined() || draft_ == draft::four
         || schema(contains, depth + 1);
}

bool checker::options(const value& v) {
  auto e = member(v, "enum");
  if (!e.defined())
    return true;
  if (!e.is_array())
    return fail("enum must be of an array");
  c_.tick(e.size());
  std::vector<value> sorted(e.items().begin(), e.items().end());
  std::sort(sorted.begin(), sorted.end(),
            [](auto& a, auto& b) { return compare(a, b) < 0; });
  auto twice = std::adjacent_find(sorted.begin(), sorted.end(),
                                  [](auto& a, auto& b) { return equal(a, b); });
  return twice == sorted.end() || fail("enum items must be unique");
}

bool checker::combinations(const value& v, int depth) {
  for (auto name : {"oneOf", "anyOf", "allOf"}) {
    auto list = member(v, name);
    if (!list.defined())
      continue;
    if (!list.is_array())
      return fail(std::string(name) + " must be of an array");
    for (auto& child : list.items())
      if (!schema(child, depth + 1))
        return false;
  }
  if (!branch(v, "not", "not must be of an object", depth))
    return false;
  if (draft_ < draft::seven)
    return true;
  for (std::string name : {"if", "then", "else"})
    if (!branch(v, name, name + " must be of an object", depth))
      return false;
  return true;
}

bool checker::schema(const value& v, int depth) {
  c_.tick(1);
  if (v.is_boolean() && draft_ >= draft::six)
    return true;
  if (!v.is_object())
    return fail("Expected: Valid Schema, given: Invalid JSON");
  if (depth > depth_max)
    return fail("schema is nested too deeply");
  if (!name(v) || !definitions(v, depth) || !text(v, "title")
      || !text(v, "description") || !reference(v, depth) || !types(v)
      || !properties(v, depth)
      || !branch(v, "additionalProperties",
                 wrong_type("boolean/Valid Schema", "additionalProperties"),
                 depth)
      || !pattern_properties(v, depth))
    return false;
  if (draft_ >= draft::six
      && !branch(v, "propertyNames",
                 wrong_type("Valid Schema", "patternProperties"), depth))
    return false;
  return dependencies(v, depth) && items(v, depth)
         && branch(v, "additionalItems",
                   wrong_type("boolean/Valid Schema", "additionalItems"), depth)
         && numbers(v) && sizes(v, "minLength", "maxLength") && pattern(v)
         && text(v, "format") && sizes(v, "minProperties", "maxProperties")
         && required(v) && sizes(v, "minItems", "maxItems") && arrays(v, depth)
         && options(v) && combinations(v, depth);
}

bool checker::root() {
  if (!is_schema(root_))
    return fail("schema is invalid");
  auto of = member(root_, "$schema");
  if (of.defined() && !of.is_string())
    return fail("$schema must be of type string");
  return (!of.defined() || url(of.as_string())) && schema(root_, 0);
}

} // namespace

std::string check(call_context& c, const value& schema, patterns p) {
  checker k(c, schema, p);
  k.root();
  return k.error;
}

} // namespace rego::json_schema
