// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Partial evaluation: residuals as text, and its bounds.

#include <boost/test/unit_test.hpp>

#include "rego/build.hpp"
#include "rego/partial.hpp"
#include "support.hpp"

BOOST_AUTO_TEST_SUITE(partial_test)

namespace {

const std::string data_text =
    R"({"roles": {"ann": ["r", "w"], "bob": ["r"]}, "limit": 3,
        "l": [1, 2, "a"], "m": {"a": 1, "b": "a"}})";

std::string residual(const std::string& rules, const std::string& query,
                     const std::string& known = "null") {
  auto p = rego::compile({{"t.rego", "package t\n" + rules}});
  if (!p)
    return support::show(p.error_list());
  auto d = rego::load_data(data_text);
  rego::arena memory;
  auto input = rego::parse_json(memory, known);
  return support::show(
      rego::partially(*p, query, **d, *input, {.unknowns = {"input.u"}}));
}

} // namespace

BOOST_AUTO_TEST_CASE(inlines_rules_that_are_conditions) {
  BOOST_TEST(residual("allow if input.u.x == 1\n"
                      "allow if { input.k == 2; input.u.y > data.limit }\n"
                      "allow if { input.k == 3; input.u.z }\n",
                      "data.t.allow", "{\"k\": 2}")
             == "input.u.x = 1 | input.u.y > 3");
}

BOOST_AUTO_TEST_CASE(known_answers_need_no_residual) {
  BOOST_TEST(residual("allow if input.k == 2\n", "data.t.allow", "{\"k\": 2}")
             == "yes");
  BOOST_TEST(residual("allow if input.k == 2\n", "data.t.allow", "{\"k\": 1}")
             == "");
}

BOOST_AUTO_TEST_CASE(known_iterations_become_bodies) {
  BOOST_TEST(residual("allow if { some r in data.roles[input.k]\n"
                      " r == input.u.role }\n",
                      "data.t.allow == true", "{\"k\": \"ann\"}")
             == "\"r\" = input.u.role | \"w\" = input.u.role");
}

BOOST_AUTO_TEST_CASE(names_of_built_ins_stay_as_they_are) {
  BOOST_TEST(residual("allow if known\n"
                      "known if {\n"
                      "  x := input.u.x\n"
                      "  regex.match(\"a\", x)\n"
                      "  not net.cidr_contains(\"10.0.0.0/8\", x)\n"
                      "}\n",
                      "data.t.allow")
             == "regex.match(\"a\", input.u.x); "
                "not net.cidr_contains(\"10.0.0.0/8\", input.u.x)");
}

// Whoever evaluates it again compares the texts.
BOOST_AUTO_TEST_CASE(support_is_in_the_same_order_each_time) {
  std::vector<rego::module_source> sources;
  std::string calls = "allow if {\n";
  for (char name = 'h'; name >= 'a'; --name) {
    std::string n{name};
    sources.push_back({n + ".rego", "package " + n
                                        + "\ndefault f(_) := 0\n"
                                          "f(x) := x + 1 if x > 1\n"});
    calls += "data." + n + ".f(input.u) == 2\n";
  }
  sources.push_back({"z.rego", "package z\n" + calls + "}\n"});
  auto p = rego::compile(sources);
  BOOST_REQUIRE(p);
  auto d = rego::load_data("{}");
  auto r = rego::partially(*p, "data.z.allow", **d, rego::value(),
                           {.unknowns = {"input"}});
  BOOST_REQUIRE(r);
  std::string order;
  for (auto& m : r->support)
    order += m.name.substr(8, 1);
  BOOST_TEST(order == "abcdefgh");
}

BOOST_AUTO_TEST_CASE(rules_with_defaults_become_support) {
  BOOST_TEST(residual("default allow := false\n"
                      "allow if { input.u.x == data.limit }\n",
                      "data.t.allow")
             == "data.partial.t.allow\n"
                "package partial.t\n\n"
                "default allow := false\n\n"
                "allow := true if {\n  input.u.x = 3\n}\n");
}

BOOST_AUTO_TEST_CASE(sets_stay_sets_where_nothing_is_left) {
  BOOST_TEST(residual("deny contains x if { input.k == 9; x := input.u.x }\n",
                      "count(data.t.deny) == 0", "{\"k\": 1}")
             == "yes");
}

BOOST_AUTO_TEST_CASE(refuses_queries_that_cannot_hold_by_their_types) {
  BOOST_TEST(residual("", "input.u.x == 1; 1 = \"a\"")
             == "rego_type_error: match error\n\tleft  : number\n\t"
                "right : string");
  BOOST_TEST(residual("", "lower(input.u.x, 1, 2)")
             == "rego_type_error: lower: arity mismatch\n\t"
                "have: (any, number, number)\n\twant: (x: string)");
  BOOST_TEST(residual("", "nothing(input.u.x)")
             == "rego_type_error: undefined function nothing");
}

