// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// The parser: what it reads, and where it says that it cannot.

#include <boost/test/unit_test.hpp>

#include "parser/parse.hpp"
#include "support.hpp"

BOOST_AUTO_TEST_SUITE(parser_test)

using support::document;
using support::outcome;
using support::problems;

namespace {

// A term as OPA prints it.
std::string term_of(std::string_view source) {
  auto q = rego::parse_query(source, {});
  return q ? rego::term_text(q->literals[0].terms[0])
           : q.error_list()[0].message;
}

} // namespace

BOOST_AUTO_TEST_CASE(binds_operators_by_precedence) {
  BOOST_TEST(term_of("1 + 2 * 3 == 7 - x")
             == "equal(plus(1, mul(2, 3)), minus(7, x))");
  BOOST_TEST(term_of("a & b | c") == "or(and(a, b), c)");
  BOOST_TEST(term_of("(1 + 2) * 3") == "mul(plus(1, 2), 3)");
}

BOOST_AUTO_TEST_CASE(reads_references_and_calls) {
  BOOST_TEST(term_of("a.b[\"c d\"][x].e") == "a.b[\"c d\"][x].e");
  BOOST_TEST(term_of("io.jwt.decode(x)[1]") == "io.jwt.decode(x)[1]");
  BOOST_TEST(term_of("[1, 2][0]") == "[1, 2][0]");
}

BOOST_AUTO_TEST_CASE(tells_comprehensions_from_collections) {
  for (auto text : {"[x * 2 | some x in y]", "{k: v + 1 | some k, v in y}"})
    BOOST_TEST(term_of(text) == "unexpected some keyword");
  BOOST_TEST(term_of("[(x * 2) | some x in y]") == "[mul(x, 2) | some x in y]");
  BOOST_TEST(term_of("{k + 1: (v + 1) | some k, v in y}")
             == "{plus(k, 1): plus(v, 1) | some k, v in y}");
  BOOST_TEST(term_of("{a | b, c}") == "{or(a, b), c}");
  BOOST_TEST(term_of("{(a | b)}") == "{or(a, b)}");
  BOOST_TEST(term_of("[x | x := 1]") == "[x | x := 1]");
  BOOST_TEST(term_of("{k: v | some k, v in y}") == "{k: v | some k, v in y}");
  BOOST_TEST(term_of("{1, 2}") == "{1, 2}");
  BOOST_TEST(term_of("{}") == "{}");
  BOOST_TEST(term_of("set()") == "set()");
}

BOOST_AUTO_TEST_CASE(lets_keywords_be_names_after_a_dot) {
  BOOST_TEST(term_of("input.not.some") == R"(input["not"]["some"])");
  BOOST_TEST(term_of("not.foo") == "not.foo");
}

BOOST_AUTO_TEST_CASE(shows_of_a_long_line_what_stands_around_the_place) {
  std::string much;
  for (auto i = 0; i < 1000; ++i)
    much += "\xc3\xbc"; // cut between characters, wherever
  for (std::string shift : {"", "x"}) {
    auto text = "p := [\"" + shift + much + "\", ?, \"" + much + "\"]";
    auto out = rego::parse_module("a.rego", "package a\n" + text, {});
    BOOST_REQUIRE(!out);
    auto& first = out.error_list().front();
    BOOST_REQUIRE(first.line);
    BOOST_TEST(first.row == 2);
    auto& line = first.line->text;
    BOOST_TEST(line.size() < 300u);
    BOOST_TEST(line.starts_with("...\u00fc"));
    BOOST_TEST(line.ends_with("\u00fc..."));
    BOOST_REQUIRE(first.line->index < line.size());
    BOOST_TEST(line[first.line->index] == '?');
    auto shown = rego::to_string(first);
    BOOST_TEST(shown.size() < 700u);
    BOOST_TEST(shown.ends_with(" ^"));
  }
}

BOOST_AUTO_TEST_CASE(says_where_a_module_goes_wrong) {
  BOOST_TEST(problems("package a\np := {").find("2:6 rego_parse_error") == 0u);
  BOOST_TEST(problems("p := 1") == "1:1 rego_parse_error: package expected");
  BOOST_TEST(problems("") == "0:0 rego_parse_error: empty module");
  BOOST_TEST(problems("package a\np { true }")
             == "2:1 rego_parse_error: `if` keyword is required before rule "
                "body");
}

