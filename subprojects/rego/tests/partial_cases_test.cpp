// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// What is left of queries, in the form that OPA gives it: which rules are
// entered and which become support, the order and the names.

#include <boost/test/unit_test.hpp>

#include "rego/build.hpp"
#include "rego/partial.hpp"
#include "support.hpp"

BOOST_AUTO_TEST_SUITE(partial_cases_test)

namespace {

const std::string documents =
    R"({"grants": {"ann": ["read", "write"], "bob": ["read"]}, "max": 3,
        "few": [1, 2], "roles": {"ann": ["w"]},
        "docs": [{"id": "a", "public": true}, {"id": "b", "public": false},
                 {"id": "c", "public": true}]})";

struct asked {
  std::string rules = {};
  std::string query = "data.t.allow";
  std::string known = "";
  std::vector<std::string> unknowns = {"input.u"};
  std::vector<std::string> apart = {};
};

rego::result<rego::partial_result> evaluated(const asked& a) {
  auto p = rego::compile({{"t.rego", "package t\n" + a.rules}});
  if (!p)
    return p.error_list();
  auto d = rego::load_data(documents);
  rego::arena memory;
  rego::value known;
  if (!a.known.empty())
    known = *rego::parse_json(memory, a.known);
  return rego::partially(*p, a.query, **d, known,
                         {.unknowns = a.unknowns, .not_inlined = a.apart});
}

std::string left(const asked& a) {
  return support::show(evaluated(a));
}

} // namespace

BOOST_AUTO_TEST_CASE(known_parts_of_the_input_stand_for_themselves) {
  BOOST_TEST(left({.rules = "allow if { input.m == \"GET\"\n"
                            "input.u.team == input.path[0] }\n",
                   .known = R"({"m": "GET", "path": ["docs"]})"})
             == "\"docs\" = input.u.team");
  BOOST_TEST(left({.rules = "allow if { input.m == \"PUT\"; input.u.a }\n"
                            "allow if { input.m == \"GET\"; input.u.b }\n",
                   .known = R"({"m": "GET"})"})
             == "input.u.b");
}

BOOST_AUTO_TEST_CASE(functions_are_entered) {
  BOOST_TEST(left({.rules = "allow if owns(input.u, input.doc)\n"
                            "owns(u, d) if u.name == d.owner\n"
                            "owns(u, d) if { some g in u.groups; g == d.g }\n",
                   .known = R"({"doc": {"owner": "ann", "g": "g1"}})"})
             == "\"ann\" = input.u.name | "
                "\"g1\" = input.u.groups[__local5__3]");
  BOOST_TEST(left({.rules = "allow if level(input.u) > 3\n"
                            "level(u) := 5 if u.admin\n"
                            "level(u) := u.rank + 1 if not u.admin\n"})
             == "input.u.admin | not input.u.admin; (input.u.rank + 1) > 3");
}

// What stands in for a function may be unknown, whatever it replaces.
BOOST_AUTO_TEST_CASE(replaced_functions_are_left_as_they_are) {
  std::string rules =
      "f(x) := x + 1\nhigh if f(1) > 2\ntwo if f(input.u) == 2\n"
      "asks(_) := input.u\nsame(x) := x\n";
  BOOST_TEST(left({.rules = rules + "allow if high with f as asks\n"})
             == "data.t.high with data.t.f as data.t.asks");
  BOOST_TEST(left({.rules = rules + "allow if not high with f as asks\n"})
             == "not data.t.high with data.t.f as data.t.asks");
  BOOST_TEST(left({.rules = rules + "allow if two with f as same\n"})
             == "data.t.two with data.t.f as data.t.same");
  BOOST_TEST(left({.rules = rules + "allow if not high with f as same\n"})
             == "yes");
  BOOST_TEST(left({.rules = rules + "allow if high with f as input.u\n"})
             == "data.t.high with data.t.f as input.u");
  // A local named like a built-in is a value.
  BOOST_TEST(left({.rules = rules
                            + "allow if { count := input.u; high with f as "
                              "count }\n"})
             == "data.t.high with data.t.f as input.u");
}

