// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Built-ins on GraphQL.

#include <boost/test/unit_test.hpp>

#include "builtins_fixture.hpp"

BOOST_AUTO_TEST_SUITE(builtins_graphql_test)

using rego::test::call;

BOOST_AUTO_TEST_CASE(queries_become_values) {
  BOOST_TEST(
      call("graphql.parse_query", R"(["{hero {name}}"])")
      == R"({"Operations": [{"Name": "", "Operation": "query", "SelectionSet": [{"Alias": "hero", "Name": "hero", "SelectionSet": [{"Alias": "name", "Name": "name"}]}]}]})");
  BOOST_TEST(
      call("graphql.parse_query", R"(["{f(a: [\"x\"])}"])")
      == R"({"Operations": [{"Name": "", "Operation": "query", "SelectionSet": [{"Alias": "f", "Arguments": [{"Name": "a", "Value": {"Children": [{"Name": "", "Value": {"ExpectedTypeHasDefault": false, "Kind": 3, "Raw": "x"}}], "ExpectedTypeHasDefault": false, "Kind": 8, "Raw": ""}}], "Name": "f"}]}]})");
}

BOOST_AUTO_TEST_CASE(schemas_become_values) {
  BOOST_TEST(
      call("graphql.parse_schema", R"(["union Hello = Wo | Rld"])")
      == R"({"Definitions": [{"BuiltIn": false, "Description": "", "Kind": "UNION", "Name": "Hello", "Types": ["Wo", "Rld"]}]})");
  BOOST_TEST(
      call("graphql.parse_schema", R"(["extend schema @directive"])")
      == R"({"SchemaExtension": [{"Description": "", "Directives": [{"Location": "", "Name": "directive"}]}]})");
}

BOOST_AUTO_TEST_CASE(parse_errors_name_the_token_and_its_place) {
  BOOST_TEST(call("graphql.parse_query", R"(["{"])")
             == "eval_builtin_error: Expected Name, found <EOF> in GraphQL "
                "string at location 1:2");
  BOOST_TEST(call("graphql.parse_query", R"(["..."])")
             == "eval_builtin_error: Unexpected ... in GraphQL string at "
                "location 1:1");
  BOOST_TEST(
      call("graphql.parse_query", R"(["{a(b: 01)}"])")
      == R"(eval_builtin_error: Invalid number, unexpected digit after 0: "1". in GraphQL string at location 1:8)");
  BOOST_TEST(call("graphql.parse_schema", R"(["type Hello {}"])")
             == "eval_builtin_error: expected at least one definition, found } "
                "in GraphQL string at location 1:13");
  BOOST_TEST(call("graphql.parse_schema", R"(["union Hello = | Wo | Rld |"])")
             == "eval_builtin_error: Expected Name, found <EOF> in GraphQL "
                "string at location 1:27");
}

BOOST_AUTO_TEST_CASE(schemas_are_checked) {
  BOOST_TEST(
      call(
          "graphql.schema_is_valid",
          R"(["type Query { hero(id: ID!, kind: Kind = A): Hero list: [Int!] } type Hero { name: String friends(first: Int): [Hero] } enum Kind { A B } input I { x: Int! } type Mutation { put(i: I): Int }"])")
      == "true");
  BOOST_TEST(call("graphql.schema_is_valid", R"(["type A { b: C }"])")
             == "false");
  BOOST_TEST(
      call("graphql.schema_is_valid", R"(["type A implements B { b: Int }"])")
      == "false");
  BOOST_TEST(call("graphql.schema_is_valid",
                  R"(["input A { b: B } type B { c: Int }"])")
             == "false");
  BOOST_TEST(call("graphql.schema_is_valid", R"(["enum A { B } enum A { C }"])")
             == "false");
  BOOST_TEST(call("graphql.schema_is_valid", R"(["type A { b: Int @x }"])")
             == "false");
  BOOST_TEST(call("graphql.schema_is_valid", "[1]") == "false");
}

BOOST_AUTO_TEST_CASE(valid_queries_pass) {
  BOOST_TEST(
      call(
          "graphql.is_valid",
          R"(["{hero(id: 1) {name ...F}} fragment F on Hero {friends {name}}", "type Query { hero(id: ID!, kind: Kind = A): Hero list: [Int!] } type Hero { name: String friends(first: Int): [Hero] } enum Kind { A B } input I { x: Int! } type Mutation { put(i: I): Int }"])")
      == "true");
  BOOST_TEST(
      call(
          "graphql.is_valid",
          R"(["query Q($k: Kind) {hero(id: \"1\", kind: $k) {name @skip(if: true)}}", "type Query { hero(id: ID!, kind: Kind = A): Hero list: [Int!] } type Hero { name: String friends(first: Int): [Hero] } enum Kind { A B } input I { x: Int! } type Mutation { put(i: I): Int }"])")
      == "true");
  BOOST_TEST(
      call(
          "graphql.is_valid",
          R"(["mutation {put(i: {x: 1})}", "type Query { hero(id: ID!, kind: Kind = A): Hero list: [Int!] } type Hero { name: String friends(first: Int): [Hero] } enum Kind { A B } input I { x: Int! } type Mutation { put(i: I): Int }"])")
      == "true");
  BOOST_TEST(
      call(
          "graphql.is_valid",
          R"(["{__schema {types {name}} __typename}", "type Query { hero(id: ID!, kind: Kind = A): Hero list: [Int!] } type Hero { name: String friends(first: Int): [Hero] } enum Kind { A B } input I { x: Int! } type Mutation { put(i: I): Int }"])")
      == "true");
}

BOOST_AUTO_TEST_CASE(violations_are_named) {
  BOOST_TEST(
      call(
          "graphql.parse",
          R"(["{hero {name}}", "type Query { hero(id: ID!, kind: Kind = A): Hero list: [Int!] } type Hero { name: String friends(first: Int): [Hero] } enum Kind { A B } input I { x: Int! } type Mutation { put(i: I): Int }"])")
      == R"(eval_builtin_error: Field "hero" argument "id" of type "ID!" is required, but it was not provided in GraphQL string at location 1:2)");
  BOOST_TEST(
      call(
          "graphql.parse",
          R"(["{nope}", "type Query { hero(id: ID!, kind: Kind = A): Hero list: [Int!] } type Hero { name: String friends(first: Int): [Hero] } enum Kind { A B } input I { x: Int! } type Mutation { put(i: I): Int }"])")
      == R"(eval_builtin_error: Cannot query field "nope" on type "Query" in GraphQL string at location 1:2)");
  BOOST_TEST(
      call(
          "graphql.parse",
          R"(["{hero(id: 1)}", "type Query { hero(id: ID!, kind: Kind = A): Hero list: [Int!] } type Hero { name: String friends(first: Int): [Hero] } enum Kind { A B } input I { x: Int! } type Mutation { put(i: I): Int }"])")
      == R"(eval_builtin_error: Field "hero" of type "Hero" must have a selection of subfields. Did you mean "hero { ... }"? in GraphQL string at location 1:2)");
  BOOST_TEST(
      call(
          "graphql.parse",
          R"(["{hero(id: 1, kind: C) {name}}", "type Query { hero(id: ID!, kind: Kind = A): Hero list: [Int!] } type Hero { name: String friends(first: Int): [Hero] } enum Kind { A B } input I { x: Int! } type Mutation { put(i: I): Int }"])")
      == R"(eval_builtin_error: Value "C" does not exist in "Kind" enum in GraphQL string at location 1:20)");
  BOOST_TEST(
      call(
          "graphql.parse",
          R"(["{hero(id: 1) {...F}}", "type Query { hero(id: ID!, kind: Kind = A): Hero list: [Int!] } type Hero { name: String friends(first: Int): [Hero] } enum Kind { A B } input I { x: Int! } type Mutation { put(i: I): Int }"])")
      == R"(eval_builtin_error: Unknown fragment "F" in GraphQL string at location 1:18)");
  BOOST_TEST(
      call(
          "graphql.parse",
          R"(["query ($a: Int) {list}", "type Query { hero(id: ID!, kind: Kind = A): Hero list: [Int!] } type Hero { name: String friends(first: Int): [Hero] } enum Kind { A B } input I { x: Int! } type Mutation { put(i: I): Int }"])")
      == R"(eval_builtin_error: Variable "$a" is never used in GraphQL string at location 1:8)");
  BOOST_TEST(
      call(
          "graphql.parse",
          R"(["{hero(id: $x) {name}}", "type Query { hero(id: ID!, kind: Kind = A): Hero list: [Int!] } type Hero { name: String friends(first: Int): [Hero] } enum Kind { A B } input I { x: Int! } type Mutation { put(i: I): Int }"])")
      == R"(eval_builtin_error: Variable "$x" is not defined in GraphQL string at location 1:11)");
  BOOST_TEST(
      call(
          "graphql.parse",
          R"(["query ($a: String) {hero(id: $a) {name}}", "type Query { hero(id: ID!, kind: Kind = A): Hero list: [Int!] } type Hero { name: String friends(first: Int): [Hero] } enum Kind { A B } input I { x: Int! } type Mutation { put(i: I): Int }"])")
      == R"(eval_builtin_error: Variable "$a" of type "String" used in position expecting type "ID!" in GraphQL string at location 1:30)");
  BOOST_TEST(
      call(
          "graphql.parse",
          R"(["mutation {put(i: {})}", "type Query { hero(id: ID!, kind: Kind = A): Hero list: [Int!] } type Hero { name: String friends(first: Int): [Hero] } enum Kind { A B } input I { x: Int! } type Mutation { put(i: I): Int }"])")
      == R"(eval_builtin_error: Field "I.x" of required type "Int!" was not provided in GraphQL string at location 1:18)");
  BOOST_TEST(
      call(
          "graphql.parse",
          R"(["{hero(id: 1) {...F}} fragment F on Hero {friends {...F}}", "type Query { hero(id: ID!, kind: Kind = A): Hero list: [Int!] } type Hero { name: String friends(first: Int): [Hero] } enum Kind { A B } input I { x: Int! } type Mutation { put(i: I): Int }"])")
      == R"(eval_builtin_error: Cannot spread fragment "F" within itself in GraphQL string at location 1:54)");
  BOOST_TEST(
      call(
          "graphql.parse",
          R"(["{hero(id: 1) {name} hero(id: 2) {name}}", "type Query { hero(id: ID!, kind: Kind = A): Hero list: [Int!] } type Hero { name: String friends(first: Int): [Hero] } enum Kind { A B } input I { x: Int! } type Mutation { put(i: I): Int }"])")
      == R"(eval_builtin_error: Fields "hero" conflict because they have differing arguments. Use different aliases on the fields to fetch both if this was intentional in GraphQL string at location 1:21)");
}

BOOST_AUTO_TEST_CASE(documents_may_be_values) {
  BOOST_TEST(
      call(
          "graphql.is_valid",
          R"([{"Operations": [{"Name": "", "Operation": "mutation", "SelectionSet": [{"Alias": "x", "Name": "x", "Arguments": [{"Name": "a", "Value": {"Kind": 7, "Raw": "b"}}]}]}]}, "type Query { hero(id: ID!, kind: Kind = A): Hero list: [Int!] } type Hero { name: String friends(first: Int): [Hero] } enum Kind { A B } input I { x: Int! } type Mutation { put(i: I): Int }"])")
      == "false");
  BOOST_TEST(
      call(
          "graphql.is_valid",
          R"([{"Operations": [{"Operation": 5, "SelectionSet": {"a": 1}}], "Fragments": [1]}, "type Query { hero(id: ID!, kind: Kind = A): Hero list: [Int!] } type Hero { name: String friends(first: Int): [Hero] } enum Kind { A B } input I { x: Int! } type Mutation { put(i: I): Int }"])")
      == "false");
  BOOST_TEST(
      call(
          "graphql.parse_and_verify",
          R"([1, "type Query { hero(id: ID!, kind: Kind = A): Hero list: [Int!] } type Hero { name: String friends(first: Int): [Hero] } enum Kind { A B } input I { x: Int! } type Mutation { put(i: I): Int }"])")
      == "[false, {}, {}]");
}

BOOST_AUTO_TEST_CASE(deep_nesting_is_refused) {
  std::string query = "[\"{";
  for (int i = 0; i < 100'000; ++i)
    query += "a{";
  auto r = call("graphql.parse_query", query + "\"]");
  BOOST_TEST(r.find("exceeded nesting limit") != std::string::npos);
}

// Columns count code points, and are not counted from the line's start for each
// token: that took a minute for these.
BOOST_AUTO_TEST_CASE(places_in_long_lines_are_found_on_the_way) {
  BOOST_TEST(call("graphql.parse_query", R"(["{a(b: \"é\", c: 01)}"])")
             == call("graphql.parse_query", R"(["{a(b: \"e\", c: 01)}"])"));
  std::string fields;
  for (int i = 0; i < 40'000; ++i)
    fields += "aaaaaa ";
  auto out = call("graphql.parse_query", "[\"{" + fields + "|}\"]");
  BOOST_TEST(out.find("1:280002") != std::string::npos, out);
}

BOOST_AUTO_TEST_SUITE_END()
