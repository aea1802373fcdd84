// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// GraphQL documents as Rego values, in the shape that OPA gives them: the Go
// library's structures as JSON, without nulls, empty lists and positions.
// Positions are kept aside, by the address of an object's node.

#include <map>
#include <string>
#include <string_view>

#include "builtins/builtin.hpp"
#include "builtins/graphql_lexer.hpp"

namespace rego::graphql {

using positions = std::map<const void*, position>;

/// One document's parser. One thread.
class parser {
public:
  parser(call_context& c, std::string_view text, positions& where)
      : c_(c), lexer_(text), where_(where) {
    advance();
  }

  /// {"Operations": [...], "Fragments": [...]}; undefined after an error.
  value query();
  /// {"Definitions": [...], "Extensions": [...], "Directives": [...],
  /// "Schema": [...], "SchemaExtension": [...]}.
  value schema();
  /// What went wrong, with "in GraphQL string at location row:col".
  const std::string& error() const { return error_; }

private:
  // An object under construction: empty lists and undefined members stay out.
  struct object {
    explicit object(parser& p) : p_(p), b_(p.c_.memory()), at_(p.now_.at) {}
    object& text(std::string_view name, std::string_view s);
    object& flag(std::string_view name, bool b);
    object& member(std::string_view name, const value& v);
    value finish();
    parser& p_;
    object_builder b_;
    position at_;
  };

  void advance();
  bool failed() const { return !error_.empty(); }
  void fail_at(const token& t, const std::string& message);
  void unexpected(const token& t) { fail_at(t, "Unexpected " + token_text(t)); }
  bool is(token_kind k) const { return now_.kind == k; }
  bool is_word(std::string_view w) const {
    return is(token_kind::name) && now_.text == w;
  }
  bool skip(token_kind k);
  token expect(token_kind k);
  void expect_word(std::string_view w);
  std::string name() { return expect(token_kind::name).text; }

  // Elements between two marks, if the first is there.
  template <class F>
  value many(token_kind open, token_kind close, F element);
  // The same, but not empty.
  template <class F>
  value some(token_kind open, token_kind close, F element);

  value operation();
  std::string operation_type();
  value variable_definition();
  value selection();
  value field();
  value fragment_or_spread();
  value fragment();
  value selection_set();
  value arguments(bool constant);
  value directives(bool constant);
  value literal(bool constant);
  value collection(bool list, bool constant);
  value type();

  std::string description();
  value type_definition(const std::string& text, bool extension);
  value schema_definition(const std::string& text, bool extension);
  value directive_definition(const std::string& text);
  value field_definition(bool input);
  value argument_definition();
  value enum_value();
  value interfaces();
  value union_types();
  void extension(array_builder& types, array_builder& schemas);

  call_context& c_;
  lexer lexer_;
  positions& where_;
  token now_, before_;
  std::string error_;
  int depth_ = 0;
};

} // namespace rego::graphql
