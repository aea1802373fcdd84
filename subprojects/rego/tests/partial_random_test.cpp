// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Residuals of random policies must answer as the whole policy does, whatever
// the unknowns turn out to be.

#include <boost/test/unit_test.hpp>
#include <random>

#include "rego/build.hpp"
#include "rego/partial.hpp"
#include "support.hpp"

BOOST_AUTO_TEST_SUITE(partial_random_test)

namespace {

const std::string data_text =
    R"({"roles": {"ann": ["r", "w"], "bob": ["r"]}, "limit": 3,
        "l": [1, 2, "a"], "m": {"a": 1, "b": "a"}})";

class generator {
public:
  explicit generator(unsigned seed) : random_(seed) {}

  std::string module() {
    std::string out = "package t\n";
    auto n = 2 + pick(5);
    for (size_t i = 0; i < n; ++i)
      out += rule();
    return out + "s contains \"always\"\no[\"z\"] := 1\nc if input.u.x == 9\n"
           + "default d := 7\nf(z) := z if z == input.u.y\n"
           + "stand := input.u.z if input.u.z\nelse := input.k\nonly := "
             "input.k\n"
           + "e := 1 if input.u.x == 1 else := 2 if input.k == 1\n"
           + "p := {\"s\": s, \"o\": o, \"d\": d}\n"
           + "w := x if {\n x := s with input.u as {\"x\": 1, \"y\": 2,"
           + " \"l\": [1]}\n}\n";
  }

  std::string scalar() {
    return one_of({"1", "2", "\"a\"", "\"b\"", "true", "3"});
  }

  std::string unknown() {
    std::string out = "{\"l\": [" + scalar() + ", " + scalar() + "]";
    for (auto* name : {"x", "y"})
      if (pick(4))
        out += std::string(", \"") + name + "\": " + scalar();
    return out + "}";
  }

  std::string query() {
    return one_of({"data.t.hs = out",
                   "data.t.hs[out]",
                   "data.t.ho[k] = out",
                   "data.t.ho = out",
                   "data.t.hd = out",
                   "data.t.r = out",
                   "data.t.r[k].c = out",
                   "data.t.h(2) = out",
                   "data.t = out",
                   "data.t.df(input.k) = out",
                   "not data.t.hs[1]; out = 1",
                   "data.t.hc = out",
                   "data.t[out]",
                   "data.t.c == true",
                   "data.t.e != 1; out = 2",
                   "data.t.c; not data.t.n; out = 1",
                   "data.t.c",
                   "data.t.p = out",
                   "data.t.s[out]",
                   "data.t.d = out",
                   "data.t.o[k] = out",
                   "data.t.e = out",
                   "data.t.f(1) = out",
                   "data.t.w = out",
                   "not data.t.c",
                   "data.t.c; out := data.t.d",
                   "out = data.t.s; data.t.c",
                   "some out in data.t.s; data.t.o[out]"});
  }

private:
  size_t pick(size_t n) { return random_() % n; }

  std::string one_of(std::initializer_list<const char*> list) {
    return list.begin()[pick(list.size())];
  }

  std::string operand() {
    return one_of({"input.u.x", "input.u.y", "input.k", "v", "1", "\"a\"",
                   "data.limit", "data.m.a", "data.l[_]", "input.u.l[_]",
                   "data.roles.ann[_]"});
  }

  std::string under_with() {
    switch (pick(6)) {
    case 0:
      return one_of({"mf", "up", "not mf", "not up"}) + " with "
             + one_of({"f", "lower"}) + " as "
             + one_of({"asks", "same", "input.u.x", "input.k", "v", "\"b\"",
                       "stand", "stand with input.u.z as 2", "only"});
    case 1:
      return "not " + one_of({"mf", "up"}) + " with f as "
             + one_of({"asks", "same"}) + " with lower as "
             + one_of({"asks", "upper", "input.u.y"});
    case 2:
      return "not " + one_of({"same(v)", "upper(input.u.x)", "input.u.y"})
             + one_of({" == ", " != ", " < "}) + scalar() + " with "
             + one_of({"data.limit as 1", "f as only", "f as stand",
                       "upper as asks", "input.k as v"});
    case 3:
      return "not " + called_with();
    case 4:
      return called_with();
    default:
      return one_of({"count(hs) > 1", "\"a\" in hs", "not hs[v]", "hc == v",
                     "hd == \"x\"", "every g in hs { g != 1 }",
                     "count([1 | some g in input.u.l; n2(g)]) == 1",
                     "every g in input.u.l { h(g) == 2 }", "r[v].c"})
             + changed();
    }
  }