namespace {

// All that is wrong with the lines behind a package, as OPA prints it.
std::string complaints(const std::string& lines, bool v1 = true) {
  auto m = rego::parse_module("t.rego", "package t\n" + lines, {v1});
  return m ? "" : rego::to_string(m.error_list());
}

std::string complaint(const std::string& lines) {
  auto all = complaints(lines);
  auto from = all.find("error: ") + 7;
  return all.substr(from, all.find('\n', from) - from);
}

} // namespace

BOOST_AUTO_TEST_CASE(shows_the_line_with_a_caret) {
  BOOST_TEST(complaints("p if {\n\tx := \n}\n")
             == "1 error occurred: t.rego:4: rego_parse_error: unexpected } "
                "token\n\t}\n\t^");
  BOOST_TEST(complaints("p if {\n\t\tinput.a b\n}")
             == "1 error occurred: t.rego:3: rego_parse_error: unexpected "
                "identifier token: expected \\n or ; or }\n"
                "\tinput.a b\n\t        ^");
}

BOOST_AUTO_TEST_CASE(names_tokens_and_what_was_expected_as_opa) {
  BOOST_TEST(complaint("p := count(x\n}")
             == "unexpected } token: expected \",\" or \")\"");
  BOOST_TEST(complaint("p if x := [1, 2\n}")
             == "unexpected } token: expected \",\" or \"]\"");
  BOOST_TEST(complaint("p if { x := {1 2} }")
             == "unexpected number token: non-terminated set");
  BOOST_TEST(complaint("p if { x := {\"a\": \"b\" 2} }")
             == "unexpected number token: non-terminated object");
  BOOST_TEST(complaint("p if { x := {\"a\": \"b\", \"c\" 2} }")
             == "unexpected string token: non-terminated object");
  BOOST_TEST(complaint("p if { x := := 1 }") == "unexpected assign token");
  for (std::string text : {"^", "^ p := 1", "p ^ := 1", "p := ^"})
    BOOST_TEST(complaint(text) == "illegal token");
  BOOST_TEST(complaint("p if { not some x }")
             == "unexpected some keyword: illegal negation of 'some'");
  BOOST_TEST(
      complaint("p if { x := 01 }")
      == "unexpected number token: expected number without leading zero");
  BOOST_TEST(complaint("p if { input. x }")
             == "unexpected whitespace token: expected identifier");
}

BOOST_AUTO_TEST_CASE(tells_all_that_v1_refuses) {
  BOOST_TEST(complaints("p { true }\nq[x] { x := 1 }\nr[1]\nf(x) { x }")
             == "5 errors occurred:\n"
                "t.rego:2: rego_parse_error: `if` keyword is required before "
                "rule body\n"
                "t.rego:3: rego_parse_error: `if` keyword is required before "
                "rule body\n"
                "t.rego:3: rego_parse_error: `contains` keyword is required "
                "for partial set rules\n"
                "t.rego:4: rego_parse_error: `contains` keyword is required "
                "for partial set rules\n"
                "t.rego:5: rego_parse_error: `if` keyword is required before "
                "function body");
}

BOOST_AUTO_TEST_CASE(tells_what_is_no_rule) {
  BOOST_TEST(complaint("p") == "var cannot be used for rule name");
  BOOST_TEST(complaint("\"p\"") == "string cannot be used for rule name");
  BOOST_TEST(complaint("p == 1")
             == "rule name conflicts with built-in function");
  BOOST_TEST(complaint("[p] := 1") == "array cannot be used for rule name");
  BOOST_TEST(complaint("p := 1 with input as 2")
             == "expressions using with keyword cannot be used for rule head");
  BOOST_TEST(problems("package a\ncount(x)")
             == "2:1 rego_parse_error: rule name conflicts with built-in "
                "function");
  for (auto name : {"eq", "assign"})
    BOOST_TEST(problems("package a\n" + std::string(name) + "(x)")
               == "2:1 rego_parse_error: assignment requires two operands");
  BOOST_TEST(complaint("default p := input.x")
             == "illegal default rule (value cannot contain ref)");
}

