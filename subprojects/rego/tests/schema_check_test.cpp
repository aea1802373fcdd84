// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Type checks by JSON Schemas: what OPA makes of a schema, which annotations
// are in force for a rule, and its errors to the letter.

#include <boost/test/unit_test.hpp>

#include "support.hpp"

BOOST_AUTO_TEST_SUITE(schema_check_test)

namespace {

using schemas = std::vector<rego::schema_source>;

/// The errors of compiling, each as "file:row: message", with line breaks
/// between them.
std::string refused(const std::vector<rego::module_source>& modules,
                    std::optional<schemas> given = {},
                    rego::compile_limits limits = {}) {
  rego::compile_options o;
  o.schema_annotations = true;
  o.schemas = std::move(given);
  o.limits = limits;
  auto p = rego::compile(modules, o);
  std::string out;
  if (!p)
    for (auto& e : p.error_list())
      out += (out.empty() ? "" : "\n") + e.file + ":" + std::to_string(e.row)
             + ": " + support::told(e);
  return out;
}

/// The same of one module.
std::string refused(const std::string& module,
                    std::optional<schemas> given = {}) {
  return refused({{"t", module}}, std::move(given));
}

std::string block(const std::string& scope, const std::string& lines) {
  std::string out = "# METADATA\n# scope: " + scope + "\n# schemas:\n";
  for (size_t from = 0; from < lines.size();) {
    auto end = std::min(lines.find('\n', from), lines.size());
    out += "# - " + lines.substr(from, end - from) + "\n";
    from = end + 1;
  }
  return out;
}

/// Whether the text has all of these lines in it.
bool tells(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

/// The type that a schema of the input has in a message; "any" where it
/// unifies with a set, and what is wrong with it otherwise.
std::string type_of(const std::string& schema,
                    rego::compile_limits limits = {}) {
  auto text = refused({{"t", "package t\np if input == {1}"}},
                      schemas{{{}, schema}}, limits);
  auto from = text.find("left  : "), to = text.find("\n\tright");
  if (text.empty())
    return "any";
  return from == text.npos ? text : text.substr(from + 8, to - from - 8);
}

const std::string person =
    R"({"type": "object", "properties": {"name": {"type": "string"},)"
    R"( "roles": {"type": "array", "items": {"type": "string"}}}})";
const std::string number = R"({"type": "number"})";
const std::string text = R"({"type": "string"})";

} // namespace

BOOST_AUTO_TEST_CASE(a_type_is_the_first_that_opa_looks_for) {
  BOOST_TEST(type_of(R"({"type": "string"})") == "string");
  BOOST_TEST(type_of(R"({"type": "integer"})") == "number");
  BOOST_TEST(type_of(R"({"type": ["null", "string"]})") == "string");
  BOOST_TEST(type_of(R"({"type": ["string", "boolean"]})") == "boolean");
  BOOST_TEST(type_of(R"({"type": ["array", "number"]})") == "number");
  BOOST_TEST(type_of(R"({"type": "null"})") == "any");
  BOOST_TEST(type_of("{}") == "any");
  BOOST_TEST(type_of("true") == "any");
  BOOST_TEST(type_of(R"({"oneOf": [{"type": "string"}]})") == "any");
  BOOST_TEST(type_of(R"({"enum": ["a"], "const": 1})") == "any");
}

BOOST_AUTO_TEST_CASE(objects_have_the_properties_that_are_named) {
  BOOST_TEST(type_of(R"({"type": "object"})") == "object[any: any]");
  BOOST_TEST(type_of(person) == "object<name: string, roles: array[string]>");
  // Others are not let in, whatever the schema says of them.
  BOOST_TEST(type_of(R"({"properties": {"a": {}}, "additionalProperties":)"
                     R"( true, "patternProperties": {"^b": {}}})")
             == "object<a: any>");
  BOOST_TEST(type_of(R"({"type": "null", "properties": {"a": {}}})")
             == "object<a: any>");
  BOOST_TEST(type_of(R"({"type": "array", "properties": {"a": {}}})")
             == "array[any]");
}

BOOST_AUTO_TEST_CASE(arrays_have_the_items_that_are_told) {
  BOOST_TEST(type_of(R"({"type": "array"})") == "array[any]");
  BOOST_TEST(type_of(R"({"items": {"type": "string"}})") == "array[string]");
  BOOST_TEST(type_of(R"({"items": [{"type": "string"}, {}]})")
             == "array<string, any>");
  BOOST_TEST(type_of(R"({"items": []})") == "any");
}

BOOST_AUTO_TEST_CASE(any_of_is_a_union) {
  BOOST_TEST(type_of(R"({"anyOf": [{"type": "string"}, {"type": "number"}]})")
             == "any<number, string>");
  // An object beside them is one more of them, anything else is not.
  BOOST_TEST(type_of(R"({"type": "object", "properties": {"a": {}}, "anyOf":)"
                     R"( [{"properties": {"b": {}}}, {"type": "string"}]})")
             == "any<string, object<a: any>, object<b: any>>");
  BOOST_TEST(type_of(R"({"type": "string", "anyOf": [{"type": "number"}]})")
             == "number");
  BOOST_TEST(type_of(R"({"type": "object", "anyOf": [{"type": "number"}]})")
             == "number");
  BOOST_TEST(type_of(R"({"type": "string", "anyOf": []})") == "string");
}

BOOST_AUTO_TEST_CASE(all_of_joins_properties_and_items) {
  BOOST_TEST(type_of(R"({"allOf": [{"properties": {"a": {"type": "string"}}},)"
                     R"( {"type": "object", "properties": {"b": {}}}]})")
             == "object<a: string, b: any>");
  BOOST_TEST(type_of(R"({"type": "object", "properties": {"a": {}, "c": {}},)"
                     R"( "allOf": [{"properties": {"a": {"type": "number"}}},)"
                     R"( {"properties": {"b": {}}}]})")
             == "object<a: any, b: any, c: any>");
  BOOST_TEST(type_of(R"({"allOf": [{"items": [{"type": "string"}]},)"
                     R"( {"items": [{"type": "string"}, {}]}]})")
             == "array<string, any>");
  BOOST_TEST(type_of(R"({"allOf": [{"type": "string"}, {"type": "string",)"
                     R"( "maxLength": 1}]})")
             == "string");
  BOOST_TEST(
      type_of(R"({"allOf": [{"$ref": "#/definitions/a"}], "definitions":)"
              R"( {"a": {"type": "string"}}})")
      == "string");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_joined_is_refused) {
  BOOST_TEST(type_of(R"({"allOf": [{"type": "string"}, {"type": ["number",)"
                     R"( "null"]}]})")
             == ":0: type checking: unable to merge these schemas: type "
                "mismatch: string and [number,null]");
  BOOST_TEST(type_of(R"({"allOf": [{"type": "string"}, {}]})")
             == ":0: type checking: unable to merge these schemas: type "
                "mismatch: string and undefined");
  for (auto schema :
       {R"({"type": "string", "allOf": [{"type": "number"}]})",
        R"({"allOf": [{"items": [{}]}, {"items": [{"type": "string"}]}]})"})
    BOOST_TEST(type_of(schema)
               == ":0: type checking: unable to merge these schemas");
  BOOST_TEST(type_of(R"({"properties": {"a": {"anyOf": [{}, {"allOf":)"
                     R"( [{}, {"type": "string"}]}]}}})")
             == ":0: type checking: unexpected schema type at properties/a: "
                "unexpected schema type at anyOf/1: unable to merge these "
                "schemas: type mismatch: undefined and string");
}

BOOST_AUTO_TEST_CASE(schemas_that_are_none_are_refused) {
  BOOST_TEST(type_of(R"({"type": "text"})")
             == ":0: unable to compile the schema: has a primitive type that "
                "is NOT VALID -- given: /text/ Expected valid values are:"
                "[array boolean integer number null object string]");
  BOOST_TEST(type_of("[]")
             == ":0: unable to compile the schema: schema is invalid");
  // Nothing is fetched.
  BOOST_TEST(type_of(R"({"$ref": "http://localhost/a"})")
             == ":0: unable to compile the schema: remote reference loading "
                "disabled: http://localhost/a");
  BOOST_TEST(type_of(R"({"$ref": "#/definitions/a", "definitions": {}})")
             == ":0: unable to compile the schema: Object has no key 'a'");
  BOOST_TEST(tells(type_of("{"), "schema:"));
  // Regular expressions of other languages do not matter here.
  auto ecma = R"x({"type": "string", "pattern": "^(?!a)"})x";
  BOOST_TEST(type_of(ecma) == "string");
}

BOOST_AUTO_TEST_CASE(references_may_lead_back) {
  auto list = R"({"type": "object", "properties": {"value":)"
              R"( {"type": "number"}, "next": {"$ref": "#"}}})";
  BOOST_TEST(refused("package t\np if input.next.next.next.valu == 1",
                     schemas{{{}, list}})
             == "t:2: undefined ref: input.next.next.next.valu\n"
                "\tinput.next.next.next.valu\n"
                "\t                     ^\n"
                "\t                     have: \"valu\"\n"
                "\t                     want (one of): [\"next\" \"value\"]");
  auto tree =
      R"({"$ref": "#/definitions/n", "definitions": {"n": {"properties":)"
      R"( {"left": {"$ref": "#/definitions/n"}, "right": {"$ref":)"
      R"( "#/definitions/n"}, "kids": {"items": {"$ref":)"
      R"( "#/definitions/n"}}}}}})";
  BOOST_TEST(tells(
      refused("package t\np if input.left.kids[_].lift", schemas{{{}, tree}}),
      "want (one of): [\"kids\" \"left\" \"right\"]"));
  BOOST_TEST(type_of(R"({"$ref": "#"})") == "any");
  BOOST_TEST(type_of(R"({"anyOf": [{"$ref": "#"}, {"$ref": "#"}]})") == "any");
}

BOOST_AUTO_TEST_CASE(a_rule_s_annotations_tell_of_input_and_data) {
  auto module = "package t\n"
                + block("rule", "input: {properties: {user: {type: string}}}\n"
                                "data.acl: "
                                    + person)
                + "p if {\n\tinput.usr\n\tdata.acl.name.x\n\tdata.acl.nam\n"
                  "\tdata.other.x\n\tx := data.acl[input.user]\n"
                  "\tinput.user == 1\n}\n"
                  "q if input.usr\n";
  BOOST_TEST(refused(module)
             == "t:8: undefined ref: input.usr\n"
                "\tinput.usr\n"
                "\t      ^\n"
                "\t      have: \"usr\"\n"
                "\t      want (one of): [\"user\"]\n"
                "t:9: undefined ref: data.acl.name.x\n"
                "\tdata.acl.name.x\n"
                "\t^^^^^^^^^^^^^\n"
                "\thave: string\n"
                "t:10: undefined ref: data.acl.nam\n"
                "\tdata.acl.nam\n"
                "\t         ^\n"
                "\t         have: \"nam\"\n"
                "\t         want (one of): [\"name\" \"roles\"]\n"
                "t:13: match error\n\tleft  : string\n\tright : number");
  rego::compile_options plain;
  BOOST_TEST(bool(rego::compile({{"t", module}}, plain)));
}

BOOST_AUTO_TEST_CASE(a_later_schema_is_put_within_an_earlier_one) {
  auto with = [](const std::string& lines, const std::string& body) {
    return refused("package t\n" + block("rule", lines) + "p if " + body
                   + "\n");
  };
  auto user = "input: " + person + "\n";
  BOOST_TEST(with(user + "input.x.y: " + text, "input.x.y == \"a\"") == "");
  BOOST_TEST(tells(with(user + "input.x.y: " + text, "input.x.z"),
                   "want (one of): [\"y\"]"));
  BOOST_TEST(tells(with(user + "input.x.y: " + text, "input.nam"),
                   "want (one of): [\"name\" \"roles\" \"x\"]"));
  BOOST_TEST(tells(with(user + "input.name: " + number, "input.name == \"a\""),
                   "left  : number"));
  // Around a schema without one above anything may be.
  BOOST_TEST(with("input.x.y: " + text, "{ input.z.a; input.x.b.c }") == "");
  BOOST_TEST(tells(with("input.x[\"y z\"]: " + text, "input.x[\"y z\"] == 1"),
                   "left  : string"));
  // The whole again puts an end to its parts.
  BOOST_TEST(with("input.x: " + text + "\ninput: " + number, "input == 1")
             == "");
  auto acl = "data.a.acl: " + person + "\n";
  BOOST_TEST(tells(
      with(acl + "data.a.acl.name: " + number, "data.a.acl.name == \"a\""),
      "left  : number"));
  BOOST_TEST(with(acl + "data.a: {}", "data.a.acl.nam") == "");
  BOOST_TEST(tells(with(acl, "{ x := data.a; x.acl.nam }"), "have: \"nam\""));
  BOOST_TEST(with(acl, "data.a[input.x].nam") == "");
  BOOST_TEST(tells(with("data: " + person, "data.x"), "have: \"x\""));
  BOOST_TEST(with("input[x]: " + text, "input.a")
             == "t:6: error getting key from value: var requires evaluation");
}

BOOST_AUTO_TEST_CASE(the_scope_nearest_to_a_rule_counts) {
  auto outer = [](const std::string& scope, const std::string& schema) {
    return block(scope, "input: " + schema) + "package t\n";
  };
  auto rule = [](const std::string& scope, const std::string& schema,
                 const std::string& value) {
    return block(scope, "input: " + schema) + "p if input == " + value + "\n";
  };
  for (auto scope : {"package", "subpackages"}) {
    BOOST_TEST(tells(refused(outer(scope, text) + "p if input == 1"),
                     "t:6: match error"));
    for (auto inner : {"rule", "document"}) {
      BOOST_TEST(refused(outer(scope, text) + rule(inner, number, "1")) == "");
      BOOST_TEST(
          tells(refused(outer(scope, text) + rule(inner, number, "\"\"")),
                "t:10: match error"));
    }
  }
  BOOST_TEST(refused(block("subpackages", "input: " + text)
                     + outer("package", number) + "p if input == 1")
             == "");
  BOOST_TEST(refused("package t\n" + rule("document", text, "\"a\"")
                     + rule("rule", number, "1"))
             == "");
  // Of different places both count.
  auto both = "package t\n" + block("document", "input.a: " + number)
              + "p if input.a == 1\n" + block("rule", "input.b: " + text)
              + "p if {\n\tinput.b == \"\"\n\tinput.a == \"\"\n}\n";
  BOOST_TEST(tells(refused(both), "t:13: match error\n\tleft  : number"));
}

BOOST_AUTO_TEST_CASE(a_scope_reaches_as_far_as_it_says) {
  // Of a document also to the rules before it, of a package to other files, of
  // subpackages to those below.
  BOOST_TEST(tells(refused("package t\np if input == 1\n"
                           + block("document", "input: " + text)
                           + "p if input == \"\"\n"),
                   "t:2: match error"));
  auto reached = [](const std::string& scope, const std::string& package) {
    auto found = refused({{"a", block(scope, "input: " + text) + "package a.b"},
                          {"b", "package " + package + "\np if input == 1"}});
    return tells(found, "b:2: match error");
  };
  BOOST_TEST(reached("package", "a.b"));
  BOOST_TEST(!reached("package", "a.b.c"));
  BOOST_TEST(reached("subpackages", "a.b"));
  BOOST_TEST(reached("subpackages", "a.b.c.d"));
  BOOST_TEST(!reached("subpackages", "a"));
  // What stands behind an else has none of the rule's own.
  auto chain = [](const std::string& scope) {
    return refused("package t\n" + block(scope, "input: " + text)
                   + "p := 1 if {\n\tinput == \"\"\n} else := 2 if {\n"
                     "\tinput == 1\n}\n");
  };
  BOOST_TEST(chain("rule") == "");
  BOOST_TEST(tells(chain("document"), "t:9: match error"));
}

BOOST_AUTO_TEST_CASE(what_rules_give_is_known_from_schemas) {
  auto module = "package t\n" + block("rule", "input: " + number)
                + "p := input\nq if p == \"a\"\n"
                + block("rule", "data.t.r: " + text)
                + "s if data.t.r == 1\nr := 1\n"
                  "u if data.t.f(1) == 1\nf(x) := x\n";
  BOOST_TEST(refused(module)
             == "t:7: match error\n\tleft  : number\n\tright : string\n"
                "t:12: match error\n\tleft  : string\n\tright : number");
}

BOOST_AUTO_TEST_CASE(schemas_are_found_by_name) {
  auto module = "package t\n"
                + block("rule", "input: schema.person\n"
                                "data.acl: schema[\"acl-1\"].a")
                + "p if {\n\tinput.nam\n\tdata.acl == 1\n}\n"
                + block("rule", "input: schema.persons") + "q if input.nam\n";
  schemas given = {{{"person"}, person}, {{"acl-1", "a"}, text}};
  auto found = refused(module, given);
  BOOST_TEST(tells(found, "t:8: undefined ref: input.nam"));
  BOOST_TEST(tells(found, "t:9: match error\n\tleft  : string"));
  BOOST_TEST(tells(found, "t:15: undefined schema: schema.persons"));
  // Without a set of schemas their names say nothing.
  BOOST_TEST(refused(module) == "");
  BOOST_TEST(tells(refused(module, schemas{}),
                   "undefined schema: schema[\"acl-1\"].a"));
  given.push_back({{"persons"}, "{"});
  BOOST_TEST(tells(refused(module, given), "schema.persons:"));
  BOOST_TEST(refused("package t\n" + block("rule", "input: schema") + "p if 1",
                     schemas{{{}, text}})
             == "");
}

BOOST_AUTO_TEST_CASE(a_schema_without_a_name_is_that_of_every_input) {
  rego::compile_options o;
  o.schemas = {{{}, person}};
  std::string module = "package t\np if input.name\n";
  auto p = rego::compile({{"t", module}}, o);
  BOOST_REQUIRE(p);
  auto query = [&](const char* text) {
    auto q = rego::prepare(*p, text);
    return q ? "" : support::told(q.error_list()[0]);
  };
  BOOST_TEST(query("input.roles[_] == \"a\"") == "");
  BOOST_TEST(query("input.nam")
             == "undefined ref: input.nam\n\tinput.nam\n\t      ^\n"
                "\t      have: \"nam\"\n"
                "\t      want (one of): [\"name\" \"roles\"]");
  BOOST_TEST(tells(
      refused("package t\np if { x := input; x.nam }", schemas{{{}, person}}),
      "undefined ref: x.nam"));
  BOOST_TEST(refused("package t\np if input.nam with input as {\"nam\": 1}\n"
                     "q if input.name with input.nam as 1",
                     schemas{{{}, person}})
                 .starts_with("t:2: undefined ref: input.nam"));
  // Annotations count instead where they are of the whole.
  BOOST_TEST(refused("package t\n" + block("rule", "input: " + number)
                         + "p if input == 1\n",
                     schemas{{{}, person}})
             == "");
  BOOST_TEST(tells(refused("package t\n" + block("rule", "input.x: " + number)
                               + "p if input.nam\n",
                           schemas{{{}, person}}),
                   "want (one of): [\"name\" \"roles\" \"x\"]"));
}

namespace {

constexpr rego::compile_limits node_limits = {10'000'000, 200, nullptr};

std::string repeated(int times, const std::string& text) {
  std::string out;
  for (int i = 0; i < times; ++i)
    out += text;
  return out;
}

/// So many definitions, each made of the one behind it.
std::string doubling(int n, const std::string& before,
                     const std::string& after) {
  std::string out = R"({"$ref": "#/definitions/d0", "definitions": {)";
  for (int i = 0; i < n; ++i) {
    auto next = R"({"$ref": "#/definitions/d)" + std::to_string(i + 1) + "\"}";
    out += "\"d" + std::to_string(i) + "\": {" + before + next + ", " + next
           + after + "}, ";
  }
  return out + "\"d" + std::to_string(n) + R"(": {"type": "string"}}})";
}

} // namespace

BOOST_AUTO_TEST_CASE(hostile_schemas_end) {
  // Those that grow with each step are read as far as there is room.
  for (auto before : {R"("items": [)", R"("anyOf": [)", R"("allOf": [)"})
    BOOST_TEST(!tells(type_of(doubling(50, before, "]"), node_limits), "work"));
  BOOST_TEST(tells(type_of(doubling(50, R"("items": [)", "]"), node_limits),
                   "array<array<"));
  std::string wide = R"({"properties": {"b": {"type": "number"})";
  for (int i = 0; i < 5000; ++i)
    wide += R"(, "a)" + std::to_string(i) + R"(": {"$ref": "#"})";
  BOOST_TEST(type_of(wide + "}}", node_limits) == "any");
  std::string many = R"({"properties": {"b": {"anyOf": [)";
  for (int i = 0; i < 100; ++i)
    many += R"({"properties": {"a)" + std::to_string(i) + R"(": {}}}, )";
  BOOST_TEST(type_of(many + "{}]}}}") == "object<b: any>");
  auto deep = [](int n) {
    return repeated(n, R"({"items": )") + "{}" + repeated(n, "}");
  };
  BOOST_TEST(type_of(deep(50)).starts_with("array[array[array["));
  BOOST_TEST(type_of(deep(100)).starts_with("array[array[array["));
  BOOST_TEST(type_of(deep(250))
             == ":0: unable to compile the schema: schema is nested too "
                "deeply");
  BOOST_TEST(tells(type_of(deep(100'000)), "schema:"));
}

BOOST_AUTO_TEST_CASE(schemas_cost_steps_of_the_compilation) {
  // Patterns are compiled, though nothing is matched.
  std::string slow = R"({"patternProperties": {)";
  for (int i = 0; i < 2000; ++i)
    slow += R"("\\pL\\pN\\pP\\pS)" + std::to_string(i) + R"(": {}, )";
  BOOST_TEST(
      tells(type_of(slow + R"("a": {}}})", node_limits), "takes more work"));
  BOOST_TEST(tells(type_of(R"({"patternProperties": {")"
                           + repeated(3000, "\\\\pL") + R"(": {}}})"),
                   "takes too long to compile"));
  // A failure is kept as well, or each rule would pay for it.
  auto rules = block("package", "input: schema.a") + "package t\n";
  for (int i = 0; i < 2000; ++i)
    rules += "p" + std::to_string(i) + " := input.x\n";
  std::string wide = R"({"properties": {)";
  for (int i = 0; i < 2000; ++i)
    wide += "\"a" + std::to_string(i) + R"(": {"type": "string"}, )";
  auto found = refused({{"t", rules}},
                       schemas{{{"a"},
                                wide
                                    + R"("b": {"allOf": [{}, )"
                                      R"({"type": "null"}]}}})"}},
                       node_limits);
  BOOST_TEST(tells(found, "t:14: type checking: unexpected schema type at"));
  BOOST_TEST(tells(found, "error limit reached"));
}

BOOST_AUTO_TEST_SUITE_END()
