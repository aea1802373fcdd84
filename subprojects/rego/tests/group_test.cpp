// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Comprehensions grouped by what a variable around them is compared with: they
// take time in proportion to their rows, and change no answer.

#include <boost/test/unit_test.hpp>

#include "support.hpp"

BOOST_AUTO_TEST_SUITE(group_test)

using support::document;

namespace {

struct form {
  const char* outer; // binds k
  const char* body;  // of {s.v | ...}
};

constexpr form forms[] = {
    {"k := r.k", "some s in rows; f(s) == k"},
    {"k := r.k", "some s in rows; k == f(s)"},
    {"k := r.k", "s := rows[_]; x := s.k; x == k"},
    {"k := r.k", "some s in rows; s.k + 0 = k"},
    {"k := r.k", "s := rows[i]; i + 1 == k"},
    {"k := r.v", "rows[_] = s; [_, x] := [1, s.v]; x == k"},
    {"k := [r.k]", "some s in rows; [s.k] == k"},
    {"k := {\"a\": r.k}", "some s in rows; s.o == k"},
    {"k := [r.k, r.v]", "some s in rows; [s.k, s.v] = k"},
    {"k := [\"a\", r.k]", "some s in rows; c := [\"a\", s.k]; c == k"},
    {"k := r.k", "some s in rows; c := [\"a\", s.k]; c == [\"a\", k]"},
    {"k := r.k", "some s in rows; f(s) == r.k"},
    {"k := r.k", "some s in rows; r.v == s.o.a"},
    {"k := r.k", "some t in [rows]; some s in t; s.k == k"},
    {"k := sprintf(\"%d\", [r.k])",
     "some s in rows; k == sprintf(\"%d\", [s.k])"},
    {"k := r.k", "some i; rows[i] = s; f(rows[i]) == k; s.k >= r.v"},
    {"k := r.k", "some s in rows; s.one == r.one; s.k == r.k"},
    {"k := r.k", "some s in rows; k = k; r.one == s.one; s.k == k"},
    {"k := r.k; o := r.one", "some s in rows; s.one == o; k == s.k"},
    {"k := r.k", "some s in rows; s.one == r.one; s.one == 1; s.k == r.k"},
    {"k := r.k", "some t in [rows]; some s in t; s.one == r.one; s.k == k"},
    {"k := r.k", "s := rows[i]; c := s.one; i + 1 == k; c == r.one"},
};

std::string module_of(const form& f) {
  return "package test\n"
         "rows := [{\"k\": i, \"v\": i, \"o\": {\"a\": i}, \"one\": 1} |\n"
         "  some i in numbers.range(1, input.n)]\n"
         "f(r) := r.k\n"
         "p[r.k] := vs if { some r in rows\n  "
         + std::string(f.outer) + "\n  vs := {s.v | " + f.body + "} }\n";
}

struct told {
  std::string text; // JSON, or the errors
  uint64_t instructions = 0;
};

told answer_of(const std::string& module, const std::string& input,
               const rego::evaluate_options& o = {},
               const rego::compile_options& how = {}) {
  auto p = rego::compile({{"t", module}}, how);
  BOOST_REQUIRE_MESSAGE(p, module);
  auto q = rego::prepare(*p, "data.test.p",
                         {.entry = true, .instrument = how.instrument});
  auto d = rego::load_data("{}");
  thread_local rego::evaluator e;
  auto a = e.evaluate(**q, **d, rego::json_input{input}, o);
  return {a.errors.empty() ? rego::to_json(a.result) : support::show(a.errors),
          a.instructions};
}

std::string input_of(int n) {
  return "{\"n\": " + std::to_string(n) + "}";
}

// The same as without groups.
std::string
both_ways(const std::string& module, const std::string& input = "{}",
          const rego::evaluate_options& o = {},
          const rego::compile_options& plain = {.reference = true}) {
  auto fast = answer_of(module, input, o).text;
  BOOST_TEST(fast == answer_of(module, input, o, plain).text, module);
  return fast;
}

// With rows of k from 0 to 19, and some others.
std::string in_rows(const std::string& rules) {
  return "package test\n"
         "rows := array.concat([{\"k\": i, \"v\": i % 7} |\n"
         "  some i in numbers.range(0, 19)], [{\"v\": 1}, {\"k\": 3.0}, 7,\n"
         "  {\"k\": 3, \"v\": null}, {\"k\": \"a\", \"v\": \"b\"}])\n"
         "f(r) := r.k\n"
         + rules;
}

} // namespace