BOOST_AUTO_TEST_CASE(tells_what_no_head_can_be) {
  auto illegal = [](const std::string& what) {
    return "illegal default rule (arguments cannot " + what + ")";
  };
  BOOST_TEST(complaint("default f(\"a\") := 1") == illegal("contain string"));
  BOOST_TEST(complaint("default f({x}) := 1") == illegal("contain set"));
  BOOST_TEST(complaint("default f(input) := 1") == illegal("contain ref"));
  BOOST_TEST(complaint("default f(a, b, a) := 1") == illegal("be repeated a"));
  BOOST_TEST(problems("package a\n"
                      "default f(_, _) := 1")
             == "");
  BOOST_TEST(complaint("p()")
             == "rule argument list must take at least one argument");
  BOOST_TEST(complaint("p() contains 1")
             == "unexpected contains keyword: the contains keyword can only be "
                "used with multi-value rule definitions (e.g., p contains "
                "<VALUE> { ... })");
  BOOST_TEST(problems("package a\n"
                      "p() := 1")
             == "");
  BOOST_TEST(complaint("p[k] := 1 if k := 2 else := 3")
             == "else keyword cannot be used on rules with variables in head");
  BOOST_TEST(complaint("p[\"k\"] := 1 { 2 } else := 3 { 4 }")
             == "else keyword cannot be used on multi-value rules");
  BOOST_TEST(complaint("p := 1 else := 2") == "unexpected else keyword");
  BOOST_TEST(problems("package a\n"
                      "p[\"k\"] := 1 if 2 else := 3")
             == "");
}

BOOST_AUTO_TEST_CASE(reads_a_literal_behind_each_semicolon) {
  BOOST_TEST(complaint("p if { 1; }") == "unexpected } token");
  BOOST_TEST(complaint("p if { 1 }; q := 2") == "unexpected ; token");
  BOOST_TEST(complaint("p := 1; q := 2")
             == "multiple expressions cannot be used for rule head");
  BOOST_TEST(complaint("p := 1;") == "unexpected eof token");
  BOOST_TEST(complaint("p if { 1;; 2 }") == "unexpected ; token");
  BOOST_TEST(complaint("p if { ; 1 }") == "unexpected ; token");
  BOOST_TEST(complaint("p := [x | x := 1;]") == "unexpected ] token");
  BOOST_TEST(problems("package a\n"
                      "p if { 1;\n2\n3 }")
             == "");
  BOOST_TEST(term_of("1;") == "unexpected eof token");
}

