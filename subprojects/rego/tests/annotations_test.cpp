// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// METADATA blocks: what policies see of them, and which OPA refuses. What Go's
// YAML package makes of a text was asked of it.

#include <boost/test/unit_test.hpp>

#include "support.hpp"

BOOST_AUTO_TEST_SUITE(annotations_test)

using support::document;
using support::problems;

namespace {

/// What rego.metadata.rule() gives in a rule below the lines.
std::string of_rule(const std::string& lines) {
  return document(
      {.module = "package test\n" + lines + "\np := rego.metadata.rule()\n"});
}

std::string of_chain(const std::string& above, const std::string& lines) {
  return document({.module = above + "package test\n" + lines
                             + "\np := rego.metadata.chain()\n"});
}

/// The custom part of a block in one line of YAML.
std::string custom(const std::string& yaml) {
  return document({.module = "package test\n# METADATA\n# custom: " + yaml
                             + "\np := rego.metadata.rule().custom\n"});
}

/// Why a block of these lines above a rule is refused; empty where it is not.
std::string refused(const std::string& lines) {
  return problems("package test\n# METADATA\n" + lines + "\np := 1\n");
}

} // namespace

BOOST_AUTO_TEST_CASE(finds_blocks_where_comments_begin_a_line) {
  auto title = R"({"scope":"rule","title":"x"})";
  for (auto lines : {"# METADATA\n# title: x", "# METADATA\n#title: x",
                     "#METADATA\n# title: x", "#  METADATA \n# title: x",
                     "# METADATA here\n# title: x"})
    BOOST_TEST(of_rule(lines) == title);
  for (auto lines : {" # METADATA\n# title: x", "# METADAT\n# title: x"})
    BOOST_TEST(of_rule(lines) == "{}");
  BOOST_TEST(of_rule("# METADATA\n# title: x\n # scope: document") == title);
}

BOOST_AUTO_TEST_CASE(the_scope_follows_from_what_stands_below) {
  BOOST_TEST(of_chain("# METADATA\n# title: a\n", "# METADATA\n# title: b")
             == R"([{"annotations":{"scope":"rule","title":"b"},)"
                R"("path":["test","p"]},)"
                R"({"annotations":{"scope":"package","title":"a"},)"
                R"("path":["test"]}])");
  // An entry point is a document, which is none of a rule's own annotations.
  auto block = "# METADATA\n# entrypoint: true";
  BOOST_TEST(of_chain("", block)
             == R"([{"path":["test","p"]},{"annotations":)"
                R"({"entrypoint":true,"scope":"document"},)"
                R"("path":["test","p"]}])");
  BOOST_TEST(of_rule(block) == "{}");
}

BOOST_AUTO_TEST_CASE(of_several_blocks_the_nearest_comes_first) {
  auto blocks = "# METADATA\n# title: far\n\n# METADATA\n# title: near";
  BOOST_TEST(of_rule(blocks) == R"({"scope":"rule","title":"near"})");
  BOOST_TEST(of_chain("", blocks)
             == R"([{"annotations":{"scope":"rule","title":"near"},)"
                R"("path":["test","p"]},)"
                R"({"annotations":{"scope":"rule","title":"far"},)"
                R"("path":["test","p"]}])");
}

BOOST_AUTO_TEST_CASE(what_stands_behind_an_else_has_no_annotations_of_its_own) {
  BOOST_TEST(document({.module = "package test\n# METADATA\n# title: x\n"
                                 "p := rego.metadata.rule() if input.x\n"
                                 "else := rego.metadata.rule()\n"})
             == "{}");
  BOOST_TEST(document({.module = "package test\n# METADATA\n# title: x\n"
                                 "p := rego.metadata.rule() if input.x\n"
                                 "else := 1\n",
                       .input = R"({"x":1})"})
             == R"({"scope":"rule","title":"x"})");
}

BOOST_AUTO_TEST_CASE(a_path_ends_before_what_is_no_constant) {
  BOOST_TEST(document({.module = "package test\n# METADATA\n# title: x\n"
                                 "p[1][k] := rego.metadata.chain() if k := 2"})
             == R"({"1":{"2":[{"annotations":{"scope":"rule",)"
                R"("title":"x"},"path":["test","p","1"]}]}})");
}

