// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The profiler: time and number of evaluations by row, as OPA reports them. The
// time of a literal runs until the next literal begins or is tried again.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "rego/engine.hpp"

namespace rego::cli {

struct line_profile {
  std::string file;
  int row = 0;
  int col = 0;
  int64_t total_time_ns = 0;
  int64_t num_eval = 0;
  int64_t num_redo = 0;
  int64_t num_gen_expr = 0;
};

class profiler : public tracer {
public:
  void on_event(const trace_event& e) override;
  /// Sorted by the criteria in turn, largest first; `limit` 0 gives all. The
  /// criteria are total_time_ns, num_eval, num_redo, num_gen_expr, file, line;
  /// those of the default order that are not named come behind.
  std::vector<line_profile> top(size_t limit,
                                std::vector<std::string> criteria);

private:
  void close_last();
  struct entry {
    line_profile line;
    std::set<int> indexes;
  };
  std::map<std::pair<std::string, int>, entry> lines_;
  const trace_node* last_ = nullptr;
  trace_op last_op_ = trace_op::eval;
  int64_t since_ = 0;
};

/// A usage_error unless it is one of the criteria.
void check_criterion(const std::string& name);

value profile_value(arena& a, const std::vector<line_profile>& list);
std::string profile_text(const std::vector<line_profile>& list);

} // namespace rego::cli