BOOST_AUTO_TEST_CASE(functions_with_defaults_become_support) {
  BOOST_TEST(left({.rules = "default f(_) := 0\nf(x) := 1 if x > 2\n",
                   .query = "data.t.f(input.u) = y"})
             == "data.partial.t.f(input.u, y)\npackage partial.t\n\n"
                "default f(_) := 0\n\n"
                "f(__local0__1) := 1 if {\n  __local0__1 > 2\n}\n");
}

BOOST_AUTO_TEST_CASE(every_clause_of_a_complete_rule_is_a_way) {
  BOOST_TEST(left({.rules = "tier := \"gold\" if input.u.points > 100\n"
                            "tier := \"none\" if input.u.points == 0\n"
                            "tier := t if t := input.u.tier\n",
                   .query = "data.t.tier == \"gold\""})
             == "input.u.points > 100 | \"gold\" = input.u.tier");
}

BOOST_AUTO_TEST_CASE(a_default_that_cannot_be_the_answer_needs_no_support) {
  std::string rules = "default allow := false\nallow if input.u.admin\n";
  BOOST_TEST(left({.rules = rules, .query = "data.t.allow == true"})
             == "input.u.admin");
  BOOST_TEST(left({.rules = rules, .query = "data.t.allow = x"})
             == "data.partial.t.allow = x\npackage partial.t\n\n"
                "default allow := false\n\n"
                "allow := true if {\n  input.u.admin\n}\n");
  // It may be within the default.
  BOOST_TEST(left({.rules = "default p := {\"a\": 1}\np := input.u.p\n",
                   .query = "data.t.p.a == 1"})
                 .starts_with("data.partial.t.p.a = 1\n"));
}

BOOST_AUTO_TEST_CASE(else_is_asked_of_the_policy) {
  asked a{.rules = "p := 1 if input.u.x > 3 else := 2 if input.u.y\n"
                   "f(x) := 1 if x > 3 else := 2\n",
          .query = "data.t.p = x"};
  BOOST_TEST(left(a) == "data.t.p = x");
  BOOST_REQUIRE(evaluated(a));
  BOOST_TEST(evaluated(a)->originals.size() == 1u);
  a.query = "data.t.f([input.u], y)";
  BOOST_TEST(left(a) == "data.t.f([input.u], y)");
}

BOOST_AUTO_TEST_CASE(negations_are_inlined_where_they_can_be) {
  BOOST_TEST(left({.rules = "allow if not bad\nbad if input.u.s == 1\n"
                            "bad if { input.u.a == 1; input.u.b == 2 }\n"})
             == "not input.u.s = 1; not input.u.a = 1 | "
                "not input.u.s = 1; not input.u.b = 2");
  BOOST_TEST(left({.rules = "allow if not bad\nbad if not input.u.ok\n"})
             == "input.u.ok");
  BOOST_TEST(left({.rules = "allow if not small(input.u)\n"
                            "small(u) if u.n < 3\n"})
             == "not data.partial.__not1_1_2__(input.u)\npackage partial\n\n"
                "__not1_1_2__(__local0__1) := true if {\n"
                "  __local0__1.n < 3\n}\n");
  BOOST_TEST(left({.rules = "import future.keywords.not\n"
                            "allow if not small(input.u)\n"
                            "small(u) if u.n < 3\n"})
             == "not data.partial.__not1_0_2__\npackage partial\n\n"
                "__not1_0_2__ := true if {\n  input.u.n < 3\n}\n");
  BOOST_TEST(left({.rules = "allow if { not input.k == 1\n"
                            "not input.u.x == input.k }\n",
                   .known = R"({"k": 2})"})
             == "not 2 = input.u.x");
}

