// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Built-ins on JSON Schema and text templates.

#include <boost/test/unit_test.hpp>

#include "builtins_fixture.hpp"

BOOST_AUTO_TEST_SUITE(builtins_schema_test)

using rego::test::call;

BOOST_AUTO_TEST_CASE(schemas_are_verified) {
  BOOST_TEST(call("json.verify_schema", R"(["{\"type\": \"boolean\"}"])")
             == "[true, null]");
  BOOST_TEST(
      call("json.verify_schema", R"([{"type": "unknown_type"}])")
      == R"([false, "jsonschema: has a primitive type that is NOT VALID -- given: /unknown_type/ Expected valid values are:[array boolean integer number null object string]"])");
  BOOST_TEST(call("json.verify_schema", R"(["{\""])")
             == R"([false, "jsonschema: invalid JSON string"])");
  BOOST_TEST(
      call("json.verify_schema", "[1]")
      == R"([false, "jsonschema: wrong type, expected string or object"])");
  for (auto [schema, problem] :
       {std::pair(R"({"enum": [1, 1]})", "enum items must be unique"),
        {R"({"required": ["a", "a"]})", "required items must be unique"},
        {R"({"type": ["null", "null"]})", "null type is duplicated"},
        {R"({"minLength": 2, "maxLength": 1})",
         "minLength cannot be greater than maxLength"},
        {R"({"exclusiveMinimum": true})",
         "exclusiveMinimum cannot be used without minimum"},
        {R"({"dependencies": {"a": 1}})",
         "Dependency must be of type Schema Or Array Of Strings"},
        {R"({"properties": 1})", "Properties must be of type object"},
        {R"({"maximum": "1"})", "maximum must be of a Number"},
        {R"({"multipleOf": "1"})",
         "Invalid type. Expected: Number, given: multipleOf"},
        {R"({"items": 1})",
         "Invalid type. Expected: Valid Schema/Array Of Schemas, given: items"},
        {R"({"definitions": []})",
         "Invalid type. Expected: Array Of Schemas, given: definitions"},
        {R"({"type": 1})",
         "Invalid type. Expected: type, given: string/Array Of Strings"},
        {R"({"properties": {"a": 1}})",
         "Expected: Valid Schema, given: Invalid JSON"}})
    BOOST_TEST(call("json.verify_schema", "[" + std::string(schema) + "]")
               == "[false, \"jsonschema: " + std::string(problem) + "\"]");
  BOOST_TEST(call("json.verify_schema", R"([{"$ref": "#/definitions/x"}])")
             == R"([false, "jsonschema: Object has no key 'x'"])");
  BOOST_TEST(
      call("json.verify_schema", R"([{"$ref": "http://x.org/y"}])")
      == R"([false, "jsonschema: remote reference loading disabled: http://x.org/y"])");
}

BOOST_AUTO_TEST_CASE(names_within_a_schema_are_known) {
  auto refused = [](const std::string& definitions, const std::string& ref,
                    const std::string& beside = "") {
    return call("json.match_schema",
                R"([{"a": 1}, {)" + beside + R"("definitions": )" + definitions
                    + R"(, "properties": {"a": {"$ref": ")" + ref + R"("}}}])");
  };
  std::string wrong =
      R"([false, [{"desc": "Invalid type. Expected: string, given: integer", )"
      R"("error": "a: Invalid type. Expected: string, given: integer", )"
      R"("field": "a", "type": "invalid_type"}]])";
  std::string root = R"("$id": "http://x.org/r.json", )";
  std::string plain = R"({"A": {"type": "string"}})";
  BOOST_TEST(refused(R"({"A": {"$id": "#n", "type": "string"}})", "#n")
             == wrong);
  BOOST_TEST(refused(plain, "http://x.org/r.json#/definitions/A", root)
             == wrong);
  BOOST_TEST(refused(plain, "r.json#/definitions/A", root) == wrong);
  BOOST_TEST(refused(plain, "#/definitions/A", root) == wrong);
  std::string named = R"({"A": {"$id": "s/A.json", "type": "string"}})";
  BOOST_TEST(refused(named, "s/A.json", root) == wrong);
  BOOST_TEST(refused(named, "./x/../s/A.json", root) == wrong);
  BOOST_TEST(refused(R"({"A": {"id": "A.json", "definitions": {"B %+/~":
                         {"type": "string"}}}})",
                     "A.json#/definitions/B%20%25+~1~0", root)
             == wrong);
  // "#" is what the nearest name around means.
  BOOST_TEST(
      refused(R"({"A": {"$id": "http://y.org/d", "$ref": "#/definitions/B",
                        "definitions": {"B": {"type": "string"}}},
                  "B": {"type": "integer"}})",
              "#/definitions/A", root)
      == wrong);
  // Neither are data schemas, nor are the names of properties keywords.
  BOOST_TEST(refused(R"({"A": {"enum": [{"$id": "#n"}, 1],
                               "properties": {"$id": {"type": "string"}}}})",
                     "#/definitions/A", root)
             == "[true, []]");
}

