// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Which unsafe variables are told, and where: as OPA does, to the letter.

#include <boost/test/unit_test.hpp>

#include "support.hpp"

BOOST_AUTO_TEST_SUITE(unsafe_vars_test)

using support::document;
using support::problems;

namespace {

// "col name" of each, of a rule on the first line behind the package.
std::string unsafe(const std::string& rule) {
  std::string out;
  auto p = rego::compile({{"test.rego", "package test\n" + rule}});
  if (!p)
    for (auto& e : p.error_list()) {
      std::string_view text = e.message;
      auto name = text.substr(4, text.find(" is ") - 4);
      out += (out.empty() ? "" : ", ") + std::to_string(e.col) + " "
             + (text.starts_with("var ") ? std::string(name) : e.message);
    }
  return out;
}

std::string of_query(const std::string& text) {
  auto p = rego::compile({{"test.rego", "package test\nf(x) := x"}}, {});
  auto q = rego::prepare(*p, text, {});
  return q ? "" : support::placed(q.error_list());
}

} // namespace

BOOST_AUTO_TEST_CASE(tells_each_variable_once_at_its_first_literal) {
  BOOST_TEST(unsafe("p if { n > 0; n < 9; n != 4 }") == "8 n");
  BOOST_TEST(unsafe("p if { a = [1]; not a[i] = x; not a[j] = x }")
             == "17 i, 17 x, 31 j");
  BOOST_TEST(unsafe("p if { x = y; y = x }") == "8 x, 8 y");
  BOOST_TEST(unsafe("p if { n > 0 }\np2 if { n > 0 }") == "8 n, 9 n");
}

BOOST_AUTO_TEST_CASE(tells_no_variable_that_follows_from_another) {
  BOOST_TEST(unsafe("p if { count(data.a[i].b[data.c[lost.d]], n) }")
             == "8 lost");
  BOOST_TEST(unsafe("p if { a := users[0]; b := a.b; c := upper(b); c == 1 }")
             == "8 users");
  BOOST_TEST(unsafe("p := v if { x := y; x = 7; v := obj[x] }")
             == "13 y, 28 obj");
  BOOST_TEST(unsafe("p if { _ = [v | v = [x | x = data.a[_]]; x > 1] }")
             == "17 x");
  BOOST_TEST(unsafe("f(x) = [y, z] if { split(x, y, z) }") == "20 y, 20 z");
}

BOOST_AUTO_TEST_CASE(an_assignment_binds_its_left_side_alone) {
  BOOST_TEST(unsafe("p if { x := y; x = 7 }") == "8 y");
  BOOST_TEST(unsafe("p if { x := y; y = 7 }") == "");
  BOOST_TEST(unsafe("p if { [x, z] := [y, 1]; z = 1; x = 7 }") == "8 y");
}

BOOST_AUTO_TEST_CASE(places_what_closures_need) {
  BOOST_TEST(unsafe("p if { _ = [u | true] }") == "8 u");
  BOOST_TEST(unsafe("p if { _ = [x | y = [a | a = z[i]]] }")
             == "8 x, 26 a, 26 i, 26 z");
  BOOST_TEST(unsafe("p if { x = [x | x = 1] }") == "8 x");
  BOOST_TEST(unsafe("p if { every y in [10] { x > y } }") == "26 x");
  BOOST_TEST(unsafe("p if { every x in {\"a\", x} { x != 1 } }") == "8 x");
  BOOST_TEST(unsafe("p if { x = data.b with input as x }") == "8 x");
}

BOOST_AUTO_TEST_CASE(tells_what_operands_of_and_and_or_need) {
  BOOST_TEST(unsafe("import future.keywords.and\np if { x = 1 and y = 2 }")
             == "8 x, 8 y");
  BOOST_TEST(unsafe("import future.keywords.and\np if { { x := 4 } and x < 9 }")
             == "8 x");
  BOOST_TEST(unsafe("import future.keywords.or\n"
                    "p if { {x := 1} or {y := 2}; x == 1; y == 2 }")
             == "30 x, 38 y");
}

BOOST_AUTO_TEST_CASE(tells_of_heads_before_bodies) {
  BOOST_TEST(unsafe("p[x] := [{\"a\": y}] if { z > 1 }") == "3 x, 16 y");
  BOOST_TEST(unsafe("p := x if { true }\nq if { y > 1 }") == "6 x");
  BOOST_TEST(unsafe("p contains {\"a\": lost[i]} if { true }")
             == "12 i, 12 lost");
  BOOST_TEST(unsafe("p if { false } else := x if { true }") == "24 x");
}

