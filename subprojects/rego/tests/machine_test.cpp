// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// The machine: what rules come to.

#include <boost/test/unit_test.hpp>

#include "support.hpp"

BOOST_AUTO_TEST_SUITE(machine_test)

using support::document;
using support::outcome;

namespace {

// Of "p if not EXPRESSION", with nothing known of the input.
std::string negated(const std::string& expression,
                    const std::string& imports = "") {
  return document({.module = "package test\n" + imports
                             + "\nf(x) := x if x != 9\n"
                               "m := json.unmarshal(`{\"a\": 1}`)\n"
                               "p if not "
                             + expression,
                   .input = "{}"});
}

} // namespace

BOOST_AUTO_TEST_CASE(iterates_over_arrays_objects_and_sets) {
  BOOST_TEST(outcome("p contains [i, x] if some i, x in [\"a\", \"b\"]")
             == R"([[0,"a"],[1,"b"]])");
  BOOST_TEST(outcome("p contains k if some k, _ in {\"x\": 1, \"y\": 2}")
             == R"(["x","y"])");
  BOOST_TEST(outcome("p if {1, 2, 3}[2]") == "true");
}

BOOST_AUTO_TEST_CASE(unifies_both_ways) {
  BOOST_TEST(outcome("p := [x, y] if { [x, {\"k\": y}] = [1, {\"k\": 2}] }")
             == "[1,2]");
  BOOST_TEST(outcome("p := x if { {\"a\": 1, \"b\": x} = input }")
             == "undefined");
}

BOOST_AUTO_TEST_CASE(takes_the_first_branch_that_holds) {
  BOOST_TEST(outcome("p := 1 if false else := 2 if true else := 3") == "2");
  BOOST_TEST(outcome("default p := 9\np := 1 if false") == "9");
}

BOOST_AUTO_TEST_CASE(calls_functions_by_pattern) {
  BOOST_TEST(outcome("f(\"a\", _) := 1\nf(\"b\", [x]) := x\n"
                     "p := [f(\"a\", 0), f(\"b\", [7])]")
             == "[1,7]");
  BOOST_TEST(outcome("default f(_) := 5\nf(x) := 1 if x > 3\n"
                     "p := [f(4), f(2)]")
             == "[1,5]");
}

BOOST_AUTO_TEST_CASE(reports_outputs_that_disagree) {
  BOOST_TEST(outcome("p := 1\np := 2")
             == "eval_conflict_error: complete rules must not produce "
                "multiple outputs");
  BOOST_TEST(outcome("f(x) := 1\nf(x) := 2\np := f(0)")
             == "eval_conflict_error: functions must not produce multiple "
                "outputs for same inputs");
  BOOST_TEST(outcome("p := {k: v | some k in [1]; some v in [1, 2]}")
             == "eval_conflict_error: object keys must be unique");
}

// Sets and values may stand side by side, whichever head has a variable.
BOOST_AUTO_TEST_CASE(heads_with_variables_join_other_kinds_below_them) {
  BOOST_TEST(outcome("p.web.ports contains 80\np.web.name := \"w\"\n"
                     "p[n].kind := 1 if some n in [\"db\"]")
             == R"({"db":{"kind":1},"web":{"name":"w","ports":[80]}})");
  BOOST_TEST(outcome("p.b.z := 2\np[x].e contains 1 if some x in [\"b\"]")
             == R"({"b":{"e":[1],"z":2}})");
  BOOST_TEST(outcome("p.b.z := 2\np[x].z contains 1 if some x in [\"b\"]")
             == "eval_conflict_error: object keys must be unique");
}

