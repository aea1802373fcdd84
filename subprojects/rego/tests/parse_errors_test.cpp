// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// All that the parser tells of a text, in order: where it reads on behind what
// is wrong, where it stops, and of what it tells twice.

#include <boost/test/unit_test.hpp>

#include "parser/parse.hpp"
#include "support.hpp"

BOOST_AUTO_TEST_SUITE(parse_errors_test)

namespace {

// "row:col message" of all that is wrong with the lines behind a package, which
// is the first line.
std::string wrong(const std::string& lines, bool v1 = true) {
  auto m = rego::parse_module("t.rego", "package t\n" + lines, {v1});
  return m ? "" : support::placed(m.error_list());
}

} // namespace

BOOST_AUTO_TEST_CASE(reads_on_behind_an_operator_without_operand) {
  BOOST_TEST(wrong("p := 1 +") == "2:8 unexpected eof token");
  BOOST_TEST(wrong("p := [a | , b]") == "2:11 unexpected , token");
  BOOST_TEST(wrong("p if { x == }\nq if { y * }")
             == "2:13 unexpected } token; 3:12 unexpected } token");
  BOOST_TEST(wrong("p := 1 * == 2 -")
             == "2:10 unexpected equal token; 2:15 "
                "unexpected eof token");
  BOOST_TEST(wrong("p if { a & b |\n\n") == "4:0 unexpected eof token");
}

BOOST_AUTO_TEST_CASE(reads_on_behind_a_head_without_value) {
  BOOST_TEST(wrong("p := if true\nq := ) { 1 }")
             == "2:6 unexpected if keyword; 2:6 unexpected if keyword: "
                "expected rule value term (e.g., p := <VALUE> { ... }); "
                "3:6 unexpected ) token; 3:6 unexpected ) token: expected rule "
                "value term (e.g., q := <VALUE> { ... })");
}

BOOST_AUTO_TEST_CASE(takes_an_expression_before_a_bar_for_no_head) {
  BOOST_TEST(wrong("p := [x * 2 | some x in y]")
             == "2:15 unexpected some keyword; 2:15 unexpected some keyword: "
                "expected \",\" or \"]\"; 2:15 unexpected some keyword: "
                "expected rule value term (e.g., p := <VALUE> { ... })");
  BOOST_TEST(wrong("p := {k: v | some k, v y}")
             == "2:14 unexpected some keyword; 2:14 unexpected some keyword: "
                "non-terminated object; 2:14 unexpected some keyword: expected "
                "rule value term (e.g., p := <VALUE> { ... })");
}

BOOST_AUTO_TEST_CASE(tells_what_no_reference_can_begin_with_and_reads_on) {
  BOOST_TEST(wrong("p if { 1(x }")
             == "2:8 illegal ref (head cannot be number); 2:12 unexpected } "
                "token: expected \",\" or \")\"");
  BOOST_TEST(wrong("p := \"a\".b\nq if { null.x[1] }")
             == "2:6 illegal ref (head cannot be string)");
  BOOST_TEST(wrong("p if { true == null.x }\nq if { not $\"\"[0] }")
             == "2:16 illegal ref (head cannot be null); 3:12 illegal ref "
                "(head cannot be templatestring)");
}

BOOST_AUTO_TEST_CASE(takes_keywords_for_names_where_a_reference_begins) {
  BOOST_TEST(wrong("p if { in.x; if[1]; every.y }\nin.z := 1") == "");
  BOOST_TEST(wrong("p if x in in.y") == "2:11 unexpected in keyword");
  BOOST_TEST(wrong("p if x := not.y") == "2:11 unexpected not keyword");
  BOOST_TEST(wrong("p if contains\nq if -contains == 1") == "");
  BOOST_TEST(wrong("p := 1 if.x")
             == "2:8 if keyword cannot be used for rule name; 2:8 `contains` "
                "keyword is required for partial set rules");
  BOOST_TEST(wrong("not[_]")
             == "2:1 not keyword cannot be used for rule name; 2:1 `contains` "
                "keyword is required for partial set rules");
  BOOST_TEST(wrong("if := 1\nimport rego.v1", false)
             == "2:1 if keyword cannot be used for rule name");
}

BOOST_AUTO_TEST_CASE(prints_keywords_in_references_in_quotes) {
  BOOST_TEST(wrong("p.if.x.and := )")
             == "2:15 unexpected ) token; 2:15 unexpected ) token: expected "
                "rule value term (e.g., p[\"if\"].x.and := <VALUE> { ... })");
  BOOST_TEST(wrong("import rego.in as x")
             == "2:8 invalid import `rego[\"in\"]`, must be `rego.v1`");
}