BOOST_AUTO_TEST_CASE(names_the_rule_up_to_its_first_variable) {
  BOOST_TEST(problems("package a\np[k].b if { k = 1; x > 1 } q if { true }")
             == "2:20 rego_unsafe_var_error: var x is unsafe in rule p");
}

BOOST_AUTO_TEST_CASE(hints_at_keywords_that_are_not_imported) {
  BOOST_TEST(problems("package a\np if { or == 1 }")
             == "2:8 rego_unsafe_var_error: var or is unsafe (hint: `import "
                "future.keywords.or` to import a future keyword)");
}

BOOST_AUTO_TEST_CASE(tells_the_literal_where_only_wildcards_are_unsafe) {
  BOOST_TEST(unsafe("p if { not data.a[_] }") == "8 _");
  BOOST_TEST(unsafe("p if { every e in [1] { not data.a[_] = e } }") == "25 _");
}

BOOST_AUTO_TEST_CASE(a_literal_does_not_give_what_it_needs_first) {
  BOOST_TEST(unsafe("p if { data.a[_][v] == v[0][z] }") == "8 z");
  BOOST_TEST(unsafe("p if { 1 = {\"a\": x} }") == "8 x");
}

BOOST_AUTO_TEST_CASE(a_head_may_bind_what_the_body_needs) {
  std::string data = R"({"xs": [5, 6, 7]})";
  auto answer = [&](const std::string& rule) {
    return document({.module = "package test\n" + rule, .data = data});
  };
  BOOST_TEST(answer("p contains data.xs[i] if { i > 0 }") == "[6,7]");
  BOOST_TEST(answer("p := data.xs[i] if { i > 1 }") == "7");
  BOOST_TEST(answer("p[data.xs[i]] := i if { i > 1 }") == R"({"7":2})");
}

BOOST_AUTO_TEST_CASE(tells_what_is_unsafe_in_queries) {
  BOOST_TEST(of_query("x > 1; x < 3; y = 2") == "1:1 var x is unsafe");
  BOOST_TEST(of_query("[1 | some x; x == 1]") == "1:14 var x is unsafe");
  BOOST_TEST(of_query("f(y) > z") == "1:1 undefined function f");
  BOOST_TEST(of_query("$\"{x}\"") == "1:1 var x is unsafe");
}

BOOST_AUTO_TEST_CASE(templates_need_what_the_body_around_them_binds) {
  auto wrong = [](const std::string& rule) {
    return problems("package a\nxs := [1]\n" + rule);
  };
  BOOST_TEST(wrong("p if { x := $\"{xs[_]}\" }")
             == "3:16 rego_compile_error: var _ is undeclared");
  BOOST_TEST(wrong("p if { $\"{xs[i]}\"; j = 1; y > 2 }")
             == "3:11 rego_compile_error: var i is undeclared");
  BOOST_TEST(wrong("p if { x := $\"{xs[i]}\"; i = 0 }") == "");
  BOOST_TEST(wrong("p := $\"{walk([1])}\"")
             == "0:0 rego_compile_error: illegal call to relation built-in "
                "'walk' that may cause multiple outputs");
  BOOST_TEST(wrong("p := $\"{x}\"")
             == "3:6 rego_unsafe_var_error: var x is unsafe");
}

BOOST_AUTO_TEST_CASE(templates_in_closures_are_told_of_once_more) {
  auto each = "2:10 rego_compile_error: var _ is undeclared";
  BOOST_TEST(problems("package a\np := [$\"{data.a[_]}\" | 1 == 1]")
             == std::string(each) + "; " + each);
  BOOST_TEST(problems("package a\np := [[$\"{x + 1}\"] | x = 1]")
             == "0:0 rego_compile_error: var x is undeclared");
}

BOOST_AUTO_TEST_CASE(print_shows_what_stands_before_it) {
  BOOST_TEST(problems("package a\np if { print(x); x = 7 }")
             == "2:14 rego_compile_error: var x is undeclared");
  BOOST_TEST(problems("package a\np if { x = 7; print(x, data.b[_]) }")
             == "2:24 rego_compile_error: var _ is undeclared");
  BOOST_TEST(problems("package a\np if { [1 | print(q)]; y > 1 }")
             == "2:19 rego_compile_error: var q is undeclared");
}

BOOST_AUTO_TEST_SUITE_END()
