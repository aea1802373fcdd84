// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// The verifier refuses each kind of code that the machine could not run, and
// says which and why. What the compiler writes is verified wherever a test
// compiles anything.

#include <boost/test/unit_test.hpp>

#include "builtins/builtin.hpp"
#include "compiler/compile.hpp"
#include "machine/index.hpp"
#include "machine/verify.hpp"
#include "rego/build.hpp"

BOOST_AUTO_TEST_SUITE(verify_test)

using namespace rego;

namespace {

constexpr int32_t one = ~0, text = ~1, none = ~2; // constants

// A program of one rule data.r and one function data.f of one argument.
struct made {
  program p;

  explicit made(std::vector<insn> code, std::vector<int32_t> args = {},
                rule_kind kind = rule_kind::complete) {
    p.unit.code = std::move(code);
    p.unit.args = std::move(args);
    p.unit.constants = {value::integer(1), make_string(p.memory, "text"),
                        value()};
    p.unit.files = {"r.rego"};
    p.unit.places = {{0, 1, 1}};
    p.nodes.resize(3);
    p.slots.resize(2);
    object_builder index(p.memory);
    for (int n : {1, 2}) {
      auto& node = p.nodes[static_cast<size_t>(n)];
      node.key = make_string(p.memory, n == 1 ? "r" : "f");
      node.parent = 0;
      node.slot = n - 1;
      node.child_index = object_builder(p.memory).finish();
      index.add(node.key, value::integer(n));
      p.nodes[0].children.push_back(n);
      p.slots[static_cast<size_t>(n - 1)].node = n;
    }
    p.nodes[0].child_index = index.finish();
    p.nodes[1].document = true;
    auto& r = p.slots[0];
    r.name = "data.r";
    r.kind = kind;
    r.registers = 8;
    r.clauses = {{0, {}}};
    auto& f = p.slots[1];
    f.name = "data.f";
    f.kind = rule_kind::function;
    f.arity = 1;
    f.registers = 1;
  }

  std::string why() const { return refusal_of(p).value_or("verified"); }
};

std::string why(std::vector<insn> code, std::vector<int32_t> args = {},
                rule_kind kind = rule_kind::complete) {
  return made(std::move(code), std::move(args), kind).why();
}

int32_t builtin_number(std::string_view name) {
  return builtin_table::instance().index_of(name);
}

constexpr insn stop{op::give_up};

bool has(const std::string& text, const std::string& part) {
  bool found = text.find(part) != text.npos;
  BOOST_TEST_INFO("in: " << text);
  return found;
}

} // namespace

#define REGO_REFUSED(what, ...) BOOST_TEST(has(why(__VA_ARGS__), what))

BOOST_AUTO_TEST_CASE(takes_code_that_is_right) {
  BOOST_TEST(why({{op::result, 0, 0, 0, one}, stop}) == "verified");
  BOOST_TEST(why({{op::build, 0, 0, 0},
                  {op::build_add, 0, 0, 0, one},
                  {op::build_set, 0, 0, 1, 0},
                  {op::scan, 0, 0, 2, 1, 0, 6},
                  {op::scan_next, 0, 0, 2, 5, 6, 6},
                  {op::jump, 0, 0, 0, 0, 0, 4},
                  {op::result, 0, 0, 0, 1},
                  stop})
             == "verified");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_instruction) {
  REGO_REFUSED("instruction 0 has opcode 99", {{static_cast<op>(99)}, stop});
  REGO_REFUSED("jumps to 7; the code has 2",
               {{op::jump, 0, 0, 0, 0, 0, 7}, stop});
  REGO_REFUSED("runs off its end", {{op::result, 0, 0, 0, one}});
  REGO_REFUSED("data.r: instruction 0 is where it begins", {});
  insn lost = stop;
  lost.place = 5;
  REGO_REFUSED("place 5 of 1", {lost});
}

