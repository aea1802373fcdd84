// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/explain.hpp"

#include <algorithm>
#include <map>

#include "cli/text.hpp"
#include "rego/build.hpp"

namespace rego::cli {

namespace {

constexpr size_t shown_in_failure = 64;

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
