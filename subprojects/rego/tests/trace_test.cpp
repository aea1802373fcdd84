// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Events of instrumented policies: which come, in which order, with what.

#include <boost/test/unit_test.hpp>

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
  auto t = trace_of("p if input.a == count(input.b)", "data.t.p");
  BOOST_TEST(t.find("Fail input.a == count(input.b)\n") != std::string::npos);
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

BOOST_AUTO_TEST_SUITE_END()