BOOST_AUTO_TEST_CASE(refuses_operands_that_are_not_there) {
  REGO_REFUSED("data.r: instruction 0 (result) has as b register 8; expected "
               "one below 8",
               {{op::result, 0, 0, 0, 8}, stop});
  REGO_REFUSED("constant 3; expected one below 3",
               {{op::result, 0, 0, 0, ~3}, stop});
  REGO_REFUSED("as a register 8; the frame has 8",
               {{op::move, 0, 0, 8, one}, stop});
  REGO_REFUSED("as a register -1", {{op::move, 0, 0, -1, one}, stop});
  REGO_REFUSED("a list of 2 from 0; there are 1",
               {{op::array, 0, 2, 0, 0}, stop}, {one});
  REGO_REFUSED("a list of 1 from -1", {{op::array, 0, 1, 0, -1}, stop}, {one});
  REGO_REFUSED("node 3; expected one below 3", {{op::vnode, 0, 0, 0, 3}, stop});
  REGO_REFUSED("rule 2; expected one below 2",
               {{op::rule, 0, 0, 0, 2, 0, 1}, stop});
  REGO_REFUSED("rule 1, data.f; expected no function",
               {{op::rule, 0, 0, 0, 1, 0, 1}, stop});
  REGO_REFUSED("rule 0, data.r; expected a function",
               {{op::call, 0, 1, 0, 0, 0, 1}, stop}, {one});
  REGO_REFUSED("gives data.f 2 operands; expected 1",
               {{op::call, 0, 2, 0, 1, 0, 1}, stop}, {one, one});
  REGO_REFUSED("pairs of a key and a value", {{op::object, 0, 1, 0, 0}, stop},
               {one});
}

BOOST_AUTO_TEST_CASE(refuses_built_ins_and_codes_that_are_not_there) {
  REGO_REFUSED("built-in 99999",
               {{op::builtin_call, 0, 0, 0, 99999, 0, 1}, stop});
  REGO_REFUSED(
      "gives count 2 operands; expected 1",
      {{op::builtin_call, 0, 2, 0, builtin_number("count"), 0, 1}, stop},
      {one, one});
  REGO_REFUSED(
      "print; expected one that is called",
      {{op::builtin_call, 0, 1, 0, builtin_number("print"), 0, 1}, stop},
      {one});
  REGO_REFUSED("comparison 6; expected at most 5",
               {{op::test, 6, 0, 0, one, one, 1}, stop});
  REGO_REFUSED("arithmetic 7; expected at most 6",
               {{op::arith, 7, 0, 0, one, one, 1}, stop});
}

BOOST_AUTO_TEST_CASE(follows_what_registers_hold) {
  REGO_REFUSED("register 0, which holds nothing that each way there leaves in "
               "it; expected a value",
               {{op::result, 0, 0, 0, 0}, stop});
  REGO_REFUSED("holds a builder; expected a value",
               {{op::build, 0, 0, 0}, {op::result, 0, 0, 0, 0}, stop});
  REGO_REFUSED("holds a value; expected a builder",
               {{op::move, 0, 0, 0, one}, {op::build_add, 0, 0, 0, one}, stop});
  REGO_REFUSED("holds a lazy node; expected a value",
               {{op::vnode, 0, 0, 0, 0}, {op::result, 0, 0, 0, 0}, stop});
  REGO_REFUSED("holds a value or nothing; expected a value",
               {{op::result, 0, 0, 0, none}, stop});
  REGO_REFUSED("an operand in a list register 0",
               {{op::build, 0, 0, 0}, {op::array, 0, 1, 1, 0}, stop}, {0});
  // A builder is used up.
  REGO_REFUSED("instruction 2 (build_add)", {{op::build, 0, 0, 0},
                                             {op::build_set, 0, 0, 1, 0},
                                             {op::build_add, 0, 0, 0, one},
                                             stop});
  // Where it failed there is no value.
  REGO_REFUSED("instruction 1 (result) has as b register 0",
               {{op::input, 0, 0, 0, 0, 0, 1}, {op::result, 0, 0, 0, 0}, stop});
  // One thing on one way, another on the other.
  REGO_REFUSED("instruction 4 (result)", {{op::truthy, 0, 0, 0, one, 0, 3},
                                          {op::move, 0, 0, 0, one},
                                          {op::jump, 0, 0, 0, 0, 0, 4},
                                          {op::build, 0, 0, 0},
                                          {op::result, 0, 0, 0, 0},
                                          stop});
}

