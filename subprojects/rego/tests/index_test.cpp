// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// The rule index and the joins must change speed only, never an answer.

#include <boost/test/unit_test.hpp>
#include <functional>

#include "machine/index.hpp"
#include "rego/build.hpp"
#include "support.hpp"

BOOST_AUTO_TEST_SUITE(index_test)

using support::document;

namespace {

std::string many_rules(int n) {
  std::string m = "package test\ndefault p := \"none\"\n";
  for (int i = 0; i < n; ++i)
    m += "p := \"" + std::to_string(i) + "\" if { input.k == \"k"
         + std::to_string(i) + "\"; input.n > 0 }\n";
  return m;
}

} // namespace

BOOST_AUTO_TEST_CASE(finds_the_one_clause_among_many) {
  support::run r{.module = many_rules(500)};
  r.input = R"({"k": "k321", "n": 1})";
  BOOST_TEST(document(r) == R"("321")");
  r.input = R"({"k": "k321", "n": 0})";
  BOOST_TEST(document(r) == R"("none")");
  r.input = R"({"k": "other", "n": 1})";
  BOOST_TEST(document(r) == R"("none")");
  r.input = R"({"k": ["k1"], "n": 1})";
  BOOST_TEST(document(r) == R"("none")");
}

BOOST_AUTO_TEST_CASE(costs_no_more_with_more_clauses) {
  auto work = [](int n) {
    auto p = rego::compile({{"t", many_rules(n)}});
    auto q = rego::prepare(*p, "data.test.p", {.entry = true});
    auto d = rego::load_data("{}");
    rego::evaluator e;
    return e.evaluate(**q, **d, rego::json_input{R"({"k": "k7", "n": 1})"})
        .instructions;
  };
  BOOST_TEST(work(1000) == work(10));
}

BOOST_AUTO_TEST_CASE(keeps_clauses_that_say_nothing_on_the_subject) {
  support::run r{.module =
                     "package test\n"
                     "p contains 1 if input.a == \"x\"\n"
                     "p contains 2 if input.a == \"y\"\n"
                     "p contains 3 if { input.a == \"x\"; input.b == 1 }\n"
                     "p contains 4 if input.c\n"
                     "p contains 5 if input.b == 1.0\n"};
  r.input = R"({"a": "x", "b": 1, "c": true})";
  BOOST_TEST(document(r) == "[1,3,4,5]");
  r.input = R"({"a": "y"})";
  BOOST_TEST(document(r) == "[2]");
  r.input = "null";
  BOOST_TEST(document(r) == "[]");
}

// It shows where equal keys differ in how they are written: the first stays.
BOOST_AUTO_TEST_CASE(keeps_the_order_of_the_clauses) {
  support::run r{.module = "package test\n"
                           "p contains 1.0 if input.b == 1\n"
                           "p contains 1 if input.a == 1\n"
                           "p contains 2 if input.a == 2\n"
                           "p contains 3 if input.a == 3\n"
                           "p contains 4 if input.b == 4\n"};
  r.input = R"({"a": 1, "b": 1})";
  BOOST_TEST(document(r) == "[1.0]");
}

BOOST_AUTO_TEST_CASE(leaves_else_branches_alone) {
  support::run r{.module = "package test\n"
                           "p := 1 if input.a == 1 else := 2 if true\n"
                           "q := 1 if input.a == 1\n"
                           "q := 2 if input.a == 2\n"
                           "q := 3 if input.a == 3\n"};
  r.input = R"({"a": 5})";
  BOOST_TEST(document(r) == "2");
}

BOOST_AUTO_TEST_CASE(sees_the_input_that_with_put_there) {
  support::run r{.module = "package test\n"
                           "q := 1 if input.a == 1\n"
                           "q := 2 if input.a == 2\n"
                           "q := 3 if input.a == 3\n"
                           "p := [x, y] if { x := q with input.a as 3\n"
                           "  y := q }"};
  r.input = R"({"a": 2})";
  BOOST_TEST(document(r) == "[3,2]");
}

namespace {

uint64_t work(const std::string& module, const std::string& input) {
  auto p = rego::compile({{"t", module}});
  auto q = rego::prepare(*p, "data.test.p", {.entry = true});
  auto d = rego::load_data("{}");
  rego::evaluator e;
  return e.evaluate(**q, **d, rego::json_input{input}).instructions;
}

std::string clauses(int n, const std::string& head,
                    const std::function<std::string(std::string)>& condition) {
  std::string m = "package test\ndefault p := false\n";
  for (int i = 0; i < n; ++i)
    m += head + " if { " + condition(std::to_string(i)) + "; input.n > 0 }\n";
  return m;
}

} // namespace