// OPA loses that the reference has to be there.
BOOST_AUTO_TEST_CASE(what_is_negated_does_not_say_that_it_is_there) {
  BOOST_TEST(left({.rules = "allow if { x := input.u.x; not x == 1 }\n"})
             == "not input.u.x = 1; __local0__1 = input.u.x");
}

BOOST_AUTO_TEST_CASE(sets_are_entered_by_their_members) {
  BOOST_TEST(left({.rules = "deny contains \"late\" if input.u.hour > 20\n"
                            "deny contains m if { input.u.n > data.max\n"
                            "m := sprintf(\"over %d\", [data.max]) }\n",
                   .query = "data.t.deny[x]"})
             == "input.u.hour > 20; x = \"late\" | "
                "input.u.n > 3; x = \"over 3\"");
  BOOST_TEST(left({.rules = "allow if \"read\" in perms\n"
                            "perms contains p if { some r in input.u.roles\n"
                            "some p in data.grants[r]; p != \"write\" }\n"})
             == "\"read\" in data.partial.t.perms\npackage partial.t\n\n"
                "perms contains \"read\" if {\n"
                "  \"ann\" = input.u.roles[__local2__2]\n}\n\n"
                "perms contains \"read\" if {\n"
                "  \"bob\" = input.u.roles[__local2__2]\n}\n");
}

BOOST_AUTO_TEST_CASE(objects_are_entered_by_their_keys) {
  BOOST_TEST(left({.rules = "o[k] := v if some k, v in input.u.attrs\n"
                            "o[\"a\"] := 1 if input.u.b\n",
                   .query = "data.t.o.a = x"})
             == "x = input.u.attrs.a | input.u.b; x = 1");
  BOOST_TEST(left({.rules = "a.b.c := 1 if input.u\na.b.d := 2\n",
                   .query = "data.t.a.b.c == 1"})
             == "input.u");
}

BOOST_AUTO_TEST_CASE(closures_stay_with_what_they_need) {
  BOOST_TEST(left({.rules = "allow if { n := 2\ncount([r | "
                            "some r in input.u.roles; r != n]) > n }\n"})
             == "__local4__1 = [__local1__1 | "
                "__local1__1 = input.u.roles[__local2__1]; "
                "__local1__1 != __local0__1; __local0__1 = 2]; "
                "count(__local4__1) > 2");
  BOOST_TEST(left({.rules = "allow if { lim := data.max\n"
                            "every r in input.u.roles { r < lim; ok(r) } }\n"
                            "ok(r) if r > 0\n"})
             == "every __local3__1, __local1__1 in input.u.roles { "
                "__local1__1 < 3; data.t.ok(__local1__1) }");
  BOOST_TEST(left({.rules = "allow if { every x in data.few { x > 0 }\n"
                            "count([1 | data.few[_]]) == 2; input.u.z }\n"})
             == "input.u.z");
}

BOOST_AUTO_TEST_CASE(with_keeps_rules_apart) {
  BOOST_TEST(left({.rules = "allow if q == 1 with input.k as 5\n"
                            "q := 1 if input.u.n == input.k\n",
                   .known = R"({"k": 1})"})
             == "data.partial.t.q = 1 with input.k as 5\n"
                "package partial.t\n\nq := 1 if {\n  5 = input.u.n\n}\n");
  BOOST_TEST(left({.rules = "allow if q with data.max as input.u.m\n"
                            "q if data.max == 3\n"})
             == "data.t.q with data.max as input.u.m");
}

// The modifier would be lost with the call.
BOOST_AUTO_TEST_CASE(with_keeps_functions_apart) {
  auto query = [](const std::string& rules) {
    auto all = left({.rules = rules});
    return all.substr(0, all.find('\n'));
  };
  BOOST_TEST(query("allow if f(2) with input.k as 5\n"
                   "f(x) if { x < input.k; input.u.m }\n")
             == "data.partial.t.f(2) with input.k as 5");
  BOOST_TEST(query("allow if not f(2) with input.u.m as 5\n"
                   "f(x) if x < input.u.m\n")
             == "not data.partial.t.f(2) with input.u.m as 5");
  BOOST_TEST(query("allow if { y := f(5) with input.u.n as 3\ny == 6 }\n"
                   "f(x) := x + 1 if x > input.u.n\n")
             == "data.partial.t.f(5, __local1__1) with input.u.n as 3; "
                "6 = __local1__1 with input.u.n as 3");
}