BOOST_AUTO_TEST_CASE(walks_loops_again_with_what_comes_back) {
  REGO_REFUSED("instruction 1 (result) has as b register 0",
               {{op::move, 0, 0, 0, one},
                {op::result, 0, 0, 0, 0},
                {op::build, 0, 0, 0},
                {op::jump, 0, 0, 0, 0, 0, 1}});
  // What lies behind a jump over it and is only come back to.
  REGO_REFUSED("instruction 1 (result) has as b register 0",
               {{op::jump, 0, 0, 0, 0, 0, 3},
                {op::result, 0, 0, 0, 0},
                stop,
                {op::truthy, 0, 0, 0, one, 0, 1},
                stop});
}

BOOST_AUTO_TEST_CASE(keeps_iterators_whole) {
  std::vector<insn> loop{{op::scan, 0, 0, 0, one, 0, 3},
                         {op::scan_next, 0, 0, 0, 3, 4, 3},
                         {op::jump, 0, 0, 0, 0, 0, 1},
                         stop};
  BOOST_TEST(why(loop) == "verified");
  auto changed = loop;
  changed[1].b = 2;
  REGO_REFUSED("register 2 of its own iterator", changed);
  changed = loop;
  changed[1].a = 1;
  REGO_REFUSED("an iterator's keys; expected an iterator", changed);
  changed = loop;
  changed[0] = {op::move, 0, 0, 0, one};
  REGO_REFUSED("holds a value; expected an iterator", changed);
  changed = loop;
  changed.insert(changed.begin() + 1, {op::move, 0, 0, 2, one});
  changed[3].target = 2;
  REGO_REFUSED("a part is overwritten", changed);
  changed = loop;
  changed[0].a = 6;
  REGO_REFUSED("register 6; the frame has 8", changed);
  REGO_REFUSED("which its iterator takes",
               {{op::move, 0, 0, 1, one}, {op::scan, 0, 0, 0, 1, 0, 2}, stop});
}

BOOST_AUTO_TEST_CASE(keeps_what_with_replaces_in_pairs) {
  insn begin{op::with_input, 0, 0, 0, 0, one};
  REGO_REFUSED("ends with 1 replacements in force", {begin, stop});
  REGO_REFUSED("ends 2 replacements; 1 are in force",
               {begin, {op::with_end, 0, 2}, stop});
  REGO_REFUSED("leads to where 0 replacements are in force; here there are 1",
               {{op::truthy, 0, 0, 0, one, 0, 2}, begin, stop});
  REGO_REFUSED(
      "a path of elements, 1001",
      {{op::with_input, 0, 1001, 0, 0, one}, {op::with_end, 0, 1}, stop},
      std::vector<int32_t>(1001, one));
  auto replaced = [](uint8_t x, int32_t what, int32_t by) {
    return why(
        {{op::with_function, x, 0, 0, what, by}, {op::with_end, 0, 1}, stop});
  };
  auto count = builtin_number("count");
  BOOST_TEST(replaced(0, 1, 1) == "verified");
  BOOST_TEST(replaced(3, count, count) == "verified");
  BOOST_TEST(has(replaced(0, 0, 1), "data.r; expected a function"));
  BOOST_TEST(
      has(replaced(2, 1, builtin_number("plus")), "gives plus 1 operands"));
  BOOST_TEST(has(replaced(4, 1, 3), "register 3"));
  BOOST_TEST(has(replaced(6, 1, one), "expected at most 5"));
}