// As in OPA, whose rules add to the object in their order.
BOOST_AUTO_TEST_CASE(whole_values_may_follow_equal_parts) {
  std::string x = " if some x in [\"b\"]\n";
  auto parts = "p[x].y := 2" + x, whole = "p[x] := {\"y\": 2}" + x;
  const std::string conflict =
      "eval_conflict_error: object keys must be unique";
  BOOST_TEST(outcome(parts + whole) == R"({"b":{"y":2}})");
  BOOST_TEST(outcome(parts + whole + whole) == R"({"b":{"y":2}})");
  BOOST_TEST(outcome(whole + parts) == conflict);
  BOOST_TEST(outcome(parts + whole + parts) == conflict);
  BOOST_TEST(outcome(parts + "p[x].z := 3" + x + whole) == conflict);
}

// What is undefined before the negation is not negated (OPA's issue 1877), but
// for modules that ask for whole negations.
BOOST_AUTO_TEST_CASE(negates_what_is_left_when_its_parts_are_evaluated) {
  const std::string whole = "import future.keywords.not";
  for (std::string e :
       {"f(input.x)", "startswith(input.x, \"a\")", "1 in input.x",
        "input.x > 1", "input.x != 1", "m[input.x]", "m[input.x].y",
        "[input.x]", "[{\"a\": input.x}] = [{\"a\": 1}]", "f(9) == 1",
        "f(f(9))", "input.x + 1 == 2", "f({input.x: 1})", "f(data.none)",
        "f(input.x) with input.y as 1"}) {
    BOOST_TEST(negated(e) == "undefined", e);
    BOOST_TEST(negated(e, whole) == "true", e);
  }
  for (std::string e : {"input.x", "input.x == 1", "1 = input.x", "f(9)", "m.b",
                        "m[\"b\"].c", "f([x | x := input.x]) == [1]",
                        "f(input.x) with input as {\"x\": 9}"}) {
    BOOST_TEST(negated(e) == "true", e);
    BOOST_TEST(negated(e, whole) == "true", e);
  }
  BOOST_TEST(negated("f(input.x) with input.x as 1") == "undefined");
}

BOOST_AUTO_TEST_CASE(holds_for_every_element_or_not) {
  BOOST_TEST(outcome("p if every x in [1, 2] { x > 0 }") == "true");
  BOOST_TEST(outcome("p if every x in [1, 2] { x > 1 }") == "undefined");
  BOOST_TEST(outcome("p if every x in [] { x > 1 }") == "true");
}

BOOST_AUTO_TEST_CASE(replaces_input_data_and_functions_for_one_literal) {
  BOOST_TEST(outcome("q := input.x\np := [a, b] if {\n"
                     "  a := q with input.x as 1\n"
                     "  b := q with input as {\"x\": 2}\n}")
             == "[1,2]");
  BOOST_TEST(outcome("q := data.d.e\np := x if x := q with data.d.e as 3")
             == "3");
  BOOST_TEST(outcome("f(x) := 1\ng(x) := 2\nq := f(0)\n"
                     "p := x if x := q with f as g")
             == "2");
  BOOST_TEST(outcome("q := count([1])\np := [q, r] if { r := q with count as "
                     "5 }")
             == "[1,5]");
}

BOOST_AUTO_TEST_CASE(replaces_documents_below_names_only) {
  for (auto path : {"input[0]", "input.a[b]", "data.b[{1}]", "data[input.x]"})
    BOOST_TEST(outcome("p if { b := \"c\"; input.a == 1 with "
                       + std::string(path) + " as 2 }")
               == "eval_conflict_error: bad document path");
  BOOST_TEST(outcome("p := x if x := input with input[\"a b\"].c as 2")
             == R"({"a b":{"c":2}})");
}

BOOST_AUTO_TEST_CASE(asks_a_partial_document_for_one_key) {
  support::run r{.module = "package test\n"
                           "roles[user] contains b.role if {\n"
                           "  some b in data.bs\n  user := b.user }\n"
                           "size[user] := n if {\n"
                           "  some user, n in data.sizes }\n"
                           "p := [roles.u7, size.b, r] if {\n"
                           "  r := [x | some k in [\"a\", \"b\", \"c\"]\n"
                           "    x := size[k]] }"};
  std::string bs;
  for (int i = 0; i < 40; ++i)
    bs += std::string(i ? "," : "") + R"({"user": "u)" + std::to_string(i % 20)
          + R"(", "role": )" + std::to_string(i) + "}";
  r.data = R"({"sizes": {"a": 1, "b": 2}, "bs": [)" + bs + "]}";
  BOOST_TEST(document(r) == "[[7,27],2,[1,2]]");
}

