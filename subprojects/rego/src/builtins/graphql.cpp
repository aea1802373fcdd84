// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// graphql.*: documents as text or as the values that parsing gives.

#include "builtins/families.hpp"
#include "builtins/graphql_parser.hpp"
#include "builtins/graphql_query.hpp"
#include "builtins/graphql_schema.hpp"
#include "builtins/support.hpp"

namespace rego::graphql {

namespace {

struct documents {
  value query, schema;
  positions query_where, schema_where;
  std::string error;
};

value read(call_context& c, const value& v, bool query, positions& where,
           std::string& error) {
  if (v.is_object())
    return v;
  if (!v.is_string()) {
    error = "wrong type";
    return {};
  }
  parser p(c, v.as_string(), where);
  auto out = query ? p.query() : p.schema();
  error = p.error();
  return out;
}

// False with `error` set.
bool check(call_context& c, documents& d) {
  schema s;
  if (!s.build(c, d.schema, d.schema_where)) {
    d.error =
        "Error in gqlparser SchemaDocument to Schema conversion: " + s.error;
    return false;
  }
  if (d.query.defined())
    d.error = check_query(c, s, d.query, d.query_where);
  return d.error.empty();
}

bool read_both(call_context& c, args a, documents& d) {
  d.query = read(c, a[0], true, d.query_where, d.error);
  if (!d.error.empty())
    return false;
  d.schema = read(c, a[1], false, d.schema_where, d.error);
  return d.error.empty() && check(c, d);
}

value parse(call_context& c, args a) {
  // OPA counts these operands from 0.
  for (int i = 0; i < 2; ++i) {
    auto& v = a[static_cast<size_t>(i)];
    if (!v.is_string() && !v.is_object())
      return c.operand_error(i, v, {"string", "object"});
  }
  documents d;
  if (!read_both(c, a, d))
    return c.fail(d.error);
  return make_array(c.memory(), {d.query, d.schema});
}

value parse_and_verify(call_context& c, args a) {
  documents d;
  bool good = read_both(c, a, d);
  auto none = object_builder(c.memory()).finish();
  return make_array(
      c.memory(), {truth(good), good ? d.query : none, good ? d.schema : none});
}

value is_valid(call_context& c, args a) {
  documents d;
  return truth(read_both(c, a, d));
}

value schema_is_valid(call_context& c, args a) {
  documents d;
  d.schema = read(c, a[0], false, d.schema_where, d.error);
  return truth(d.error.empty() && check(c, d));
}

value parse_one(call_context& c, args a, bool query) {
  if (!need(c, a, {kind::string}))
    return {};
  positions where;
  std::string error;
  auto v = read(c, a[0], query, where, error);
  return error.empty() ? v : c.fail(error);
}

value parse_query(call_context& c, args a) {
  return parse_one(c, a, true);
}
value parse_schema(call_context& c, args a) {
  return parse_one(c, a, false);
}

} // namespace

} // namespace rego::graphql

namespace rego {

void register_graphql(builtin_table& t) {
  t.add("graphql.is_valid", graphql::is_valid);
  t.add("graphql.parse", graphql::parse);
  t.add("graphql.parse_and_verify", graphql::parse_and_verify);
  t.add("graphql.parse_query", graphql::parse_query);
  t.add("graphql.parse_schema", graphql::parse_schema);
  t.add("graphql.schema_is_valid", graphql::schema_is_valid);
}

} // namespace rego