BOOST_AUTO_TEST_CASE(keeps_results_to_rules_of_their_kind) {
  std::vector<int32_t> path{one};
  insn member{op::member, 0, 0, 0, one}, insert{op::insert, 0, 1, 0, one};
  insn result{op::result, 0, 0, 0, one};
  BOOST_TEST(why({member, stop}, {}, rule_kind::set) == "verified");
  BOOST_TEST(why({insert, stop}, path, rule_kind::object) == "verified");
  REGO_REFUSED("expected it in partial sets", {member, stop});
  REGO_REFUSED("expected it in partial objects", {insert, stop}, path);
  REGO_REFUSED("expected it in complete rules", {result, stop}, {},
               rule_kind::set);
  REGO_REFUSED("one value only", {result, {op::finish}});
  REGO_REFUSED("expected it in queries", {{op::solution, 1, 0, 0, one}});
  made early({member, {op::finish}}, {}, rule_kind::set);
  early.p.slots[0].early_exit = true;
  BOOST_TEST(has(early.why(), "ends early"));
}

BOOST_AUTO_TEST_CASE(checks_where_rules_stand) {
  made m({{op::result, 0, 0, 0, one}, stop});
  m.p.slots[0].at.file = 1;
  BOOST_TEST(has(m.why(), "is in no file"));
}

BOOST_AUTO_TEST_CASE(checks_joins_and_what_is_remembered) {
  for (uint16_t n : {0, 1, 3})
    REGO_REFUSED("expected pairs of a key", {{op::join, 0, n, 0, one}, stop},
                 {one, one, one});
  REGO_REFUSED("has operand 1 as a path",
               {{op::move, 0, 0, 1, one}, {op::join, 0, 2, 0, one, 0}, stop},
               {one, 1});
  REGO_REFUSED("has operand -1 as a path", {{op::join, 0, 2, 0, one, 0}, stop},
               {one, one});
  std::vector<insn> recall{{op::recall, 0, 1, 0, 0, 0, 3},
                           {op::move, 0, 0, 0, one},
                           {op::remember, 0, 1, 0, 0, 0},
                           {op::result, 0, 0, 0, 0},
                           stop};
  BOOST_TEST(why(recall, {one, one, one}) == "verified");
  auto changed = recall;
  changed[2].n = 0;
  REGO_REFUSED("as many as others with that list, 1", changed, {one, one, one});
  changed = recall;
  changed[2].a = one;
  REGO_REFUSED("a register -1", changed, {one, one, one});
  changed = recall;
  changed[0].n = 3;
  REGO_REFUSED("expected at most 2", changed, {one, one, one});
}

BOOST_AUTO_TEST_CASE(checks_rows_of_groups) {
  std::vector<insn> rows{
      {op::group, 0, 1, 0, 1, 0, 4}, {op::group_row, 0, 0, 1, one, one, 3},
      {op::build_add, 0, 0, 1, one}, {op::group_rows, 0, 1, 0, 1, 0},
      {op::result, 0, 0, 0, 0},      stop};
  BOOST_TEST(why(rows, {one, one}) == "verified");
  auto changed = rows;
  changed.insert(changed.begin() + 1, {op::group_test, 2, 0, 1, one, one, 3});
  REGO_REFUSED("comparison 2; expected at most 1", changed, {one, one});
  changed = rows;
  changed[0].n = changed[3].n = 0;
  REGO_REFUSED("expected 1 to 3", changed, {one, one});
  changed = rows;
  changed[0].b = 0;
  REGO_REFUSED("writes twice to register 0", changed, {one, one});
  changed = rows;
  changed[0].target = 3;
  REGO_REFUSED("expected a builder", changed, {one, one});
  changed = rows;
  changed[3].b = 0;
  REGO_REFUSED("expected a builder", changed, {one, one});
  changed = rows;
  changed[0] = {op::build, 0, 0, 1};
  changed[3].c = 2;
  REGO_REFUSED("a list of 1 from 2", changed, {one, one});
}

