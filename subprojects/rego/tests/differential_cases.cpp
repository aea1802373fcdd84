// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "differential_cases.hpp"

#include <initializer_list>
#include <random>

#include "bytecode_fixture.hpp"
#include "rego/engine.hpp"

namespace differential {

namespace {

class generator {
public:
  explicit generator(uint32_t seed) : random_(seed) {}

  small_case make() {
    small_case out;
    out.module = "package test\n" + rules() + fixed;
    out.input = "{\"x\": " + scalar() + ", \"y\": " + scalar()
                + ", \"t\": " + text() + ", \"r\": [" + scalar() + ", "
                + scalar() + "], \"o\": {\"k\": " + scalar()
                + "}, \"l\": " + records(4) + "}";
    out.data = "{\"l\": " + records(pick(3) ? 24 : 2)
               + ", \"m\": {\"a\": " + scalar() + ", \"b\": " + scalar()
               + ", \"c\": " + text() + "}, \"n\": " + records(12) + "}";
    return out;
  }

private:
  // What the random rules may leave undefined, and the answer.
  static constexpr const char* fixed =
      "default a := 0\n"
      "default f(_) := 0\n"
      "g(_, _) := \"no\" if false\n"
      "s contains \"always\"\n"
      "o[\"z\"] := 1\n"
      "n.q[\"z\"] := 1\n"
      "i := 0 if false\n"
      "fs := {[z, f(z)] | some z in [1, 2, \"a\", \"ab\", null, input.x,"
      " input.r]}\n"
      "gs := {[z, w, g(z, w)] | some z in [1, \"a\"]; some w in [1, \"ab\"]}\n"
      "ks := [x | some q in [\"a\", \"b\", 1, \"z\"]; x := [s[q], o[q]]]\n"
      "fk(z) := z.id\n"
      "m0 := input.x\n"
      "w := [v | v := a with input.x as input.y]\n"
      "p := {\"a\": a, \"s\": s, \"o\": o, \"n\": n, \"i\": [i | i], \"f\": fs,"
      " \"g\": gs, \"k\": ks, \"w\": w}\n";

  size_t pick(size_t n) { return random_() % n; }

  std::string one_of(std::initializer_list<const char*> list) {
    return list.begin()[pick(list.size())];
  }

  std::string scalar() {
    return one_of({"1", "2", "1.0", "\"a\"", "\"ab\"", "true", "null", "3",
                   "\"b/c\"", "false"});
  }

  std::string text() {
    return one_of({"\"\"", "\"a\"", "\"ab\"", "\"abc\"", "\"b/c\"", "\"x.y\"",
                   "7", "null"});
  }

  // Elements of the shape that the policies look into.
  std::string records(size_t n) {
    std::string out = "[";
    for (size_t i = 0; i < n; ++i)
      out += std::string(i ? ", " : "") + "{\"id\": " + scalar()
             + ", \"v\": " + scalar() + "}";
    return out + "]";
  }

  std::string subject() {
    return one_of({"input.x", "input.y", "input.t", "input.o.k", "data.m.a",
                   "input.nope"});
  }

  std::string operand() {
    return pick(2) ? subject()
                   : one_of({"e.id", "e.v", "e.id", "1", "\"a\"", "data.m[_]",
                             "data.m.a", "data.m.c", "input", "count(s0)"});
  }

  // What the rule index looks at.
  std::string indexed(const std::string& of) {
    switch (pick(7)) {
    case 6:
      return "input.r = [" + scalar() + ", " + one_of({"_", "2", "input.y"})
             + "]";
    case 0:
      return of + " in {" + scalar() + ", " + scalar() + "}";
    case 1:
      return of + " in [" + scalar() + ", " + scalar() + ", " + text() + "]";
    case 2:
      return "glob.match("
             + one_of({"\"a*\"", "\"*c\"", "\"ab\"", "\"b/*\"", "\"*\"",
                       "\"a?c\"", "\"{a,b}*\"", "\"*.y\""})
             + ", " + one_of({"[]", "null", "[\"/\"]", "[\".\"]"}) + ", " + of
             + ")";
    case 3:
      return one_of({"startswith", "endswith"}) + "(" + of + ", "
             + one_of({"\"a\"", "\"ab\"", "\"c\"", "\"b/\""}) + ")";
    default:
      return of + " == " + scalar();
    }
  }

  std::string condition() {
    switch (pick(12)) {
    case 0:
      return "not " + operand() + " == " + operand();
    case 1:
      return operand() + " != " + operand();
    case 2:
      return "count([1 | some h in data.l; h.id == e.v]) > "
             + std::to_string(pick(4));
    case 3:
      return "every h in input.l { h.id != " + operand() + " }";
    case 4:
      return "some h in data.n; h.id == " + operand();
    case 5:
      return "some h in data.n; h.id == e.id; h.v == " + operand();
    case 6:
      return "f0(" + operand() + ") == " + one_of({"1", "1.0", "2"});
    case 7:
      return "s0[" + operand() + "]";
    case 8:
      return "b0 with input.x as " + operand();
    case 9:
      return indexed(subject());
    default:
      return operand() + " == " + operand();
    }
  }

