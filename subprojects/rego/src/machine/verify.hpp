// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The verifier: proves of code, whoever wrote it, all that the machine relies
// on without a look while it runs. That operands, lists, targets, rules, nodes,
// built-ins and positions exist; that a search in an index ends; that the tree
// of documents is one; and, by following the code along all of its ways, that
// no register is read before it is written, that builders, iterators and lazy
// nodes meet only the instructions that are made for them, and that what `with`
// replaces is restored. What it takes never makes the machine touch memory that
// is not its own; whether it ends is up to the evaluation's bounds.
//
// Where ways meet, a register that does not hold the same on each is unusable.
// Each clause has its code for itself. The work is proportional to the code,
// and code made so that it would not be is refused.
//
// Whatever it is handed may be wrong in any way but for values: those were made
// by the builders (rego/build.hpp), or are undefined.

#include <optional>
#include <string>

#include "machine/program.hpp"

namespace rego {

/// Registers of a frame at most; the machine has no more in all.
inline constexpr int frame_registers_max = 256 * 1024;
/// Elements of a path below a document at most, as the parser has it; the tree
/// has those of a package and of a rule.
inline constexpr size_t path_max = 1000;
inline constexpr size_t tree_levels_max = 2 * path_max;

/// What is wrong with a program: the rule, the instruction and what was
/// expected. Nothing where the machine may run it.
std::optional<std::string> refusal_of(const program& p);

/// The same of a query's code on a program that was verified. `entry`: the
/// query is one reference, whose value is the answer.
std::optional<std::string> refusal_of(const program& p, const code_unit& unit,
                                      int registers, bool entry);

} // namespace rego
