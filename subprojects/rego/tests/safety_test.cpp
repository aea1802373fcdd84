// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// The compiler's refusals: safety, recursion, conflicts, unknown functions.

#include <boost/test/unit_test.hpp>

#include "support.hpp"

using support::document;
using support::outcome;
using support::problems;

BOOST_AUTO_TEST_CASE(names_an_unsafe_variable_and_its_literal) {
  BOOST_TEST(problems("package a\np if {\n\tx > 1\n}")
             == "3:2 rego_unsafe_var_error: var x is unsafe");
  BOOST_TEST(problems("package a\np if {\n\tnot q[x]\n}\nq := [1]")
             == "3:2 rego_unsafe_var_error: var x is unsafe");
  BOOST_TEST(problems("package a\np := x if true")
             == "2:6 rego_unsafe_var_error: var x is unsafe");
}

BOOST_AUTO_TEST_CASE(orders_literals_by_what_they_need) {
  BOOST_TEST(outcome("p := y if { y = x + 1; x = 2 }") == "3");
  BOOST_TEST(outcome("p := z if { not x > 3; [x, y] = [1, z]; y = 2 }") == "2");
  BOOST_TEST(outcome("p := n if { n = count([y | y = x[_]]); x = [1, 2] }")
             == "2");
}

BOOST_AUTO_TEST_CASE(refuses_rules_that_need_themselves) {
  BOOST_TEST(problems("package a\np if q\nq if p")
             == "2:1 rego_recursion_error: rule data.a.p is recursive: "
                "data.a.p -> data.a.q -> data.a.p; "
                "3:1 rego_recursion_error: rule data.a.q is recursive: "
                "data.a.q -> data.a.p -> data.a.q");
  BOOST_TEST(problems("package a\nf(x) := f(x)").find("rego_recursion_error")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(refuses_rules_that_contradict_each_other) {
  BOOST_TEST(problems("package a\np := 1\np contains 2")
             == "2:1 rego_type_error: conflicting rules data.a.p found");
  BOOST_TEST(problems("package a\ndefault p := 1\ndefault p := 2")
             == "2:1 rego_type_error: multiple default rules data.a.p found");
}

BOOST_AUTO_TEST_CASE(refuses_functions_that_nobody_knows) {
  BOOST_TEST(problems("package a\np := nope(1)")
             == "2:6 rego_type_error: undefined function nope");
  BOOST_TEST(problems("package a\nf(x) := x\np := f(1, 2, 3)")
                 .find("function data.a.f has arity 1, got 3 arguments")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(refuses_variables_declared_twice) {
  BOOST_TEST(problems("package a\np if {\n\tx := 1\n\tx := 2\n}")
             == "4:2 rego_compile_error: var x assigned above");
  BOOST_TEST(problems("package a\nf(x) if {\n\tx := 2\n}")
             == "3:2 rego_compile_error: arg x redeclared");
}