// Types are of no account for what is known, and none of a negation's.
BOOST_AUTO_TEST_CASE(types_that_cannot_meet_do_not_hold) {
  BOOST_TEST(left({.rules = "o[v] := 1 if { some v in [1, \"a\"]; input.u.g\n"
                            "not same(v) == 3 with data.max as 1 }\n"
                            "same(z) := z\n",
                   .query = "data.t.o.a"})
             == "input.u.g");
}

// A rule that is support under one input is asked of the policy under another.
BOOST_AUTO_TEST_CASE(support_is_of_one_input) {
  BOOST_TEST(left({.rules = "allow if { q == 1 with input.k as 5\n"
                            "q == 1 with input.k as 6 }\n"
                            "q := 1 if input.u.n == input.k\n"})
             == "data.partial.t.q = 1 with input.k as 5; "
                "data.t.q = 1 with input.k as 6\n"
                "package partial.t\n\nq := 1 if {\n  5 = input.u.n\n}\n");
}

BOOST_AUTO_TEST_CASE(data_may_be_unknown) {
  BOOST_TEST(left({.rules = "allow if { data.roles[input.n][_] == \"w\" }\n",
                   .known = R"({"n": "ann"})",
                   .unknowns = {"data.roles"}})
             == "data.roles.ann[_] = \"w\"");
}

BOOST_AUTO_TEST_CASE(data_is_iterated) {
  BOOST_TEST(left({.rules = "allow if { some d in data.docs; d.public\n"
                            "d.id == input.u.id }\n"})
             == "\"a\" = input.u.id | \"c\" = input.u.id");
  // A key that is not known is asked to be each of them.
  BOOST_TEST(left({.rules = "allow if data.grants[input.u.name][0]\n"})
             == "\"ann\" = input.u.name | \"bob\" = input.u.name");
}

BOOST_AUTO_TEST_CASE(what_changes_each_time_is_left) {
  BOOST_TEST(left({.rules = "allow if { time.now_ns() > input.k; input.u }\n",
                   .known = R"({"k": 7})"})
             == "time.now_ns() > 7; input.u");
}

BOOST_AUTO_TEST_CASE(variables_of_the_query_have_their_values) {
  BOOST_TEST(left({.query = "x = 1; y = 2; input.u = x; y = input.u"})
             == "input.u = 1; 2 = input.u; x = 1; y = 2");
  BOOST_TEST(left({.query = "xs = [1, 2]; xs[i] = input.u"})
             == "1 = input.u; i = 0; xs = [1, 2] | "
                "2 = input.u; i = 1; xs = [1, 2]");
}

BOOST_AUTO_TEST_CASE(wildcards_of_several_places_have_names) {
  BOOST_TEST(left({.rules = "allow if q[_]\nq contains x if x = input.u[x]\n"})
             == "__wildcard0__; __wildcard0__ = input.u[__wildcard0__]");
}

BOOST_AUTO_TEST_CASE(results_that_built_ins_write_to_variables_are_open) {
  BOOST_TEST(left({.rules = "p := x if { sort(input.u, y); y = x }\n",
                   .query = "data.t.p[0] > 1"})
             == "sort(input.u, __wildcard0__); __wildcard0__[0] > 1");
}

