// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// json.verify_schema and json.match_schema.

#include "builtins/json_schema.hpp"

#include "builtins/families.hpp"
#include "builtins/support.hpp"
#include "builtins/written_size.hpp"
#include "rego/json.hpp"

namespace rego {

namespace {

// A document as value or JSON text; false with `error` set. Sets become arrays.
bool read(call_context& c, const value& v, value& to, std::string& error) {
  if (!v.is_string() && !v.is_object() && !v.is_array()) {
    error = "wrong type, expected string or object";
    return false;
  }
  check_json_size(c, v);
  auto text = v.is_string() ? std::string(v.as_string()) : to_json(v);
  c.tick(text.size() / 32);
  auto r = parse_json(c.memory(), text);
  if (!r) {
    error = "invalid JSON string";
    return false;
  }
  to = *r;
  return true;
}

bool read_schema(call_context& c, const value& v, value& to,
                 std::string& error) {
  if (!read(c, v, to, error))
    return false;
  to = json_schema::with_local_references(c, to);
  return true;
}

value verify_schema(call_context& c, args a) {
  value schema;
  std::string error;
  if (read_schema(c, a[0], schema, error))
    error = json_schema::check(c, schema);
  return make_array(
      c.memory(),
      {truth(error.empty()),
       error.empty() ? value::null() : c.string("jsonschema: " + error)});
}

value match_schema(call_context& c, args a) {
  value document, schema;
  std::string error;
  if (!read(c, a[0], document, error) || !read_schema(c, a[1], schema, error))
    return c.fail(error);
  error = json_schema::check(c, schema);
  if (!error.empty())
    return c.fail(error);
  auto found = json_schema::validate(c, schema, document);
  array_builder list(c.memory(), found.size());
  for (auto& v : found) {
    c.tick(4 + (v.field.size() + v.description.size()) / 16);
    object_builder o(c.memory(), 4);
    o.add("desc", c.string(v.description));
    o.add("error", c.string(v.field + ": " + v.description));
    o.add("field", c.string(v.field));
    o.add("type", c.string(v.type));
    list.push(o.finish());
  }
  return make_array(c.memory(), {truth(found.empty()), list.array()});
}

} // namespace

void register_json_schema(builtin_table& t) {
  t.add("json.match_schema", match_schema);
  t.add("json.verify_schema", verify_schema);
}

} // namespace rego