BOOST_AUTO_TEST_CASE(take_time_in_proportion_to_the_rows) {
  for (auto& f : forms) {
    auto module = module_of(f);
    auto few = answer_of(module, input_of(100)).instructions;
    auto many = answer_of(module, input_of(800)).instructions;
    BOOST_TEST(many < few * 10, module);
    both_ways(module, input_of(40));
  }
}

BOOST_AUTO_TEST_CASE(find_numbers_however_they_are_written) {
  BOOST_TEST(
      both_ways(in_rows("p := {json.marshal(k): [s | some s in rows; f(s) == k]"
                        " | some k in [3, 3.0, 3, 4, \"a\", \"b\", null]}"))
          .find(R"("3":[{"k":3,"v":3},{"k":3.0},{"k":3,"v":null}])")
      != std::string::npos);
  BOOST_TEST(both_ways(in_rows("p := [[s.v | some s in rows; [f(s)] == k]"
                               " | some k in [[1], [2.0], [2], [3]]]"))
             == "[[1],[2],[2],[3,null]]");
}

BOOST_AUTO_TEST_CASE(keep_the_order_of_rows_and_all_that_follows) {
  both_ways(in_rows("p := [{\"v\": x, \"n\": n, \"k\": k} | some k, n in"
                    " [5, 3, 3, 7, \"a\", 5]\n"
                    "  x := [[s.v, n, t] | some s in rows; f(s) == k\n"
                    "    not s.v == 2; t := [u.v | some u in rows\n"
                    "      [f(u), 1] == [s.k, 1]; u.v != n]]]"));
  both_ways(in_rows("p contains x if { some r in rows; some t in rows\n"
                    "  x := {[s.v, r.v] | some s in rows; s.v == r.v\n"
                    "    f(s) == t.k} }"));
  both_ways(in_rows("p := {n: x | some n in numbers.range(0, 9)\n"
                    "  x := {s.k: i | some i, s in rows; f(s) % 10 == n}}"));
}

BOOST_AUTO_TEST_CASE(leave_out_rows_without_a_key_and_unknown_keys) {
  BOOST_TEST(both_ways(in_rows("p := [x | some r in [{}, {\"k\": 1}, {}]\n"
                               "  x := [s.v | some s in rows; f(s) == r.k]]"))
             == "[[],[1],[]]");
  BOOST_TEST(both_ways(in_rows("p := [x | some r in [{}, {\"k\": 1}, {}]\n"
                               "  x := [s.v | some s in rows\n"
                               "    [r.k, 1] == [s.k, 1]]]"))
             == "[[],[1],[]]");
}

BOOST_AUTO_TEST_CASE(take_keys_of_several_parts) {
  for (std::string each :
       {"some s in rows", "some t in [rows]; some s in t", "s := rows[_]",
        "some s in array.concat(rows, rows)", "some _, s in rows"}) {
    BOOST_TEST(both_ways(in_rows("p := [x | some r in [{\"v\": 1}, {\"k\": 3},"
                                 " {\"k\": 3, \"v\": null}, {\"k\": 3}]\n"
                                 "  x := count([s | "
                                 + each + "; s.k == r.k; s.v == r.v])]"))
                   .starts_with("[0,0,"));
    both_ways(in_rows("p := [x | some r in rows; v := r.v\n"
                      "  x := [s | "
                      + each + "; s.v == v; r.k == s.k]]"));
    both_ways(in_rows("p := [x | some r in rows; v := r.v\n"
                      "  x := [s | "
                      + each + "; s.v == v; w = s.k; s.v == 1; w == r.k]]"));
    both_ways(in_rows("p := [x | some r in rows; [k, v] := [r.k, r.v]\n"
                      "  x := [s.k | "
                      + each + "; f(s) == k; s.v = u; s.v == v; u + 1 > k]]"));
  }
}

BOOST_AUTO_TEST_CASE(leave_what_stands_in_front_of_a_join_to_be_seen) {
  for (const char* rule :
       {"p contains s if { some k in [1, 2]; some s in rows; print(s)\n"
        "  s.k == k }",
        "p contains s if { some s in rows; print(s); s.k == input.none }",
        "p contains s if { some s in rows; print(s); s.k == 1\n"
        "  s.v == input.none }",
        "g(1) := s.v if some s in rows\n"
        "p contains s if { some s in rows; g(1); s.k == input.none }",
        "p contains s if { some s in rows; s.v > g(1); s.k == input.none\n"
        "  s.v == 1 }\n"
        "g(1) := s.v if some s in rows"}) {
    std::vector<std::string> shown[2];
    for (bool reference : {false, true}) {
      auto p = rego::compile({{"t", in_rows(rule)}}, {.reference = reference});
      auto q = rego::prepare(*p, "data.test.p", {.entry = true});
      auto d = rego::load_data("{}");
      rego::evaluator e;
      auto a = e.evaluate(**q, **d, rego::json_input{"{}"});
      shown[reference] = a.prints;
      shown[reference].push_back(support::show(a.errors));
    }
    BOOST_TEST(shown[0] == shown[1], rule);
    BOOST_TEST((shown[1].size() > 20 || !shown[1].back().empty()), rule);
  }
}

