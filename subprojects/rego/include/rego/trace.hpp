// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What an evaluation does, step by step, for explanations, coverage, profiles
// and failing tests. A policy compiled with `instrument` (and a query prepared
// so) has events in its code, which go to the tracer of evaluate_options;
// without `instrument` there is nothing in the code and nothing to pay.
//
// Queries nest: the query itself, then each clause of a rule, comprehension,
// `not` and `every`. Each has an id, and its parent is the one around it.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "rego/value.hpp"

namespace rego {

/// OPA's names of events.
enum class trace_op : uint8_t {
  enter,     // a query or clause begins
  exit,      // it has a solution
  redo,      // a solution is used up, the next one is looked for
  leave,     // it has ended (ours; not shown)
  eval,      // a literal begins
  fail,      // a literal had no solution
  note,      // trace() was called
  index,     // a rule's clauses were looked up
  test_case, // the case of a test, such as test_x[case], is known
  clear,     // (the machine's own)
  save       // of partial evaluation: a literal is left
};

/// "Enter", "Exit", ...
std::string_view trace_op_name(trace_op op);

enum class trace_node_kind : uint8_t { query, rule, literal };

/// What an event is about. Owned by the policy or the prepared query.
struct trace_node {
  trace_node_kind kind = trace_node_kind::literal;
  bool declaration = false; // `some x`: nothing to evaluate
  bool every = false;
  std::string text; // a literal as written, a rule's path, a whole query
  std::string full; // the same, with the names of rules and imports in full
  std::shared_ptr<const std::string> whole; // of a rule: all of it, in full
  std::string file;                         // empty for a query
  int row = 0;                              // of a rule: of its head
  int col = 0;
  int index = 0; // of a literal in its body, of an else in its rule
};

/// A variable, reference, call or comprehension of the literal. Undefined also
/// where not tried.
struct trace_local {
  std::string_view name;
  rego::value value;
  int row = 0;
  int col = 0;
  std::string_view written = {}; // its text in the source
  bool tried = true;             // its evaluation began
};

/// One event; everything in it is good during the call only.
struct trace_event {
  trace_op op;
  uint64_t query_id;
  uint64_t parent_id;
  const trace_node* node;              // index: may be null
  std::string_view message;            // note, index
  std::string_view ref;                // index: the rule's path
  std::span<const trace_local> locals; // literals; test_case: the case's names
};

/// Gets the events of one evaluation, on its thread.
class tracer {
public:
  virtual ~tracer() = default;
  virtual void on_event(const trace_event& e) = 0;
};

} // namespace rego
