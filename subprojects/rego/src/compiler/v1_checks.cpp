// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/v1_checks.hpp"

#include <algorithm>
#include <map>

#include "builtins/builtin.hpp"

namespace rego {

namespace {

const term& name_of(const rule& r) {
  auto& ref = r.head.ref;
  return ref.is(term_kind::ref) ? ref.args[0] : ref;
}

class v1_checks {
public:
  explicit v1_checks(const module& m) : m_(m) {}

  errors out;

  void duplicate_imports() {
    std::map<std::string, const import_decl*> seen;
    for (auto& d : m_.imports) {
      auto name = d.alias.empty() ? last_name(d.path) : d.alias;
      auto [it, fresh] = seen.emplace(name, &d);
      if (!fresh)
        fail("rego_compile_error", d.at,
             "import must not shadow " + import_text(*it->second));
    }
  }

  void root_names() {
    for (auto& r : m_.rules)
      root_names(r);
    each_literal([&](const expr& e) { root_variable(e); });
  }

  void deprecated_calls() {
    for (auto& r : m_.rules)
      deprecated(r);
  }

  void keyword_names() {
    for (auto& r : m_.rules)
      keyword_name(r);
  }

private:
  void fail(const char* code, const location& at, std::string message) {
    out.push_back({code, std::move(message), m_.file, at.row, at.col});
  }

  void root_names(const rule& r) {
    auto& name = name_of(r);
    if (is_root(name))
      fail("rego_compile_error", r.at,
           "rules must not shadow " + name.text
               + " (use a different rule name)");
    for (auto& a : r.head.args)
      if (is_root(a))
        fail("rego_compile_error", a.at,
             "args must not shadow " + a.text
                 + " (use a different variable name)");
  }

  void root_variable(const expr& e) {
    if (e.kind != expr_kind::term || !e.terms[0].is_call("assign")
        || e.terms[0].args.size() < 2)
      return;
    auto& name = e.terms[0].args[1];
    if (is_root(name))
      fail("rego_compile_error", e.at,
           "variables must not shadow " + name.text
               + " (use a different variable name)");
  }

  template <class Visit>
  void literals(const query& q, const Visit& v) {
    for (auto& e : q.literals) {
      v(e);
      for (auto& t : e.terms)
        literals(t, v);
      if (e.body)
        literals(*e.body, v);
      for (auto& b : e.bodies)
        literals(*b, v);
      for (auto& w : e.withs)
        literals(w.replacement, v);
    }
  }
  template <class Visit>
  void literals(const term& t, const Visit& v) {
    for (auto& a : t.args)
      literals(a, v);
    if (t.body)
      literals(*t.body, v);
  }
  template <class Visit>
  void each_literal(const Visit& v) {
    for (auto& r : m_.rules)
      for (auto* c = &r; c; c = c->otherwise.get()) {
        for (auto& a : c->head.args)
          literals(a, v);
        literals(c->head.key, v);
        literals(c->head.value, v);
        literals(c->body, v);
      }
  }

  void deprecated_call(const term& callee, const location& at) {
    auto name = ref_text(callee);
    auto b = builtin_table::instance().find(name);
    if (b && b->deprecated)
      fail("rego_type_error", at,
           "deprecated built-in function calls in expression: " + name);
  }

  void deprecated(const term& t) {
    if (t.is(term_kind::call))
      deprecated_call(t.args[0], t.args[0].at);
    for (auto& a : t.args)
      deprecated(a);
    if (t.body)
      deprecated(*t.body);
  }

  void deprecated(const query& q) {
    for (auto& e : q.literals) {
      bool call = e.kind == expr_kind::term && e.terms[0].is(term_kind::call);
      if (call) {
        deprecated_call(e.terms[0].args[0], e.at);
        for (auto& a : e.terms[0].args)
          deprecated(a);
      } else {
        for (auto& t : e.terms)
          deprecated(t);
      }
      if (e.body)
        deprecated(*e.body);
      for (auto& b : e.bodies)
        deprecated(*b);
      for (auto& w : e.withs)
        deprecated(w.replacement);
    }
  }

  void deprecated(const rule& r) {
    deprecated(r.head.ref);
    for (auto& a : r.head.args)
      deprecated(a);
    if (r.head.is_set)
      deprecated(r.head.key);
    deprecated(r.head.value);
    deprecated(r.body);
    if (r.otherwise)
      deprecated(*r.otherwise);
  }

  void keyword_name(const rule& r) {
    constexpr std::string_view words[] = {
        "not",   "package", "import", "as",       "default",
        "else",  "with",    "in",     "null",     "true",
        "false", "some",    "if",     "contains", "every"};
    auto& ref = r.head.ref;
    if (!ref.is(term_kind::ref)
        && std::find(std::begin(words), std::end(words), ref.text)
               != std::end(words))
      fail("rego_parse_error", r.at,
           ref.text + " keyword cannot be used for rule name");
  }

  const module& m_;
};

template <class Run>
errors checked(const module& m, Run run) {
  v1_checks c(m);
  run(c);
  return std::move(c.out);
}

} // namespace

std::string import_text(const import_decl& d) {
  return "import " + ref_text(d.path)
         + (d.alias.empty() ? "" : " as " + d.alias);
}

errors check_duplicate_imports(const module& m) {
  return checked(m, [](auto& c) { c.duplicate_imports(); });
}

errors check_root_names(const module& m) {
  return checked(m, [](auto& c) { c.root_names(); });
}

errors check_deprecated_calls(const module& m) {
  return checked(m, [](auto& c) { c.deprecated_calls(); });
}

errors check_keyword_names(const module& m) {
  return checked(m, [](auto& c) { c.keyword_names(); });
}

} // namespace rego
