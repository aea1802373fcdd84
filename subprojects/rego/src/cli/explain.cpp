// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/explain.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include "cli/text.hpp"
#include "rego/build.hpp"

namespace rego::cli {

namespace {

constexpr size_t events_max = 1000000;
constexpr size_t local_bytes_max = 4096;
constexpr size_t shown_in_table = 32;
constexpr size_t shown_in_failure = 64;

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
    return out + " "
           + to_json(make_string(*std::make_unique<arena>(), e.message));
  if (e.op == trace_op::index)
    return out + " " + e.ref + " " + e.message;
  return out + " " + one_line(e.node->text);
}

std::string locals_text(const kept_event& e) {
  std::map<std::string, std::string> sorted;
  for (auto& l : e.locals)
    if (!l.text.empty())
      sorted[l.name] = l.text;
  std::string out = "{";
  for (auto& [name, text] : sorted)
    out += (out.size() > 1 ? ", " : "") + name + ": "
           + shortened(text, shown_in_table);
  return out + "}";
}

} // namespace

explain_mode parse_explain(const std::string& text) {
  if (text == "off" || text.empty())
    return explain_mode::off;
  if (text == "notes")
    return explain_mode::notes;
  if (text == "fails")
    return explain_mode::fails;
  if (text == "full")
    return explain_mode::full;
  if (text == "debug")
    return explain_mode::debug;
  throw usage_error{"--explain: '" + text
                    + "' is none of off, notes, fails, full, debug"};
}

void trace_keeper::on_event(const trace_event& e) {
  if (events_.size() >= events_max) {
    ++dropped_;
    return;
  }
  kept_event k{e.op,
               e.query_id,
               e.parent_id,
               e.node,
               std::string(e.message),
               std::string(e.ref),
               {}};
  for (auto& l : e.locals) {
    std::string text;
    if (l.value.defined())
      append_json_within(text, l.value, local_bytes_max);
    k.locals.push_back({std::string(l.name), std::move(text), l.row, l.col});
  }
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

value trace_value(arena& a, const kept_trace& t) {
  array_builder out(a);
  for (auto& e : t) {
    object_builder o(a);
    o.add("Op", make_string(a, trace_op_name(e.op)));
    o.add("QueryID", value::integer(static_cast<int64_t>(e.query_id)));
    o.add("ParentID", value::integer(static_cast<int64_t>(e.parent_id)));
    o.add("Message", make_string(a, e.message));
    if (!e.ref.empty())
      o.add("Ref", make_string(a, e.ref));
    if (e.node) {
      object_builder at(a);
      at.add("file", make_string(a, e.node->file));
      at.add("row", value::integer(e.node->row));
      at.add("col", value::integer(e.node->col));
      o.add("Location", at.finish());
      o.add("Node", make_string(a, e.node->text));
    }
    array_builder locals(a);
    for (auto& l : e.locals) {
      if (l.text.empty())
        continue;
      object_builder one(a);
      auto v = parse_json(a, l.text);
      one.add("name", make_string(a, l.name));
      one.add("value", v ? *v : make_string(a, shortened(l.text, 1000)));
      locals.push(one.finish());
    }
    o.add("Locals", locals.array());
    out.push(o.finish());
  }
  return out.array();
}

namespace {

// Arrows below the line, from each value to the place it stands for; the value
// of the last one is written out, then that of the one before, and so on.
std::string arrows(const std::vector<shown_local>& list) {
  std::string out;
  for (size_t shown = list.size() + 1; shown-- > 0;) {
    auto n = shown == list.size() ? list.size() : shown + 1;
    std::string line;
    for (size_t i = 0; i < n; ++i) {
      auto col = static_cast<size_t>(list[i].col - 1);
      if (line.size() > col)
        continue;
      line.resize(col, ' ');
      if (i + 1 == n && shown < list.size())
        line += shortened(list[i].text.empty() ? "undefined" : list[i].text,
                          shown_in_failure);
      else
        line += '|';
    }
    out += line + "\n";
  }
  return out;
}

} // namespace

std::string failure_text(const kept_trace& t, bool values) {
  auto last = std::find_if(t.rbegin(), t.rend(), [](auto& e) {
    return e.op == trace_op::fail && e.query_id != 0 && !e.node->every;
  });
  if (last == t.rend())
    return "";
  auto& n = *last->node;
  auto out = n.file + ":" + std::to_string(n.row) + ":\n";
  auto indent = n.col > 0 ? static_cast<size_t>(n.col - 1) : 0;
  auto first = n.text.substr(0, n.text.find('\n'));
  std::string body = std::string(indent, ' ') + n.text + "\n";
  if (!values)
    return out + body;
  // One value a column, those of the first line only; the rest by name.
  std::map<int, shown_local> by_column;
  std::string below;
  for (auto& l : last->locals)
    if (l.row == n.row && l.col >= n.col
        && static_cast<size_t>(l.col) <= indent + first.size())
      by_column[l.col] = l;
    else
      below +=
          l.name + ": "
          + shortened(l.text.empty() ? "undefined" : l.text, shown_in_failure)
          + "\n";
  std::vector<shown_local> list;
  for (auto& [col, l] : by_column)
    list.push_back(l);
  if (!list.empty() && first.size() == n.text.size())
    body += arrows(list);
  else
    for (auto& l : list)
      below +=
          l.name + ": "
          + shortened(l.text.empty() ? "undefined" : l.text, shown_in_failure)
          + "\n";
  return out + body + below;
}

} // namespace rego::cli
