// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What each instruction reads, writes and where it goes on: the interpreter
// (run.cpp) as a table, by which code is verified. Constant; any thread.

#include <cstdint>
#include <string_view>

#include "machine/program.hpp"

namespace rego {

/// What a register holds, as far as code before it tells.
enum class held : uint8_t {
  unusable,      // nothing on some path, or one thing here and another there
  value,         // a value
  maybe,         // a value or undefined
  lazy,          // that, or a lazy node
  iterator,      // the first of scan's three registers
  lazy_iterator, // the same over what may be a lazy node
  keys,          // the second
  position,      // the third
  builder,       // of an array, set or object
  query          // one of the two numbers that a trace's `enter` keeps
};

/// "a value", "a builder", ...
std::string_view held_name(held k);

/// May a register with `got` stand where one with `wanted` is expected?
constexpr bool stands_for(held got, held wanted) {
  auto chain = [](held k) { return k >= held::value && k <= held::lazy; };
  return got == wanted || wanted == held::unusable
         || (chain(got) && chain(wanted) && got < wanted)
         || (got == held::iterator && wanted == held::lazy_iterator);
}

/// What is known of a register where both meet.
constexpr held either(held a, held b) {
  return stands_for(a, b) ? b : stands_for(b, a) ? a : held::unusable;
}

/// What an instruction's a, b or c is.
enum class op_part : uint8_t {
  none,     // not looked at
  into,     // a register that is written
  any,      // an operand: a value, undefined or a lazy node
  value,    // an operand: a value
  builder,  // a register with a builder
  spent,    // the same, whose builder is used up
  list,     // a place in `args`: n operands, each a value
  node,     // a number of program::nodes
  rule,     // a number of program::slots, no function
  function, // a number of program::slots, a function
  builtin,  // a number of a built-in that takes n operands
  special   // as the verifier has it for that instruction
};

enum class op_next : uint8_t {
  follows, // the next instruction
  fails,   // that, or target: then what was written is undefined
  jumps,   // target
  ends     // none
};

struct op_shape {
  std::string_view name;
  op_part a, b, c;
  held gives; // in R[a]
  op_next next;
};

/// Of a known opcode.
const op_shape& shape_of(op code);
constexpr bool is_known(op code) {
  return code <= op::trace;
}

} // namespace rego