BOOST_AUTO_TEST_CASE(clauses_that_print_are_all_run) {
  std::string rules = "package t\n";
  for (auto n : {"1", "2", "3", "4"})
    rules += std::string("p contains 1 if { print(") + n + "); input.x == " + n
             + " }\n";
  auto p = rego::compile({{"t.rego", rules}});
  auto q = rego::prepare(*p, "data.t.p", {.entry = true});
  auto d = rego::load_data("{}");
  rego::evaluator e;
  auto a = e.evaluate(**q, **d, rego::json_input{R"({"x": 3})"});
  BOOST_TEST(a.prints.size() == 4u);
}

BOOST_AUTO_TEST_CASE(finds_clauses_by_membership_globs_and_ends_of_texts) {
  auto input = R"({"k": "a7/x/c7", "n": 1})";
  for (auto& condition : std::vector<std::function<std::string(std::string)>>{
           [](auto i) { return R"(input.k in {"b", "a)" + i + R"(/x/c7"})"; },
           [](auto i) { return R"(input.k in ["b", "a)" + i + R"(/x/c7"])"; },
           [](auto i) {
             return R"(glob.match("a)" + i + R"(/*/c7", ["/"], input.k))";
           },
           [](auto i) {
             return R"(glob.match("*/c)" + i + R"(", ["."], input.k))";
           },
           [](auto i) {
             return R"(glob.match("a)" + i + R"(/x/c7", null, input.k))";
           },
           [](auto i) { return R"(startswith(input.k, "a)" + i + R"(/"))"; },
           [](auto i) { return R"(endswith(input.k, "/c)" + i + R"("))"; }}) {
    auto many = clauses(1000, "p", condition);
    BOOST_TEST(document({.module = many, .input = input}) == "true", many);
    BOOST_TEST(document({.module = many, .input = R"({"k": "b0", "n": 1})"})
               == "false");
    // Ten clauses have constants of one length, a thousand of three.
    BOOST_TEST(work(many, input)
               <= work(clauses(10, "p", condition), input) + 3);
  }
}

BOOST_AUTO_TEST_CASE(looks_into_arguments_of_functions) {
  auto of = [](int n) {
    return clauses(n, "f(x, _)", [](auto i) { return "x.k == " + i; })
           + "p := f(input, 1)\n";
  };
  support::run r{.module = of(500), .input = R"({"k": 77, "n": 1})"};
  r.module.replace(r.module.find("default p := false"), 18, "");
  BOOST_TEST(document(r) == "true");
  r.input = R"({"k": 501, "n": 1})";
  BOOST_TEST(document(r) == "undefined");
  auto small = of(20), large = of(500);
  for (auto* m : {&small, &large})
    m->replace(m->find("default p := false"), 18, "");
  auto input = R"({"k": 7, "n": 1})";
  BOOST_TEST(work(small, input) == work(large, input));
}

BOOST_AUTO_TEST_CASE(runs_every_clause_where_a_builtin_is_replaced) {
  std::string m = "package test\n"
                  "q contains 1 if glob.match(\"a*\", [], input.k)\n"
                  "q contains 2 if glob.match(\"b*\", [], input.k)\n"
                  "q contains 3 if startswith(input.k, \"c\")\n"
                  "yes(_, _) := true\n"
                  "p := [x, y, z] if {\n"
                  "  x := q\n  y := q with glob.match as true\n"
                  "  z := q with startswith as yes }";
  BOOST_TEST(document({.module = m, .input = R"({"k": "bc"})"})
             == "[[2],[1,2],[2,3]]");
}

BOOST_AUTO_TEST_CASE(raises_what_the_clauses_left_out_would_have) {
  support::run r{.module = "package test\n"
                           "p contains 1 if startswith(input.k, \"a\")\n"
                           "p contains 2 if startswith(input.k, \"b\")\n"
                           "p contains 3 if startswith(input.k, \"c\")\n",
                 .input = R"({"k": 7})"};
  BOOST_TEST(document(r) == "[]");
  r.options.strict_builtin_errors = true;
  BOOST_TEST(document(r)
             == "eval_type_error: startswith: operand 1 must be string but "
                "got number");
}

BOOST_AUTO_TEST_CASE(joins_give_what_nested_loops_give) {
  support::run r{.module = "package test\n"
                           "p := {t: n | some e in data.es; t := e.team\n"
                           "  n := [x.name | some x in data.es; x.team == t]}"};
  std::string es;
  for (int i = 0; i < 60; ++i)
    es += std::string(i ? "," : "") + R"({"team": ")" + (i % 2 ? "odd" : "even")
          + R"(", "name": )" + std::to_string(i) + "}";
  r.data = R"({"es": [)" + es + R"(, {"name": "none"}, 7]})";
  auto have = document(r);
  BOOST_TEST(have.find(R"("odd":[1,3,5)") != std::string::npos);
  BOOST_TEST(have.find(R"({"even":[0,2,4)") == 0u);
  BOOST_TEST(have.find("none") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