BOOST_AUTO_TEST_CASE(are_kept_for_one_context_alone) {
  BOOST_TEST(both_ways("package test\n"
                       "g(k) := [s | some s in input.l; s % 3 == k]\n"
                       "q := [g(n) | some n in [0, 1, 2, 1, 0]]\n"
                       "p := [q, y, q, z] if {\n"
                       "  y := q with input.l as [7, 8, 9]\n"
                       "  z := q with g as 1 }",
                       R"({"l": [1, 2, 3, 4]})")
             == "[[[3],[1,4],[2],[1,4],[3]],[[9],[7],[8],[7],[9]],"
                "[[3],[1,4],[2],[1,4],[3]],[1,1,1,1,1]]");
  both_ways(in_rows("p := [x | some l in [[1, 2], [3, 1], [2, 2]]\n"
                    "  some k in [1, 2, 3, 1]\n"
                    "  x := [i | some i, s in l; s + 0 == k]]"));
  both_ways(in_rows("p := [x | some k in [1, 2, 3, 1]\n"
                    "  x := [s | some s in rows; y := f(s) with input as k\n"
                    "    y == k; z := input.n with input.n as s.v; z == k]]"));
}

BOOST_AUTO_TEST_CASE(raise_what_would_be_raised_without_them) {
  rego::evaluate_options strict{.strict_builtin_errors = true};
  for (const char* key : {"to_number(s.k) == k", "k == 1 / (s.k - 9)",
                          "f(s) == k; x := 1 / (s.k - k)"}) {
    auto module = in_rows("p := [x | some k in [1, 2, 3]\n"
                          "  x := [s.v | some s in rows; s.k; "
                          + std::string(key) + "]]");
    both_ways(module);
    BOOST_TEST(both_ways(module, "{}", strict).starts_with("eval_"), module);
  }
  // Nothing there is computed where what is in front of it is undefined. (With
  // calls taken apart it is.)
  both_ways(in_rows("p := [x | some r in [{\"v\": 1}, {\"v\": 2}, {}]\n"
                    "  x := [s.v | some s in rows; r.k == to_number(s.k)]]"),
            "{}", strict, {.instrument = true});
  both_ways(in_rows("p := [x | some r in [{\"v\": 1}, {\"v\": 2}, {}]\n"
                    "  x := [s.v | some s in rows\n"
                    "    [\"x\", to_number(s.k)] == [\"a\", r.v]]]"));
  BOOST_TEST(both_ways(in_rows("g(r) := 1 if r.k > 3\ng(r) := 2 if r.k > 9\n"
                               "p := [x | some k in [1, 2, 3]\n"
                               "  x := [s.v | some s in rows; g(s) == k]]"))
                 .starts_with("eval_conflict_error"));
}

BOOST_AUTO_TEST_CASE(keep_no_more_rows_than_there_is_memory_for) {
  constexpr const char* module =
      "package test\n"
      "p := [n | some k in [1, 2, 3, 4, 2]\n"
      "  n := count([1 | some x in input.l; some y in input.l\n"
      "    x + y == k])]";
  std::string list = "0";
  for (int i = 1; i < 100; ++i)
    list += "," + std::to_string(i);
  rego::evaluate_options o;
  o.limits.memory_bytes = size_t{3} << 20;
  BOOST_TEST(both_ways(module, "{\"l\": [" + list + "]}", o) == "[2,3,4,5,3]");
}

BOOST_AUTO_TEST_CASE(keep_few_rows_of_many_small_groups) {
  constexpr const char* module =
      "package test\n"
      "p := sum([n | some l in input.l; some k in [1, 2, 3]\n"
      "  n := count([1 | some x in l; x % 10 == k])])";
  std::string list = "0", lists;
  for (int i = 1; i < 200; ++i)
    list += "," + std::to_string(i);
  for (int i = 0; i < 200; ++i)
    lists += (i ? ",[" : "[") + list + "]";
  rego::evaluate_options o;
  o.limits.memory_bytes = size_t{5} << 20;
  BOOST_TEST(both_ways(module, "{\"l\": [" + lists + "]}", o) == "12000");
}

BOOST_AUTO_TEST_SUITE_END()