BOOST_AUTO_TEST_CASE(builds_documents_of_general_references) {
  BOOST_TEST(outcome("p.a[k] := v if some k, v in {\"x\": 1}\np.b.c := 2")
             == R"({"a":{"x":1},"b":{"c":2}})");
  BOOST_TEST(outcome("p[x].y contains z if { some x, z in [1, 2] }")
             == R"({"0":{"y":[1]},"1":{"y":[2]}})");
  // A rule below a variable key may ask for another beside it.
  for (auto q : {"", ".w"})
    BOOST_TEST(document({.module = "package test\np[k] := v if some k, v in "
                                   "{\"x\": 1}\np.v := 2\np.w := p.v + p.x",
                         .query = "data.test.p" + std::string(q)})
               == (*q ? "3" : R"({"v":2,"w":3,"x":1})"));
  BOOST_TEST(outcome("p contains 1\np[k].s contains 2 if some k in [\"x\"]")
             == "eval_conflict_error: object keys must be unique");
}

BOOST_AUTO_TEST_CASE(lays_packages_over_base_documents) {
  BOOST_TEST(document({.module = "package test.p\nx := 1",
                       .data = R"({"test": {"p": {"y": 2}}})"})
             == R"({"x":1,"y":2})");
}

BOOST_AUTO_TEST_CASE(says_which_rule_contradicts_another) {
  auto p = rego::compile({{"t.rego", "package t\n"
                                     "p[x].b := 1 if some x in [1, 2]\n"
                                     " p[x].b := x if some x in [1, 2]\n"
                                     "p[x].b := 1 if some x in [1, 3]\n"
                                     "q.c[x] contains 1 if some x in [1, 2]\n"
                                     "  q[x][2] := 3 if some x in [\"c\", 2]\n"
                                     "q.d := 4\n"
                                     "r[x] := 1 if some x in [1, 2]\n"
                                     "r[2] := 7\n"
                                     "s.a.b := 7\n"
                                     "s[x].b := y if some x, y in input"}});
  auto d = rego::load_data("{}");
  for (auto [query, place] : {std::pair{"data.t.p", "3:2"},
                              {"data.t.q", "6:3"},
                              {"data.t.r", "9:1"},
                              {"data.t.s", "10:1"}}) {
    auto q = rego::prepare(*p, query, {.entry = true});
    rego::evaluator e;
    auto a = e.evaluate(**q, **d, rego::json_input{R"({"a": 1})"});
    BOOST_TEST(support::placed(a.errors)
               == place + std::string(" object keys must be unique"));
  }
}

BOOST_AUTO_TEST_CASE(goes_over_base_documents_first) {
  auto p = rego::compile({{"t.rego", "package t.p\na := 1\nb.x := 2"}});
  auto q = rego::prepare(*p, "data.t.p[k]; k != 9");
  auto d = rego::load_data(R"({"t": {"p": {"c": 3, "b": {"y": 4}}}})");
  rego::evaluator e;
  auto a = e.evaluate(**q, **d, rego::value());
  std::string keys;
  for (auto& x : a.result.items())
    keys += x.values()[0].values()[0].as_string();
  BOOST_TEST(keys == "bcab");
}