BOOST_AUTO_TEST_CASE(tells_white_space_behind_a_dot) {
  BOOST_TEST(wrong("import data.\n\nq := 1")
             == "3:0 unexpected whitespace token: expected identifier; 3:0 "
                "expected path");
  BOOST_TEST(wrong("p if input.# c\nfoo")
             == "3:0 unexpected whitespace token: expected identifier");
  BOOST_TEST(wrong("p if input.# c")
             == "2:14 unexpected eof token: expected identifier");
  BOOST_TEST(wrong("import data. ` b")
             == "2:13 unexpected whitespace token: expected identifier; 2:13 "
                "expected path");
}

BOOST_AUTO_TEST_CASE(tells_where_a_template_goes_wrong) {
  auto value = ": expected rule value term (e.g., p := <VALUE> { ... })";
  BOOST_TEST(wrong("p := $\"a {x} b {y}\n")
             == "3:0 non-terminated string; 3:0 expected template-string part; "
                "3:0 illegal token");
  BOOST_TEST(wrong("p := $`a {")
             == "2:10 unexpected eof token; 2:10 invalid template-string "
                "expression; 2:10 unexpected eof token"
                    + std::string(value));
  BOOST_TEST(wrong("p := $`a {x\n b`")
             == "3:2 expected } to end template string expression; 3:2 "
                "unexpected identifier token"
                    + std::string(value));
  BOOST_TEST(wrong("p := $\"{y.01}\"")
             == "2:11 unexpected number token: expected identifier; 2:11 "
                "invalid template-string expression; 2:11 unexpected number "
                "token"
                    + std::string(value));
  BOOST_TEST(wrong("p := $\"\\q{1}\"")
             == "2:6 illegal escape sequence; 2:6 illegal token; 2:6 illegal "
                "token");
  BOOST_TEST(wrong("p := $\"\\ux\"")
             == "2:6 non-terminated string; 2:6 illegal token; 2:6 illegal "
                "token");
  BOOST_TEST(wrong("p := $\"{eq(x, 1)}\"")
             == "2:9 unexpected unification ('=') in template-string "
                "expression; 2:17 unexpected } token"
                    + std::string(value));
  BOOST_TEST(wrong("p := $\"{x}\\{{$`{[`}`]} {{1}}`[0]}\"")
             == "2:14 illegal ref (head cannot be templatestring)");
}

BOOST_AUTO_TEST_CASE(tells_all_that_is_wrong_with_an_illegal_token) {
  BOOST_TEST(wrong("p := \"\\q\\z")
             == "2:6 illegal escape sequence; 2:6 illegal escape sequence; 2:6 "
                "non-terminated string; 2:6 illegal token; 2:6 illegal token");
  BOOST_TEST(wrong("p := 1 \"") == "2:8 non-terminated string");
  BOOST_TEST(wrong("default!p := 1") == "2:8 illegal ! character");
  BOOST_TEST(wrong("p := \xff")
             == "2:5 illegal utf-8 character; 2:5 illegal token; 2:5 illegal "
                "token");
  BOOST_TEST(wrong("p := 1.e2x + 1")
             == "2:6 expected fraction; 2:6 illegal "
                "number format; 2:6 illegal token; 2:6 "
                "illegal token");
}

BOOST_AUTO_TEST_CASE(tells_more_than_one_thing_of_a_literal) {
  BOOST_TEST(wrong("p if { x with 1 as 2 }")
             == "2:15 unexpected number token: expected ident");
  BOOST_TEST(wrong("p if { x with f(1) if 2 }")
             == "2:20 unexpected if keyword: expected with target path; 2:20 "
                "unexpected if keyword: expected as keyword");
  BOOST_TEST(wrong("p if { some x with input as 1 }")
             == "2:15 unexpected with keyword: expected \\n or ; or }");
  BOOST_TEST(wrong("p if every k, input in xs { k }")
             == "2:27 unexpected { token: expected value to be a variable");
  BOOST_TEST(wrong("p { some x in xs\nsome 1 }", false)
             == "2:12 unexpected identifier token: expected \\n or ; or } "
                "(hint: `import future.keywords.in` for `some x in xs` "
                "expressions)");
  BOOST_TEST(wrong("p { every x in xs { x } }", false)
             == "2:11 unexpected identifier token: expected \\n or ; or } "
                "(hint: `import future.keywords.every` for `every x in xs { "
                "... }` expressions)");
}

BOOST_AUTO_TEST_SUITE_END()