BOOST_AUTO_TEST_CASE(names_that_are_none_are_told) {
  for (auto& [schema, problem] :
       {std::pair{R"({"$schema": 1})", "$schema must be of type string"},
        {R"({"$id": 1})", "Invalid type. Expected: string, given: $id"},
        {R"({"id": 1})", "Invalid type. Expected: string, given: id"},
        {R"({"properties": {"a": {"$id": 1}}})",
         "Invalid type. Expected: string, given: $id"},
        {R"({"$id": "%zz"})", R"(parse \"%zz\": invalid URL escape \"%zz\")"},
        {R"({"$ref": "%zz"})", R"(parse \"%zz\": invalid URL escape \"%zz\")"},
        {R"({"$ref": "A.json"})", "Reference /A.json must be canonical"},
        {R"("null")", "schema is invalid"}})
    BOOST_TEST(call("json.verify_schema", "[" + std::string(schema) + "]")
               == "[false, \"jsonschema: " + std::string(problem) + "\"]");
}

BOOST_AUTO_TEST_CASE(documents_that_match) {
  BOOST_TEST(
      call(
          "json.match_schema",
          R"([{"id": 5, "tags": ["a", "b"]}, {"type": "object", "properties": {"id": {"type": "integer", "minimum": 1}, "tags": {"type": "array", "items": {"type": "string", "pattern": "^[a-z]$"}, "uniqueItems": true}}, "required": ["id"]}])")
      == "[true, []]");
  BOOST_TEST(
      call("json.match_schema",
           R"(["{\"a\": 1.0}", {"properties": {"a": {"type": "integer"}}}])")
      == "[true, []]");
  BOOST_TEST(
      call(
          "json.match_schema",
          R"([{"a": {"a": {"a": {}}}}, {"properties": {"a": {"$ref": "#"}}, "additionalProperties": false}])")
      == "[true, []]");
  BOOST_TEST(
      call(
          "json.match_schema",
          R"([{"when": "2024-02-29T10:00:00Z", "who": "a@b.org"}, {"properties": {"when": {"format": "date-time"}, "who": {"format": "email"}}}])")
      == "[true, []]");
}

BOOST_AUTO_TEST_CASE(violations_say_what_and_where) {
  BOOST_TEST(
      call(
          "json.match_schema",
          R"([{"id": "x"}, {"properties": {"id": {"type": "integer"}}, "required": ["id", "n"]}])")
      == R"x([false, [{"desc": "n is required", "error": "(Root): n is required", "field": "(Root)", "type": "required"}, {"desc": "Invalid type. Expected: integer, given: string", "error": "id: Invalid type. Expected: integer, given: string", "field": "id", "type": "invalid_type"}]])x");
  BOOST_TEST(
      call(
          "json.match_schema",
          R"([{"a": [1, 2, 2]}, {"properties": {"a": {"maxItems": 2, "uniqueItems": true}}}])")
      == R"([false, [{"desc": "Array must have at most 2 items", "error": "a: Array must have at most 2 items", "field": "a", "type": "array_max_items"}, {"desc": "array items[1,2] must be unique", "error": "a: array items[1,2] must be unique", "field": "a", "type": "unique"}]])");
  BOOST_TEST(
      call("json.match_schema",
           R"([{"x": 1}, {"additionalProperties": false}])")
      == R"x([false, [{"desc": "Additional property x is not allowed", "error": "(Root): Additional property x is not allowed", "field": "(Root)", "type": "additional_property_not_allowed"}]])x");
  BOOST_TEST(
      call(
          "json.match_schema",
          R"([{"s": "abc"}, {"properties": {"s": {"maxLength": 2, "enum": ["a"]}}}])")
      == R"([false, [{"desc": "s must be one of the following: \"a\"", "error": "s: s must be one of the following: \"a\"", "field": "s", "type": "enum"}, {"desc": "String length must be less than or equal to 2", "error": "s: String length must be less than or equal to 2", "field": "s", "type": "string_lte"}]])");
  BOOST_TEST(
      call(
          "json.match_schema",
          R"([{"n": 3}, {"properties": {"n": {"anyOf": [{"type": "string"}, {"minimum": 5}]}}}])")
      == R"x([false, [{"desc": "Must validate at least one schema (anyOf)", "error": "n: Must validate at least one schema (anyOf)", "field": "n", "type": "number_any_of"}, {"desc": "Must be greater than or equal to 5", "error": "n: Must be greater than or equal to 5", "field": "n", "type": "number_gte"}]])x");
  BOOST_TEST(
      call("json.match_schema", R"([{"a": 1}, {"type": ["string", "null"]}])")
      == R"x([false, [{"desc": "Invalid type. Expected: [string,null], given: object", "error": "(Root): Invalid type. Expected: [string,null], given: object", "field": "(Root)", "type": "invalid_type"}]])x");
  // A keyword that the draft does not know has no say.
  BOOST_TEST(
      call(
          "json.match_schema",
          R"([{"a": 1}, {"$schema": "http://json-schema.org/draft-04/schema#", "const": 1}])")
      == "[true, []]");
  BOOST_TEST(call("json.match_schema", R"([{}, {"type": "unknown"}])")
             == "eval_builtin_error: has a primitive type that is NOT VALID -- "
                "given: /unknown/ Expected valid values are:[array boolean "
                "integer number null object string]");
}

