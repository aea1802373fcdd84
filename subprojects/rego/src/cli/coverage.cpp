// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/coverage.hpp"

#include "cli/text.hpp"
#include "rego/build.hpp"

namespace rego::cli {

namespace {

std::vector<std::pair<int, int>> ranges(const std::set<int>& rows) {
  std::vector<std::pair<int, int>> out;
  for (int r : rows)
    if (!out.empty() && out.back().second + 1 == r)
      out.back().second = r;
    else
      out.emplace_back(r, r);
  return out;
}

value row_value(arena& a, int row) {
  object_builder o(a);
  o.add("row", value::integer(row));
  return o.finish();
}

value ranges_value(arena& a, const std::set<int>& rows) {
  array_builder out(a);
  for (auto& [start, end] : ranges(rows)) {
    object_builder o(a);
    o.add("start", row_value(a, start));
    o.add("end", row_value(a, end));
    out.push(o.finish());
  }
  return out.array();
}

double share(size_t covered, size_t missed) {
  auto all = covered + missed;
  return all ? 100.0 * static_cast<double>(covered) / static_cast<double>(all)
             : 0.0;
}

} // namespace

void coverage::on_event(const trace_event& e) {
  if (!e.node || e.node->file.empty())
    return;
  bool rule = e.op == trace_op::exit && e.node->kind == trace_node_kind::rule;
  if (rule || e.op == trace_op::eval)
    hits_[e.node->file].insert(e.node->row);
}

void coverage::add(const coverage& other) {
  for (auto& [file, rows] : other.hits_)
    hits_[file].insert(rows.begin(), rows.end());
}

coverage::rows coverage::missed(const policy& p) const {
  rows out;
  for (auto& n : p.trace_nodes()) {
    if (n.kind == trace_node_kind::query || n.declaration || n.file.empty()
        || n.text.empty())
      continue;
    auto file = hits_.find(n.file);
    if (file == hits_.end() || !file->second.count(n.row))
      out[n.file].insert(n.row);
  }
  return out;
}

value coverage::report(arena& a, const policy& p) const {
  const auto not_covered = missed(p);
  std::set<std::string> files;
  for (auto* side : {&hits_, &not_covered})
    for (auto& [file, r] : *side)
      files.insert(file);
  object_builder all(a);
  size_t covered_lines = 0, missed_lines = 0;
  auto rows_of = [](const rows& from, const std::string& file) {
    auto at = from.find(file);
    return at == from.end() ? std::set<int>{} : at->second;
  };
  for (auto& file : files) {
    auto hit = rows_of(hits_, file), miss = rows_of(not_covered, file);
    object_builder o(a);
    auto count = [&](const char* key, size_t n) {
      if (n)
        o.add(key, value::integer(static_cast<int64_t>(n)));
    };
    if (!hit.empty())
      o.add("covered", ranges_value(a, hit));
    if (!miss.empty())
      o.add("not_covered", ranges_value(a, miss));
    count("covered_lines", hit.size());
    count("not_covered_lines", miss.size());
    if (!hit.empty())
      o.add("coverage", real_value(a, share(hit.size(), miss.size())));
    all.add(file, o.finish());
    covered_lines += hit.size();
    missed_lines += miss.size();
  }
  object_builder out(a);
  out.add("files", all.finish());
  out.add("covered_lines", value::integer(static_cast<int64_t>(covered_lines)));
  out.add("not_covered_lines",
          value::integer(static_cast<int64_t>(missed_lines)));
  out.add("coverage", real_value(a, share(covered_lines, missed_lines)));
  return out.finish();
}

double coverage::percent(const policy& p) const {
  size_t hit = 0, miss = 0;
  for (auto& [file, rows] : hits_)
    hit += rows.size();
  for (auto& [file, rows] : missed(p))
    miss += rows.size();
  return share(hit, miss);
}

std::string coverage::gaps(const policy& p) const {
  std::string out;
  for (auto& [file, rows] : missed(p))
    for (auto& [start, end] : ranges(rows)) {
      out += "\n\t" + file + ":" + std::to_string(start);
      if (end != start)
        out += "-" + std::to_string(end);
    }
  return out;
}

} // namespace rego::cli
