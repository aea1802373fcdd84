// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What `rego eval` prints: OPA's result object, or one of its other formats.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/explain.hpp"
#include "cli/profile.hpp"

namespace rego::cli {

/// Samples in nanoseconds by the timer's name, one an evaluation.
using timers = std::map<std::string, std::vector<int64_t>>;

/// Everything that one call of `rego eval` may show. The values live in an
/// arena of the caller's.
struct eval_output {
  rego::errors errors;
  rego::errors builtin_errors; // which left the result as it is
  value result;             // OPA's result set, undefined where there is none
  value partial;            // OPA's "partial", of partial evaluation
  std::string partial_text; // the same as source or as a table
  timers metrics;
  bool show_metrics = false;
  bool show_explanation = false;
  kept_trace explanation;
  std::shared_ptr<const void> explained; // what a partial one is about
  std::vector<std::vector<line_profile>> profiles; // one an evaluation
  value coverage;
  double coverage_percent = 0;
};

struct output_style {
  std::string format = "json";
  size_t pretty_limit = 80;
  bool var_values = false;
};

/// OPA's result set: expressions with text and place, bindings where there are
/// any.
value result_set(arena& a, const prepared& q, const value& result);

/// Writes to standard output; errors in other formats than JSON to standard
/// error.
void print_output(const eval_output& o, const output_style& style);

} // namespace rego::cli
