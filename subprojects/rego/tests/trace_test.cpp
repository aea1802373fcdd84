// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Events of instrumented policies: which come, in which order, with what.

#include <boost/test/unit_test.hpp>
#include <rego/build.hpp>
#include <rego/explain.hpp>
#include <rego/partial.hpp>

#include "support.hpp"

BOOST_AUTO_TEST_SUITE(trace_test)

namespace {

// One line an event: depth, name, what it is about, values.
class recorder : public rego::tracer {
public:
  void on_event(const rego::trace_event& e) override {
    out += std::string(e.query_id, ' ') + std::string(rego::trace_op_name(e.op))
           + " ";
    out += e.op == rego::trace_op::index  ? std::string(e.ref)
           : e.op == rego::trace_op::note ? std::string(e.message)
                                          : e.node->text;
    for (auto& l : e.locals)
      if (l.value.defined())
        out += " " + std::string(l.name) + "=" + rego::to_json(l.value);
    out += "\n";
  }
  std::string out;
};

std::string trace_of(const std::string& body, const std::string& query) {
  auto p =
      rego::compile({{"t.rego", "package t\n" + body}}, {.instrument = true});
  if (!p)
    BOOST_FAIL(support::show(p.error_list()));
  auto q = rego::prepare(*p, query, {.instrument = true});
  if (!q)
    BOOST_FAIL(support::show(q.error_list()));
  auto d = rego::load_data("{}");
  rego::evaluator e;
  recorder r;
  auto a = e.evaluate(**q, **d, rego::value(), {.trace = &r});
  BOOST_REQUIRE_MESSAGE(a.errors.empty(), support::show(a.errors));
  return r.out;
}

} // namespace

namespace {

// Is the body of `p`, or of `f` where it calls that, entered?
bool entered(const std::string& rule) {
  auto calls = rule.find("f(") != rule.npos;
  auto p =
      rego::compile({{"t.rego", "package t\nf(n) := 7 if n == 4\n" + rule}},
                    {.instrument = true});
  if (!p)
    BOOST_FAIL(support::show(p.error_list()));
  auto q = rego::prepare(*p, "data.t.p", {.instrument = true});
  recorder r;
  auto d = rego::load_data("{}");
  rego::evaluator().evaluate(
      **q, **d, rego::json_input{R"({"x": 2, "y": 3, "z": ["a", "c"]})"},
      {.trace = &r});
  return r.out.find(calls ? " Enter data.t.f" : " Enter data.t.p")
         != r.out.npos;
}

// The same of partial evaluation, `input.u` unknown.
std::string partial_trace_of(const std::string& body, bool instrument = true) {
  auto p = rego::compile({{"t.rego", "package t\n" + body}},
                         {.instrument = instrument});
  if (!p)
    BOOST_FAIL(support::show(p.error_list()));
  auto d = rego::load_data(R"({"l": [1, 2]})");
  rego::arena memory;
  auto known = rego::parse_json(memory, R"({"k": 2})");
  recorder r;
  rego::partial_options options{.unknowns = {"input.u"}};
  auto plain = rego::partially(*p, "data.t.p", **d, *known, options);
  options.trace = &r;
  auto told = rego::partially(*p, "data.t.p", **d, *known, options);
  // To listen changes nothing.
  BOOST_TEST(support::show(told) == support::show(plain));
  return r.out;
}

} // namespace

BOOST_AUTO_TEST_CASE(tells_what_partial_evaluation_leaves) {
  BOOST_TEST(partial_trace_of("p if {\n input.k == 2\n input.u == 1\n}")
             == "Enter data.t.p\n"
                "Eval data.t.p\n"
                "Index data.t.p\n"
                " Enter data.t.p\n"
                " Eval input.k = 2\n"
                " Eval input.u = 1\n"
                " Save input.u = 1\n"
                " Exit data.t.p\n"
                "Exit data.t.p\n"
                "Redo data.t.p\n"
                "Redo data.t.p\n"
                " Redo data.t.p\n"
                " Redo input.u = 1\n"
                " Redo input.k = 2\n");
}

