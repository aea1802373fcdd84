// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Operands, lists and numbers of an instruction.

#include "machine/verify_code.hpp"

namespace rego {

namespace {

std::string shown_as(std::string_view which, std::string_view what, int64_t n) {
  return "has as " + std::string(which) + " " + std::string(what) + " "
         + std::to_string(n);
}

} // namespace

void code_verifier::number(std::string_view which, int32_t n, size_t count,
                           std::string_view of) {
  if (n < 0 || static_cast<size_t>(n) >= count)
    refuse(shown_as(which, of, n) + "; expected one below "
           + std::to_string(count));
}

held code_verifier::in_register(std::string_view which, int32_t r) {
  number(which, r, frame_->registers, "register");
  return regs_.now(static_cast<size_t>(r));
}

held code_verifier::kind_of(std::string_view which, int32_t operand) {
  if (operand >= 0)
    return in_register(which, operand);
  number(which, ~operand, unit_.constants.size(), "constant");
  return unit_.constants[static_cast<size_t>(~operand)].defined() ? held::value
                                                                  : held::maybe;
}

void code_verifier::want(std::string_view which, int32_t operand, held least) {
  if (operand >= 0 && static_cast<size_t>(operand) < frame_->registers
      && regs_.now(static_cast<size_t>(operand)) == held::value
      && least <= held::lazy)
    return;
  auto got = kind_of(which, operand);
  if (got != held::unusable && stands_for(got, least))
    return;
  refuse(shown_as(which, operand < 0 ? "constant" : "register",
                  operand < 0 ? ~operand : operand)
         + ", which holds " + std::string(held_name(got)) + "; expected "
         + std::string(held_name(least)));
}

void code_verifier::range(std::string_view which, int32_t at, size_t n) {
  spend(n);
  if (at < 0 || static_cast<size_t>(at) > unit_.args.size()
      || n > unit_.args.size() - static_cast<size_t>(at))
    refuse(shown_as(which, "a list of " + std::to_string(n) + " from", at)
           + "; there are " + std::to_string(unit_.args.size())
           + " operands in lists");
}

void code_verifier::want_list(std::string_view which, int32_t at, size_t n) {
  range(which, at, n);
  for (size_t k = 0; k < n; ++k)
    want("an operand in a list", unit_.args[static_cast<size_t>(at) + k],
         held::value);
}

// Arguments stay what they are: each clause of a rule gets the same ones.
void code_verifier::writable(std::string_view which, int32_t r, size_t n) {
  auto end = int64_t{r} + static_cast<int64_t>(n);
  if (r < 0 || end > static_cast<int64_t>(frame_->registers))
    refuse(shown_as(which, "register", r) + "; the frame has "
           + std::to_string(frame_->registers));
  if (static_cast<size_t>(r) < frame_->given)
    refuse("writes to register " + std::to_string(r)
           + ", which holds an argument; expected one behind the "
           + std::to_string(frame_->given) + " arguments");
}

const rule_slot& code_verifier::slot(std::string_view which, int32_t n,
                                     bool function) {
  number(which, n, program_.slots.size(), "rule");
  auto& s = program_.slots[static_cast<size_t>(n)];
  if ((s.kind == rule_kind::function) != function)
    refuse(shown_as(which, "rule", n) + ", " + s.name + "; expected "
           + (function ? "a function" : "no function"));
  return s;
}

void code_verifier::callee(std::string_view which, int32_t n, size_t operands) {
  number(which, n, builtins_.size(), "built-in");
  auto& b = builtins_.at(static_cast<size_t>(n));
  if (!b.call)
    refuse(shown_as(which, "built-in", n) + ", " + b.name
           + "; expected one that is called");
  if (b.variadic || static_cast<size_t>(b.arity) != operands)
    refuse("gives " + b.name + " " + std::to_string(operands)
           + " operands; expected " + std::to_string(b.arity));
}

void code_verifier::look_at(const insn& i, std::string_view which, int32_t o,
                            op_part what) {
  switch (what) {
  case op_part::none:
  case op_part::special:
    return;
  case op_part::into:
    return writable(which, o);
  case op_part::any:
    return want(which, o, held::lazy);
  case op_part::value:
    return want(which, o, held::value);
  case op_part::builder:
  case op_part::spent:
    number(which, o, frame_->registers, "register");
    return want(which, o, held::builder);
  case op_part::list:
    return want_list(which, o, i.n);
  case op_part::node:
    return number(which, o, program_.nodes.size(), "node");
  case op_part::rule:
    slot(which, o, false);
    return;
  case op_part::function:
    if (auto& s = slot(which, o, true); s.arity != i.n)
      refuse("gives " + s.name + " " + std::to_string(i.n)
             + " operands; expected " + std::to_string(s.arity));
    return;
  case op_part::builtin:
    return callee(which, o, i.n);
  }
}

} // namespace rego