  std::string condition() {
    if (pick(5) == 0)
      return under_with();
    switch (pick(25)) {
    case 24:
      return "$\"{" + operand() + "}{v}\" "
             + one_of({"== \"11\"", "!= \"aa\"", "in [\"1a\", \"22\"]"});
    case 10:
      return "hs[" + operand() + "]";
    case 11:
      return "not hs[" + operand() + "]";
    case 12:
      return operand() + " in hs";
    case 13:
      return "ho[" + operand() + "] == " + operand();
    case 14:
      return "hc == " + operand();
    case 15:
      return one_of({"hd == \"none\"", "not hd == \"x\"", "hd", "hd == hc"});
    case 16:
      return "h(" + operand() + ") == " + one_of({"1", "2", "input.u.x"});
    case 17:
      return "not h(" + operand() + ") == 1";
    case 18:
      return "not n2(" + operand() + ")";
    case 19:
      return "df(" + operand() + ") == " + one_of({"3", "4"});
    case 20:
      return one_of({"not input.u.x", "input.u.y", "not n", "n", "not not_one",
                     "count(hs) > 1", "count(input.u.l) > count(hs)"});
    case 21:
      return one_of({"r.a.b == 1", "r[input.u.x].c", "not r.a.b", "r[v].c"});
    case 22:
      return "{g | some g in input.u.l; g != v} != {" + operand() + "}";
    case 23:
      return "[v, " + operand() + "] == [" + operand() + ", "
             + one_of({"input.u.y", "1", "v"}) + "]";
    case 0:
      return "not " + operand() + " == " + operand();
    case 1:
      return operand() + " != " + operand();
    case 2:
      return "count([1 | some g in data.l; g == v]) > "
             + std::to_string(pick(2));
    case 3:
      return "every g in input.u.l { g != " + operand() + " }";
    case 4:
      return "not g";
    case 5:
      return "g";
    case 6:
      return "f(" + operand() + ")";
    case 7:
      return "g with input.u.x as " + scalar();
    case 8:
      return "data.m[b] == " + operand();
    default:
      return operand() + " == " + operand();
    }
  }

  std::string changed() {
    return " with "
           + one_of({"input.u.x", "input.u.y", "input.k", "data.limit"})
           + " as " + one_of({"1", "2", "\"a\"", "v", "input.u.x"});
  }

  std::string called_with() {
    auto name = one_of({"f", "h", "n2", "df", "same", "same(h", "h(same"});
    bool two = name.find('(') != name.npos;
    return name + "(" + operand() + (two ? "))" : ")")
           + one_of({"", " == 1", " == 4", " != input.u.y"}) + changed();
  }

  std::string body() {
    auto out = "some v in " + one_of({"input.u.l", "data.l", "[1, 2]"});
    if (pick(3) == 0)
      out = "v := " + one_of({"input.k", "input.u.x", "data.limit"});
    auto n = pick(4);
    for (size_t i = 0; i < n; ++i)
      out += "; " + condition();
    return out;
  }

  std::string rule() {
    switch (pick(5)) {
    case 0:
      return "c if { " + body() + " }\n";
    case 1:
      return "d := 7 if { " + body() + " }\n";
    case 2:
      return "s contains v if { " + body() + " }\n";
    case 3:
      return "o[v] := 1 if { " + body() + " }\n";
    default:
      return "s contains [v, input.k] if { input.k == " + scalar() + "; "
             + body() + " }\n";
    }
  }

  std::mt19937 random_;
};

