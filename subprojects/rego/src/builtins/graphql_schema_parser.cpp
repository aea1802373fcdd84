// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Type system documents: types, directives, schemas and their extensions.

#include <algorithm>

#include "builtins/graphql_parser.hpp"
#include "builtins/graphql_parser_lists.hpp"
#include "builtins/support.hpp"

namespace rego::graphql {

namespace {

constexpr std::string_view locations[] = {"QUERY",
                                          "MUTATION",
                                          "SUBSCRIPTION",
                                          "FIELD",
                                          "FRAGMENT_DEFINITION",
                                          "FRAGMENT_SPREAD",
                                          "INLINE_FRAGMENT",
                                          "VARIABLE_DEFINITION",
                                          "SCHEMA",
                                          "SCALAR",
                                          "OBJECT",
                                          "FIELD_DEFINITION",
                                          "ARGUMENT_DEFINITION",
                                          "INTERFACE",
                                          "UNION",
                                          "ENUM",
                                          "ENUM_VALUE",
                                          "INPUT_OBJECT",
                                          "INPUT_FIELD_DEFINITION"};

std::string_view kind_of_word(std::string_view w) {
  constexpr std::string_view words[] = {"scalar", "type", "interface",
                                        "union",  "enum", "input"};
  constexpr std::string_view kinds[] = {"SCALAR", "OBJECT", "INTERFACE",
                                        "UNION",  "ENUM",   "INPUT_OBJECT"};
  for (size_t i = 0; i < std::size(words); ++i)
    if (w == words[i])
      return kinds[i];
  return {};
}

} // namespace

std::string parser::description() {
  if (!is(token_kind::string) && !is(token_kind::block_string))
    return {};
  auto t = now_;
  advance();
  return t.text;
}

value parser::argument_definition() {
  object o(*this);
  o.text("Description", description()).text("Name", name());
  expect(token_kind::colon);
  o.member("Type", type());
  if (skip(token_kind::equals))
    o.member("DefaultValue", literal(true));
  return o.member("Directives", directives(true)).finish();
}

value parser::field_definition(bool input) {
  if (input)
    return argument_definition();
  object o(*this);
  o.text("Description", description()).text("Name", name());
  o.member("Arguments", some(token_kind::paren_open, token_kind::paren_close,
                             [&] { return argument_definition(); }));
  expect(token_kind::colon);
  o.member("Type", type());
  return o.member("Directives", directives(true)).finish();
}

value parser::enum_value() {
  object o(*this);
  o.text("Description", description()).text("Name", name());
  return o.member("Directives", directives(true)).finish();
}

value parser::interfaces() {
  array_builder list(c_.memory());
  if (!is_word("implements"))
    return list.array();
  advance();
  skip(token_kind::amp);
  do
    list.push(c_.string(name()));
  while (skip(token_kind::amp));
  return list.array();
}

value parser::union_types() {
  array_builder list(c_.memory());
  if (!skip(token_kind::equals))
    return list.array();
  skip(token_kind::pipe);
  do
    list.push(c_.string(name()));
  while (skip(token_kind::pipe));
  return list.array();
}

value parser::type_definition(const std::string& text, bool extension) {
  object o(*this);
  auto kind = kind_of_word(now_.text);
  advance();
  o.text("Kind", kind).text("Description", text).text("Name", name());
  size_t parts = 0;
  auto add = [&](std::string_view member, const value& v) {
    parts += v.size();
    o.member(member, v);
  };
  if (kind == "OBJECT" || kind == "INTERFACE")
    add("Interfaces", interfaces());
  add("Directives", directives(true));
  if (kind == "OBJECT" || kind == "INTERFACE" || kind == "INPUT_OBJECT")
    add("Fields", some(token_kind::brace_open, token_kind::brace_close, [&] {
          return field_definition(kind == "INPUT_OBJECT");
        }));
  else if (kind == "UNION")
    add("Types", union_types());
  else if (kind == "ENUM")
    add("EnumValues", some(token_kind::brace_open, token_kind::brace_close,
                           [&] { return enum_value(); }));
  if (extension && parts == 0 && !failed())
    unexpected(now_);
  return o.flag("BuiltIn", false).finish();
}

value parser::schema_definition(const std::string& text, bool extension) {
  object o(*this);
  expect_word("schema");
  o.text("Description", text);
  auto dirs = directives(true);
  o.member("Directives", dirs);
  auto types = some(token_kind::brace_open, token_kind::brace_close, [&] {
    object t(*this);
    t.text("Operation", operation_type());
    expect(token_kind::colon);
    return t.text("Type", name()).finish();
  });
  o.member("OperationTypes", types);
  if (extension && dirs.size() == 0 && types.size() == 0 && !failed())
    unexpected(now_);
  return o.finish();
}

value parser::directive_definition(const std::string& text) {
  object o(*this);
  expect_word("directive");
  expect(token_kind::at);
  o.text("Description", text).text("Name", name());
  o.member("Arguments", some(token_kind::paren_open, token_kind::paren_close,
                             [&] { return argument_definition(); }));
  bool repeatable = is_word("repeatable");
  if (repeatable)
    advance();
  o.flag("IsRepeatable", repeatable);
  expect_word("on");
  skip(token_kind::pipe);
  array_builder list(c_.memory());
  do {
    auto t = expect(token_kind::name);
    if (!failed()
        && std::find(std::begin(locations), std::end(locations), t.text)
               == std::end(locations))
      unexpected(t);
    list.push(c_.string(t.text));
  } while (skip(token_kind::pipe));
  return o.member("Locations", list.array()).finish();
}

void parser::extension(array_builder& types, array_builder& schemas) {
  expect_word("extend");
  if (is_word("schema"))
    schemas.push(schema_definition("", true));
  else if (is(token_kind::name) && !kind_of_word(now_.text).empty())
    types.push(type_definition("", true));
  else if (!failed())
    unexpected(now_);
}

value parser::schema() {
  auto& a = c_.memory();
  array_builder types(a), extensions(a), dirs(a), schemas(a),
      schema_extensions(a);
  object o(*this);
  while (!is(token_kind::end) && !failed()) {
    auto described = is(token_kind::string) || is(token_kind::block_string);
    auto text = description();
    if (failed())
      break;
    if (is_word("schema"))
      schemas.push(schema_definition(text, false));
    else if (is_word("directive"))
      dirs.push(directive_definition(text));
    else if (is_word("extend") && described && !text.empty())
      unexpected(before_);
    else if (is_word("extend"))
      extension(extensions, schema_extensions);
    else if (is(token_kind::name) && !kind_of_word(now_.text).empty())
      types.push(type_definition(text, false));
    else
      unexpected(now_);
  }
  if (failed())
    return {};
  return o.member("Definitions", types.array())
      .member("Extensions", extensions.array())
      .member("Directives", dirs.array())
      .member("Schema", schemas.array())
      .member("SchemaExtension", schema_extensions.array())
      .finish();
}

} // namespace rego::graphql