// What the machine answers is told as steps of the literal that asks for it.
BOOST_AUTO_TEST_CASE(tells_what_partial_evaluation_asks_of_the_machine) {
  auto told = partial_trace_of("p if {\n some x in data.l\n q\n"
                               " trace(\"now\")\n input.u == x\n}\n"
                               "q if input.k > 1");
  auto count = [&](const std::string& what) {
    size_t n = 0;
    for (auto at = told.find(what); at != told.npos; at = told.find(what, ++at))
      ++n;
    return n;
  };
  BOOST_TEST(count("  Enter data.t.q\n") == 1u); // known from there on
  BOOST_TEST(count("  Eval input.k > 1\n") == 1u);
  BOOST_TEST(count(" Note now\n") == 2u);
  BOOST_TEST(count(" Save input.u = 2\n") == 1u);
}

// Of a policy without events of its own as well.
BOOST_AUTO_TEST_CASE(tells_by_which_values_partial_evaluation_fails) {
  auto told =
      partial_trace_of("p if {\n x := input.k\n x > 2\n input.u\n}", false);
  BOOST_TEST(told.find(" Enter p\n") != told.npos);
  BOOST_TEST(told.find(" Fail __local0__ > 2 __local0__=2\n") != told.npos);
}

BOOST_AUTO_TEST_CASE(tells_of_a_rule_that_holds) {
  BOOST_TEST(trace_of("p if {\n x := 1\n x == 1\n}", "data.t.p")
             == "Enter data.t.p\n"
                "Eval data.t.p\n"
                "Index data.t.p\n"
                " Enter data.t.p\n"
                " Eval x := 1\n"
                " Eval x == 1\n"
                " Exit data.t.p\n"
                "Exit data.t.p\n"
                "Redo data.t.p\n"
                "Redo data.t.p data.t.p=true\n");
}

BOOST_AUTO_TEST_CASE(tells_which_literal_failed_with_its_values) {
  auto t = trace_of("p if {\n some x in [1, 2]\n x > 5\n}", "data.t.p");
  BOOST_TEST(t.find(" Fail x > 5 x=1\n Redo some x in [1, 2]\n"
                    " Eval x > 5\n Fail x > 5 x=2\n")
             != std::string::npos);
  // The iteration had solutions, so it has not failed; the query has.
  BOOST_TEST(t.find("Fail some") == std::string::npos);
  BOOST_TEST(t.ends_with("\nFail data.t.p\n"));
}

BOOST_AUTO_TEST_CASE(shows_nothing_of_a_branch_not_reached) {
  auto t = trace_of("x := {}\np if x.a == count(x.b)", "data.t.p");
  BOOST_TEST(t.find("Fail x.a == count(x.b)\n") != std::string::npos);
}

// As OPA's index has it: of any number of rules, by all of their equations
// with the input and with arguments, and by what has to be defined for a call.
BOOST_AUTO_TEST_CASE(leaves_out_the_rules_that_opa_leaves_out) {
  for (std::string left_out :
       {"input.x == 1", "input.x == 2; input.y == 4", "3 = input.y; input.w",
        "input.z = [\"b\", n]; n == 1", "input.z = [\"b\", _]",
        "count(input.w) == 0", "input.x == count(input.w)",
        "every n in input.w { n }", "v := input.w; v", "f(5)"})
    BOOST_TEST(!entered("p if { " + left_out + " }"), left_out);
  for (std::string tried :
       {"input.x != 2", "input.x == 2; input.y == 3; false", "not input.x == 2",
        "input.z = [_, \"c\"]; false", "some n in input.w; n",
        "input.x == 1 with input.x as 3", "print(1); input.x == 1", "f(4)"})
    BOOST_TEST(entered("p if { " + tried + " }"), tried);
}

