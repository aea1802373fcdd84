// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/early_checks.hpp"

#include <algorithm>

#include "builtins/builtin.hpp"

namespace rego {

namespace {

error early_error(const module& m, const location& at, std::string message,
                  std::string code = "rego_compile_error") {
  return {std::move(code), std::move(message), m.file, at.row, at.col};
}

// What a pattern would bind to a name of a root, or null.
const term* hidden_root(const term& t) {
  if (is_root(t))
    return &t;
  if (!t.is(term_kind::array) && !t.is(term_kind::object))
    return nullptr;
  for (auto& a : t.args)
    if (auto* found = hidden_root(a))
      return found;
  return nullptr;
}

// What stands below an object's keys or within sets and closures binds nothing.
void calls_in(const term& t, std::vector<const term*>& out) {
  bool object = t.is(term_kind::object);
  if (t.is(term_kind::call))
    out.push_back(&t);
  else if (object || t.is(term_kind::array) || t.is(term_kind::ref))
    for (size_t i = object; i < t.args.size(); i += object ? 2 : 1)
      calls_in(t.args[i], out);
}

std::optional<bad_target> refused_builtin(const builtin& b) {
  constexpr std::string_view kept[] = {"eq", "rego.metadata.chain",
                                       "rego.metadata.rule"};
  std::string why;
  if (std::find(std::begin(kept), std::end(kept), b.name) != std::end(kept))
    why = "replacement of \"" + b.name + "\" invalid";
  else if (b.name.starts_with("internal."))
    why = "replacement of internal function \"" + b.name + "\" invalid";
  else if (b.relation)
    why = "target must not be a relation";
  else if (b.result.empty())
    why = "target must not be a void function";
  else
    return {};
  return bad_target{"rego_compile_error",
                    "with keyword replacing built-in function: " + why};
}

} // namespace

errors check_statements(const module& m) {
  errors out;
  for (auto& r : m.rules) {
    auto& h = r.head;
    if (!r.no_body || r.is_default || h.has_value || !h.is_function)
      continue;
    auto name = ref_text(h.ref);
    if (name == "eq" || name == "assign") {
      if (h.args.size() < 2)
        out.push_back(early_error(m, r.at, "assignment requires two operands",
                                  "rego_parse_error"));
    } else if (builtin_table::instance().find(name)) {
      out.push_back(early_error(m, r.at,
                                "rule name conflicts with built-in function",
                                "rego_parse_error"));
    }
  }
  return out;
}

namespace {

// The names of two elements that Rego always had: p[x] and p.x := y.
bool is_plain_head(const rule& r) {
  auto& h = r.head;
  return !h.ref.is(term_kind::ref)
         || (h.ref.args.size() == 2 && !h.is_function && !h.is_set
             && (!r.uses_if || h.has_value));
}

bool has_general_key(const rule_head& h) {
  if (!h.ref.is(term_kind::ref))
    return false;
  auto last = h.ref.args.size() - !h.is_set;
  for (size_t i = 1; i < last; ++i)
    if (!h.ref.args[i].is(term_kind::string))
      return true;
  return false;
}

} // namespace

errors check_heads(const module& m, const capabilities& allowed) {
  errors out;
  bool general = allowed.features.contains("rego_v1")
                 || allowed.features.contains("rule_head_refs");
  bool prefixes =
      general || allowed.features.contains("rule_head_ref_string_prefixes");
  for (auto& r : m.rules) {
    auto name = ref_text(r.head.ref);
    if (!prefixes && !is_plain_head(r))
      out.push_back(early_error(
          m, r.at, "rule heads with refs are not supported: " + name));
    else if (!general && has_general_key(r.head))
      out.push_back(early_error(m, r.at,
                                "rule heads with general refs (containing "
                                "variables) are not supported: "
                                    + name,
                                "rego_type_error"));
  }
  return out;
}

errors check_argument_names(const module& m) {
  errors out;
  auto check = [&](const rule& r) {
    for (auto& a : r.head.args)
      if (auto* found = hidden_root(a)) {
        out.push_back(early_error(m, r.at,
                                  "args must not shadow " + found->text
                                      + " (use a different variable name)"));
        return;
      }
  };
  for (auto& r : m.rules)
    for (auto* c = &r; c; c = c->otherwise.get())
      check(*c);
  return out;
}

errors check_argument_calls(const module& m) {
  errors out;
  std::vector<const term*> calls;
  for (auto& r : m.rules)
    for (auto& a : r.head.args)
      calls_in(a, calls);
  for (auto* t : calls)
    out.push_back(early_error(m, t->at, "rule arguments cannot contain calls"));
  return out;
}

std::optional<bad_target> refused_target(const term& target) {
  auto& head = target.is(term_kind::ref) ? target.args[0] : target;
  if (is_root(head))
    return {};
  // A local's name is no built-in's.
  const auto* b = head.text.find('#') == head.text.npos
                      ? builtin_table::instance().find(ref_text(target))
                      : nullptr;
  if (b)
    return refused_builtin(*b);
  return bad_target{
      "rego_type_error",
      "with keyword target must reference existing input, data, or "
      "a function"};
}

} // namespace rego
