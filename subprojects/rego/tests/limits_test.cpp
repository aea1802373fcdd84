// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Bounds: a hostile policy or input ends in an error of its evaluation.

#include <boost/test/unit_test.hpp>

#include "rego/build.hpp"
#include "rego/json.hpp"
#include "support.hpp"

BOOST_AUTO_TEST_SUITE(limits_test)

using support::document;
using support::outcome;

namespace {

constexpr const char* endless =
    "package test\n"
    "xs := numbers.range(1, 1000)\n"
    "p := count([1 | some a in xs; some b in xs; some c in xs; some d in xs])";

} // namespace

BOOST_AUTO_TEST_CASE(ends_at_the_instruction_limit) {
  support::run r{.module = endless};
  r.options.limits.instructions = 100000;
  BOOST_TEST(document(r)
             == "eval_cancel_error: the instruction limit is reached "
                "(100000)");
}

namespace {

std::string repeated(int times, const std::string& text) {
  std::string out;
  for (int i = 0; i < times; ++i)
    out += text;
  return out;
}

/// A unification in which each of so many variables waits for the next.
std::string chain(int variables) {
  std::string here = "[";
  std::string next = "[";
  for (int i = 0; i < variables; ++i) {
    here += "x" + std::to_string(i) + ", ";
    next += "x" + std::to_string(i + 1) + ", ";
  }
  return here + "1] = " + next + "x" + std::to_string(variables) + "]";
}

/// What compiling within bounds that suit anything real says; empty for done.
std::string compiled(const std::string& module,
                     const std::atomic<bool>* cancel = nullptr) {
  rego::compile_options o;
  o.limits = {10'000'000, 200, cancel};
  auto p = rego::compile({{"t", module}}, o);
  return p ? "" : rego::to_string(p.error_list()[0]);
}

} // namespace

BOOST_AUTO_TEST_CASE(compiles_what_is_large_within_its_bound_of_work) {
  std::string rules = "package t\n", literals = rules + "p if {\n";
  std::string closures = literals, denied = literals, objects = literals;
  for (int i = 0; i < 5000; ++i) {
    auto n = std::to_string(i);
    rules += "r" + n + " if input.x" + n + " == " + n + " ";
    literals += "x" + n + " := input.a[_]\n";
    closures += "x" + n + " := [y | some y in input.a; y > " + n + "]\n";
    denied += "x" + n + " := " + n + "\nnot input.x == x" + n + "\n";
  }
  for (auto side : {"input.k", "x"}) {
    objects += objects.back() == '}' ? " = {" : "{";
    for (int i = 0; i < 3000; ++i)
      objects += (i ? ",\"" : "\"") + std::to_string(i) + "\": " + side
                 + std::to_string(i);
    objects += "}";
  }
  BOOST_TEST(compiled(rules) == "");
  for (auto* each : {&literals, &closures, &denied, &objects})
    BOOST_TEST(compiled(*each + "\n}\n") == "");
}

BOOST_AUTO_TEST_CASE(takes_a_thousand_else_branches_and_no_more) {
  std::string rule = "package test\np := 0 if input == 0\n";
  for (int i = 1; i <= 1000; ++i)
    rule += "else := " + std::to_string(i) + " if input == " + std::to_string(i)
            + "\n";
  support::run r;
  r.module = rule;
  r.input = "1000";
  BOOST_TEST(document(r) == "1000");
  auto more = rego::compile({{"t", rule + "else := 1001"}});
  BOOST_TEST(more.error_list()[0].message == "rule has too many else branches");
}

BOOST_AUTO_TEST_CASE(ends_a_compilation_that_takes_too_much_work) {
  std::string parts = "x0";
  for (int i = 1; i < 3000; ++i)
    parts += ",x" + std::to_string(i);
  // Each of many bodies has a head of its own.
  auto text = compiled("package t\nf(" + parts + ") if { 1 }\n"
                       + repeated(3000, "{ 1 }\n"));
  BOOST_TEST(text.find("compiling takes more work") != text.npos);
  BOOST_TEST(text.find("rego_compile_error") != text.npos);
  // Each variable waits for the next.
  text = compiled("package t\np if { " + chain(5000) + " }\n");
  BOOST_TEST(text.find("compiling takes more work") != text.npos);
}