BOOST_AUTO_TEST_CASE(hints_at_keywords_of_the_future) {
  BOOST_TEST(complaints("p { some x in xs }", false)
                 .find("(hint: `import future.keywords.in` for `some x in xs` "
                       "expressions)")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(tells_an_illegal_token_and_why) {
  BOOST_TEST(complaints("p := \"abc\n")
                 .starts_with("3 errors occurred:\nt.rego:2: rego_parse_error: "
                              "non-terminated string"
                              "\n\tp := \"abc\n\t     ^\nt.rego:2: "
                              "rego_parse_error: illegal token"));
}

BOOST_AUTO_TEST_CASE(bounds_nesting) {
  for (auto open : {"[", "{", "(", "not ", "f(", "[x|"}) {
    std::string deep = "package a\np := ";
    for (int i = 0; i < 20000; ++i)
      deep += open;
    BOOST_TEST(problems(deep).find("rego_parse_error") != std::string::npos,
               open);
  }
}

namespace {

std::string joined(int times, const std::string& each,
                   const std::string& between) {
  std::string out;
  for (int i = 0; i < times; ++i)
    out += (i ? between : "") + each;
  return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(bounds_chains_of_operators) {
  for (auto op : {" + ", " | ", " in ", " == "}) {
    auto chain = "p := " + joined(50000, "1", op);
    BOOST_TEST(complaint(chain) == "expression is too long", op);
  }
  // As deep as its deepest part, not as the sum of what stands in it.
  BOOST_TEST(complaints("p := [" + joined(5000, "1 + f(1)", ",") + "]") == "");
  BOOST_TEST(complaints("p if {\n" + joined(5000, "1 + 1 == 2", "\n") + "\n}")
             == "");
  // The innermost operand stands in the longest chain.
  auto within = joined(2000, "1", " + ");
  for (auto& first : {"[" + within + "][0]", "f(" + within + ")",
                      "[x | x := " + within + "]", "{" + within + ": 1}"})
    BOOST_TEST(complaint("p := " + first + " + " + within)
               == "expression is too long");
}

BOOST_AUTO_TEST_CASE(reads_what_parentheses_open_at_once) {
  auto p = [](const std::string& term) { return outcome("p := " + term); };
  BOOST_TEST(p("((8 - 4) - 2) - 1") == "1");
  BOOST_TEST(p("((([[7]])))[0][0] if ((1)) == ((1) + 0)") == "7");
  BOOST_TEST(p("[(({2} | {1}) | {2})]") == "[[1,2]]");
  BOOST_TEST(complaint("p := ((1 + 2)") == "non-terminated expression");
  BOOST_TEST(p(std::string(2000, '(') + "1" + joined(2000, " + 1)", ""))
             == "2001");
}

BOOST_AUTO_TEST_CASE(reads_version_0) {
  auto v0 = [](std::string module) {
    return document({.module = "package test\n" + module, .v0 = true});
  };
  BOOST_TEST(v0("p[x] { x = [1, 2][_] }") == "[1,2]");
  BOOST_TEST(v0("p = 1 { false } else = 2 { true }") == "2");
  BOOST_TEST(v0("import future.keywords\np if { 1 in [1] }") == "true");
}

BOOST_AUTO_TEST_CASE(says_where_bytes_are_no_utf_8) {
  auto found = [](const std::string& module) {
    auto all = support::problems(module);
    return all.substr(0, all.find(';'));
  };
  BOOST_TEST(found("package a\nx := \"\xff\xfe\"\n")
             == "2:6 rego_parse_error: illegal utf-8 character");
  BOOST_TEST(found("package a\nx := 1 # \xff\n")
             == "2:8 rego_parse_error: illegal utf-8 character");
  BOOST_TEST(found("# \xff\npackage a\n")
             == "1:1 rego_parse_error: illegal utf-8 character");
}

BOOST_AUTO_TEST_CASE(refuses_constants_as_heads_of_references) {
  BOOST_TEST(complaint("p if 6[\"a\"]")
             == "illegal ref (head cannot be number)");
  BOOST_TEST(complaint("p if \"a\".b")
             == "illegal ref (head cannot be string)");
  BOOST_TEST(complaint("\"a\".b := 1")
             == "illegal ref (head cannot be string)");
  BOOST_TEST(complaint("p if (input.a).b")
             == "illegal ref (head cannot be ref)");
  BOOST_TEST(complaints("p if ([1])[0]") == "");
}

BOOST_AUTO_TEST_CASE(reads_numbers_as_opa_does) {
  BOOST_TEST(complaints("p := .5") == "");
  BOOST_TEST(complaints("p := -.5") == "");
  BOOST_TEST(complaint("p if x.1")
             == "unexpected number token: expected identifier");
  BOOST_TEST(complaint("p if { 7e3000000000 }")
             == "unexpected number token: invalid float");
  BOOST_TEST(complaint("p if { 10245423601e680507880 }") == "number too big");
}

BOOST_AUTO_TEST_CASE(tells_what_literals_and_imports_lack) {
  BOOST_TEST(complaint("p if { x")
             == "unexpected eof token: expected \\n or ; "
                "or }");
  BOOST_TEST(complaint("p if { x\n") == "unexpected eof token");
  BOOST_TEST(complaint("p if { some f(x) }")
             == "unexpected } token: expected `x in xs` or `x, y in xs` "
                "expression");
  BOOST_TEST(complaint("p if { every 1, x in [1] { x } }")
             == "unexpected { token: expected key to be a variable");
  BOOST_TEST(complaint("p if { every 1 in [1] { true } }")
             == "unexpected { token: expected value to be a variable");
  BOOST_TEST(complaint("import data.if")
             == "unexpected import path, must not end with a keyword, got: if "
                "(hint: import a different path or use an alias)");
  BOOST_TEST(complaints("import data.if as x") == "");
  BOOST_TEST(complaint("p if { \"\\u12\" }") == "non-terminated string");
}

namespace {

std::string of_rules(const std::string& rules) {
  return document({.module = "package test\n" + rules, .query = "data.test"});
}

} // namespace

BOOST_AUTO_TEST_CASE(takes_calls_that_give_values_for_rules) {
  BOOST_TEST(of_rules("eq(x, 1)\nassign(y, 2)\neq(f(z), z + 1)\np := f(3)")
             == R"({"p":4,"x":1,"y":2})");
  BOOST_TEST(of_rules("1 + 1 := 3\np := 1") == R"({"p":1})");
  BOOST_TEST(complaint("eq(x)") == "assignment requires two operands");
  BOOST_TEST(complaint("assign()") == "assignment requires two operands");
  BOOST_TEST(complaint("count([1])")
             == "rule name conflicts with built-in function");
  BOOST_TEST(complaint("x in y")
             == "rule name conflicts with built-in function");
  BOOST_TEST(complaint("data") == "refs cannot be used for rule head");
  BOOST_TEST(complaint("[1][0]") == "invalid rule head: [1][0]");
  BOOST_TEST(complaint("eq(1, 2)") == "number cannot be used for rule name");
}

BOOST_AUTO_TEST_CASE(tells_what_heads_lack) {
  BOOST_TEST(problems("package a\nfoo..bar")
             == "2:5 rego_parse_error: unexpected . token: expected "
                "identifier; "
                "2:5 rego_parse_error: unexpected . token: expected rule head "
                "name");
  BOOST_TEST(problems("package a\nf(]")
             == "2:3 rego_parse_error: unexpected ] token; "
                "2:3 rego_parse_error: unexpected ] token: expected rule head "
                "name");
  BOOST_TEST(complaint("p+1 := 2") == "unexpected plus token");
  BOOST_TEST(complaint("default p.q")
             == "illegal default rule (must have a "
                "value)");
  BOOST_TEST(of_rules("default p") == R"({"p":true})");
  BOOST_TEST(of_rules("p\n[x] := y if { x := \"a\"; y := 1 }")
             == R"({"p":{"a":1}})");
}

BOOST_AUTO_TEST_CASE(reads_bodies_as_opa_does) {
  BOOST_TEST(complaint("p if { not every x in [1] { x } }")
             == "unexpected every keyword: illegal negation of 'every'");
  BOOST_TEST(complaint("p if { x, y }")
             == "unexpected , token: expected \\n or ; or }");
  BOOST_TEST(complaint("p if { some internal.member_2() }")
             == "unexpected } token: illegal domain");
  BOOST_TEST(complaint("p if { every x, y, z in xs { true } }")
             == "unexpected , token: expected `x[, y] in xs { ... }` "
                "expression");
  BOOST_TEST(complaint("p if false else := 2 else := 3")
             == "unexpected else keyword");
  BOOST_TEST(complaint("p if false else if")
             == "unexpected eof token: rule body expected");
  BOOST_TEST(complaint("p if { -\"a\" }")
             == "unexpected string token: expected number");
  BOOST_TEST(complaint("p if { x with not as 1 }")
             == "unexpected not keyword: expected ident");
}

BOOST_AUTO_TEST_CASE(tells_what_is_wrong_in_a_template) {
  auto wrong = [](const std::string& part) {
    return problems("package a\np := $\"{" + part + "}\"")
        .substr(std::string_view("2:9 rego_parse_error: ").size());
  };
  auto in = [](const std::string& what) {
    return "unexpected " + what + " in template-string expression";
  };
  BOOST_TEST(wrong("x = 1").starts_with(in("unification ('=')")));
  BOOST_TEST(wrong("x := 1").starts_with(in("assignment (':=')")));
  BOOST_TEST(wrong("not x").starts_with(in("negation ('not')")));
  BOOST_TEST(wrong("some x in y").starts_with(in("'some'")));
  BOOST_TEST(wrong("every x in y { x }").starts_with(in("'every'")));
  BOOST_TEST(wrong("").starts_with(
      "unexpected } token; 2:9 rego_parse_error: invalid template-string "
      "expression"));
  BOOST_TEST(problems("package a\np := $\"{x; y}\"")
                 .starts_with("2:10 rego_parse_error: expected } to end "
                              "template string expression"));
}

BOOST_AUTO_TEST_CASE(tells_all_imports_that_are_wrong) {
  BOOST_TEST(complaints("import future.keywords.a.b\np if 1 in [1]") == "");
  BOOST_TEST(complaint("import future.keywords.xor")
             == "unexpected keyword, must be one of [and contains every if in "
                "not or]");
  BOOST_TEST(problems("package a\nimport future.a\nimport rego.v2\nq")
             == "2:8 rego_parse_error: invalid import, must be "
                "`future.keywords`; "
                "3:8 rego_parse_error: invalid import `rego.v2`, must be "
                "`rego.v1`");
  BOOST_TEST(problems("package a\nimport data.foo[")
             == "2:16 rego_parse_error: unexpected eof token; "
                "2:16 rego_parse_error: expected path");
  BOOST_TEST(complaint("import data.foo as if")
             == "unexpected if keyword: expected var");
  BOOST_TEST(problems("package e().s")
             == "1:9 rego_parse_error: unexpected call token: expecting var");
  BOOST_TEST(problems("\"a\"") == "1:1 rego_parse_error: package expected");
}

BOOST_AUTO_TEST_SUITE_END()