BOOST_AUTO_TEST_CASE(fields_have_the_types_that_they_have_in_opa) {
  BOOST_TEST(of_rule("# METADATA\n# title: 5\n# description: 2022-01-01\n"
                     "# organizations: [1.50, a, ~, true]\n"
                     "# severity: HIGH\n# labels: {a: 1}")
             == R"({"description":"2022-01-01","labels":{"a":1},)"
                R"("organizations":["1.50","a","true"],)"
                R"("scope":"rule","title":"5"})");
  BOOST_TEST(of_rule("# METADATA\n# authors:\n# - Ann  Lee <ann@x>\n# - Bob\n"
                     "# - <c@x>\n# - {name: ' Dan ', email: 5}")
             == R"({"authors":[{"email":"ann@x","name":"Ann Lee"},)"
                R"({"name":"Bob"},{"email":"c@x"},{"name":"Dan"}],)"
                R"("scope":"rule"})");
  BOOST_TEST(of_rule("# METADATA\n# related_resources:\n# - http://x/a b\n"
                     "# - {ref: 'mailto:y', description: z}")
             == R"({"related_resources":[{"ref":"http://x/a%20b"},)"
                R"({"description":"z","ref":"mailto:y"}],)"
                R"("scope":"rule"})");
  BOOST_TEST(of_rule("# METADATA\n# schemas:\n# - input: schema.a[\"b-c\"]\n"
                     "# - data.x[0]: {type: object}\n"
                     "# compile: {unknowns: [input.x]}")
             == R"({"schemas":[{"path":["input"],"schema":)"
                R"(["schema","a","b-c"]},{"definition":)"
                R"({"type":"object"},"path":["data","x","0"]}],)"
                R"("scope":"rule"})");
  for (auto yes : {"yes", "On", "true", "'y'"})
    BOOST_TEST(of_chain("", "# METADATA\n# entrypoint: " + std::string(yes))
                   .find("entrypoint")
               != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_nothing_stands_for_is_left_out) {
  BOOST_TEST(of_rule("# METADATA\n# title: ~\n# custom:\n# authors: []\n"
                     "# scope: null\n# entrypoint: no\n# labels: {}")
             == R"({"scope":"rule"})");
  BOOST_TEST(of_rule("# METADATA\n# # a comment") == R"({"scope":"rule"})");
}

BOOST_AUTO_TEST_CASE(scalars_are_those_of_go) {
  BOOST_TEST(custom("{a: 1.50, b: True, c: 0x1F, d: !!str 5, e: yes, f: 0o17}")
             == R"({"a":1.5,"b":true,"c":31,"d":"5","e":"yes",)"
                R"("f":15})");
  BOOST_TEST(custom("{a: 1_0.5, b: 08, c: +5, d: 1e999, e: ., f: 1e6, g: -0}")
             == R"({"a":10.5,"b":8,"c":5,"d":"1e999","e":".",)"
                R"("f":1e+06,"g":0})");
  BOOST_TEST(custom("{a: 2022-01-01, b: 2022-1-2t3:4:5.670+01:30, "
                    "c: '2022-01-01', d: 2022-02-30, "
                    "e: 2001-12-14 21:59:43.1, f: !!timestamp '2022-1-1'}")
             == R"({"a":"2022-01-01T00:00:00Z",)"
                R"("b":"2022-01-02T03:04:05.67+01:30","c":"2022-01-01",)"
                R"("d":"2022-02-30","e":"2001-12-14T21:59:43.1Z",)"
                R"("f":"2022-01-01T00:00:00Z"})");
  BOOST_TEST(custom("{a: &x {q: 1, r: 1}, b: {<<: *x, r: 2}, '<<': 3, 5: 6}")
             == R"({"5":6,"<<":3,"a":{"q":1,"r":1},)"
                R"("b":{"q":1,"r":2}})");
}

BOOST_AUTO_TEST_CASE(refuses_a_scope_that_does_not_suit_its_place) {
  auto use = "Use one of 'rule', 'document', 'package', or 'subpackages'";
  BOOST_TEST(refused("# scope: zzz")
             == "2:1 rego_parse_error: invalid annotation scope 'zzz'. "
                    + std::string(use));
  for (std::string scope : {"package", "subpackages"})
    BOOST_TEST(refused("# scope: " + scope)
               == "2:1 rego_parse_error: annotation scope '" + scope
                      + "' must be applied to package (have rule)");
  BOOST_TEST(problems("# METADATA\n# scope: rule\npackage test\n")
             == "1:1 rego_parse_error: annotation scope 'rule' must be applied "
                "to rule (have package)");
  BOOST_TEST(refused("# title: x\nimport data.b as c")
             == "2:1 rego_parse_error: invalid annotation scope 'import'. "
                    + std::string(use));
  BOOST_TEST(problems("package test\n# METADATA\n# scope: document\n")
             == "2:1 rego_parse_error: annotation scope 'document' must be "
                "applied to rule");
  BOOST_TEST(refused("# scope: rule\n# entrypoint: true")
             == "2:1 rego_parse_error: annotation entrypoint applied to "
                "non-document or package scope 'rule'");
  for (std::string scope : {"rule", "document", ""})
    BOOST_TEST(refused("# scope: " + scope) == "");
}

BOOST_AUTO_TEST_CASE(refuses_two_blocks_for_one_place) {
  auto block = [](const std::string& scope, const std::string& what) {
    return "# METADATA\n# scope: " + scope + "\n" + what + "\n";
  };
  auto package = block("package", "package test");
  auto rules = block("document", "p := 1 if input.x")
               + block("document", "p := 2 if input.y");
  BOOST_TEST(problems("package test\n" + rules)
             == "5:1 rego_type_error: document annotation redeclared: "
                "test.rego:2");
  auto both = rego::compile({{"b.rego", package}, {"a.rego", package}});
  BOOST_REQUIRE(!both);
  BOOST_TEST(rego::to_string(both.error_list()[0])
             == "b.rego:1: rego_type_error: package annotation redeclared: "
                "a.rego:1");
}

BOOST_AUTO_TEST_CASE(refuses_what_does_not_fit_its_field) {
  BOOST_TEST(refused("# authors: 5\n# title: [1]\n# entrypoint: aaaaaaaaaaaa")
             == "4:1 rego_parse_error: yaml: unmarshal errors:\n"
                "  line 1: cannot unmarshal !!int `5` into []interface {}\n"
                "  line 2: cannot unmarshal !!seq into string\n"
                "  line 3: cannot unmarshal !!str `aaaaaaa...` into bool");
  BOOST_TEST(refused("#\n# organizations: [{a: b}]\n# schemas: [5]")
             == "5:1 rego_parse_error: yaml: unmarshal errors:\n"
                "  line 2: cannot unmarshal !!map into string\n"
                "  line 3: cannot unmarshal !!int `5` into "
                "map[string]interface {}");
  for (auto& [lines, why] : std::map<std::string, std::string>{
           {"", "expected METADATA block, found whitespace"},
           {"# authors: [{x: y}]",
            "invalid author definition map[x:y]: 'name' and/or 'email' values "
            "required in object"},
           {"# authors: [{1: [a, 2]}]",
            "invalid author definition map[%!s(int=1):[a %!s(int=2)]]: "
            "invalid map key type(s): "},
           {"# related_resources: [{ref: a, x: {y: [{true: b}]}}]",
            "invalid related-resource definition map[ref:a "
            "x:map[y:[map[%!s(bool=true):b]]]]: invalid map key type(s): "
            "x/y/0"},
           {"# authors: [5]",
            "invalid author definition %!s(int=5): invalid value type, must "
            "be string or map"},
           {"# related_resources: [{description: d}]",
            "invalid related-resource definition map[description:d]: 'ref' "
            "value required in object"},
           {"# related_resources: ['']",
            "invalid related-resource definition : ref URL may not be empty "
            "string"},
           {"# schemas: [{a/b: schema}]", "invalid document reference"},
           {"# schemas: [{input: scheme.x}]", "invalid schema reference"},
           {"# schemas: [{input: 5}]",
            "invalid schema declaration for path \"input\""},
           {"# schemas: [{input: {5: c}}]",
            "invalid schema definition: invalid map key type(s): "},
           {"# compile: {unknowns: [5, x]}",
            "invalid unknowns element \"x\": expected ref but got x"},
           {"# compile: {unknowns: ['x[']}",
            "invalid unknowns element \"x[\": failed to parse ref: failed to "
            "parse term: 1 error occurred: 1:2: rego_parse_error: unexpected "
            "eof token\n\tx[\n\t ^"},
           {"# compile: {unknowns: ['x == 1']}",
            "invalid unknowns element \"x == 1\": failed to parse ref: "
            "expected term but got [equal x 1]"},
           {"# compile: {mask_rule: 'x; y'}",
            "invalid mask_rule annotation \"x; y\": expected exactly one term "
            "but got: x; y"},
           {"# custom: {a: {b: [{5: c}]}}", "invalid map key type(s): b/0"}})
    BOOST_TEST(refused(lines) == "2:1 rego_parse_error: " + why);
}

BOOST_AUTO_TEST_CASE(is_read_before_rules_are_looked_at_and_behind_the_text) {
  std::string block = "# METADATA\n# authors: 5\n";
  std::string what = " rego_parse_error: yaml: unmarshal errors:\n"
                     "  line 1: cannot unmarshal !!int `5` into []interface {}";
  BOOST_TEST(problems("package t\n" + block + "p := )\n" + block)
             == "4:6 rego_parse_error: unexpected ) token; 4:6 "
                "rego_parse_error: unexpected ) token: expected rule value "
                "term (e.g., p := <VALUE> { ... }); 3:1"
                    + what);
  BOOST_TEST(problems("package t\n\np { 1 }\nf(1)\n" + block) == "6:1" + what);
  BOOST_TEST(problems("p := 1\n" + block) == "3:1" + what);
  BOOST_TEST(problems(block) == "2:1" + what);
  BOOST_TEST(problems("\n# METADATA\n# title: x\n")
             == "2:1 rego_parse_error: package expected");
  BOOST_TEST(problems("# title: x\n") == "0:0 rego_parse_error: empty module");
  // Where a block belongs is looked at last.
  auto astray = "package t\n\np { 1 }\n# METADATA\n# scope: package\nq := 1\n";
  BOOST_TEST(problems(astray)
             == "3:1 rego_parse_error: `if` keyword is required before rule "
                "body");
  auto shown = rego::compile({{"t", "package t\n" + block}});
  BOOST_REQUIRE(!shown);
  BOOST_TEST(rego::to_string(shown.error_list()[0])
             == "t:3:" + what + "\n\t# authors: 5\n\t^");
}

BOOST_AUTO_TEST_CASE(tells_of_broken_yaml_in_the_words_of_go) {
  auto hint = [](int row, const std::string& what) {
    return "\n  Hint: on line " + std::to_string(row) + ", symbol(s) [" + what
           + "] immediately following a key/value separator ':' is not a legal "
             "yaml space character";
  };
  for (auto& [lines, why] : std::map<std::string, std::string>{
           {"# title: a: b",
            "3:1 # yaml: mapping values are not allowed in this context"},
           {"# a: b\n# title: \"x",
            "4:1 # yaml: line 2: found unexpected end of stream"},
           {"# title: @x",
            "3:1 # yaml: found character that cannot start any token"},
           {"# custom: *foo", "3:1 # yaml: unknown anchor 'foo' referenced"},
           {"# a: 1\n# a: 2",
            "4:1 # yaml: unmarshal errors:\n  line 2: mapping key \"a\" "
            "already defined at line 1"},
           {"# a: b\n# and more",
            "4:1 # yaml: line 2: could not find expected ':'"},
           {"# custom: {a: !!int x}",
            "3:1 # yaml: cannot decode !!str `x` as a !!int"}})
    BOOST_TEST(
        refused(lines)
        == std::string(why).replace(why.find('#'), 1, "rego_parse_error:"));
  BOOST_TEST(refused("# title:x\n# a:\302\240b:")
             == "4:1 rego_parse_error: yaml: line 2: mapping values are not "
                "allowed in this context"
                    + hint(3, "'x'") + hint(4, "'\\u00a0'"));
}

BOOST_AUTO_TEST_SUITE_END()