BOOST_AUTO_TEST_CASE(keeps_clauses_apart_and_arguments_as_they_are) {
  made two({{op::jump, 0, 0, 0, 0, 0, 2}, stop, stop});
  two.p.slots[0].clauses = {{2, {}}, {0, {}}};
  BOOST_TEST(has(two.why(), "leads into the code of another clause"));
  made written({{op::move, 0, 0, 0, one}, stop});
  written.p.slots[0].clauses.clear();
  written.p.slots[1].clauses = {{0, {}}};
  BOOST_TEST(has(written.why(),
                 "data.f: instruction 0 (move) writes to register 0, which "
                 "holds an argument"));
}

BOOST_AUTO_TEST_CASE(refuses_events_of_what_is_not_there) {
  insn event{op::trace, static_cast<uint8_t>(trace_op::eval)};
  REGO_REFUSED("traced node 0; expected one below 0", {event, stop});
  event.x = 10;
  REGO_REFUSED("has event 10", {event, stop});
  event.x = static_cast<uint8_t>(trace_op::leave);
  REGO_REFUSED("expected the number of a query", {event, stop});
  event.x = static_cast<uint8_t>(trace_op::clear);
  event.n = 1;
  REGO_REFUSED("register 9", {event, stop}, {9});
  made named({{op::trace, static_cast<uint8_t>(trace_op::eval), 1}, stop},
             {one, one, 0});
  named.p.unit.traces.resize(1);
  BOOST_TEST(has(named.why(), "no constant string"));
}

BOOST_AUTO_TEST_CASE(checks_rules) {
  auto refused = [](auto change) {
    made m({stop});
    change(m.p.slots[0], m.p);
    return m.why();
  };
  BOOST_TEST(has(refused([](auto& s, auto&) { s.registers = -1; }),
                 "data.r has -1 registers"));
  BOOST_TEST(has(refused([](auto& s, auto&) { s.arity = 1; }),
                 "expected them in registers of a function"));
  BOOST_TEST(has(refused([](auto& s, auto&) { s.node = 0; }),
                 "expected one that stands there"));
  BOOST_TEST(has(refused([](auto& s, auto&) {
                   s.keyed = {{0, {}}};
                 }),
                 "expected a partial rule"));
  BOOST_TEST(
      has(refused([](auto& s, auto&) { s.kind = static_cast<rule_kind>(9); }),
          "no known kind"));
  BOOST_TEST(has(refused([](auto&, auto& p) { p.unit.places[0].file = 3; }),
                 "place 0 is in no file"));
}

BOOST_AUTO_TEST_CASE(checks_the_tree) {
  auto refused = [](auto change) {
    made m({stop});
    change(m.p.nodes);
    return m.why();
  };
  BOOST_TEST(has(refused([](auto& n) { n.clear(); }), "no root"));
  BOOST_TEST(has(refused([](auto& n) { n[0].parent = 1; }), "of the root"));
  BOOST_TEST(has(refused([](auto& n) { n[1].parent = 2; }), "one before it"));
  BOOST_TEST(has(refused([](auto& n) { n[1].key = {}; }), "has no key"));
  BOOST_TEST(has(refused([](auto& n) { n[0].children = {2, 1}; }), "in order"));
  BOOST_TEST(
      has(refused([](auto& n) { n[0].children = {1}; }), "other children"));
  BOOST_TEST(has(refused([](auto& n) { n[0].child_index = n[1].child_index; }),
                 "does not find child 1"));
  BOOST_TEST(has(refused([](auto& n) { n[2].slot = 0; }), "stands there"));
  BOOST_TEST(has(refused([](auto& n) { n[2].document = true; }),
                 "data.f is a function"));
}

