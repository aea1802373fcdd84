// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// What the rule index looks at besides scalars of the input: elements of
// arrays, heads of rules with else, data. They change no answer.

#include <boost/test/unit_test.hpp>
#include <functional>

#include "both_ways.hpp"

BOOST_AUTO_TEST_SUITE(index_shapes_test)

using support::answer_of;
using support::both_ways;

namespace {

// `each` clause of 1000, and what they cost beside ten of them.
std::string many(const std::string& first,
                 const std::function<std::string(std::string)>& each,
                 const std::string& input, const std::string& data = "{}") {
  std::string few = "package test\n" + first, all = few;
  for (int i = 0; i < 1000; ++i) {
    auto clause = each(std::to_string(i)) + "\n";
    all += clause;
    if (i < 10)
      few += clause;
  }
  auto work = [&](auto& of) {
    return answer_of(of, input, data, {}).instructions;
  };
  BOOST_TEST(work(all) <= work(few) + 3, each("7") << work(all));
  return both_ways(all, input, data);
}

} // namespace

BOOST_AUTO_TEST_CASE(finds_clauses_by_elements_of_arrays) {
  for (auto& condition : std::vector<std::function<std::string(std::string)>>{
           [](auto i) { return "input.k = [\"a\", \"s" + i + "\", n]; n > 0"; },
           [](auto i) {
             return "[\"a\", \"s" + i + "\", n] = input.k; n == 3";
           },
           [](auto i) { return "input.k == [\"a\", \"s" + i + "\", 3]"; },
           [](auto i) { return "input.k = [_, \"s" + i + "\", input.n]"; }}) {
    auto each = [&](auto i) {
      return "p := " + i + " if { " + condition(i) + " }";
    };
    for (auto k : {R"(["a", "s8", 3, 3])", R"(["a", "s8"])", "[]", "7",
                   R"(["a", ["s8"], 3])", R"({"0": "a", "1": "s8", "2": 3})",
                   R"(["a", "none", 3])"})
      BOOST_TEST(many("", each, R"({"n": 3, "k": )" + std::string(k) + "}")
                 == "undefined");
    BOOST_TEST(many("", each, R"({"n": 3, "k": ["a", "s8", 3]})") == "8");
  }
}

BOOST_AUTO_TEST_CASE(finds_functions_by_elements_of_arguments) {
  auto each = [](auto i) { return "f([\"s" + i + "\", n]) := n + " + i; };
  for (auto k : {R"(["s8", 1, 1])", R"(["s8"])", R"({"0": "s8", "1": 1})"})
    BOOST_TEST(
        many("p := f(input.k)\n", each, R"({"k": )" + std::string(k) + "}")
        == "undefined");
  BOOST_TEST(many("p := f(input.k)\n", each, R"({"k": ["s8", 1]})") == "9");
}

BOOST_AUTO_TEST_CASE(finds_clauses_with_else_by_what_their_heads_demand) {
  auto each = [](auto i) {
    return "f(\"s" + i + "\", x) := " + i + " if { x > 5; x < 7 } else := -" + i
           + " if { x > 2 }";
  };
  BOOST_TEST(
      many("p := [f(input.k, 6), f(input.k, 7)]\n", each, R"({"k": "s8"})")
      == "[8,-8]");
  BOOST_TEST(many("p := f(input.k, 1)\n", each, R"({"k": "s8"})")
             == "undefined");
  both_ways("package test\nf(1, x) := 1 if x == 1 else := 2 if x == 2\n"
            "f(_, x) := 2 if x == 2 else := 1\nf([1], x) := x\n"
            "p := [f(k, n) | some k in [1, 2, [1]]; some n in [1, 2]]",
            "{}");
}

BOOST_AUTO_TEST_CASE(finds_clauses_by_data_without_rules) {
  auto each = [](auto i) {
    return "p := " + i + " if { data.config.region == \"r" + i + "\" }";
  };
  auto region = [](const std::string& r) {
    return R"({"config": {"region": ")" + r + R"("}})";
  };
  BOOST_TEST(many("", each, "{}", region("r8")) == "8");
  BOOST_TEST(many("", each, "{}", region("none")) == "undefined");
  BOOST_TEST(many("", each, "{}") == "undefined");
}

BOOST_AUTO_TEST_CASE(sees_the_data_in_force) {
  std::string rules = "package test\n";
  for (std::string r : {"1", "2", "3", "4"})
    rules += "q := " + r + " if data.config.region == " + r + "\ns contains "
             + r + " if data.other.q == " + r + "\n";
  rules += "p := [q, x, y, q, s, z] if {\n"
           "  x := q with data.config.region as 3\n"
           "  y := q with data.config as {\"region\": 4}\n"
           "  z := s with data.other as {\"q\": 2} }\n";
  auto p = rego::compile(
      {{"t", rules}, {"o", "package other\nq := data.config.region"}});
  BOOST_REQUIRE(p);
  auto q = rego::prepare(*p, "data.test.p", {.entry = true});
  rego::evaluator e;
  for (std::string r : {"1", "2"}) {
    auto d = rego::load_data(R"({"config": {"region": )" + r + "}}");
    auto a = e.evaluate(**q, **d, rego::json_input{"null"});
    BOOST_TEST(rego::to_json(a.result)
               == "[" + r + ",3,4," + r + ",[" + r + "],[2]]");
  }
}

BOOST_AUTO_TEST_SUITE_END()
