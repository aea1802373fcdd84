// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// What the parser tells of `and` and `or`, of their operands and of groups.

#include <boost/test/unit_test.hpp>

#include "parser/parse.hpp"
#include "support.hpp"

BOOST_AUTO_TEST_SUITE(parse_logic_errors_test)

namespace {

// "row:col message" of all that is wrong with a rule in the third line, under
// the keywords that the second one imports.
std::string wrong(const std::string& rule,
                  const std::string& keywords = "future.keywords") {
  auto m = rego::parse_module(
      "t.rego", "package t\nimport " + keywords + "\n" + rule + "\n", {});
  return m ? "" : support::placed(m.error_list());
}

std::string led_by_brace(const std::string& op, const std::string& operand) {
  return " operand of `" + op
         + "` cannot begin with `{` unless the braces hold a body (hint: wrap "
           "the operand to keep the value: `("
         + operand + ") " + op + " ...`)";
}

std::string no_body(const std::string& kind, const std::string& operand) {
  return " `{...}` in an operand position must contain expression(s), got: "
         + kind + " (hint: write `not (" + operand
         + ")` to negate the value, or `not {" + operand
         + "}` for a body holding it)";
}

std::string ambiguous(const std::string& compr, const std::string& body) {
  return " ambiguous `{ ... | ... }` operand: read as a body holding a "
         "set-union expression, not as a comprehension (hint: write `"
         + compr + "` for the comprehension, or `" + body
         + "` for the set union)";
}

std::string prints(const std::string& op) {
  return " operand of `" + op
         + "` cannot consist only of calls to `print` (hint: `print` produces "
           "no value and always succeeds, so the operand can never fail; move "
           "it out of the operand, or add an expression that can fail)";
}

std::string modified(const std::string& op) {
  return " `with` modifier is not allowed on operand of `" + op
         + "` (hint: Wrap the operand in `(...)` or `{...}` to scope, or move "
           "`with` after the `"
         + op + "` expression to apply it to the whole expression)";
}

std::string drop_parentheses(const std::string& hint) {
  return " `(...)` in an operand position cannot contain a body (hint: drop "
         "the parens to keep the body: `"
         + hint + "`)";
}

} // namespace

BOOST_AUTO_TEST_CASE(takes_no_value_in_braces_for_an_operand) {
  BOOST_TEST(wrong("p if { {1, 2} and x }")
             == "3:8" + led_by_brace("and", "{1, 2}"));
  BOOST_TEST(wrong("p if { {\"a\": 1} or x }")
             == "3:8" + led_by_brace("or", "{\"a\": 1}"));
  BOOST_TEST(wrong("p if { x and {1, 2} & y == z }")
             == "3:14" + led_by_brace("and", "{1, 2} & y == z"));
  BOOST_TEST(wrong("p if { x and {1: 2} \"a }")
             == "3:21 non-terminated string; 3:14"
                    + led_by_brace("and", "{1: 2}"));
  BOOST_TEST(wrong("p := [x | x and {1, 2}]")
             == "3:17" + led_by_brace("and", "{1, 2}")
                    + "; 3:23 unexpected ] token: expected rule value term "
                      "(e.g., p := <VALUE> { ... })");
  BOOST_TEST(wrong("p if {1, 2} and x")
             == "3:8 unexpected , token: expected \\n or ; or }");
  BOOST_TEST(wrong("p if { x and {y z} or 1 }")
             == "3:17 unexpected identifier token: expected \\n or ; or }");
  BOOST_TEST(wrong("p if { ({1, 2}) and x; ({y}) or ({z}) }") == "");
}

BOOST_AUTO_TEST_CASE(takes_no_empty_body_for_an_operand) {
  BOOST_TEST(wrong("p if { {} and x }") == "3:8 found empty body");
  BOOST_TEST(wrong("p if x and {}") == "3:13 found empty body");
  BOOST_TEST(wrong("p if not {}") == "3:11 found empty body");
}

BOOST_AUTO_TEST_CASE(negates_bodies_in_braces_only) {
  BOOST_TEST(wrong("p if not {1, 2}") == "3:10" + no_body("set", "{1, 2}"));
  BOOST_TEST(wrong("p if not {\"a\": 1}.a")
             == "3:10" + no_body("ref", "{\"a\": 1}.a"));
  BOOST_TEST(wrong("p if { x or not {\"a\": 1} & x == 1 }")
             == "3:17" + no_body("object", "{\"a\": 1} & x == 1"));
  BOOST_TEST(wrong("p if { not {y z} }")
             == "3:15 unexpected identifier token: expected \\n or ; or }");
  BOOST_TEST(wrong("p if not {1, 2} and x", "future.keywords.and") == "");
}