BOOST_AUTO_TEST_CASE(checks_the_index) {
  auto refused = [](auto change) {
    made m({stop});
    auto x = std::make_shared<rule_index>();
    x->subjects.push_back({});
    x->nodes.resize(2);
    x->nodes[0].by_value = {{value::integer(1), 1}, {value(), -1}};
    x->nodes[1].leaf = true;
    x->nodes[1].clauses = {0};
    change(*x);
    m.p.slots[0].index = x;
    return m.why();
  };
  using index = rule_index;
  BOOST_TEST(refused([](index&) {}) == "verified");
  BOOST_TEST(has(refused([](index& x) { x.nodes.clear(); }), "without a root"));
  BOOST_TEST(has(refused([](index& x) { x.nodes[1].clauses = {1}; }),
                 "whose node 1 has clause 1 of 1"));
  BOOST_TEST(has(refused([](index& x) { x.nodes[0].by_value.pop_back(); }),
                 "without a free place"));
  BOOST_TEST(has(refused([](index& x) { x.nodes[0].by_value.clear(); }),
                 "a power of 2"));
  BOOST_TEST(has(refused([](index& x) { x.nodes[0].by_value[0].second = 0; }),
                 "expected one behind it"));
  BOOST_TEST(has(refused([](index& x) { x.nodes[0].any = 1; }),
                 "which is another one's"));
  BOOST_TEST(has(refused([](index& x) { x.nodes[0].by_value[0].first = {}; }),
                 "no scalar"));
  BOOST_TEST(has(refused([](index& x) {
                   x.nodes[0].parts.push_back({false, 1, x.nodes[0].by_value});
                   x.nodes[0].by_value = {{value(), -1}};
                 }),
                 "no string"));
  BOOST_TEST(has(refused([](index& x) { x.nodes[0].subject = 1; }),
                 "document 1 of 1"));
  BOOST_TEST(has(refused([](index& x) { x.subjects[0].argument = 0; }),
                 "argument 0 of 0"));
  BOOST_TEST(
      has(refused([](index& x) { x.nodes.resize(3); }), "is no node's child"));
}

BOOST_AUTO_TEST_CASE(checks_queries) {
  made m({stop});
  code_unit u;
  u.files = {""};
  u.places = {{}};
  u.constants = {value::integer(1)};
  u.code = {{op::solution, 1, 0, 0, one}};
  BOOST_TEST(!refusal_of(m.p, u, 1, true));
  BOOST_TEST(
      has(refusal_of(m.p, u, 1, false).value_or(""), "expected 1 where"));
  BOOST_TEST(has(refusal_of(m.p, u, -1, true).value_or(""), "-1 registers"));
  u.code = {{op::result, 0, 0, 0, one}, stop};
  BOOST_TEST(has(refusal_of(m.p, u, 1, true).value_or(""), "the query: "));
}

// One list that very many instructions name.
BOOST_AUTO_TEST_CASE(refuses_code_that_would_take_long_to_verify) {
  constexpr uint16_t n = 60000;
  std::vector<insn> code(100, {op::array, 0, n, 0, 0});
  code.push_back(stop);
  REGO_REFUSED("more work to verify", code, std::vector<int32_t>(n, one));
}

// Bodies as deep as the parser takes them.
BOOST_AUTO_TEST_CASE(takes_bodies_within_bodies) {
  std::string body = "true";
  for (int k = 0; k < 280; ++k) {
    auto x = "x" + std::to_string(k);
    body = "every " + x + " in input.a { " + x + " > 1; " + body + " }";
  }
  for (bool instrument : {false, true}) {
    auto p = compile({{"t", "package t\np if { " + body + " }"}},
                     {.instrument = instrument});
    BOOST_TEST(bool(p), (p ? "" : to_string(p.error_list())));
  }
}

BOOST_AUTO_TEST_SUITE_END()
