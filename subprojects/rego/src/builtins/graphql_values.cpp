// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Fields, arguments, directives and values of a query.

#include <algorithm>
#include <charconv>

#include "builtins/graphql_walker.hpp"
#include "builtins/support.hpp"

namespace rego::graphql {

namespace {

enum value_kind {
  variable_kind,
  int_kind,
  float_kind,
  string_kind,
  block_kind,
  boolean_kind,
  null_kind,
  enum_kind,
  list_kind,
  object_kind
};

int64_t kind_of(const value& v) {
  auto k = member(v, "Kind");
  return k.is_integer() ? k.as_integer() : -1;
}

std::string shown(const value& v, int depth = 0) {
  std::string raw(text(v, "Raw"));
  switch (kind_of(v)) {
  case variable_kind:
    return "$" + raw;
  case string_kind:
  case block_kind:
    return go_quote(raw);
  case list_kind:
  case object_kind:
    break;
  default:
    return raw;
  }
  bool is_list = kind_of(v) == list_kind;
  std::string out = is_list ? "[" : "{";
  for (auto& child : list(v, "Children")) {
    if (out.size() > 1)
      out += ",";
    if (!is_list)
      out += std::string(text(child, "Name")) + ":";
    if (depth < 20)
      out += shown(member(child, "Value"), depth + 1);
  }
  return out + (is_list ? "]" : "}");
}

std::string in_quotes(std::string_view s) {
  return "\"" + std::string(s) + "\"";
}

bool takes_part(const value& defined) {
  return flag(member(defined, "Type"), "NonNull")
         && !member(defined, "DefaultValue").defined();
}

// May a variable of one type stand where the other is expected?
bool compatible(const value& have, const value& want, bool loose_null,
                int depth = 0) {
  if (depth > 250)
    return false;
  if (flag(want, "NonNull") && !flag(have, "NonNull") && !loose_null)
    return false;
  auto a = member(have, "Elem"), b = member(want, "Elem");
  if (a.is_object() != b.is_object())
    return false;
  if (a.is_object())
    return compatible(a, b, false, depth + 1);
  return text(have, "NamedType") == text(want, "NamedType");
}

} // namespace

const value* walker::field_definition(std::string_view name,
                                      const definition* parent) {
  static const char* const fixed[] = {"__typename", "__schema", "__type"};
  if (name == fixed[0]
      || (parent == s_.root("query") && (name == fixed[1] || name == fixed[2])))
    return nullptr;
  return parent->field(name);
}

void walker::field(const value& f, const definition* parent, size_t depth) {
  auto name = text(f, "Name");
  directives(list(f, "Directives"), "FIELD");
  if (!parent || failed())
    return;
  auto set = list(f, "SelectionSet");
  bool meta = name == "__typename"
              || (parent == s_.root("query")
                  && (name == "__schema" || name == "__type"));
  if (meta) {
    auto* of = name == "__schema" ? s_.type("__Schema")
               : name == "__type" ? s_.type("__Type")
                                  : nullptr;
    return selections(set, of, depth + 1);
  }
  auto* d = field_definition(name, parent);
  if (!d)
    return fail(f, "Cannot query field " + in_quotes(name) + " on type "
                       + in_quotes(parent->name));
  arguments(f, list(*d, "Arguments"), "Field " + in_quotes(name),
            "field " + in_quotes(parent->name + "." + std::string(name)));
  auto type = member(*d, "Type");
  auto* of = s_.type(named_type(type));
  if (of && of->leaf() && !set.empty())
    fail(f, "Field " + in_quotes(name)
                + " must not have a selection since type "
                + in_quotes(type_text(type)) + " has no subfields");
  if (of && !of->leaf() && set.empty())
    fail(f, "Field " + in_quotes(name) + " of type "
                + in_quotes(type_text(type))
                + " must have a selection of subfields. Did you mean \""
                + std::string(name) + " { ... }\"?");
  selections(set, of, depth + 1);
}

void walker::arguments(const value& node, std::span<const value> defined,
                       const std::string& what, const std::string& of) {
  auto given = list(node, "Arguments");
  unique(given, "Name", "argument", "");
  for (auto& a : given) {
    auto name = text(a, "Name");
    auto d = std::find_if(defined.begin(), defined.end(),
                          [&](auto& x) { return text(x, "Name") == name; });
    if (d == defined.end())
      return fail(a, "Unknown argument " + in_quotes(name) + " on " + of);
    literal(member(a, "Value"), member(*d, "Type"),
            member(*d, "DefaultValue").defined(), 0);
  }
  for (auto& d : defined) {
    auto name = text(d, "Name");
    bool there = std::any_of(given.begin(), given.end(),
                             [&](auto& a) { return text(a, "Name") == name; });
    if (!there && takes_part(d))
      fail(node, what + " argument " + in_quotes(name) + " of type "
                     + in_quotes(type_text(member(d, "Type")))
                     + " is required, but it was not provided");
  }
}

void walker::directives(std::span<const value> dirs,
                        std::string_view location) {
  std::set<std::string_view> seen;
  for (auto& node : dirs) {
    auto name = text(node, "Name");
    auto* d = s_.directive(name);
    auto title = "\"@" + std::string(name) + "\"";
    if (!d)
      return fail(node, "Unknown directive " + title);
    bool allowed = false;
    for (auto& l : list(*d, "Locations"))
      allowed = allowed || (l.is_string() && l.as_string() == location);
    if (!allowed)
      fail(node, "Directive " + title + " may not be used on "
                     + std::string(location));
    if (!seen.insert(name).second && !flag(*d, "IsRepeatable"))
      fail(node, "The directive " + title
                     + " can only be used once at this location");
    arguments(node, list(*d, "Arguments"), "Directive " + title,
              "directive " + title);
  }
}

void walker::variable(const value& v, const value& type, bool has_default) {
  if (!operation_.defined())
    return;
  auto name = text(v, "Raw");
  used_variables_.insert(name);
  auto defined = list(operation_, "VariableDefinitions");
  auto d = std::find_if(defined.begin(), defined.end(),
                        [&](auto& x) { return text(x, "Variable") == name; });
  if (d == defined.end()) {
    auto op = text(operation_, "Name");
    return fail(v, "Variable \"$" + std::string(name) + "\" is not defined"
                       + (op.empty() ? std::string()
                                     : " by operation " + in_quotes(op)));
  }
  auto have = member(*d, "Type");
  bool loose = has_default || member(*d, "DefaultValue").defined();
  if (!compatible(have, type, loose))
    fail(v, "Variable \"$" + std::string(name) + "\" of type "
                + in_quotes(type_text(have))
                + " used in position expecting type "
                + in_quotes(type_text(type)));
}

void walker::literal(const value& v, const value& type, bool has_default,
                     size_t depth) {
  if (failed() || !v.is_object() || depth > depth_max)
    return;
  auto kind = kind_of(v);
  if (kind == variable_kind)
    return variable(v, type, has_default);
  if (kind == null_kind) {
    if (flag(type, "NonNull"))
      fail(v, "Expected value of type " + in_quotes(type_text(type))
                  + ", found null");
    return;
  }
  auto elem = member(type, "Elem");
  if (kind == list_kind) {
    auto* named = s_.type(named_type(type));
    if (!elem.is_object() && named && !named->is("SCALAR"))
      return fail(v, "Expected value of type " + in_quotes(type_text(type))
                         + ", found " + shown(v));
    for (auto& child : list(v, "Children"))
      literal(member(child, "Value"), elem.is_object() ? elem : type, false,
              depth + 1);
    return;
  }
  // A single value stands for a list of one.
  if (elem.is_object())
    return literal(v, elem, false, depth + 1);
  auto* d = s_.type(text(type, "NamedType"));
  if (!d)
    return;
  if (d->is("INPUT_OBJECT") && kind == object_kind)
    return input_object(v, *d, depth);
  scalar(v, type, *d);
}

void walker::scalar(const value& v, const value& type, const definition& d) {
  auto kind = kind_of(v);
  auto raw = text(v, "Raw");
  bool text_value = kind == string_kind || kind == block_kind;
  auto wrong = [&](std::string_view what) {
    fail(v,
         d.name + " cannot represent " + std::string(what) + ": " + shown(v));
  };
  if (d.is("ENUM")) {
    if (kind != enum_kind)
      return fail(v, "Enum " + in_quotes(d.name)
                         + " cannot represent non-enum value: " + shown(v));
    for (auto& e : d.enum_values)
      if (text(e, "Name") == raw)
        return;
    return fail(v, "Value " + in_quotes(raw) + " does not exist in "
                       + in_quotes(d.name) + " enum");
  }
  if (!d.is("SCALAR"))
    return fail(v, "Expected value of type " + in_quotes(type_text(type))
                       + ", found " + shown(v));
  if (d.name == "Int" && kind != int_kind)
    return wrong("non-integer value");
  if (d.name == "Int") {
    int32_t n = 0;
    auto [end, ec] = std::from_chars(raw.data(), raw.data() + raw.size(), n);
    if (ec != std::errc())
      wrong("non 32-bit signed integer value");
    return;
  }
  if (d.name == "Float" && kind != int_kind && kind != float_kind)
    return wrong("non numeric value");
  if (d.name == "String" && !text_value)
    return wrong("a non string value");
  if (d.name == "Boolean" && kind != boolean_kind)
    return wrong("a non boolean value");
  if (d.name == "ID" && kind != int_kind && !text_value)
    return wrong("a non-string and non-integer value");
}

void walker::input_object(const value& v, const definition& d, size_t depth) {
  auto children = list(v, "Children");
  unique(children, "Name", "input field", "");
  for (auto& f : d.fields) {
    auto name = text(f, "Name");
    bool there = std::any_of(children.begin(), children.end(),
                             [&](auto& x) { return text(x, "Name") == name; });
    if (!there && takes_part(f))
      fail(v, "Field " + in_quotes(d.name + "." + std::string(name))
                  + " of required type "
                  + in_quotes(type_text(member(f, "Type")))
                  + " was not provided");
  }
  for (auto& child : children) {
    auto name = text(child, "Name");
    auto* f = d.field(name);
    if (!f)
      return fail(child, "Field " + in_quotes(name) + " is not defined by type "
                             + in_quotes(d.name));
    literal(member(child, "Value"), member(*f, "Type"),
            member(*f, "DefaultValue").defined(), depth + 1);
  }
}

} // namespace rego::graphql