  std::string body() {
    auto out =
        one_of({"some e in input.l", "some e in data.l", "e := data.l[_]",
                "e := input.l[_]", "some e in data.n"});
    for (auto n = pick(4); n > 0; --n)
      out += "; " + condition();
    return out;
  }

  std::string mock() {
    return pick(8) ? ""
                   : one_of({" with glob.match as true", " with f0 as 1",
                             " with f0 as m0 with input.x as 1",
                             " with data.m.a as 1", " with input.t as \"ab\"",
                             " with startswith as f2"});
  }

  // A rule of several clauses that the index tells apart.
  std::string indexed_rule() {
    std::string out;
    auto kind = pick(5);
    for (auto n = 3 + pick(4); n > 0; --n) {
      auto where = " if { " + indexed(subject());
      if (pick(2))
        where += "; " + (pick(3) ? indexed(subject()) : condition_alone());
      where += " }\n";
      auto v = std::to_string(1 + pick(2));
      switch (kind) {
      case 0:
        out += "a := 1" + where;
        break;
      case 1:
        out += "s contains " + v + where;
        break;
      case 2:
        out += "o[" + scalar() + "] := 1" + where;
        break;
      case 3:
        out += "i := " + v + where;
        break;
      default:
        out += function_clause();
      }
    }
    return out;
  }

  std::string function_clause() {
    switch (pick(4)) {
    case 0:
      return "f([" + scalar() + ", _]) := 7\n";
    case 1:
      return "f(" + scalar() + ") := 7 if { " + indexed(subject())
             + " } else := 7 if { " + indexed(subject()) + " }\n";
    default:
      return "f(z) := 7 if { " + indexed("z") + " }\n";
    }
  }

  // Where a reference binds what stands beside it, before or in a call.
  std::string binding() {
    auto of = one_of({"data.m", "input.o", "data.l", "input.l[_]", "data.n[_]"})
              + "[k]";
    switch (pick(12)) {
    case 0:
      return "x := [k, " + of + "]";
    case 1:
      return "x := {k: " + of + "}";
    case 2:
      return "k != " + of + "; x := k";
    case 3:
      return "x := sprintf(\"%v-%v\", [" + of + ", k])";
    case 4:
      return "x := {k: " + of + " | k != " + scalar() + "}";
    case 5:
      return "x := [[k, " + of + "] | not k == " + scalar() + "]";
    case 6:
      return "not f0(f1(" + of + ")) == " + scalar() + "; x := k";
    case 7:
      return "b0 with input.x as " + of + "; x := k";
    case 8:
      return "not b0 with input.y as [k, " + of + "][1]; x := k";
    case 9:
      return "some x in [k, " + of + "]; x != " + scalar();
    case 10:
      return "[k, x] == [" + scalar() + ", [k, " + of + "]]";
    default:
      return "x := {[h, k] | h := " + of + "; " + indexed(subject()) + "}";
    }
  }

  std::string condition_alone() {
    return one_of({"some e in input.l; e.id == input.x", "input.x != input.y",
                   "count(input.l) > 2", "not input.nope",
                   "some h in data.n; h.id == input.x"});
  }

  // A comprehension whose rows have keys, and k to compare them with.
  std::string grouped() {
    auto form = one_of({"@.id", "[@.id]", "[@.id, @.v]", "{\"a\": @.id}",
                        "fk(@)", "sprintf(\"%v\", [@.id])", "[\"a\", @.v]",
                        "[fk(@), 1]", "to_number(@.v)", "{@.v}"});
    auto of = [&](const std::string& who) {
      auto out = form;
      for (auto at = out.find('@'); at != out.npos; at = out.find('@'))
        out.replace(at, 1, who);
      return out;
    };
    auto rows =
        one_of({"some h in data.n", "h := data.l[_]", "some j, h in data.l",
                "some g in [data.n, input.l]; some h in g", "data.l[_] = h",
                "some h in data.n; h.v != e.v", "some h in data.l; h.id == e.v",
                "some h in data.n; not h.id == input.x",
                "some h in input.l; fk(h) != 1 with input.x as 1"});
    std::string test;
    switch (pick(6)) {
    case 0:
      test = "k == " + of("h");
      break;
    case 1:
      test = "c := " + of("h") + "; c = k";
      break;
    case 2:
      test = of("h") + " == " + of("e");
      break;
    case 3:
      test = "e.id == fk(h)";
      break;
    case 4:
      test = "[fk(h), e.nope] == [k, 1]";
      break;
    default:
      test = of("h") + " == k";
    }
    auto rest = one_of({"", "", "; h.v != e.v", "; not h.v == 1",
                        "; h.v == input.x", "; f0(h.v) == 1",
                        "; fk(h) in [1 | some w in data.n; fk(w) == h.id]"});
    auto both = "k := " + of("e") + "; u := ";
    auto body = " | " + rows + "; " + test + rest;
    return both
           + (pick(2)   ? "[[h, e.v]" + body + "]"
              : pick(2) ? "{h.v" + body + "}"
                        : "{h.v: k" + body + "}");
  }

