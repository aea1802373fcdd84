// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the machine runs: instructions, constants, rules by slot and the tree of
// packages. Built by the compiler, then immutable; every evaluator reads it.
//
// An instruction is 24 bytes: opcode, three operands and a target. An operand
// from 0 on is a register of the frame, below 0 the constant ~operand. Failing
// (no match, undefined, false) jumps to `target`, which the compiler knows: the
// innermost open loop's scan_next or the end of the block. So there is no
// stack of choice points.

#include <cstdint>
#include <string>
#include <vector>

#include "builtins/builtin.hpp"
#include "lexer/lexer.hpp"
#include "rego/arena.hpp"
#include "rego/trace.hpp"
#include "rego/value.hpp"

namespace rego {

// clang-format off
enum class op : uint8_t {
  move,         // R[a] := b
  jump,         // goto target
  input,        // R[a] := input; else target
  base,         // R[a] := base documents; else target
  vnode,        // R[a] := lazy package or document node b
  rule,         // R[a] := document of rule slot b; else target
  rule_key,     // R[a] := document of rule slot b at key c; else target
  get,          // R[a] := b[c]; else target
  spared,       // the elements of b, which the key given finds one of, would
                // all be visited without it
  join,         // R[a] := elements of b that can have what the first of each
                // pair of n operands at args[c] is, at the path that the
                // second is, a constant array
  recall,       // R[a] := what n operands at args[c] gave before: target
  remember,     // R[a] is what n operands at args[c] give
  group,        // R[a] := rows that had the first of n operands at args[c] as
                // their key, if such are kept for the others: target; else
                // R[b] := new builder of rows
  group_test,   // unless builder R[a] is to keep all rows, or b = c (x = 0) or
                // b is in set c (x = 1): target
  group_row,    // unless builder R[a] is to keep all rows or b = c: target;
                // what it gets next is a row with key b
  group_rows,   // R[a] := rows of builder R[b] with the first of n operands at
                // args[c] as their key; all rows are kept if R[b] has them
  force,        // R[a] := b, a lazy node made an object; else target
  scan,         // R[a..a+2] := iterator over b; not iterable: target
  scan_next,    // R[b], R[c] := next key, value of R[a..]; at end: target
  truthy,       // b is false: target
  defined,      // b is undefined: target
  equal,        // unless b = c: target
  test,         // unless comparison x holds of b, c: target
  compare,      // R[a] := comparison x of b, c
  arith,        // R[a] := arithmetic x of b, c; error or target
  array_size,   // unless b is an array of n elements: target
  object_size,  // unless b is an object of n pairs: target
  array,        // R[a] := array of n operands at args[b]
  set,          // R[a] := set of n operands at args[b]
  object,       // R[a] := object of n operands (key, value) at args[b]
  builtin_call, // R[a] := built-in b of n operands at args[c]; else target
  call,         // R[a] := function slot b of n operands at args[c]; else target
  build,        // R[a] := new builder
  build_add,    // builder R[a] gets b
  build_put,    // builder R[a] gets the pair b, c
  build_array,  // R[a] := array of builder R[b]
  build_set,    // R[a] := set of builder R[b]
  build_object, // R[a] := object of builder R[b]; conflict is an error
  result,       // the rule's value is b; another one is a conflict
  member,       // the partial set gets b
  insert,       // the partial object gets value b at path of n args[c]; x: set
  give_up,      // leave the clause
  finish,       // leave the rule: its value can only be what it is
  solution,     // the query has a solution: bindings b, expressions c
  with_input,   // begin: input with c at path of n args[b]
  with_data,    // begin: data with c at path of n args[b]
  with_function,// begin: function or built-in b replaced, see x and c
  with_end,     // end of n replacements
  text,         // R[a] := template string of n operands at args[b]
  print,        // print n operands (sets) at args[b]
  metadata,     // R[a] := annotations constant b
  trace         // event x about traces[b], see machine/trace.cpp
};
// clang-format on

enum class comparison : uint8_t { eq, ne, lt, le, gt, ge };
enum class arithmetic : uint8_t { plus, minus, mul, div, rem, and_, or_ };

struct insn {
  op code;
  uint8_t x = 0;
  uint16_t n = 0;
  int32_t a = 0;
  int32_t b = 0;
  int32_t c = 0;
  uint32_t target = 0;
  uint32_t place = 0; // index into code_unit::places
};

/// A position in a file, for errors while running.
struct code_position {
  uint32_t file = 0;
  int row = 0;
  int col = 0;
};

/// Instructions with what they refer to. The policy is one, a query another.
struct code_unit {
  std::vector<insn> code;
  std::vector<int32_t> args;
  std::vector<value> constants;
  std::vector<code_position> places;
  std::vector<std::string> files;
  std::vector<trace_node> traces; // where instrumented
};

struct clause {
  uint32_t entry = 0; // first instruction
  code_position at;
};

enum class rule_kind : uint8_t { complete, set, object, function };

/// An equality that a clause demands of a document of the input, and the tree
/// that finds the clauses whose equalities hold (see machine/index.hpp).
struct rule_index;

/// All rules of one name (ground prefix of a reference).
struct rule_slot {
  rule_kind kind = rule_kind::complete;
  std::string name; // data.a.b
  int node = -1;    // in program::nodes
  int arity = 0;    // arguments are registers 0 to arity-1
  int registers = 0;
  bool has_default = false;
  bool early_exit = false; // the first value is the only one possible
  clause default_clause;
  bool has_children = false; // documents below to be merged in
  std::vector<clause> clauses;
  /// The same clauses with their first key given in register 0, or none.
  std::vector<clause> keyed;
  std::shared_ptr<const rule_index> index;
  code_position at; // of the first clause, else of the default
};

/// A package or document in the tree of virtual documents.
struct tree_node {
  value key;
  int parent = -1;
  int slot = -1;             // rules here; functions included
  bool document = false;     // something below or here has a value
  std::vector<int> children; // sorted by key
  value child_index;         // object: key -> index into nodes
};

struct program {
  arena memory;
  code_unit unit;
  std::vector<rule_slot> slots;
  std::vector<tree_node> nodes; // nodes[0] is `data`
  bool reference = false;       // nothing computed is remembered
};

} // namespace rego
