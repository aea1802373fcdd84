// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// The compiler's refusals: safety, recursion, conflicts, unknown functions.

#include <boost/test/unit_test.hpp>

#include <sys/resource.h>

#include "support.hpp"

BOOST_AUTO_TEST_SUITE(safety_test)

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

// With a copy of what is bound before each literal, this took 2.5 GB.
BOOST_AUTO_TEST_CASE(a_long_body_takes_memory_by_its_length) {
  auto peak = [] {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return used.ru_maxrss; // KiB
  };
  std::string body = "x := 1";
  for (int i = 0; i < 8000; ++i)
    body += "; x" + std::to_string(i) + " := x";
  auto before = peak();
  BOOST_TEST(problems("package a\np if { " + body + " }") == "");
  BOOST_TEST(peak() - before < 1024 * 1024);
}

BOOST_AUTO_TEST_CASE(orders_a_chain_that_stands_the_wrong_way_round) {
  std::string body;
  for (int i = 0; i < 2000; ++i)
    body += "x" + std::to_string(i) + " = x" + std::to_string(i + 1) + "; ";
  BOOST_TEST(outcome("p := x0 if { " + body + "x2000 = 7 }") == "7");
}

BOOST_AUTO_TEST_CASE(tells_rules_of_one_line_apart) {
  BOOST_TEST(problems("package a\np if { x > 1 } q if { true }")
             == "2:8 rego_unsafe_var_error: var x is unsafe in rule p");
  BOOST_TEST(problems("package a\nq if { true } p if { x > 1 }")
             == "2:22 rego_unsafe_var_error: var x is unsafe in rule p");
}

BOOST_AUTO_TEST_CASE(refuses_rules_that_need_themselves) {
  BOOST_TEST(problems("package a\np if q\nq if p")
             == "2:1 rego_recursion_error: rule data.a.p is recursive: "
                "data.a.p -> data.a.q -> data.a.p; "
                "3:1 rego_recursion_error: rule data.a.q is recursive: "
                "data.a.q -> data.a.p -> data.a.q");
  BOOST_TEST(problems("package a\np[x] if q.r[x]\nq.r[x].s contains 1 if "
                      "p[x]")
             == "2:1 rego_recursion_error: rule data.a.p[x] is recursive: "
                "data.a.p[x] -> data.a.q.r[x].s -> data.a.p[x]; "
                "3:1 rego_recursion_error: rule data.a.q.r[x].s is recursive: "
                "data.a.q.r[x].s -> data.a.p[x] -> data.a.q.r[x].s");
  // Of the rules of one name and their branches, those that are at fault.
  BOOST_TEST(problems("package a\np if false\np if false\nelse if p")
             == "4:1 rego_recursion_error: rule data.a.p is recursive: "
                "data.a.p -> data.a.p");
  for (auto rule :
       {"f(x) := f(x)", "p := data", "p := count(data)", "p := data[input.x]"})
    BOOST_TEST(problems("package a\n" + std::string(rule))
                   .starts_with("2:1 rego_recursion_error"),
               rule);
}

BOOST_AUTO_TEST_CASE(refuses_rules_that_contradict_each_other) {
  BOOST_TEST(problems("package a\np := 1\np contains 2")
             == "2:1 rego_type_error: conflicting rules data.a.p found");
  BOOST_TEST(problems("package a\ndefault p := 1\ndefault p := 2")
             == "1:1 rego_type_error: multiple default rules data.a.p found at "
                "test.rego:2, test.rego:3");
}