BOOST_AUTO_TEST_CASE(takes_no_union_that_looks_like_a_comprehension) {
  BOOST_TEST(wrong("p if { x or {x | y; z} }")
             == "3:13" + ambiguous("({x | y; z})", "{(x | y); z}"));
  BOOST_TEST(wrong("p if { {x | y} and z }")
             == "3:8" + ambiguous("({x | y})", "{(x | y)}"));
  BOOST_TEST(wrong("p if not {x | y}")
             == "3:10" + ambiguous("not ({x | y})", "not {(x | y)}"));
  BOOST_TEST(wrong("p if { x and {y | z with input as 1} and print(1) }")
             == "3:14"
                    + ambiguous("({y | z with input as 1})",
                                "{(y | z with input as 1)}")
                    + "; 3:42" + prints("and"));
  BOOST_TEST(wrong("p if { {(x | y)} and {or(x, y)} or {z; x | y} }") == "");
}

BOOST_AUTO_TEST_CASE(takes_no_operand_that_does_nothing_but_print) {
  BOOST_TEST(wrong("p if { print(1) and x }") == "3:8" + prints("and"));
  BOOST_TEST(wrong("p if { x or { print(1); print(2) } }")
             == "3:15" + prints("or"));
  BOOST_TEST(wrong("p if { print(1) or print(2) and y }")
             == "3:20" + prints("and") + "; 3:8" + prints("or"));
  BOOST_TEST(wrong("p if { not print(1) and { print(1); y } }") == "");
}

BOOST_AUTO_TEST_CASE(takes_no_modifier_of_one_operand) {
  BOOST_TEST(wrong("p if x with input as 1 and y") == "3:8" + modified("and"));
  BOOST_TEST(wrong("p if { not x with input as 1 or y }")
             == "3:14" + modified("or"));
  BOOST_TEST(wrong("p if { x and (y with input as 1 or z) }")
             == "3:17" + modified("or"));
  BOOST_TEST(wrong("p if x and y with input as 1 and z")
             == "3:30 unexpected and keyword");
  BOOST_TEST(wrong("p if (x with input as 1)")
             == "3:9 non-terminated expression");
  BOOST_TEST(wrong("p if (x with input as 1) and (y with input as 2)") == "");
  BOOST_TEST(wrong("p if (x and y with input as 1)") == "");
}

BOOST_AUTO_TEST_CASE(takes_no_body_in_parentheses) {
  BOOST_TEST(wrong("p if not ({x; y})")
             == "3:10" + drop_parentheses("not {x; y}"));
  BOOST_TEST(wrong("p if { x and ({x; y}) }")
             == "3:14" + drop_parentheses("{x; y}"));
  BOOST_TEST(wrong("p if { ({x; y}) or z }")
             == "3:8" + drop_parentheses("{x; y}"));
  BOOST_TEST(wrong("p if not ({x})") == "");
}

BOOST_AUTO_TEST_CASE(closes_groups) {
  BOOST_TEST(wrong("p if x and ()") == "3:12 empty parenthesized group");
  BOOST_TEST(wrong("p if not ()") == "3:10 empty parenthesized group");
  BOOST_TEST(wrong("p if ()") == "3:7 unexpected ) token");
  auto close = " expected ) to close parenthesized group";
  BOOST_TEST(wrong("p if (x and y") == "4:0" + std::string(close));
  BOOST_TEST(wrong("p if { (not x }") == "3:15" + std::string(close));
  BOOST_TEST(wrong("p if { ((x or y) }") == "3:18" + std::string(close));
  BOOST_TEST(wrong("p if ((x or y) and z) or (((w)))\nq if (not x)") == "");
}

BOOST_AUTO_TEST_CASE(takes_no_declaration_for_an_operand) {
  BOOST_TEST(wrong("p if { x and some y in z }")
             == "3:14 unexpected some keyword");
  BOOST_TEST(wrong("p if { x or every y in z { y } }")
             == "3:13 unexpected every keyword");
  BOOST_TEST(wrong("p if { some y in z and x }")
             == "3:20 unexpected and keyword: expected \\n or ; or }");
  BOOST_TEST(wrong("p if { every y in z { y } and x }")
             == "3:27 unexpected and keyword: expected \\n or ; or }");
  BOOST_TEST(wrong("p if { x and not.y }") == "3:14 unexpected not keyword");
  BOOST_TEST(wrong("p if { not some.x }")
             == "3:12 unexpected some keyword: illegal negation of 'some'");
}

BOOST_AUTO_TEST_SUITE_END()
