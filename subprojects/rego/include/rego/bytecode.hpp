// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Compiled policies as bytes: a policy with the queries that will be asked of
// it is written once and loaded elsewhere without its text, for programs that
// start often or are not to compile.
//
//   auto bytes = rego::write_bytecode(*p, {"data.acgs.main.decision"});
//   ...
//   auto policy = rego::load_bytecode(*bytes);
//   auto q = policy->query("data.acgs.main.decision");
//   auto a = e.evaluate(*q, **d, rego::json_input{body});
//
// Loading trusts no byte: every size is held against what is left before
// anything is made of it, and what was read is verified as the compiler's own
// instructions are (src/machine/verify.hpp), so that whatever loads runs within
// the bounds of an evaluation. It does not tell who made the bytes: whoever
// needs to know signs them.
//
// The form, all numbers little-endian: "REGOCODE" and a version, which both
// must be the engine's own; the names of the built-ins that are called, so that
// their numbers may change, and a name that the engine does not have is
// refused; the instructions of the rules with constants, file names and
// positions; the rules, each with its index; the tree of documents; the queries
// with instructions of their own. Lists and texts have their size before them.
// src/bytecode/describe.hpp is the form to the last field.
//
// What is loaded has no text: no partial evaluation, no other queries, and no
// explanations, as instrumented policies are not written.

#include <string>
#include <string_view>
#include <vector>

#include "rego/engine.hpp"

namespace rego {

/// A query that was written, and the reference that it asks for.
struct bytecode_entry {
  std::string path; // "data.acgs.main.decision"
  prepared_ptr query;
};

/// What was loaded. Each query keeps alive what it needs.
struct bytecode {
  std::vector<bytecode_entry> entries;
  /// The query of a path, in either form of `entry_path`; null where none was
  /// written.
  prepared_ptr query(std::string_view path) const;
};

/// "data.acgs.main.decision" of "acgs/main/decision", as OPA names entry
/// points; what begins with "data" stays.
std::string entry_path(std::string_view name);

/// The policy with a query for each entry point, a rule or package in either
/// form of `entry_path`; the query's answer is that document, as `prepare` with
/// `entry` has it. Refuses a path where no rule is (rego_compile_error), and
/// instrumented policies, whose events belong to texts that would be missing
/// (bytecode_error).
result<std::string> write_bytecode(const policy_ptr& p,
                                   const std::vector<std::string>& entries);

/// Reads what write_bytecode wrote. A bytecode_error says at which byte what
/// was expected, or which instruction cannot be run and why.
result<bytecode> load_bytecode(std::string_view bytes);

/// Rules whose path has a base document too, as `path_conflicts` of a policy
/// (engine.hpp).
errors path_conflicts(const bytecode& b, const value& data);

} // namespace rego