BOOST_AUTO_TEST_CASE(shows_the_system_only_by_name) {
  auto asked = [](const char* package, const char* query) {
    return document({.module = std::string("package ") + package + "\ny := 4",
                     .query = query,
                     .data = R"({"b": 1, "system": {"s": 2}})"});
  };
  BOOST_TEST(asked("test", "data") == R"({"b":1,"test":{"y":4}})");
  BOOST_TEST(asked("system", "data") == R"({"b":1})");
  BOOST_TEST(asked("system", "data.system") == R"({"s":2,"y":4})");
  BOOST_TEST(asked("test", "data.system.s") == "2");
  auto p = rego::compile({{"t.rego", "package test\ny := 4"}});
  auto q = rego::prepare(*p, "data[k]");
  auto d = rego::load_data(R"({"b": 1, "system": {"s": 2}})");
  rego::evaluator e;
  auto a = e.evaluate(**q, **d, rego::value());
  BOOST_TEST(rego::to_json(a.result)
             == R"([{"bindings":{"k":"b"},"expressions":[1]},)"
                R"({"bindings":{"k":"test"},"expressions":[{"y":4}]}])");
}

BOOST_AUTO_TEST_CASE(writes_string_templates) {
  BOOST_TEST(outcome("p := $\"{1 + 1} {input.nope} {[\"a\"]}\"")
             == R"("2 <undefined> [\"a\"]")");
}

BOOST_AUTO_TEST_CASE(says_whether_an_answer_may_be_cached) {
  auto flag = [](const char* body) {
    auto p = rego::compile({{"t", std::string("package t\np := ") + body}});
    auto q = rego::prepare(*p, "data.t.p", {.entry = true});
    auto d = rego::load_data("{}");
    rego::evaluator e;
    return e.evaluate(**q, **d, rego::value()).nondeterministic;
  };
  BOOST_TEST(!flag("1 + 1"));
  BOOST_TEST(flag("time.now_ns()"));
  BOOST_TEST(flag("rand.intn(\"x\", 5)"));
}

BOOST_AUTO_TEST_CASE(captures_print) {
  auto p = rego::compile(
      {{"t", "package t\np if { print(\"a\", 1, input.x, [\"b\"]) }"}});
  auto q = rego::prepare(*p, "data.t.p", {.entry = true});
  auto d = rego::load_data("{}");
  rego::evaluator e;
  auto a = e.evaluate(**q, **d, rego::value());
  BOOST_REQUIRE(a.prints.size() == 1u);
  BOOST_TEST(a.prints[0] == "a 1 <undefined> [\"b\"]");
}

BOOST_AUTO_TEST_CASE(turns_failures_of_built_ins_into_errors_when_strict) {
  support::run r{.module = "package test\np := 1 / 0"};
  BOOST_TEST(document(r) == "undefined");
  r.options.strict_builtin_errors = true;
  BOOST_TEST(document(r) == "eval_builtin_error: div: divide by zero");
}

BOOST_AUTO_TEST_CASE(answers_queries_with_bindings) {
  auto p = rego::compile({});
  auto q = rego::prepare(*p, "some x in [1, 2]; y = x * 2");
  auto d = rego::load_data("{}");
  rego::evaluator e;
  auto a = e.evaluate(**q, **d, rego::value());
  BOOST_TEST(rego::to_json(a.result)
             == R"([{"bindings":{"x":1,"y":2},"expressions":[true,true]},)"
                R"({"bindings":{"x":2,"y":4},"expressions":[true,true]}])");
}

// Of equal keys the last counts, as in OPA.
BOOST_AUTO_TEST_CASE(objects_may_name_a_key_twice) {
  BOOST_TEST(outcome("p := {\"a\": 1, \"a\": 2}") == R"({"a":2})");
  BOOST_TEST(outcome("p := {x: \"a\", y: \"b\"} if { x := 1; y := 1 }")
             == R"({"1":"b"})");
  BOOST_TEST(outcome("p := {1: y | y := [1, 2][_]}")
             == "eval_conflict_error: object keys must be unique");
}

// Numbers are one key by value, as in objects.
BOOST_AUTO_TEST_CASE(rules_below_equal_numbers_are_one) {
  BOOST_TEST(outcome("p[1] := 2\np[1.0] := 2") == R"({"1":2})");
  BOOST_TEST(outcome("p[10] := \"a\" if false\np[1e1] := \"b\"")
             == R"({"10":"b"})");
  BOOST_TEST(outcome("p if q[1.0] == 2\nq[1] := 2\nq[0] := 1") == "true");
  BOOST_TEST(outcome("p := [q[0.0], q[-0]]\nq[0] := 1") == "[1,1]");
  BOOST_TEST(outcome("p[1] := 2\np[1.0] := 3").starts_with("eval_conflict"));
}

// A set equals nothing before its variables have values, as in OPA.
BOOST_AUTO_TEST_CASE(sets_do_not_bind_what_they_hold) {
  BOOST_TEST(outcome("p if [i, {i}] = [1, {1}]") == "true");
  BOOST_TEST(outcome("p if [{i}, i] = [{1}, 1]") == "undefined");
  BOOST_TEST(outcome("p if [{i}, 1] = [{1}, i]") == "undefined");
  BOOST_TEST(
      outcome("p if not q\nq := i if [{\"a\": {i}}, i] = [{\"a\": {1}}, 1]")
      == "true");
}

// Names of one text are one member, and stand in the order of their bytes.
BOOST_AUTO_TEST_CASE(keys_that_are_no_strings_become_members) {
  BOOST_TEST(outcome("p[1] := \"n\"\np[\"1\"] := \"s\"") == R"({"1":"s"})");
  BOOST_TEST(outcome("p := {10: 1, 2: 2, null: 3, \"a\": 4, [1]: 5}")
             == R"({"10":1,"2":2,"[1]":5,"a":4,"null":3})");
  BOOST_TEST(outcome("p := {[1]: 1, \"[1]\": 2}") == R"({"[1]":1})");
  BOOST_TEST(outcome("p := json.marshal({\"1\": 1, 1: 2, true: [{2: {}}]})")
             == R"("{\"1\":1,\"true\":[{\"2\":{}}]}")");
  BOOST_TEST(outcome("p := yaml.marshal({\"1\": 1, 1: 2})")
             == R"("\"1\": 1\n")");
}

// What a function is replaced by is asked for where it is called, under all
// that `with` replaces there, if it is a rule's document: as OPA does.
BOOST_AUTO_TEST_CASE(rules_stand_in_for_functions_where_these_are_called) {
  auto of = [](const std::string& p, const std::string& input = "{\"x\": 9}") {
    return document({.module = "package test\n"
                               "f(x) := x\n"
                               "mv := input.x\n"
                               "no := false\n"
                               "undef := 1 if input.nope\n"
                               "h := v if { v := f(1) with input.x as 6 }\n"
                               "m contains x if { some x in input.xs }\n"
                               + p,
                     .input = input});
  };
  BOOST_TEST(of("p := v if { v := f(1) with f as mv with input.x as 5 }")
             == "5");
  BOOST_TEST(of("p := v if { v := count([]) with count as mv"
                " with input.x as 5 }")
             == "5");
  BOOST_TEST(of("p := v if { v := h with f as mv }") == "6");
  BOOST_TEST(of("p := [v | some i in [1, 2]; v := f(i) with f as mv"
                " with input.x as i]")
             == "[1,2]");
  BOOST_TEST(of("p := v if { v := f(1) with f as data.test.m"
                " with input.xs as [1, 2] }")
             == "[1,2]");
  BOOST_TEST(of("p := v if { v := f(1) with f as mv with mv as 3 }") == "3");
  BOOST_TEST(of("p := v if { v := 1 with f as undef }") == "1");
  BOOST_TEST(of("p if { f(1) with f as undef }") == "undefined");
  BOOST_TEST(of("p if { f(1) with f as no }") == "undefined");
  // All else is known before.
  BOOST_TEST(of("o := {\"k\": input.x}\n"
                "p := v if { v := f(1) with f as o.k with input.x as 5 }")
             == "9");
  BOOST_TEST(of("p := v if { v := f(1) with f as input.x with input.x as 5 }")
             == "9");
}

BOOST_AUTO_TEST_SUITE_END()
