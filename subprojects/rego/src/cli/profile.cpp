// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/profile.hpp"

#include <algorithm>

#include "cli/text.hpp"
#include "rego/build.hpp"

namespace rego::cli {

namespace {

constexpr const char* default_order[] = {"total_time_ns", "num_eval",
                                         "num_redo", "file", "line"};

int64_t now() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

// Negative where a comes first: the larger one does.
int64_t order(const std::string& by, const line_profile& a,
              const line_profile& b) {
  if (by == "total_time_ns")
    return b.total_time_ns - a.total_time_ns;
  if (by == "num_eval")
    return b.num_eval - a.num_eval;
  if (by == "num_redo")
    return b.num_redo - a.num_redo;
  if (by == "num_gen_expr")
    return b.num_gen_expr - a.num_gen_expr;
  if (by == "file")
    return b.file.compare(a.file);
  return b.row - a.row;
}

} // namespace

void check_criterion(const std::string& name) {
  if (name == "num_gen_expr")
    return;
  for (auto* known : default_order)
    if (name == known)
      return;
  throw usage_error{"--profile-sort: '" + name
                    + "' is none of total_time_ns, num_eval, num_redo, "
                      "num_gen_expr, file, line"};
}

void profiler::on_event(const trace_event& e) {
  if ((e.op != trace_op::eval && e.op != trace_op::redo)
      || e.node->kind != trace_node_kind::literal)
    return;
  close_last();
  last_ = e.node;
  last_op_ = e.op;
  since_ = now();
}

void profiler::close_last() {
  if (!last_)
    return;
  auto& x = lines_[{last_->file, last_->row}];
  if (x.indexes.empty()) {
    x.line.file = last_->file;
    x.line.row = last_->row;
    x.line.col = last_->col;
  }
  x.line.total_time_ns += now() - since_;
  ++(last_op_ == trace_op::eval ? x.line.num_eval : x.line.num_redo);
  x.indexes.insert(last_->index);
  last_ = nullptr;
}

std::vector<line_profile> profiler::top(size_t limit,
                                        std::vector<std::string> criteria) {
  close_last();
  for (auto* name : default_order)
    if (std::find(criteria.begin(), criteria.end(), name) == criteria.end())
      criteria.push_back(name);
  std::vector<line_profile> out;
  for (auto& [place, x] : lines_) {
    out.push_back(x.line);
    out.back().num_gen_expr = static_cast<int64_t>(x.indexes.size());
  }
  std::stable_sort(out.begin(), out.end(), [&](auto& a, auto& b) {
    for (auto& by : criteria)
      if (auto c = order(by, a, b))
        return c < 0;
    return false;
  });
  if (limit && out.size() > limit)
    out.resize(limit);
  return out;
}

value profile_value(arena& a, const std::vector<line_profile>& list) {
  array_builder out(a);
  for (auto& l : list) {
    object_builder o(a), at(a);
    at.add("file", make_string(a, l.file));
    at.add("row", value::integer(l.row));
    at.add("col", value::integer(l.col));
    o.add("location", at.finish());
    o.add("total_time_ns", value::integer(l.total_time_ns));
    o.add("num_eval", value::integer(l.num_eval));
    o.add("num_redo", value::integer(l.num_redo));
    o.add("num_gen_expr", value::integer(l.num_gen_expr));
    out.push(o.finish());
  }
  return out.array();
}

std::string profile_text(const std::vector<line_profile>& list) {
  std::vector<std::vector<std::string>> rows;
  for (auto& l : list)
    rows.push_back(
        {duration_text(l.total_time_ns), std::to_string(l.num_eval),
         std::to_string(l.num_redo), std::to_string(l.num_gen_expr),
         (l.file.empty() ? "query" : l.file) + ":" + std::to_string(l.row)});
  return table_text(
      {"Time", "Num Eval", "Num Redo", "Num Gen Expr", "Location"}, rows);
}

} // namespace rego::cli
