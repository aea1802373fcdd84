// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Random small policies: the optimised code must answer as the plain code does.

#include <boost/test/unit_test.hpp>
#include <random>

#include "support.hpp"

namespace {

class generator {
public:
  explicit generator(unsigned seed) : random_(seed) {}

  std::string module() {
    std::string out = "package test\n";
    auto n = 1 + pick(4);
    for (size_t i = 0; i < n; ++i)
      out += rule();
    return out + "p := {\"a\": a, \"s\": s, \"o\": o, \"k\": k, \"f\": f(1)}\n"
           + "default a := 0\ndefault f(_) := 0\n"
           + "s contains \"always\"\no[\"z\"] := 1\n"
           + "k := [x | some q in [\"a\", \"b\", 1]; x := [s[q], o[q]]]\n";
  }

  std::string input() {
    return "{\"x\": " + scalar() + ", \"y\": " + scalar() + ", \"l\": ["
           + list() + "]}";
  }

  std::string data() {
    return "{\"l\": [" + list() + ", " + list() + ", " + list() + ", " + list()
           + ", " + list() + ", " + list() + "], \"m\": {\"a\": " + scalar()
           + ", \"b\": " + scalar() + "}}";
  }

private:
  size_t pick(size_t n) { return random_() % n; }

  std::string one_of(std::initializer_list<const char*> list) {
    return list.begin()[pick(list.size())];
  }

  std::string scalar() {
    return one_of({"1", "2", "1.0", "\"a\"", "\"b\"", "true", "null", "3"});
  }

  // Elements of the shape that the policies look into.
  std::string list() {
    std::string out;
    for (int i = 0; i < 4; ++i)
      out += std::string(i ? ", " : "") + "{\"id\": " + scalar()
             + ", \"v\": " + scalar() + "}";
    return out;
  }

  std::string operand() {
    return one_of({"input.x", "input.y", "e.id", "e.v", "1", "\"a\"",
                   "data.m[_]", "data.m.a", "input.nope"});
  }

  std::string condition() {
    switch (pick(6)) {
    case 0:
      return "not " + operand() + " == " + operand();
    case 1:
      return operand() + " != " + operand();
    case 2:
      return "count([1 | some g in data.l; g.id == e.v]) > "
             + std::to_string(pick(4));
    case 3:
      return "every g in input.l { g.id != " + operand() + " }";
    default:
      return operand() + " == " + operand();
    }
  }

  std::string body() {
    std::string out = "some e in " + one_of({"input.l", "data.l"});
    if (pick(2))
      out = "e := data.l[_]";
    auto n = pick(4);
    for (size_t i = 0; i < n; ++i)
      out += "; " + condition();
    return out;
  }

  std::string rule() {
    switch (pick(6)) {
    case 0:
      return "a := 1 if { " + body() + " }\n";
    case 1:
      return "a := 1 if { input.x == " + scalar() + "; " + body() + " }\n";
    case 2:
      return "s contains t if { " + body() + "; t := e.id }\n";
    case 3:
      return "o[t] := 1 if { " + body() + "; t := e.v }\n";
    case 4:
      return "f(z) := 7 if { " + body() + "; e.id == z }\n";
    default:
      return "s contains t if { input.y == " + scalar() + "; t := input.x }\n"
             + "s contains t if { input.y == " + scalar() + "; t := 4 }\n"
             + "s contains t if { input.x == " + scalar() + "; t := 5 }\n";
    }
  }

  std::mt19937 random_;
};

struct event_counter : rego::tracer {
  size_t events = 0;
  void on_event(const rego::trace_event& e) override {
    events += e.op != rego::trace_op::clear;
  }
};

std::string answer_of(const std::string& module, const std::string& input,
                      const std::string& data, const rego::compile_options& o) {
  auto p = rego::compile({{"t", module}}, o);
  if (!p)
    return "compile " + support::show(p.error_list());
  auto q = rego::prepare(*p, "data.test.p",
                         {.entry = true, .instrument = o.instrument});
  auto d = rego::load_data(data);
  rego::evaluator e;
  event_counter counter;
  auto a = e.evaluate(**q, **d, rego::json_input{input}, {.trace = &counter});
  if ((counter.events > 0) != o.instrument)
    return "events where there should be none, or none";
  return a.errors.empty() ? rego::to_json(a.result) : a.errors[0].code;
}

// Equal as values: which of 1 and 1.0 a set keeps is left open.
bool same(const std::string& a, const std::string& b) {
  rego::arena memory;
  auto x = rego::parse_json(memory, a), y = rego::parse_json(memory, b);
  return x && y ? rego::equal(*x, *y) : a == b;
}

} // namespace

BOOST_AUTO_TEST_CASE(optimised_code_answers_as_plain_code_does) {
  size_t answers = 0;
  for (unsigned seed = 1; seed <= 3000; ++seed) {
    generator g(seed);
    auto module = g.module();
    auto input = g.input(), data = g.data();
    auto plain = answer_of(module, input, data, {.reference = true});
    auto fast = answer_of(module, input, data, {});
    auto traced = answer_of(module, input, data, {.instrument = true});
    BOOST_REQUIRE_MESSAGE(same(plain, traced) || plain.starts_with("compile "),
                          module + input + "\n" + data + "\n" + plain + "\n"
                              + traced);
    BOOST_REQUIRE_MESSAGE(same(plain, fast), module + input + "\n" + data + "\n"
                                                 + plain + "\n" + fast);
    answers += plain[0] == '{';
  }
  // Most of the policies have to be ones that compile and answer.
  BOOST_TEST(answers > 1500u);
}
