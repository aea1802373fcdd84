// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/needed.hpp"

#include <algorithm>

#include "builtins/builtin.hpp"

namespace rego {

namespace {

class needs {
public:
  needs(const module& m, capabilities& to) : m_(m), to_(to) {
    for (auto& r : m.rules)
      own_.insert(first_name(r.head.ref));
    for (auto& i : m.imports)
      own_.insert(i.alias.empty() ? last_name(i.path) : i.alias);
  }

  void imports() {
    for (auto& i : m_.imports) {
      auto name = ref_text(i.path);
      if (name == "rego.v1" && !m_.v1)
        to_.features.insert("rego_v1_import");
      if (name == "future.keywords")
        to_.future_keywords.merge(all_keywords());
      else if (name.starts_with("future.keywords"))
        to_.future_keywords.insert(last_name(i.path));
    }
    if (m_.v1)
      to_.features.insert("rego_v1");
  }

  void add(const rule& r) {
    for (auto* x = &r; x; x = x->otherwise.get()) {
      head(x->head);
      add(x->body);
    }
  }

private:
  static std::string first_name(const term& ref) {
    return ref.is(term_kind::ref) ? ref.args[0].text : ref.text;
  }

  // Those that v1 has by itself need no import there.
  capabilities::names all_keywords() const {
    if (m_.v1)
      return {"and", "not", "or"};
    return {"and", "contains", "every", "if", "in", "not", "or"};
  }

  void head(const rule_head& h) {
    for (auto& a : h.args)
      add(a);
    add(h.ref);
    if (h.is_set)
      add(h.key);
    add(h.value);
    if (m_.v1 || !h.ref.is(term_kind::ref) || h.ref.args.size() < 3)
      return;
    bool names = std::all_of(h.ref.args.begin() + 1, h.ref.args.end(),
                             [](auto& a) { return is_scalar(a); });
    to_.features.insert(names ? "rule_head_ref_string_prefixes"
                              : "rule_head_refs");
  }

  void add(const query& q) {
    for (auto& e : q.literals) {
      for (auto& t : e.terms)
        add(t);
      if (e.body)
        add(*e.body);
      for (auto& b : e.bodies)
        add(*b);
      for (auto& w : e.withs) {
        builtin_of(w.target);
        builtin_of(w.replacement);
        add(w.replacement);
      }
    }
  }

  void add(const term& t) {
    if (t.is(term_kind::call))
      builtin_of(t.args[0]);
    if (t.is(term_kind::template_string)) {
      to_.features.insert("template_strings");
      to_.builtins.insert("internal.template_string");
    }
    for (auto& a : t.args)
      add(a);
    if (t.body)
      add(*t.body);
  }

  // Assignments are equations to OPA, and print has another name.
  void builtin_of(const term& callee) {
    auto name = callee_name(callee);
    if (own_.contains(first_name(callee))
        || !builtin_table::instance().find(name))
      return;
    to_.builtins.insert(name == "assign"  ? "eq"
                        : name == "print" ? "internal.print"
                                          : name);
  }

  const module& m_;
  capabilities& to_;
  capabilities::names own_;
};

} // namespace

void add_needed(const module& m, capabilities& to) {
  needs n(m, to);
  n.imports();
  for (auto& r : m.rules)
    n.add(r);
}

} // namespace rego
