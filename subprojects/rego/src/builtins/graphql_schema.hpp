// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// A GraphQL schema made of a type system document's value, checked by the
// specification's rules. Its values lie in the arena of the document. What an
// input document lacks or has in a wrong type counts as empty.

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "builtins/graphql_parser.hpp"

namespace rego::graphql {

/// A member of an object; undefined where there is none.
value member(const value& o, std::string_view name);
/// A member as text or "".
std::string_view text(const value& o, std::string_view name);
/// A member as list or empty.
std::span<const value> list(const value& o, std::string_view name);
bool flag(const value& o, std::string_view name);

/// "[Name!]!"
std::string type_text(const value& type, int depth = 0);
/// The name within all lists.
std::string_view named_type(const value& type);

struct definition {
  std::string kind, name;
  value node; // for the position
  std::vector<value> fields, enum_values, directives;
  std::vector<std::string> interfaces, types;
  bool built_in = false;

  bool is(std::string_view k) const { return kind == k; }
  bool composite() const {
    return is("OBJECT") || is("INTERFACE") || is("UNION");
  }
  bool leaf() const { return is("SCALAR") || is("ENUM"); }
  bool input() const { return leaf() || is("INPUT_OBJECT"); }
  const value* field(std::string_view name) const;
};

class schema {
public:
  /// False with `error` set: "input:row:col: message".
  bool build(call_context& c, const value& document, const positions& where);

  const definition* type(std::string_view name) const;
  const value* directive(std::string_view name) const;
  /// The root type of "query", "mutation" or "subscription", or null.
  const definition* root(std::string_view operation) const;
  /// Object types that a value of the type may have.
  std::set<std::string> possible(const definition& d) const;

  std::string error;

private:
  bool fail(const value& node, const std::string& message);
  bool add_types(const value& document);
  bool extend(const value& e);
  bool add_directives(const value& document);
  bool add_roots(const value& document, std::string_view member_name);
  bool check_type(const definition& d);
  bool check_fields(const definition& d);
  bool check_interfaces(const definition& d);
  bool check_arguments(const value& owner);
  bool check_reference(const value& type, const value& node);
  bool check_name(const value& node);
  bool check_directives(const std::vector<value>& dirs,
                        std::string_view location);

  const positions* where_ = nullptr;
  std::map<std::string, definition, std::less<>> types_;
  std::map<std::string, value, std::less<>> directives_;
  std::map<std::string, std::string, std::less<>> roots_;
};

/// What every schema has: the scalars, introspection, the directives.
std::string_view prelude();

} // namespace rego::graphql