BOOST_AUTO_TEST_CASE(closures_are_queries_of_their_own) {
  auto t = trace_of("p := [x | some x in [1]; x > 0]", "data.t.p");
  BOOST_TEST(t.find("  Enter some x in [1]; x > 0\n") != std::string::npos);
  BOOST_TEST(t.find("  Exit some x in [1]; x > 0\n") != std::string::npos);
  t = trace_of("p if { not false }", "data.t.p");
  BOOST_TEST(t.find(" Eval not false\n  Enter false\n  Eval false\n"
                    "  Fail false\n")
             != std::string::npos);
  t = trace_of("p if { every x in [1, 2] { x < 2 } }", "data.t.p");
  BOOST_TEST(t.find("Fail every x in [1, 2] { x < 2 }\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(notes_carry_their_message) {
  auto t = trace_of("p if trace(concat(\"-\", [\"a\", \"b\"]))", "data.t.p");
  BOOST_TEST(t.find(" Note a-b\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(cases_of_a_test_are_told_before_they_can_fail) {
  auto t = trace_of("test_x[c.n] if {\n some c in [{\"n\": \"a\", \"v\": 1}]\n"
                    " c.v == 2\n}",
                    "data.t.test_x");
  auto told = t.find("TestCase  c.n=\"a\"");
  BOOST_REQUIRE(told != std::string::npos);
  BOOST_TEST(told < t.find("Eval c.v == 2"));
}

BOOST_AUTO_TEST_CASE(nodes_list_what_can_be_covered) {
  auto p = rego::compile({{"t.rego", "package t\np if {\n\n input.x\n}"}},
                         {.instrument = true});
  auto nodes = (*p)->trace_nodes();
  BOOST_REQUIRE(nodes.size() == 2u);
  BOOST_TEST(nodes[0].row == 2);
  BOOST_TEST((nodes[0].kind == rego::trace_node_kind::rule));
  BOOST_TEST(nodes[1].row == 4);
  BOOST_TEST(nodes[1].file == "t.rego");
  auto plain = rego::compile({{"t.rego", "package t\np := 1"}});
  BOOST_TEST((*plain)->trace_nodes().empty());
}

BOOST_AUTO_TEST_CASE(tests_of_one_name_stay_apart_where_asked) {
  auto p = rego::compile({{"a.rego", "package t\ntest_x if false"},
                          {"b.rego", "package t\ntest_x if true"}},
                         {.separate_tests = true});
  auto rules = (*p)->rules();
  BOOST_REQUIRE(rules.size() == 2u);
  BOOST_TEST(rules[0].name[0] == "test_x");
  BOOST_TEST(rules[1].name[0] == "test_x#01");
  auto q = rego::prepare(*p, "data.t[\"test_x#01\"]", {.entry = true});
  auto d = rego::load_data("{}");
  rego::evaluator e;
  BOOST_TEST(e.evaluate(**q, **d, rego::value()).result.is_true());
}

BOOST_AUTO_TEST_CASE(rules_that_make_an_object_are_told_apart) {
  auto p = rego::compile({{"v1.rego", R"(package t
a[x] if some x in [1]
b[{"k": 1}] if true
c.k[x] if some x in [1]
d.k := 1
e["k l"] = 1 if true
f.k if true
g.k.l := 1
h[x] contains 1 if some x in [1]
default i.k := true
j contains 1
k(x) := x)"},
                          {"v0.rego", R"(package u
l["k"] = 1 { true }
m["k"] { true })",
                           true}});
  BOOST_REQUIRE(p);
  std::string names;
  for (auto& r : (*p)->rules())
    if (r.is_partial_object)
      names += r.name[0];
  BOOST_TEST(names == "abcdl");
}

namespace {

// What is kept of an evaluation of data.t.p, its policy and its query.
struct kept {
  explicit kept(const std::string& body, const std::string& input = "{}")
      : policy(*rego::compile({{"t.rego", "package t\n" + body}},
                              {.instrument = true})),
        query(*rego::prepare(policy, "data.t.p", {.instrument = true})) {
    auto d = rego::load_data("{}");
    rego::evaluator e;
    rego::trace_keeper keeper;
    rego::arena a;
    e.evaluate(*query, **d, *rego::parse_json(a, input), {.trace = &keeper});
    trace = keeper.take();
  }
  // The events of an operation, as JSON without what is told elsewhere.
  std::string events(const std::string& op) const {
    rego::arena a;
    std::string out;
    for (auto& e : rego::trace_events(a, trace).items()) {
      auto at = [&](const char* key) {
        return rego::lookup(e, rego::make_string(a, key));
      };
      if (at("op").as_string() == op)
        out += rego::to_json(at("type")) + " " + rego::to_json(at("node")) + " "
               + rego::to_json(at("locals")) + "\n";
    }
    return out;
  }
  rego::policy_ptr policy;
  rego::prepared_ptr query;
  rego::kept_trace trace;
};

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

} // namespace

BOOST_AUTO_TEST_CASE(names_of_rules_and_imports_are_shown_in_full) {
  auto t = rego::trace_text(
      kept("import data.lib.a as x\nimport input.user\nq := {1}\n"
           "f(n) := n\nr if { some n in user.names; n == \"q\" }\np if {\n"
           " q[y]\n not r\n not  x.q\n z := f(y); [k | some k in q] == [z]\n"
           " s\n}\ns if {\n some q in [1]\n q == 1\n}")
          .trace,
      false);
  for (auto line :
       {"Eval data.t.q[y]\n", "Eval not data.t.r\n", "Enter data.t.r\n",
        "Eval some n in input.user.names\n", "Eval not  data.lib.a.q\n",
        "Eval z := data.t.f(y)\n", "Eval [k | some k in data.t.q] == [z]\n",
        "Eval some q in [1]\n", "Eval q == 1\n"})
    BOOST_TEST(holds(t, line), line << t);
}

BOOST_AUTO_TEST_CASE(a_call_in_a_head_is_looked_up_where_it_stands) {
  kept k("f(n) := n\np := f(2)");
  BOOST_TEST(holds(rego::trace_text(k.trace, false),
                   "t.rego:3     | | Index data.t.f (matched 1 rule)\n"));
  BOOST_TEST(holds(k.events("index"), R"("expr" {"index":0,"terms":[{"type":)"
                                      R"("ref","value":[{"type":"var",)"
                                      R"("value":"data"})"));
}

BOOST_AUTO_TEST_CASE(events_have_opas_nodes) {
  kept k("q := 1\np := x if {\n x := q\n x == 2\n} else := y if {\n"
         " trace(\"hi\")\n y := 3\n y > 1\n}");
  auto enter = k.events("enter");
  BOOST_TEST(holds(enter, R"("rule" {"body":[{"index":0,"terms":[)"));
  BOOST_TEST(holds(enter, R"("else":{"body":[)"));
  BOOST_TEST(holds(enter,
                   R"("rule" {"body":[{"index":0,"terms":[{"type":"ref",)"
                   R"("value":[{"type":"var","value":"trace"}]})"));
  BOOST_TEST(!holds(enter, R"("path")"));
  BOOST_TEST(k.events("note") == "\"\" null []\n");
  // Only variables are bound.
  BOOST_TEST(holds(k.events("redo"),
                   R"([{"key":{"type":"var","value":"y"},)"
                   R"("value":{"type":"number","value":3}}])"));
  BOOST_TEST(!holds(k.events("redo"), "trace(\\\"hi"));
}

BOOST_AUTO_TEST_CASE(rules_of_v0_have_opas_nodes_too) {
  auto p = rego::compile({{"t.rego", "package t\np { input.x } { true }"}},
                         {.v0_compatible = true, .instrument = true});
  BOOST_REQUIRE(p);
  auto nodes = (*p)->trace_nodes();
  std::string wholes;
  for (auto& n : nodes)
    if (n.whole)
      wholes += *n.whole + "|";
  BOOST_TEST(wholes == "p { input.x }|p { true }|");
}

BOOST_AUTO_TEST_SUITE_END()