// Each of many rules may need each of many others, by the same keys or not.
BOOST_AUTO_TEST_CASE(references_to_all_of_many_rules_share_what_they_need) {
  std::string text = "package t\n";
  for (int i = 0; i < 3000; ++i) {
    auto n = std::to_string(i);
    text +=
        "r[\"k" + n + "\"] := {\"a" + n + "\": 1} if input.x == " + n + "\n";
    text += "v" + n + " := r[input.y]\n";
    text += "w" + n + " := r[input.z].a" + n + "\n";
    text += "u" + n + " := r\n";
  }
  BOOST_TEST(compiled(text) == "");
}

BOOST_AUTO_TEST_CASE(tells_of_recursion_through_what_references_share) {
  auto text = [](const std::string& rules) {
    return compiled("package t\n" + rules);
  };
  std::string some = "r.a := 1\nr.b.c := x if input.b\nr.d := 2\n";
  auto told = [](const std::string& path, const std::string& row) {
    return "t:" + row + ": rego_recursion_error: rule data.t." + path
           + " is recursive: data.t." + path;
  };
  BOOST_TEST(text(some + "x := r[input.k]\n")
             == told("r.b.c", "3") + " -> data.t.x -> data.t.r.b.c");
  BOOST_TEST(text(some + "x := r[input.k].c\n")
             == told("r.b.c", "3") + " -> data.t.x -> data.t.r.b.c");
  BOOST_TEST(text(some + "x := r[input.k].d\n") == "");
  BOOST_TEST(text("r.a := r[input.k]\nr.b := 1\n")
             == told("r.a", "2") + " -> data.t.r.a");
}

BOOST_AUTO_TEST_CASE(bounds_what_aliases_make_of_metadata) {
  auto with = [](const std::string& block) {
    return compiled("package t\n# METADATA\n" + block + "p := 1\n");
  };
  BOOST_TEST(with("# custom: {b: &a [*a]}\n")
             == "t:3: rego_parse_error: yaml: exceeded max depth\n"
                "\t# custom: {b: &a [*a]}\n\t^");
  std::string doubling = "# custom:\n#  a: &a [x,x,x,x,x,x,x,x,x]\n";
  for (char name = 'b'; name < 'l'; ++name) {
    std::string before = ",*" + std::string{static_cast<char>(name - 1)};
    doubling += "#  " + std::string{name} + ": &" + name + " ["
                + repeated(8, before).substr(1) + "]\n";
  }
  BOOST_TEST(with(doubling).starts_with("rego_compile_error: compiling takes"));
  auto unbounded =
      rego::compile({{"t", "package t\n# METADATA\n" + doubling + "p := 1\n"}});
  BOOST_REQUIRE(!unbounded);
  BOOST_TEST(rego::to_string(unbounded.error_list()[0])
             == "t:3: rego_parse_error: yaml: document contains excessive "
                "aliasing\n\t# custom:\n\t^");
  BOOST_TEST(with("# custom: {a: &x [1], b: *x}\n") == "");
}

BOOST_AUTO_TEST_CASE(bounds_the_work_of_a_query_too) {
  auto p = rego::compile({{"t", "package t\n"}});
  rego::prepare_options o;
  o.limits.steps = 20'000'000;
  auto q = rego::prepare(*p, chain(3000), o);
  BOOST_REQUIRE(!q);
  BOOST_TEST(q.error_list()[0].code == "rego_compile_error");
  BOOST_TEST(!!rego::prepare(*p, "x := 1; y := x + 1", o));
}

BOOST_AUTO_TEST_CASE(ends_a_compilation_from_outside) {
  std::atomic<bool> cancel{true};
  auto text =
      compiled("package t\n" + repeated(5000, "p if input.x == 1\n"), &cancel);
  BOOST_TEST(text.find("ended from outside") != text.npos);
}