BOOST_AUTO_TEST_CASE(templates_print_values) {
  BOOST_TEST(call("strings.render_template",
                  R"(["{{.test}} {{.n}}", {"test": "hello world", "n": 2023}])")
             == R"("hello world 2023")");
  BOOST_TEST(call("strings.render_template",
                  R"(["test {{.foo}} {{.baz}}", {"baz": 1}])")
             == R"("test <undefined> 1")");
  BOOST_TEST(
      call(
          "strings.render_template",
          R"(["{{range $i, $name := .names}}{{if $i}},{{end}}hello {{$name}}{{end}}", {"names": ["rohan", "john doe"]}])")
      == R"("hello rohan,hello john doe")");
  BOOST_TEST(
      call(
          "strings.render_template",
          R"(["{{with .a}}{{.b}}{{else}}none{{end}} {{- /* x */ -}} {{len .l}}", {"a": {"b": true}, "l": [1, 2]}])")
      == R"("true2")");
  BOOST_TEST(
      call(
          "strings.render_template",
          R"(["{{if and (gt (len .n) 1) (eq .s \"x\" \"y\")}}yes{{else if .t}}maybe{{else}}no{{end}}", {"n": 20, "s": "y", "t": 0}])")
      == R"("yes")");
  BOOST_TEST(
      call(
          "strings.render_template",
          R"(["{{define \"T\"}}<{{.}}>{{end}}{{template \"T\" .a}}{{printf \"%5s|%q\" .n .s | html}}", {"a": [1, {"k": "v"}], "n": 42, "s": "q"}])")
      == R"("<[1 map[k:v]]>   42|&#34;q&#34;")");
  BOOST_TEST(
      call(
          "strings.render_template",
          R"(["{{$x := 1}}{{range .l}}{{if eq . \"3\"}}{{break}}{{end}}{{$x = .}}{{end}}{{$x}} {{index .l 0}} {{slice \"hello\" 1 3}}", {"l": [1, 2, 3, 4]}])")
      == R"("2 1 el")");
}

// A document's numbers are json.Number, a string to Go.
BOOST_AUTO_TEST_CASE(templates_take_numbers_of_documents_for_text) {
  BOOST_TEST(call("strings.render_template",
                  R"(["{{len .n}} {{print .n .n}} {{eq .n \"12.5\"}}", )"
                  R"({"n": 12.5}])")
             == R"("4 12.512.5 true")");
  BOOST_TEST(call("strings.render_template", R"(["{{lt 1 2}} {{0x1F}}", {}])")
             == R"("true 31")");
  for (auto text : {"{{gt .n 1}}", "{{eq .n 1}}", "{{ne 1 true}}"})
    BOOST_TEST(call("strings.render_template",
                    "[\"" + std::string(text) + R"(", {"n": 1}])")
                   .find("incompatible types for comparison")
               != std::string::npos);
}

BOOST_AUTO_TEST_CASE(templates_escape_and_show_nothing_as_go_does) {
  BOOST_TEST(call("strings.render_template",
                  R"(["{{js .h}} {{html .h}} {{.u}} {{.o}}", )"
                  R"({"h": "<a='\\'>", "u": null, "o": {"u": null}}])")
             == R"("\\u003Ca\\u003D\\'\\\\\\'\\u003E )"
                R"(&lt;a=&#39;\\&#39;&gt; <no value> map[u:<nil>]")");
}

BOOST_AUTO_TEST_CASE(template_mistakes_are_errors) {
  BOOST_TEST(
      call("strings.render_template",
           R"(["{{define \"T\"}}a{{end}}{{define \"T\"}}b{{end}}", {}])")
      == R"(eval_builtin_error: template: template:1: multiple definition of template "T")");
  BOOST_TEST(call("strings.render_template", R"(["{{nil}}", {}])")
             == "eval_builtin_error: template: template: executing "
                "\"template\": nil is not a command");
  BOOST_TEST(call("strings.render_template", R"(["{{if .a}}{{break}}", {}])")
             == "eval_builtin_error: template: template:1: {{break}} outside "
                "{{range}}");
  BOOST_TEST(call("strings.render_template", R"(["{{.a", {}])")
             == "eval_builtin_error: template: template:1: unclosed action");
  BOOST_TEST(call("strings.render_template", R"(["{{if .a}}", {}])")
             == "eval_builtin_error: template: template:1: unexpected EOF");
  BOOST_TEST(
      call("strings.render_template", R"(["{{nope .a}}", {}])")
      == R"(eval_builtin_error: template: template: executing "template": function "nope" not defined)");
  BOOST_TEST(
      call(
          "strings.render_template",
          R"(["{{define \"T\"}}{{template \"T\"}}{{end}}{{template \"T\"}}", {}])")
      == R"(eval_builtin_error: template: template: executing "template": exceeded maximum template depth (200))");
}

BOOST_AUTO_TEST_SUITE_END()
