// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Partial evaluation: what is left of a query when parts of the input or of the
// data are not known yet, in the form that OPA gives it. What does not depend
// on the unknowns is evaluated by the machine; rules and functions that do are
// entered clause by clause, each way through them a body of its own, or become
// support rules under data.partial.
//
// The residual, evaluated with its support and the originals on the same data
// and a full input, has the same solutions as the query had: for a policy that
// ends in an error this holds up to which error is met, and not for rules that
// contradict each other, whose values it gives side by side.

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "rego/engine.hpp"

namespace rego {

struct partial_options {
  /// References that are not known: "input", "input.user", "data.roles".
  std::vector<std::string> unknowns = {"input"};
  bool v0_compatible = false;
  std::vector<std::string> imports = {};
  std::string package = {};
  /// Bodies of queries and support together; more are a bound that is reached.
  size_t bodies_max = 10'000;
  limits bounds = {}; // of each evaluation on the way
  /// Bounds of all of it: instructions of the evaluations, a price for each
  /// step between them, time, memory of each evaluation and of what is told to
  /// `trace`, and the bytes of the residual's text. Beyond them there is no
  /// answer but the error eval_cancel_error, which says what was reached.
  limits total = {};
  size_t text_bytes_max = size_t{64} << 20;
  /// References to rules that are not to be inlined: they become support.
  std::vector<std::string> not_inlined = {};
  bool strict_builtin_errors = false;
  compile_limits compiling = {}; // of the query's text
  environment world = {};        // `random` is not asked for
  const std::atomic<bool>* cancel = nullptr;
  /// Gets the events of a policy compiled with `instrument`: literals as the
  /// evaluator has them, and as they are left. Their nodes are the policy's,
  /// the others good as long as the answer's `told`; without an answer, not
  /// beyond the call.
  tracer* trace = nullptr;
};

struct residual_trees;

struct partial_result {
  /// Bodies in Rego v1, one of which has to hold; none: it never does. An
  /// empty body always holds.
  std::vector<std::string> queries;
  /// Modules of rules under data.partial.
  std::vector<module_source> support;
  /// Modules of the policy that the two refer to as they are: for rules with
  /// else, for closures and for what has no other text.
  std::vector<module_source> originals = {};
  /// The queries and the support as trees, which keep the names of wildcards.
  std::shared_ptr<const residual_trees> trees = {};
  /// What the events of partial_options::trace are about.
  std::shared_ptr<const void> told = {};
};

/// The residual of a query; `known` is the known part of the input, undefined
/// for none. Rules with string templates, `and` and `or` are asked of the
/// policy; in a query these are an error.
result<partial_result> partially(policy_ptr p, std::string_view query,
                                 const snapshot& data, const value& known,
                                 const partial_options& options = {});

/// The residual as OPA's JSON has it: {"queries": [body...], "support":
/// [module...]}, as syntax trees; what is empty is left out. Fails where they
/// would be deeper than a value may be, or take more memory than the arena has.
result<value> syntax_trees(arena& to, const partial_result& r);

/// A module's syntax tree in OPA's JSON, as rego.parse_module gives it. Fails
/// as well where it does not parse.
result<value> syntax_tree(arena& to, const module_source& m);

} // namespace rego
