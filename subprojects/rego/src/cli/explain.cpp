// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/explain.hpp"

#include "cli/text.hpp"
#include "rego/build.hpp"

namespace rego::cli {

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

} // namespace rego::cli