BOOST_AUTO_TEST_CASE(refuses_terms_of_more_parts_than_an_instruction_takes) {
  auto array = [](int n) {
    return "package t\np := count([" + repeated(n - 1, "input.x,")
           + "input.x])\n";
  };
  BOOST_TEST(compiled(array(65535)) == "");
  BOOST_TEST(compiled(array(65536)).find("at most 65535") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(ends_at_the_deadline_of_the_clock_handed_in) {
  int64_t now = 0;
  rego::environment env;
  env.monotonic_ns = [&now] { return now += 1000000; };
  auto p = rego::compile({{"t", endless}});
  auto q = rego::prepare(*p, "data.test.p", {.entry = true});
  auto d = rego::load_data("{}");
  rego::evaluator e(env);
  rego::evaluate_options o;
  o.limits.wall = std::chrono::milliseconds(50);
  auto a = e.evaluate(**q, **d, rego::value(), o);
  BOOST_REQUIRE(a.errors.size() == 1u);
  BOOST_TEST(a.errors[0].code == "eval_cancel_error");
  BOOST_TEST((a.errors[0].reached == rego::bound::time));
}

BOOST_AUTO_TEST_CASE(tells_now_and_then_that_an_evaluation_goes_on) {
  int told = 0;
  rego::environment env;
  env.during = [&told] { ++told; };
  auto p = rego::compile({{"t", endless}});
  auto d = rego::load_data("{}");
  rego::evaluator e(env);
  auto told_in = [&](const char* query) {
    auto q = rego::prepare(*p, query);
    told = 0;
    rego::evaluate_options o;
    o.limits.instructions = 1'000'000;
    e.evaluate(**q, **d, rego::value(), o);
    return told;
  };
  BOOST_TEST(told_in("1 + 1") == 0);
  BOOST_TEST(told_in("data.test.p") > 100);
}

BOOST_AUTO_TEST_CASE(says_which_bound_was_reached_and_only_then) {
  auto reached = [](const std::string& module, rego::evaluate_options o) {
    auto p = rego::compile({{"t", module}});
    auto q = rego::prepare(*p, "data.test.p", {.entry = true});
    auto d = rego::load_data("{}");
    rego::evaluator e;
    auto a = e.evaluate(**q, **d, rego::json_input{"1"}, o);
    BOOST_REQUIRE(a.errors.size() == 1u);
    auto& first = a.errors[0];
    BOOST_TEST((first.code == "eval_cancel_error")
               == (first.reached != rego::bound::none));
    return first.reached;
  };
  using rego::bound;
  std::atomic<bool> stop{true};
  rego::evaluate_options few, small, asked;
  few.limits.instructions = 5000;
  small.limits.memory_bytes = 1 << 20;
  asked.cancel = &stop;
  BOOST_TEST((reached(endless, few) == bound::instructions));
  BOOST_TEST((reached(endless, small) == bound::memory));
  BOOST_TEST((reached(endless, asked) == bound::cancelled));
  BOOST_TEST((reached("package test\np := 1 if input\np := 2 if input", {})
              == bound::none));
}

BOOST_AUTO_TEST_CASE(ends_when_another_thread_asks) {
  std::atomic<bool> stop{true};
  support::run r{.module = endless};
  r.options.cancel = &stop;
  BOOST_TEST(document(r)
             == "eval_cancel_error: caller cancelled query execution");
}

BOOST_AUTO_TEST_CASE(ends_at_the_memory_limit) {
  support::run r{.module = endless};
  r.options.limits.memory_bytes = 4 << 20;
  BOOST_TEST(document(r) == "eval_cancel_error: the memory limit is reached");
}

// Each list has the one before it ten times: a small value, a text without end.
BOOST_AUTO_TEST_CASE(ends_where_the_result_would_be_too_long) {
  std::string module = "package test\nx0 := 1\n";
  for (int i = 1; i < 20; ++i) {
    auto before = "x" + std::to_string(i - 1);
    module += "x" + std::to_string(i) + " := [" + repeated(9, before + ", ")
              + before + "]\n";
  }
  auto text = module + "p := x19\n";
  support::run r{.module = text.c_str()};
  r.options.limits.output_bytes = 1 << 20;
  BOOST_TEST(document(r)
             == "eval_cancel_error: the limit of the result's size is reached");
  text = module + "p := x3\n";
  r.module = text.c_str();
  BOOST_TEST(document(r).size() > 2000);
}

BOOST_AUTO_TEST_CASE(ends_where_calls_nest_too_deeply) {
  std::string m = "package test\nf0(x) := x\n";
  for (int i = 1; i < 3000; ++i)
    m += "f" + std::to_string(i) + "(x) := f" + std::to_string(i - 1) + "(x)\n";
  BOOST_TEST(document({.module = m + "p := f2999(1)"})
             == "eval_cancel_error: calls or values are nested too deeply");
}

BOOST_AUTO_TEST_CASE(ends_where_a_value_gets_too_deep) {
  // Each step stands for a value twice as deep as the one before.
  std::string m = "package test\nf0 := [1]\n";
  for (int i = 1; i < 12; ++i) {
    auto before = "f" + std::to_string(i - 1);
    m += "f" + std::to_string(i) + " := json.patch(" + before
         + ", [{\"op\": \"add\", \"path\": [y | some x in numbers.range(1, "
         + std::to_string(1 << (i - 1)) + "); y := 0], \"value\": " + before
         + "}])\n";
  }
  BOOST_TEST(document({.module = m + "p := count(f3)"}) == "2");
  BOOST_TEST(document({.module = m + "p := f11"})
             == "eval_cancel_error: calls or values are nested too deeply");
}

BOOST_AUTO_TEST_CASE(ends_at_numbers_too_big_and_never_takes_them_for_false) {
  auto end = "eval_cancel_error: a number has more than 30103 digits";
  support::run r{.module = "package test\np if not input * input > 5"};
  r.input = "1e5000";
  BOOST_TEST(document(r) == "undefined");
  r.input = "1e30000";
  BOOST_TEST(document(r) == end);
  r.input = "1e-500000";
  BOOST_TEST(document(r) == end);
  BOOST_TEST(support::outcome("p := bits.lsh(1, 99999) > 5e30102") == "false");
  BOOST_TEST(support::outcome("p := bits.lsh(1, 999999)") == end);
  BOOST_TEST(support::outcome("p := format_int(1e40, 10)")
             == R"("1)" + std::string(40, '0') + '"');
  BOOST_TEST(support::problems("package test\np := 1e99999")
                 .starts_with("2:6 rego_parse_error: number too big"));
}

BOOST_AUTO_TEST_CASE(goes_on_after_an_evaluation_that_was_ended) {
  auto p = rego::compile({{"t", std::string(endless) + "\nq := 1"}});
  auto bad = rego::prepare(*p, "data.test.p", {.entry = true});
  auto good = rego::prepare(*p, "data.test.q", {.entry = true});
  auto d = rego::load_data("{}");
  rego::evaluator e;
  rego::evaluate_options o;
  o.limits.instructions = 5000;
  BOOST_TEST(!e.evaluate(**bad, **d, rego::value(), o).errors.empty());
  auto a = e.evaluate(**good, **d, rego::value());
  BOOST_TEST(rego::to_json(a.result) == "1");
}

BOOST_AUTO_TEST_CASE(refuses_an_input_that_is_no_json) {
  support::run r{.module = "package test\np := input"};
  for (auto bad : {"{", "[1,]", "nul", "\"\\x\"", ""}) {
    r.input = bad;
    BOOST_TEST(document(r).find("json_error") == 0u, bad);
  }
}

// Each `with` begins with no rule known; what that takes is for the rules that
// are asked for, not for the thousands beside them.
BOOST_AUTO_TEST_CASE(a_with_costs_what_it_asks_for) {
  std::string module = "package test\n"
                       "p := count([1 | some i in numbers.range(1, 1000)\n"
                       "  r7 with input.n as i])\n";
  for (int i = 0; i < 2000; ++i) {
    auto n = std::to_string(i);
    module += "r" + n + " if input.n > " + n + "\n";
  }
  support::run r{.module = module};
  r.options.limits.memory_bytes = 4 << 20;
  BOOST_TEST(document(r) == "993");
}

// Each key that is an object is a string in a name, whose quotes are escaped
// once more: JSON of a thousand bytes for 8 levels, of 2^120 for 120.
BOOST_AUTO_TEST_CASE(ends_where_keys_in_keys_are_long_as_json) {
  auto nested = [](int levels) {
    return repeated(levels, "{") + "input" + repeated(levels, ":1}");
  };
  auto told = [&](const std::string& before, const std::string& after) {
    return document({.module = "package test\nx := " + nested(120)
                               + "\np := " + before + "x" + after});
  };
  auto memory = "eval_cancel_error: the memory limit is reached";
  for (auto call : {"json.marshal(", "yaml.marshal(", "json.verify_schema("})
    BOOST_TEST(told(call, ")") == memory, call);
  BOOST_TEST(told("json.match_schema({}, ", ")") == memory);
  BOOST_TEST(told("", "")
             == "eval_cancel_error: the limit of the result's size is reached");
  BOOST_TEST(told("count(sprintf(\"%v\", [", "]))") == "604");
  BOOST_TEST(outcome("p := count(json.marshal(" + nested(8) + "))") == "546");

  rego::arena a;
  auto deep = rego::value::integer(1);
  for (int i = 0; i < 120; ++i) {
    rego::object_builder o(a);
    o.add(deep, rego::value());
    deep = o.finish();
  }
  // Also where the brace before the names takes the last of the room.
  for (size_t room : {0, 1, 4096}) {
    std::string text;
    BOOST_TEST(!rego::append_json_within(text, deep, room));
  }
}

BOOST_AUTO_TEST_SUITE_END()
