// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// What the table of op_shape.cpp does not tell of instructions.

#include <algorithm>

#include "machine/verify.hpp"
#include "machine/verify_code.hpp"

namespace rego {

namespace {

using frame_form = code_frame::form;

} // namespace

void code_verifier::extra(const insn& i) {
  auto at_most = [&](const char* what, size_t got, size_t most) {
    if (got > most)
      refuse("has " + std::string(what) + " " + std::to_string(got)
             + "; expected at most " + std::to_string(most));
  };
  switch (i.code) {
  case op::test:
  case op::compare:
    return at_most("comparison", i.x, static_cast<size_t>(comparison::ge));
  case op::arith:
    return at_most("arithmetic", i.x, static_cast<size_t>(arithmetic::or_));
  case op::group_test:
    return at_most("comparison", i.x, 1);
  case op::object:
    if (i.n % 2)
      refuse("has " + std::to_string(i.n)
             + " operands; expected pairs of a key and a value");
    return;
  case op::join:
    return join(i);
  case op::recall:
  case op::remember:
    return memory(i);
  case op::group:
  case op::group_rows:
    return group(i);
  case op::scan:
    return scan(i);
  case op::scan_next:
    return scan_next(i);
  case op::with_input:
  case op::with_data:
    at_most("a path of elements,", i.n, path_max);
    ++withs_;
    return;
  case op::with_function:
    with_function(i);
    ++withs_;
    return;
  case op::with_end:
    if (i.n > withs_)
      refuse("ends " + std::to_string(i.n) + " replacements; "
             + std::to_string(withs_) + " are in force");
    withs_ -= i.n;
    return;
  case op::insert:
    at_most("a path of elements,", i.n, path_max);
    return result(i);
  case op::result:
  case op::member:
  case op::finish:
  case op::solution:
    return result(i);
  case op::trace:
    return trace(i);
  default:
    return;
  }
}

// The key, and constants behind it.
void code_verifier::join(const insn& i) {
  range("c", i.c, i.n);
  if (i.n == 0 || i.n % 2)
    refuse("has " + std::to_string(i.n)
           + " operands; expected pairs of a key and the path where it stands");
  for (size_t k = 0; k < i.n; ++k) {
    auto o = unit_.args[static_cast<size_t>(i.c) + k];
    want("an operand in a list", o, held::value);
    if (k % 2
        && (o >= 0 || !unit_.constants[static_cast<size_t>(~o)].is_array()))
      refuse("has operand " + std::to_string(o)
             + " as a path; expected a constant array");
  }
}

// A comprehension's place in `args` tells it from others: whoever asks there
// has as many operands as whoever answered.
void code_verifier::memory(const insn& i) {
  range("c", i.c, std::max<size_t>(i.n, 1));
  if (i.n > 2 || i.x)
    refuse("has " + std::to_string(i.n) + " operands; expected at most 2");
  want_list("c", i.c, i.n);
  auto [known, fresh] = remembered_.try_emplace(i.c, i.n);
  if (known->second != i.n)
    refuse("has " + std::to_string(i.n)
           + " operands; expected as many as others with that list, "
           + std::to_string(known->second));
  if (i.code == op::remember) {
    in_register("a", i.a);
    return want("a", i.a, held::value);
  }
  writable("a", i.a);
  auto into = static_cast<size_t>(i.a);
  auto before = regs_.now(into);
  regs_.set(into, held::value);
  leave_for(i.target);
  regs_.set(into, before);
}

// As above. What is kept under a list only ever comes from there.
void code_verifier::group(const insn& i) {
  if (i.n == 0 || i.n > 3 || i.x)
    refuse("has " + std::to_string(i.n) + " operands; expected 1 to 3");
  want_list("c", i.c, i.n);
  if (i.code == op::group_rows)
    return;
  writable("a", i.a);
  writable("b", i.b);
  if (i.a == i.b)
    refuse("writes twice to register " + std::to_string(i.a));
  auto rows = static_cast<size_t>(i.a);
  auto before = regs_.now(rows);
  regs_.set(rows, held::value);
  leave_for(i.target);
  regs_.set(rows, before);
  regs_.set(static_cast<size_t>(i.b), held::builder);
}

void code_verifier::scan(const insn& i) {
  writable("a", i.a, 3);
  if (i.b >= i.a && i.b - i.a < 3)
    refuse("iterates over register " + std::to_string(i.b)
           + ", which its iterator takes; expected another one");
  auto at = static_cast<size_t>(i.a);
  bool lazy = kind_of("b", i.b) == held::lazy;
  for (size_t k = 0; k < 3; ++k)
    regs_.set(at + k, held::unusable);
  leave_for(i.target);
  regs_.set(at, lazy ? held::lazy_iterator : held::iterator);
  regs_.set(at + 1, held::keys);
  regs_.set(at + 2, held::position);
}

void code_verifier::scan_next(const insn& i) {
  auto it = in_register("a", i.a);
  want("a", i.a, held::lazy_iterator);
  for (auto [which, r] : {std::pair("b", i.b), std::pair("c", i.c)}) {
    writable(which, r);
    if (r >= i.a && r - i.a < 3)
      refuse("writes to register " + std::to_string(r)
             + " of its own iterator; expected another one");
  }
  auto at = static_cast<size_t>(i.a);
  if (at + 2 >= frame_->registers || regs_.now(at + 1) != held::keys
      || regs_.now(at + 2) != held::position)
    refuse("finds an iterator of which a part is overwritten");
  leave_for(i.target);
  regs_.set(static_cast<size_t>(i.b), held::value);
  regs_.set(static_cast<size_t>(i.c),
            it == held::lazy_iterator ? held::lazy : held::value);
}

// x: bit 0, a built-in is replaced; 0, 2 or 4 above: by a function, a built-in
// or a value, which may be a node's. Another function is asked for its arity
// while running.
void code_verifier::with_function(const insn& i) {
  bool builtin = (i.x & 1) != 0;
  size_t arity = 0;
  if (builtin) {
    number("b", i.b, builtins_.size(), "built-in");
    arity = static_cast<size_t>(builtins_.at(static_cast<size_t>(i.b)).arity);
  } else {
    arity = static_cast<size_t>(slot("b", i.b, true).arity);
  }
  switch (i.x & ~1) {
  case 0:
    slot("c", i.c, true);
    return;
  case 2:
    return callee("c", i.c, arity);
  case 4:
    return want("c", i.c, held::lazy);
  default:
    refuse("has as x " + std::to_string(i.x) + "; expected at most 5");
  }
}

// What only code of some rules, or of queries, may do.
void code_verifier::result(const insn& i) {
  auto k = frame_->kind;
  auto only = [&](bool allowed, const char* where) {
    if (!allowed)
      refuse("stands in code of another kind; expected it in "
             + std::string(where));
  };
  switch (i.code) {
  case op::result:
    return only(k == frame_form::complete || k == frame_form::function,
                "complete rules and functions");
  case op::member:
    return only(k == frame_form::set, "partial sets");
  case op::insert:
    return only(k == frame_form::object, "partial objects");
  case op::finish:
    return only(frame_->finishes, "rules that can have one value only");
  default:
    break;
  }
  only(k == frame_form::query || k == frame_form::entry, "queries");
  if (i.x != (k == frame_form::entry ? 1 : 0))
    refuse("has as x " + std::to_string(i.x)
           + "; expected 1 where the query is an entry, else 0");
  if (!i.x)
    want("c", i.c, held::value);
}

// See trace.cpp for what the events have.
void code_verifier::trace(const insn& i) {
  auto what = static_cast<trace_op>(i.x);
  if (what > trace_op::clear)
    refuse("has event " + std::to_string(i.x) + "; expected at most "
           + std::to_string(static_cast<int>(trace_op::clear)));
  switch (what) {
  case trace_op::enter:
    number("b", i.b, unit_.traces.size(), "traced node");
    writable("a", i.a, 2);
    regs_.set(static_cast<size_t>(i.a), held::query);
    regs_.set(static_cast<size_t>(i.a) + 1, held::query);
    return;
  case trace_op::leave:
    in_register("a", i.a);
    want("a", i.a, held::query);
    return want("a and one", i.a + 1, held::query);
  case trace_op::clear:
    range("c", i.c, i.n);
    for (size_t k = 0; k < i.n; ++k) {
      auto r = unit_.args[static_cast<size_t>(i.c) + k];
      writable("a register to clear", r);
      regs_.set(static_cast<size_t>(r), held::maybe);
    }
    return;
  case trace_op::note:
    number("b", i.b, unit_.traces.size(), "traced node");
    return want("c", i.c, held::value);
  case trace_op::index: {
    number("b", i.b, program_.slots.size(), "rule");
    auto& s = program_.slots[static_cast<size_t>(i.b)];
    if (s.kind == rule_kind::function)
      want_list("c", i.c, i.n);
    if (i.a >= 0)
      number("a", i.a, unit_.traces.size(), "traced node");
    return;
  }
  case trace_op::fail:
    in_register("a", i.a);
    want("a", i.a, held::lazy);
    return event(i);
  default:
    return event(i);
  }
}

void code_verifier::event(const insn& i) {
  number("b", i.b, unit_.traces.size(), "traced node");
  range("c", i.c, size_t{3} * i.n);
  for (size_t k = 0; k < i.n; ++k) {
    auto* three = &unit_.args[static_cast<size_t>(i.c) + 3 * k];
    want("a local's name", three[0], held::value);
    if (three[0] >= 0
        || !unit_.constants[static_cast<size_t>(~three[0])].is_string())
      refuse("has a local whose name is no constant string");
    want("a local", three[1], held::lazy);
    number("a local's place", three[2], unit_.places.size(), "place");
  }
}

} // namespace rego