BOOST_AUTO_TEST_CASE(refuses_unknowns_that_are_no_references) {
  auto p = rego::compile({});
  auto d = rego::load_data("{}");
  for (auto* u : {"1", "x", "input.x > 1", "input; data"}) {
    auto r =
        rego::partially(*p, "input.x", **d, rego::value(), {.unknowns = {u}});
    BOOST_TEST(!r, u);
  }
}

namespace {

rego::result<rego::partial_result> partly(const std::string& rules,
                                          const rego::partial_options& o,
                                          const std::string& query) {
  auto p = rego::compile({{"t.rego", "package t\n" + rules}});
  auto d = rego::load_data(data_text);
  return rego::partially(*p, query, **d, {}, o);
}

const std::string slow_rules = "slow := count([1 | numbers.range(1, 3000)[_];"
                               " numbers.range(1, 3000)[_]])\n"
                               "allow if { slow > 1; input.x }\n";

} // namespace

BOOST_AUTO_TEST_CASE(ends_at_the_bounds_of_the_whole) {
  rego::partial_options o;
  o.total.instructions = 1'000'000;
  auto r = partly(slow_rules, o, "data.t.allow");
  BOOST_REQUIRE(!r);
  BOOST_TEST(r.error_list()[0].code == "eval_cancel_error");
  BOOST_TEST((r.error_list()[0].reached == rego::bound::instructions));
  o.total = {};
  o.text_bytes_max = 3;
  r = partly("allow if input.x > 1\n", o, "data.t.allow");
  BOOST_REQUIRE(!r);
  BOOST_TEST((r.error_list()[0].reached == rego::bound::memory));
}

BOOST_AUTO_TEST_CASE(keeps_what_one_evaluation_cannot_finish) {
  rego::partial_options o;
  o.bounds.instructions = 100'000;
  auto r = partly(slow_rules, o, "data.t.allow");
  BOOST_REQUIRE(r);
  BOOST_TEST(r->queries.size() == 1u);
}

BOOST_AUTO_TEST_CASE(ends_by_the_clock_and_when_cancelled) {
  rego::partial_options o;
  int64_t now = 0;
  o.world.monotonic_ns = [&] { return now += 1'000'000; };
  o.total.wall = std::chrono::milliseconds(2);
  auto r = partly("allow if input.x > 1\n", o, "data.t.allow");
  BOOST_REQUIRE(!r);
  BOOST_TEST((r.error_list()[0].reached == rego::bound::time));
  std::atomic<bool> cancel{true};
  r = partly("allow if input.x > 1\n", {.cancel = &cancel}, "data.t.allow");
  BOOST_REQUIRE(!r);
  BOOST_TEST((r.error_list()[0].reached == rego::bound::cancelled));
}

BOOST_AUTO_TEST_CASE(keeps_rules_apart_that_are_not_to_be_inlined) {
  std::string rules = "allow if low\nlow if input.x < data.limit\n";
  auto inlined = partly(rules, {}, "data.t.allow");
  BOOST_REQUIRE(inlined);
  BOOST_TEST(inlined->queries[0] == "input.x < 3");
  BOOST_TEST(inlined->support.empty());
  auto apart = partly(rules, {.not_inlined = {"data.t.low"}}, "data.t.allow");
  BOOST_REQUIRE(apart);
  BOOST_TEST(apart->queries[0] == "data.partial.t.low");
  BOOST_TEST(apart->support[0].text
             == "package partial.t\n\nlow := true if {\n  input.x < 3\n}\n");
}

BOOST_AUTO_TEST_CASE(conflicts_in_what_is_known_end_it) {
  BOOST_TEST(residual("p := 1 if true\np := 2 if true\nq if p == input.u.x",
                      "data.t.q")
             == "eval_conflict_error: complete rules must not produce multiple "
                "outputs");
  BOOST_TEST(
      residual("f(x) := 1\nf(x) := 2\nq if { input.u.y; f(1) }", "data.t.q")
      == "eval_conflict_error: functions must not produce multiple "
         "outputs for same inputs");
  BOOST_TEST(residual("q if input.u.x with input.u[0] as 2", "data.t.q")
             == "eval_conflict_error: bad document path");
}

BOOST_AUTO_TEST_CASE(strict_built_ins_end_it_with_their_error) {
  std::string rules = "allow if { to_number(\"x\") == 1; input.x }\n";
  BOOST_TEST(bool(partly(rules, {}, "data.t.allow")));
  auto strict = partly(rules, {.strict_builtin_errors = true}, "data.t.allow");
  BOOST_REQUIRE(!strict);
  BOOST_TEST(strict.error_list()[0].code == "eval_builtin_error");
}

BOOST_AUTO_TEST_SUITE_END()