// What the variable `out` may be, as a sorted text; the error's code where
// there is one.
std::string answers(const rego::policy_ptr& p,
                    const std::vector<std::string>& queries,
                    const rego::snapshot& data, const std::string& input) {
  rego::arena memory;
  rego::array_builder all(memory);
  auto key = rego::make_string(memory, "bindings");
  auto name = rego::make_string(memory, "out");
  for (auto& text : queries) {
    auto q = rego::prepare(p, text.empty() ? "true" : text);
    if (!q)
      return "prepare " + text + ": " + support::show(q.error_list());
    rego::evaluator e;
    auto a = e.evaluate(**q, data, rego::json_input{input});
    if (!a.errors.empty())
      return a.errors[0].code;
    if (!a.result.defined())
      continue;
    for (auto& s : a.result.items()) {
      bool holds = true;
      auto list = rego::lookup(s, rego::make_string(memory, "expressions"));
      for (auto& x : list.items())
        holds &= !x.is_false();
      auto out = rego::lookup(rego::lookup(s, key), name);
      if (holds)
        all.push(out.defined() ? rego::deep_copy(memory, out)
                               : rego::value::boolean(true));
    }
  }
  return rego::to_json(all.set());
}

const std::string helpers =
    "hs contains v if { some v in input.u.l; v != input.k }\n"
    "hs contains \"always\"\nhs contains input.k if not input.u.x == 1\n"
    "ho[k] := v if some k, v in input.u.l\nho[\"z\"] := input.k\n"
    "hc := v if { v := input.u.x; v != 1 }\n"
    "default hd := \"none\"\nhd := \"x\" if input.u.x == \"a\"\n"
    "h(z) := 1 if z == input.u.x\n"
    "h(z) := 2 if { z != input.u.x; input.u.y != 3 }\n"
    "n2(z) if { not z == input.u.y; z != 1 }\nn2(\"a\")\n"
    "n if { input.u.x == 1; input.u.y == 2 }\nn if input.u.y == \"b\"\n"
    "not_one if { some q in input.u.l; q != 1; not q == input.u.x }\n"
    "default df(_) := 3\ndf(z) := 4 if z == input.u.x\n"
    "r.a.b := 1 if input.u.x == 1\n"
    "r[k].c := 2 if { some k in input.u.l; is_string(k) }\n"
    "g if input.k == 1\ng if input.u.x == 2\n"
    "b := \"a\" if input.u.y == 1\n"
    "b := \"b\" if input.u.y == 2\n"
    "mf if f(1) == 1\nmf if f(\"a\") == input.k\n"
    "up if lower(\"B\") == \"b\"\nup if { f(2); lower(\"A\") == \"A\" }\n"
    "same(z) := z\nasks(_) := input.u.y\n";

} // namespace

BOOST_AUTO_TEST_CASE(residuals_answer_as_the_policy_does) {
  auto d = rego::load_data(data_text);
  size_t compared = 0, smaller = 0;
  for (unsigned seed = 1; seed <= 600; ++seed) {
    generator g(seed);
    auto module = g.module() + helpers;
    auto query = g.query();
    auto k = g.scalar();
    auto p = rego::compile({{"t.rego", module}});
    if (!p)
      continue;
    rego::arena memory;
    auto known = rego::parse_json(memory, "{\"k\": " + k + "}");
    auto r = rego::partially(*p, query, **d, *known, {.unknowns = {"input.u"}});
    if (!r)
      BOOST_FAIL("seed " << seed << "\n"
                         << module << query << "\n"
                         << support::show(r.error_list()));
    std::string shown;
    for (auto& q : r->queries)
      shown += q + "\n";
    for (auto& m : r->support)
      shown += m.text;
    auto modules = r->support;
    modules.insert(modules.end(), r->originals.begin(), r->originals.end());
    auto residual = rego::compile(modules);
    if (!residual)
      BOOST_FAIL("seed " + std::to_string(seed) + "\n" + module + query + "\n"
                 + shown + support::show(residual.error_list()));
    smaller += r->support.empty();
    for (int i = 0; i < 5; ++i) {
      auto input = "{\"k\": " + k + ", \"u\": " + g.unknown() + "}";
      auto whole = answers(*p, {query}, **d, input);
      // Rules that contradict each other are met in one way each.
      if (whole.starts_with("eval_"))
        continue;
      auto rest = answers(*residual, r->queries, **d, input);
      BOOST_REQUIRE_MESSAGE(whole == rest, "seed " << seed << "\n"
                                                   << module << query << "\n"
                                                   << input << "\n--\n"
                                                   << shown << "\n"
                                                   << whole << "\n"
                                                   << rest);
      ++compared;
    }
  }
  BOOST_TEST(compared > 1500u);
  BOOST_TEST(smaller > 100u);
}

BOOST_AUTO_TEST_SUITE_END()