  std::string rule() {
    switch (pick(15)) {
    case 0:
      return "a := 1 if { " + body() + " }" + "\n";
    case 1:
      return "a := 1 if { " + indexed(subject()) + "; " + body() + " }\n";
    case 2:
      return "s contains t if { " + body() + "; t := e.id }\n";
    case 3:
      return "o[t] := 1 if { " + body() + "; t := e.v }\n";
    case 4:
      return "f(z) := 7 if { " + body() + "; e.id == z }\n";
    case 5:
      return "g(" + one_of({"1", "\"a\"", "z"}) + ", "
             + one_of({"1", "\"ab\"", "_"}) + ") := " + scalar() + " if { "
             + condition_alone() + " }\n";
    case 6:
      return "i := 1 if { " + body() + " } else := 2 if { " + indexed(subject())
             + " } else := 3 if { " + body() + " }\n";
    case 7:
      return "n.q[t] := u if { " + body() + "; t := e.id; u := e.v }\n";
    case 8:
      return "n[t] contains u if { " + body()
             + "; t := \"r\"; u := {h.v | some h in data.l; h.id == e.id} }\n";
    case 9:
      return "o[t] := u if { " + body()
             + "; t := e.id; u := count([h | some h in data.n; h.id == t]) }\n";
    case 10:
      return "s contains x if { x := b0" + mock() + " }\n";
    case 11:
    case 12:
      return "s contains [e.v, u] if { " + body() + "; " + grouped() + " }\n";
    case 13:
      return "s contains x if { " + binding() + " }\n";
    default:
      return indexed_rule();
    }
  }

  // Rules that conditions call: functions, a set, a value. None of them has a
  // conflict, as leaving early may leave a conflict out. What f1 gives is not
  // compared by `==`, which its type might not allow.
  std::string helpers() {
    return "f0(z) := 1 if { " + indexed("z")
           + " }\nf0(z) := 1 if { some h in data.n; h.id == z; h.v == 1 }\n"
             "f1(z) := z if "
           + indexed("z")
           + "\nf2(_, _) := true\n"
             "s0 contains z if { some h in input.l; z := h.id }\n"
             "s0 contains z if { z := "
           + subject()
           + " }\n"
             "default b0 := false\nb0 if { "
           + indexed(subject())
           + " }\n"
             "b0 if { "
           + indexed(subject()) + "; " + indexed("input.t") + " }\nb0 if f1("
           + subject() + ") in [" + scalar() + "]\n";
  }

  std::string rules() {
    auto out = helpers();
    for (auto n = 1 + pick(4); n > 0; --n)
      out += rule();
    return out;
  }

  std::mt19937 random_;
};

struct event_counter : rego::tracer {
  size_t events = 0;
  void on_event(const rego::trace_event& e) override {
    events += e.op != rego::trace_op::clear;
  }
};

// `bytes`: by way of bytes that the policy was written to and loaded from.
std::string answer_of(const small_case& c, const rego::compile_options& o,
                      bool bytes, bool& answered) {
  answered = false;
  auto p = rego::compile({{"t", c.module}}, o);
  if (!p)
    return p.error_list()[0].code + ": " + p.error_list()[0].message;
  constexpr const char* path = "data.test.p";
  auto q = bytes ? support::through_bytes(*p, path)
                 : rego::prepare(*p, path,
                                 {.entry = true, .instrument = o.instrument});
  if (!q)
    return rego::to_string(q.error_list());
  auto d = rego::load_data(c.data);
  // Its memory is kept from case to case.
  thread_local rego::evaluator e;
  event_counter counter;
  auto a = e.evaluate(**q, **d, rego::json_input{c.input}, {.trace = &counter});
  if ((counter.events > 0) != o.instrument)
    return "events where there should be none, or none";
  answered = a.errors.empty();
  return answered ? rego::to_json(a.result) : a.errors[0].code;
}

// Equal as values: which of 1 and 1.0 a set keeps is left open.
bool are_same(const std::string& a, const std::string& b) {
  rego::arena memory;
  auto x = rego::parse_json(memory, a), y = rego::parse_json(memory, b);
  return x && y ? rego::equal(*x, *y) : a == b;
}

} // namespace

small_case make_case(uint32_t seed) {
  return generator(seed).make();
}

comparison compare(const small_case& c) {
  comparison out;
  bool plain = false, fast = false, traced = false, loaded = false;
  out.plain = answer_of(c, {.reference = true}, false, plain);
  out.fast = answer_of(c, {}, false, fast);
  out.traced = answer_of(c, {.instrument = true}, false, traced);
  out.loaded = answer_of(c, {}, true, loaded);
  out.answered = plain && fast && traced && loaded;
  out.same = are_same(out.plain, out.fast) && are_same(out.plain, out.traced)
             && are_same(out.fast, out.loaded)
             && out.fast.find("internal error") == out.fast.npos;
  return out;
}

std::string show(const small_case& c, const comparison& r) {
  return c.module + "\ninput: " + c.input + "\ndata: " + c.data
         + "\nplain:  " + r.plain + "\nfast:   " + r.fast
         + "\ntraced: " + r.traced + "\nloaded: " + r.loaded + "\n";
}

} // namespace differential