BOOST_AUTO_TEST_CASE(refuses_functions_that_nobody_knows) {
  BOOST_TEST(problems("package a\np := nope(1)")
             == "2:6 rego_type_error: undefined function nope");
  // Before anything is said of variables.
  BOOST_TEST(problems("package a\np := nope(x)\nq if data.b.f(y)")
             == "2:6 rego_type_error: undefined function nope; "
                "3:6 rego_type_error: undefined function data.b.f");
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

BOOST_AUTO_TEST_CASE(tells_declarations_that_cannot_be) {
  auto body = [](const std::string& text) {
    return problems("package a\np if {\n\t" + text + "\n}");
  };
  BOOST_TEST(body("some i, x in [1]; true") == "");
  BOOST_TEST(body("x = 1; y = [z | z = x; x := 2]; y") == "");
  BOOST_TEST(body("some x") == "3:2 rego_compile_error: declared var x unused");
  BOOST_TEST(body("some _") == "3:2 rego_compile_error: declared var _ unused");
  BOOST_TEST(body("every v in [1] { true }")
             == "3:19 rego_compile_error: declared var v unused");
  BOOST_TEST(body("x := 1; some i, x in []")
             == "3:10 rego_compile_error: var x assigned above");
  BOOST_TEST(body("data.q[x]; some i, x in []")
             == "3:13 rego_compile_error: var x referenced above");
  BOOST_TEST(problems("package a\nf([a]) if {\n\tsome a\n\ta = 1\n}")
             == "3:2 rego_compile_error: arg a redeclared");
}

// What a body declares is a variable in all of it, whatever rules there are.
BOOST_AUTO_TEST_CASE(tells_rules_names_that_are_used_before_they_are_declared) {
  auto body = [](const std::string& text) {
    return problems("package a\nq := 1\np if {\n\t" + text + "\n}");
  };
  BOOST_TEST(body("q := 2; q") == "");
  BOOST_TEST(body("q; x := [q | q := 2]; x") == "");
  BOOST_TEST(body("q; q := 2")
             == "4:5 rego_compile_error: var q referenced above");
  BOOST_TEST(body("x := [y | y := q; q := 2]; x")
             == "4:20 rego_compile_error: var q referenced above");
  BOOST_TEST(body("every q in q { q }").find("var q is unsafe")
             != std::string::npos);
  BOOST_TEST(body("count([1]); count := 2")
             == "4:14 rego_compile_error: var count referenced above");
}

// As in OPA, which evaluates what `with` puts in place before the literal.
BOOST_AUTO_TEST_CASE(replacements_bind_variables) {
  auto of = [](const std::string& body) {
    return document(
        {.module = "package test\nq if input.x > 1\nf(x) := x\n" + body,
         .data = R"({"cases": [{"x": 1}, {"x": 2}, {"x": 3}]})"});
  };
  BOOST_TEST(of("p if q with input as data.cases[_]") == "true");
  BOOST_TEST(of("p contains i if q with input as data.cases[i]") == "[1,2]");
  BOOST_TEST(of("p contains i if { some i; not q with input as data.cases[i] }")
             == "[0]");
  BOOST_TEST(of("p contains i if q with input.x as f(data.cases[i].x)")
             == "[1,2]");
  BOOST_TEST(of("p := [y | y := input.x with input as data.cases[_]]")
             == "[1,2,3]");
  BOOST_TEST(
      of("p contains [i, j] if q with input as data.cases[i] with data.z "
         "as data.cases[j].y")
      == "[]");
  BOOST_TEST(of("p if q with input as data.cases[x + 1]").starts_with("rego_"));
}

// The head of a closure is a part of its body.
BOOST_AUTO_TEST_CASE(heads_of_closures_bind_variables) {
  auto of = [](const std::string& body) {
    return outcome("o := {\"a\": 1, \"b\": 2}\n" + body);
  };
  BOOST_TEST(of("p := [o[k] | upper(k) == \"A\"]") == "[1]");
  BOOST_TEST(of("p := {o[k] | upper(k) == \"A\"}") == "[1]");
  BOOST_TEST(of("p := {k: o[k] | upper(k) == \"A\"}") == R"({"a":1})");
  BOOST_TEST(of("p := {o[k]: k | upper(k) == \"A\"}") == R"({"1":"a"})");
  BOOST_TEST(of("p := [abs(o[k]) | not k == \"a\"; k != \"a\"]") == "[2]");
  BOOST_TEST(of("p := $\"{[o[k] | upper(k) == `A`]}\"") == R"("[1]")");
  BOOST_TEST(of("p := v if every v in [o[k] | k != \"a\"] { v == 2 }; v := 3")
                 .starts_with("rego_"));
  BOOST_TEST(of("p if every v in [o[k] | k != \"a\"] { v == 2 }") == "true");
  BOOST_TEST(of("p := [o[k] | k == j]").starts_with("rego_unsafe_var_error"));
}

// What the domain of every binds is bound for the other literals.
BOOST_AUTO_TEST_CASE(domains_bind_variables) {
  auto of = [](const std::string& body) {
    return outcome("o := {\"a\": \"b\", \"c\": \"d\"}\n" + body);
  };
  BOOST_TEST(of("p contains k if { every x in [o[k]] { x != \"b\" } }")
             == R"(["c"])");
  BOOST_TEST(of("p contains y if { every x in {o[k]} { x != \"b\" }; y := k }")
             == R"(["c"])");
  BOOST_TEST(of("p := [k | every x in [o[k]] { x != \"z\" }; k != \"c\"]")
             == R"(["a"])");
}

// What is called within a negated call is evaluated before it.
BOOST_AUTO_TEST_CASE(calls_within_negated_ones_bind_variables) {
  auto of = [](const std::string& body) {
    return outcome("xs := [\"A\", \"b\"]\n" + body);
  };
  BOOST_TEST(of("p contains i if not startswith(lower(xs[i]), \"a\")")
             == "[1]");
  BOOST_TEST(of("p if not startswith(lower(xs[_]), \"a\")") == "true");
  BOOST_TEST(of("p contains i if not startswith(lower(input[i]), \"a\")")
             == "[]");
  BOOST_TEST(of("p if not startswith(xs[_], \"a\")")
                 .starts_with("rego_unsafe_var_error"));
}

// A reference binds the variables of its path for all that stands beside it.
BOOST_AUTO_TEST_CASE(references_bind_for_what_stands_before_them) {
  auto of = [](const std::string& body) {
    return outcome("o := {\"ab\": \"a\", \"b\": \"c\"}\nf(x, y) := [x, y]\n"
                   + body);
  };
  BOOST_TEST(of("p contains [k, o[k]]") == R"([["ab","a"],["b","c"]])");
  BOOST_TEST(of("p contains f(k, o[k])") == R"([["ab","a"],["b","c"]])");
  BOOST_TEST(of("p[k] := o[k]") == R"({"ab":"a","b":"c"})");
  BOOST_TEST(of("p[o[k]] := k") == R"({"a":"ab","c":"b"})");
  BOOST_TEST(of("p := {k: o[k] | true}") == R"({"ab":"a","b":"c"})");
  BOOST_TEST(of("p := [[k, o[k]] | true]") == R"([["ab","a"],["b","c"]])");
  BOOST_TEST(of("p contains k if startswith(k, o[k])") == R"(["ab"])");
  BOOST_TEST(of("p contains k if k != o[k]") == R"(["ab","b"])");
  BOOST_TEST(of("p contains x if x := concat(\"-\", [k, o[k]])")
             == R"(["ab-a","b-c"])");
  BOOST_TEST(of("p contains k if \"b-c\" == concat(\"-\", [k, o[k]])")
             == R"(["b"])");
  BOOST_TEST(of("p contains k if {k: o[k]} == {\"b\": \"c\"}") == R"(["b"])");
  BOOST_TEST(of("p contains k if [k, o[k]][1] == \"c\"") == R"(["b"])");
  BOOST_TEST(of("p contains x if some x in [k, o[k]]")
             == R"(["a","ab","b","c"])");
  BOOST_TEST(
      of("p if not o.x == [k, o[k]]").starts_with("rego_unsafe_var_error"));
}

namespace {

std::string solutions(const std::string& text) {
  auto p = rego::compile(
      {{"a.rego", "package a\nq if input == 1\nxs := [\"A\", \"b\"]"}});
  auto q = rego::prepare(*p, text);
  if (!q)
    return support::show(q.error_list());
  auto d = rego::load_data(R"({"cases": [1, 2, 1]})");
  rego::evaluator e;
  auto a = e.evaluate(**q, **d, rego::json_input{"null"});
  return rego::to_json(a.result);
}

} // namespace

// As in OPA, which takes == for = in rules alone.
BOOST_AUTO_TEST_CASE(queries_evaluate_operands_of_negated_equations) {
  BOOST_TEST(solutions("not input.x == 1") == "null");
  BOOST_TEST(solutions("x := [1 | not input.x == 1]")
             == R"([{"bindings":{"x":[]},"expressions":[true]}])");
  BOOST_TEST(solutions("not input.x = 1")
             == R"([{"bindings":{},"expressions":[true]}])");
  BOOST_TEST(outcome("p if not input.x == 1") == "true");
}

// Literals that a query has not are not among its expressions.
BOOST_AUTO_TEST_CASE(queries_bind_as_rules_do) {
  BOOST_TEST(solutions("some i; data.a.q with input as data.cases[i]")
             == R"([{"bindings":{"i":0},"expressions":[true]},)"
                R"({"bindings":{"i":2},"expressions":[true]}])");
  BOOST_TEST(solutions("x := 1; not startswith(lower(data.a.xs[i]), \"a\")")
             == R"([{"bindings":{"i":1,"x":1},"expressions":[true,true]}])");
  BOOST_TEST(solutions("[data.a.xs[k] | k == `a`]; x := 1").size() > 2u);
  BOOST_TEST(solutions("every x in [data.cases[i]] { x == 2 }")
             == R"([{"bindings":{"i":1},"expressions":[true]}])");
  BOOST_TEST(solutions("[data.a.xs[k] | k != 1]; x := 1")
             == R"([{"bindings":{"x":1},"expressions":[["A"],true]}])");
}

BOOST_AUTO_TEST_SUITE_END()