BOOST_AUTO_TEST_CASE(templates_become_calls_where_they_are_not_known) {
  BOOST_TEST(left({.rules = "m := $\"hi {input.u}\"\n",
                   .query = "data.t.m == \"hi 1\""})
             == "__local2__1 = {__local0__1 | __local0__1 = input.u}; "
                "internal.template_string([\"hi \", __local2__1], \"hi 1\")");
  BOOST_TEST(left({.rules = "m := $\"{1}{input.k}{data.nope}{[x]}{x + 1}\" if "
                            "x := data.max\n",
                   .query = "data.t.m == input.u",
                   .known = R"({"k": "v"})"})
             == "\"1v<undefined>[3]4\" = input.u");
  BOOST_TEST(left({.rules = "m := $\"{walk(data.max)}\"\n"})
             == "rego_compile_error: illegal call to relation built-in 'walk' "
                "that may cause multiple outputs");
}

// As where a query is evaluated in full: before unsafe variables are told.
BOOST_AUTO_TEST_CASE(templates_and_prints_need_what_the_query_binds) {
  for (std::string query :
       {"x == 1; y = $\"{z} and {q}\"", "print(x); x = 7; y > 1",
        "$\"{1 + z}\" == input.u"}) {
    auto p = rego::compile({});
    auto full = rego::prepare(*p, query);
    BOOST_REQUIRE(!full);
    BOOST_TEST(left({.query = query}) == support::show(full.error_list()));
  }
}

BOOST_AUTO_TEST_CASE(bodies_and_depth_are_bounded) {
  auto p = rego::compile({});
  auto d = rego::load_data("{}");
  std::string many = "x = numbers.range(1, 200)[_]; input.a != x";
  auto r = rego::partially(*p, many, **d, {}, {.bodies_max = 100});
  BOOST_REQUIRE(!r);
  BOOST_TEST((r.error_list()[0].reached == rego::bound::memory));
  std::string deep = "input.a";
  for (int i = 0; i < 3000; ++i)
    deep += "; input.a";
  r = rego::partially(*p, deep, **d, {}, {});
  BOOST_REQUIRE(!r);
  BOOST_TEST((r.error_list()[0].reached == rego::bound::depth));
}

namespace {

std::string trees(const std::string& rules, const std::string& query) {
  auto r = evaluated({.rules = rules, .query = query, .unknowns = {"input"}});
  if (!r)
    return support::show(r.error_list());
  rego::arena memory;
  auto out = rego::syntax_trees(memory, *r);
  return out ? rego::to_json(*out) : support::show(out.error_list());
}

// A literal of a built-in's call as OPA's JSON has it.
std::string call_tree(const std::string& parts, const std::string& operands) {
  return "{\"queries\":[[{\"index\":0,\"terms\":[{\"type\":\"ref\","
         "\"value\":["
         + parts + "]}," + operands + "]}]]}";
}

const std::string input_x =
    R"({"type":"ref","value":[{"type":"var","value":"input"},)"
    R"({"type":"string","value":"x"}]})";

} // namespace

BOOST_AUTO_TEST_CASE(shows_trees_of_long_chains) {
  std::string sum = "package a\np := 1";
  std::string either = "package a\nimport future.keywords.or\np if 1";
  for (int i = 0; i < 2900; ++i) {
    sum += " + 1";
    either += " or 1";
  }
  for (auto& text : {sum, either}) {
    rego::arena memory;
    auto tree = rego::syntax_tree(memory, {"a.rego", text});
    BOOST_REQUIRE(tree);
    BOOST_TEST(rego::to_json(*tree).ends_with("}]}"));
    BOOST_TEST(rego::to_json(*tree, {.indent = 1}).ends_with("}\n ]\n}"));
  }
}

