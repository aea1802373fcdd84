// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Explanations in the shape of OPA's REST API.

#include <map>

#include "builtins/ast_json.hpp"
#include "parser/parse.hpp"
#include "rego/build.hpp"
#include "rego/explain.hpp"

namespace rego {

namespace {

value typed(arena& a, std::string_view type, const value& v) {
  object_builder o(a);
  o.add("type", make_string(a, type));
  o.add("value", v);
  return o.finish();
}

// A value as a term of the syntax tree.
value term_tree(arena& a, const value& v) {
  if (v.is_string())
    return typed(a, "string", v);
  if (v.is_number())
    return typed(a, "number", v);
  if (v.is_array()) {
    array_builder items(a);
    for (auto& item : v.items())
      items.push(term_tree(a, item));
    return typed(a, "array", items.array());
  }
  if (v.is_object()) {
    array_builder pairs(a);
    for (size_t i = 0; i < v.size(); ++i)
      pairs.push(make_array(
          a, {term_tree(a, v.keys()[i]), term_tree(a, v.values()[i])}));
    return typed(a, "object", pairs.array());
  }
  return typed(a, v.is_true() || v.is_false() ? "boolean" : "null", v);
}

class event_writer {
public:
  explicit event_writer(arena& a) : a_(a) { a_.allow_deeper(tree_levels); }

  value one(const kept_event& e) {
    object_builder o(a_);
    std::string op(trace_op_name(e.op));
    for (auto& c : op)
      c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    o.add("op", make_string(a_, op));
    o.add("query_id", value::integer(static_cast<int64_t>(e.query_id)));
    o.add("parent_id", value::integer(static_cast<int64_t>(e.parent_id)));
    if (!e.message.empty())
      o.add("message", make_string(a_, e.message));
    // A note is about no node.
    bool about = e.node && e.op != trace_op::note;
    o.add("type", make_string(a_, about ? type_of(*e.node) : ""));
    o.add("node", about ? node(*e.node) : value::null());
    if (e.node)
      o.add("location", location(*e.node));
    o.add("locals", locals(e));
    return o.finish();
  }

private:
  static std::string_view type_of(const trace_node& n) {
    switch (n.kind) {
    case trace_node_kind::rule:
      return "rule";
    case trace_node_kind::query:
      return "body";
    default:
      return "expr";
    }
  }

  value location(const trace_node& n) {
    object_builder at(a_);
    at.add("file", make_string(a_, n.file));
    at.add("row", value::integer(n.row));
    at.add("col", value::integer(n.col));
    return at.finish();
  }

  const value& node(const trace_node& n) {
    auto [at, fresh] = nodes_.try_emplace(&n);
    if (fresh)
      at->second = tree(n);
    return at->second;
  }

  // The rules of a text; undefined where it is not one that stands by itself.
  value rules_of(const std::string& text) {
    for (bool v1 : {true, false})
      if (auto m = parse_module("", "package q\n\n" + text, {.v1 = v1})) {
        auto rules = lookup(tree_of(a_, *m, {}), make_string(a_, "rules"));
        if (rules.defined() && rules.size() == 1)
          return rules.items()[0];
      }
    return {};
  }

  // Literals by way of a rule that has them as its body. What cannot stand
  // there by itself is shown as its text.
  value tree(const trace_node& n) {
    object_builder plain(a_);
    if (n.kind == trace_node_kind::rule) {
      if (auto found = rule(n); found.defined())
        return found;
      plain.add("path", make_string(a_, n.text));
      return plain.finish();
    }
    if (auto r = rules_of("q if {\n" + n.full + "\n}\n"); r.defined()) {
      auto body = lookup(r, make_string(a_, "body"));
      if (body.size() > 0)
        return n.kind == trace_node_kind::query ? body : body.items()[0];
    }
    plain.add("text", make_string(a_, n.full));
    return plain.finish();
  }

  // All branches of a rule are found in the tree of the whole.
  value rule(const trace_node& n) {
    if (!n.whole)
      return {};
    auto [at, fresh] = wholes_.try_emplace(n.whole.get());
    if (fresh)
      at->second = rules_of(*n.whole);
    auto found = at->second;
    for (int i = 0; i < n.index && found.defined(); ++i)
      found = lookup(found, make_string(a_, "else"));
    return found;
  }

  value locals(const kept_event& e) {
    array_builder out(a_);
    for (auto& l : e.locals) {
      if (!is_plain_name(l.name) || is_root(l.name))
        continue; // a reference or a call
      auto v = parse_json(a_, l.text);
      if (!v)
        continue; // not reached, or too large to be shown
      object_builder one(a_);
      one.add("key", typed(a_, "var", make_string(a_, l.name)));
      one.add("value", term_tree(a_, *v));
      out.push(one.finish());
    }
    return out.array();
  }

  arena& a_;
  std::map<const trace_node*, value> nodes_;
  std::map<const std::string*, value> wholes_;
};

} // namespace

value trace_events(arena& a, const kept_trace& t) {
  event_writer writer(a);
  array_builder out(a);
  for (auto& e : t)
    out.push(writer.one(e));
  return out.array();
}

} // namespace rego
