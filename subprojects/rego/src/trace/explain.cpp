// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "rego/explain.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include "rego/json.hpp"

namespace rego {

namespace {

constexpr size_t local_bytes_max = 4096;
constexpr size_t rego_bytes_max = 256; // of which a line shows less
constexpr size_t shown_in_table = 32;

// A path of queries that led to each event wanted, as OPA's lineage gives it.
kept_trace with_lineage(const kept_trace& all,
                        const std::function<bool(const kept_event&)>& wanted) {
  kept_trace out;
  std::map<uint64_t, const kept_event*> opened;
  for (auto& e : all) {
    if (wanted(e)) {
      std::vector<const kept_event*> path{&e};
      auto find = [&](uint64_t id) {
        auto at = opened.find(id);
        return at == opened.end() ? nullptr : at->second;
      };
      const kept_event* before = nullptr;
      for (auto* q = find(e.query_id); q && q != before;) {
        path.push_back(q);
        before = q;
        q = find(q->parent_id);
      }
      for (auto p = path.rbegin(); p != path.rend(); ++p)
        out.push_back(**p);
      opened.clear();
    }
    bool opens = e.op == trace_op::enter || e.op == trace_op::redo;
    if (opens && e.node && e.node->kind != trace_node_kind::literal)
      opened[e.query_id] = &e;
  }
  return out;
}

std::string place_text(const kept_event& e) {
  if (!e.node)
    return "";
  return (e.node->file.empty() ? "query" : e.node->file) + ":"
         + std::to_string(e.node->row);
}

// Literals stand one deeper than the query that they are in.
size_t depth_of(const kept_event& e, std::map<uint64_t, size_t>& depths) {
  auto& d = depths[e.query_id];
  if (d == 0) {
    auto parent = depths.find(e.parent_id);
    d = (parent == depths.end() || parent->first == e.query_id ? 0
                                                               : parent->second)
        + 1;
  }
  bool outer = e.op == trace_op::enter
               || (e.op == trace_op::redo && e.node
                   && e.node->kind != trace_node_kind::literal);
  return outer ? d - 1 : d;
}

std::string one_line(std::string text) {
  std::string out;
  bool space = false;
  for (char c : text) {
    if (c == '\n' || c == '\t' || c == '\r' || (space && c == ' ')) {
      space = true;
      continue;
    }
    if (space && !out.empty() && out.back() != ' ')
      out += ' ';
    space = false;
    out += c;
  }
  return out;
}

std::string event_text(const kept_event& e) {
  std::string out(trace_op_name(e.op));
  if (e.op == trace_op::note)
    return out + " " + json_string(e.message);
  if (e.op == trace_op::index)
    return out + " " + e.ref + " " + e.message;
  return out + " " + one_line(e.node->full);
}

std::string locals_text(const kept_event& e) {
  std::map<std::string, std::string> sorted;
  for (auto& l : e.locals)
    if (!l.text.empty())
      sorted[l.name] = l.rego;
  std::string out = "{";
  for (auto& [name, text] : sorted)
    out += (out.size() > 1 ? ", " : "") + name + ": "
           + shortened(text, shown_in_table);
  return out + "}";
}

} // namespace

std::string shortened(std::string text, size_t limit) {
  if (limit == 0 || text.size() <= limit)
    return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80)
    --limit;
  text.resize(limit);
  return text + "...";
}

void trace_keeper::on_event(const trace_event& e) {
  if (events_left_ == 0 || bytes_left_ == 0) {
    ++dropped_;
    return;
  }
  --events_left_;
  kept_event k{e.op,
               e.query_id,
               e.parent_id,
               e.node,
               std::string(e.message),
               std::string(e.ref),
               {}};
  auto bytes = sizeof k + k.message.size() + k.ref.size();
  for (auto& l : e.locals) {
    shown_local kept{std::string(l.name),    {},     {}, l.row, l.col,
                     std::string(l.written), l.tried};
    if (l.value.defined()) {
      append_json_within(kept.text, l.value, local_bytes_max);
      append_rego_within(kept.rego, l.value, rego_bytes_max);
    }
    bytes += sizeof kept + l.name.size() + l.written.size() + kept.text.size()
             + kept.rego.size();
    k.locals.push_back(std::move(kept));
  }
  bytes_left_ -= std::min(bytes_left_, bytes);
  events_.push_back(std::move(k));
}

kept_trace chosen(const kept_trace& all, explain_mode mode) {
  auto op_is = [](trace_op op) {
    return [op](const kept_event& e) { return e.op == op; };
  };
  switch (mode) {
  case explain_mode::notes:
    return with_lineage(all, op_is(trace_op::note));
  case explain_mode::fails:
    return with_lineage(all, op_is(trace_op::fail));
  case explain_mode::off:
    return {};
  default:
    break;
  }
  kept_trace out;
  for (auto& e : all)
    if (e.op != trace_op::test_case)
      out.push_back(e);
  return out;
}

kept_trace notes_and_fails(const kept_trace& all) {
  return with_lineage(all, [](auto& e) {
    return e.op == trace_op::note || e.op == trace_op::fail;
  });
}

std::string trace_text(const kept_trace& t, bool values) {
  std::map<uint64_t, size_t> depths;
  std::vector<std::vector<std::string>> rows;
  std::vector<size_t> widths(2);
  for (auto& e : t) {
    auto depth = depth_of(e, depths);
    std::string indent;
    for (size_t i = 0; i < depth; ++i)
      indent += "| ";
    rows.push_back({place_text(e), indent + event_text(e)});
    for (size_t i = 0; i < 2; ++i)
      widths[i] = std::max(widths[i], rows.back()[i].size());
    if (values)
      rows.back().push_back(locals_text(e));
  }
  std::string out;
  for (auto& r : rows) {
    for (size_t i = 0; i + 1 < r.size(); ++i)
      out += r[i] + std::string(widths[i] + 5 - r[i].size(), ' ');
    out += r.back() + "\n";
  }
  return out;
}

} // namespace rego