BOOST_AUTO_TEST_CASE(shows_residuals_as_syntax_trees) {
  BOOST_TEST(trees("", "1 == 1") == "{\"queries\":[[]]}");
  BOOST_TEST(trees("", "1 == 2") == "{}");
  auto one = input_x + R"(,{"type":"number","value":1})";
  for (auto [sign, name] : {std::pair("==", "eq"),
                            {"=", "eq"},
                            {"!=", "neq"},
                            {"<", "lt"},
                            {"<=", "lte"},
                            {">", "gt"},
                            {">=", "gte"}}) {
    auto want = call_tree(
        std::string(R"({"type":"var","value":")") + name + "\"}", one);
    BOOST_TEST(trees("", std::string("input.x ") + sign + " 1") == want);
    BOOST_TEST(trees(std::string("p if input.x ") + sign + " 1\n", "data.t.p")
               == want);
  }
  BOOST_TEST(trees("", "1 in input.x")
             == call_tree(R"({"type":"var","value":"internal"},)"
                          R"({"type":"string","value":"member_2"})",
                          R"({"type":"number","value":1},)" + input_x));
  for (auto [sign, name] : {std::pair("+", "plus"),
                            {"-", "minus"},
                            {"*", "mul"},
                            {"/", "div"},
                            {"%", "rem"},
                            {"&", "and"},
                            {"|", "or"}}) {
    auto text = trees("", std::string("x = input.x ") + sign + " input.y");
    BOOST_TEST(text.find(std::string(R"("value":[{"type":"var","value":")")
                         + name + "\"}]")
                   != std::string::npos,
               text);
  }
}

BOOST_AUTO_TEST_CASE(trees_have_the_names_of_wildcards) {
  auto text = trees("p if input.x[_] == 1\n", "data.t.p");
  BOOST_TEST(text.find(R"({"type":"var","value":"$01"})") != std::string::npos,
             text);
  text = trees("default p := false\np if input.x\n", "data.t.p");
  BOOST_TEST(text.find(R"("support":[{"package":{"path":[{"type":"var",)"
                       R"("value":"data"},{"type":"string","value":)"
                       R"("partial"},{"type":"string","value":"t"}]},)"
                       R"("rules":[{"body":[{"index":0,"terms":)"
                       R"({"type":"boolean","value":true}}],"default":true,)"
                       R"("head":{"name":"p","ref":[{"type":"var",)"
                       R"("value":"p"}],"value":{"type":"boolean",)"
                       R"("value":false}}})")
                 != std::string::npos,
             text);
}

BOOST_AUTO_TEST_CASE(trees_that_are_too_deep_are_an_error) {
  std::string either = "package a\nimport future.keywords.or\np if 1";
  for (int i = 0; i < 10000; ++i)
    either += " or 1";
  rego::arena memory;
  auto tree = rego::syntax_tree(memory, {"a.rego", either});
  BOOST_REQUIRE(!tree);
  BOOST_TEST(tree.error_list()[0].message
             == "calls or values are nested too deeply");
}

// What they compare was known to bind nothing, and was taken for true.
BOOST_AUTO_TEST_CASE(negations_keep_conditions_on_variables_from_outside) {
  BOOST_TEST(left({"allow if { not count(input.u.x) == 2 with data.z as 1 }"})
                 .ends_with("not __local0__1 = 2 with data.z as 1"));
  BOOST_TEST(left({"allow if { x := input.u.x with data.z as 1; not x == 2 }"})
             == "__local0__1 = input.u.x with data.z as 1; "
                "not __local0__1 = 2");
}

BOOST_AUTO_TEST_CASE(rules_that_stand_in_for_functions_are_named) {
  auto of = [](const std::string& condition) {
    return left({.rules = "f(x) := x\nmv := input.u.x\nk := input.k\n"
                          "allow if { "
                          + condition + " }",
                 .known = "{\"k\": 2}"});
  };
  BOOST_TEST(of("f(1) == 2 with f as k") == "yes");
  BOOST_TEST(of("f(1) == 3 with f as k with input.k as 3") == "yes");
  BOOST_TEST(of("f(1) == 3 with f as data.max") == "yes");
  BOOST_TEST(of("not f(1) with f as mv")
             == "not data.t.f(1) with data.t.f as data.t.mv");
}

BOOST_AUTO_TEST_SUITE_END()
