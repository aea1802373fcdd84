// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Executable documents: operations, fragments, values, types.

#include "builtins/graphql_parser.hpp"

#include "builtins/graphql_parser_lists.hpp"
#include "builtins/support.hpp"

namespace rego::graphql {

parser::object& parser::object::text(std::string_view name,
                                     std::string_view s) {
  b_.add(name, p_.c_.string(s));
  return *this;
}

parser::object& parser::object::flag(std::string_view name, bool b) {
  b_.add(name, value::boolean(b));
  return *this;
}

parser::object& parser::object::member(std::string_view name, const value& v) {
  if (v.defined() && !(v.is_collection() && v.size() == 0))
    b_.add(name, v);
  return *this;
}

value parser::object::finish() {
  auto v = b_.finish();
  p_.where_[v.as_pointer()] = at_;
  return v;
}

void parser::advance() {
  c_.tick(1);
  before_ = now_;
  now_ = lexer_.next();
  if (is(token_kind::invalid))
    fail_at(now_, now_.text);
}

void parser::fail_at(const token& t, const std::string& message) {
  if (failed())
    return;
  error_ = message + " in GraphQL string at location "
           + std::to_string(t.at.row) + ":" + std::to_string(t.at.col);
  // Nothing more is read: every loop and descent ends.
  now_ = {token_kind::end, "", t.at};
}

bool parser::skip(token_kind k) {
  if (failed() || !is(k))
    return false;
  advance();
  return true;
}

token parser::expect(token_kind k) {
  auto t = now_;
  if (!failed() && !is(k))
    fail_at(now_, "Expected " + std::string(kind_text(k)) + ", found "
                      + token_text(now_));
  if (!failed())
    advance();
  return t;
}

void parser::expect_word(std::string_view w) {
  if (!failed() && !is_word(w))
    fail_at(now_, "Expected " + go_quote(w) + ", found " + token_text(now_));
  if (!failed())
    advance();
}

std::string parser::operation_type() {
  auto t = now_;
  if (!is_word("query") && !is_word("mutation") && !is_word("subscription")) {
    if (is(token_kind::name))
      unexpected(now_);
    else
      expect(token_kind::name);
    return {};
  }
  advance();
  return t.text;
}

value parser::operation() {
  object o(*this);
  if (is(token_kind::brace_open))
    return o.text("Operation", "query")
        .text("Name", "")
        .member("SelectionSet", selection_set())
        .finish();
  o.text("Operation", operation_type());
  o.text("Name", is(token_kind::name) ? name() : "");
  o.member("VariableDefinitions",
           many(token_kind::paren_open, token_kind::paren_close,
                [&] { return variable_definition(); }));
  o.member("Directives", directives(false));
  o.member("SelectionSet", selection_set());
  return o.finish();
}

value parser::variable_definition() {
  object o(*this);
  expect(token_kind::dollar);
  o.text("Variable", name());
  expect(token_kind::colon);
  o.member("Type", type());
  if (skip(token_kind::equals))
    o.member("DefaultValue", literal(true));
  o.member("Directives", directives(false));
  return o.flag("Used", false).finish();
}

value parser::selection_set() {
  if (!failed() && !is(token_kind::brace_open))
    fail_at(now_, "Expected {, found " + std::string(kind_text(now_.kind)));
  return some(token_kind::brace_open, token_kind::brace_close,
              [&] { return selection(); });
}

value parser::selection() {
  return is(token_kind::spread) ? fragment_or_spread() : field();
}

value parser::field() {
  object o(*this);
  auto alias = name(), real = alias;
  if (skip(token_kind::colon))
    real = name();
  o.text("Alias", alias).text("Name", real);
  o.member("Arguments", arguments(false));
  o.member("Directives", directives(false));
  if (is(token_kind::brace_open))
    o.member("SelectionSet", selection_set());
  return o.finish();
}

value parser::fragment_or_spread() {
  expect(token_kind::spread);
  object o(*this);
  if (is(token_kind::name) && now_.text != "on") {
    o.text("Name", name());
    return o.member("Directives", directives(false)).finish();
  }
  std::string condition;
  if (is_word("on")) {
    advance();
    condition = name();
  }
  o.text("TypeCondition", condition);
  o.member("Directives", directives(false));
  return o.member("SelectionSet", selection_set()).finish();
}

value parser::fragment() {
  object o(*this);
  expect_word("fragment");
  if (is_word("on"))
    unexpected(now_);
  o.text("Name", name());
  o.member("VariableDefinition",
           many(token_kind::paren_open, token_kind::paren_close,
                [&] { return variable_definition(); }));
  expect_word("on");
  o.text("TypeCondition", name());
  o.member("Directives", directives(false));
  return o.member("SelectionSet", selection_set()).finish();
}

value parser::arguments(bool constant) {
  return many(token_kind::paren_open, token_kind::paren_close, [&] {
    object o(*this);
    o.text("Name", name());
    expect(token_kind::colon);
    return o.member("Value", literal(constant)).finish();
  });
}

value parser::directives(bool constant) {
  array_builder list(c_.memory());
  while (is(token_kind::at)) {
    advance();
    object o(*this);
    o.text("Name", name());
    o.member("Arguments", arguments(constant));
    list.push(o.text("Location", "").finish());
  }
  return list.array();
}

value parser::collection(bool list, bool constant) {
  return list ? many(token_kind::bracket_open, token_kind::bracket_close,
                     [&] {
                       object o(*this);
                       o.text("Name", "");
                       return o.member("Value", literal(constant)).finish();
                     })
              : many(token_kind::brace_open, token_kind::brace_close, [&] {
                  object o(*this);
                  o.text("Name", name());
                  expect(token_kind::colon);
                  return o.member("Value", literal(constant)).finish();
                });
}

value parser::literal(bool constant) {
  object o(*this);
  auto t = now_;
  auto make = [&](int kind, std::string_view raw) {
    o.b_.add("Kind", value::integer(kind));
    return o.text("Raw", raw).flag("ExpectedTypeHasDefault", false).finish();
  };
  switch (t.kind) {
  case token_kind::bracket_open:
  case token_kind::brace_open: {
    bool list = t.kind == token_kind::bracket_open;
    o.member("Children", collection(list, constant));
    return make(list ? 8 : 9, "");
  }
  case token_kind::dollar:
    if (constant) {
      unexpected(t);
      return {};
    }
    advance();
    return make(0, name());
  case token_kind::integer:
  case token_kind::real:
  case token_kind::string:
  case token_kind::block_string:
    advance();
    return make(1 + static_cast<int>(t.kind)
                    - static_cast<int>(token_kind::integer),
                t.text);
  case token_kind::name:
    advance();
    return make(t.text == "true" || t.text == "false" ? 5
                : t.text == "null"                    ? 6
                                                      : 7,
                t.text);
  default:
    unexpected(t);
    return {};
  }
}

value parser::type() {
  object o(*this);
  if (++depth_ > nesting_max)
    fail_at(now_, "exceeded nesting limit");
  if (skip(token_kind::bracket_open)) {
    o.text("NamedType", "").member("Elem", type());
    expect(token_kind::bracket_close);
  } else {
    o.text("NamedType", name());
  }
  --depth_;
  return o.flag("NonNull", skip(token_kind::bang)).finish();
}

value parser::query() {
  array_builder operations(c_.memory()), fragments(c_.memory());
  object o(*this);
  while (!is(token_kind::end) && !failed()) {
    if (is(token_kind::brace_open) || is_word("query") || is_word("mutation")
        || is_word("subscription"))
      operations.push(operation());
    else if (is_word("fragment"))
      fragments.push(fragment());
    else
      unexpected(now_);
  }
  if (failed())
    return {};
  return o.member("Operations", operations.array())
      .member("Fragments", fragments.array())
      .finish();
}

} // namespace rego::graphql
