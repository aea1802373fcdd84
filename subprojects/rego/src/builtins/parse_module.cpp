// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// rego.parse_module: a module's syntax tree in the shape of OPA's JSON.

#include "builtins/builtin.hpp"
#include "builtins/families.hpp"
#include "parser/parse.hpp"

namespace rego {

namespace {

class tree_writer {
public:
  explicit tree_writer(arena& a) : a_(a) {}

  value whole(const module& m) {
    object_builder o(a_), package(a_);
    package.add("path", list(m.package.args, 0));
    o.add("package", package.finish());
    if (!m.imports.empty()) {
      array_builder imports(a_);
      for (auto& i : m.imports)
        imports.push(import(i));
      o.add("imports", imports.array());
    }
    array_builder rules(a_);
    for (auto& r : m.rules)
      rules.push(one(r));
    if (rules.size())
      o.add("rules", rules.array());
    return o.finish();
  }

private:
  value text(std::string_view s) { return make_string(a_, s); }

  value typed(std::string_view type, const value& v) {
    object_builder o(a_);
    o.add("type", text(type));
    o.add("value", v);
    return o.finish();
  }

  value list(const std::vector<term>& terms, size_t from) {
    array_builder b(a_);
    for (size_t i = from; i < terms.size(); ++i)
      b.push(one(terms[i]));
    return b.array();
  }

  value callee(const term& t) {
    if (t.kind != term_kind::var)
      return one(t);
    array_builder b(a_);
    b.push(typed("var", text(t.text)));
    return typed("ref", b.array());
  }

  value call_terms(const term& t) {
    array_builder b(a_);
    b.push(callee(t.args[0]));
    for (size_t i = 1; i < t.args.size(); ++i)
      b.push(one(t.args[i]));
    return b.array();
  }

  value comprehension(const term& t) {
    object_builder o(a_);
    if (t.kind == term_kind::object_compr) {
      o.add("key", one(t.args[0]));
      o.add("value", one(t.args[1]));
    } else {
      o.add("term", one(t.args[0]));
    }
    o.add("body", body(*t.body));
    return typed(kind_name(t.kind), o.finish());
  }

  value pairs(const term& t) {
    array_builder b(a_);
    for (size_t i = 0; i + 1 < t.args.size(); i += 2)
      b.push(make_array(a_, {one(t.args[i]), one(t.args[i + 1])}));
    return typed("object", b.array());
  }

  value one(const term& t) {
    switch (t.kind) {
    case term_kind::null: {
      return typed("null", object_builder(a_).finish());
    }
    case term_kind::boolean:
      return typed("boolean", value::boolean(t.truth));
    case term_kind::number:
      return typed("number", make_number(a_, t.text));
    case term_kind::string:
    case term_kind::var:
      return typed(kind_name(t.kind), text(t.text));
    case term_kind::object:
      return pairs(t);
    case term_kind::call:
      return typed("call", call_terms(t));
    case term_kind::array_compr:
    case term_kind::set_compr:
    case term_kind::object_compr:
      return comprehension(t);
    default:
      return typed(kind_name(t.kind), list(t.args, 0));
    }
  }

  value body(const query& q) {
    array_builder b(a_);
    for (size_t i = 0; i < q.literals.size(); ++i)
      b.push(one(q.literals[i], i));
    return b.array();
  }

  value terms_of(const expr& e) {
    object_builder o(a_);
    switch (e.kind) {
    case expr_kind::some:
      o.add("symbols", list(e.terms, 0));
      return o.finish();
    case expr_kind::some_in: {
      term member;
      member.kind = term_kind::call;
      term f;
      f.kind = term_kind::var;
      f.text = e.terms.size() == 3 ? "internal.member_3" : "internal.member_2";
      member.args.push_back(f);
      member.args.insert(member.args.end(), e.terms.begin(), e.terms.end());
      array_builder symbols(a_);
      symbols.push(one(member));
      o.add("symbols", symbols.array());
      return o.finish();
    }
    case expr_kind::every:
      if (e.terms.size() == 3)
        o.add("key", one(e.terms[0]));
      o.add("value", one(e.terms[e.terms.size() - 2]));
      o.add("domain", one(e.terms.back()));
      o.add("body", body(*e.body));
      return o.finish();
    case expr_kind::term:
      return e.terms[0].kind == term_kind::call ? call_terms(e.terms[0])
                                                : one(e.terms[0]);
    default:
      if (e.body)
        o.add("body", body(*e.body));
      return o.finish();
    }
  }

  value one(const expr& e, size_t index) {
    object_builder o(a_);
    o.add("index", value::integer(static_cast<int64_t>(index)));
    if (e.negated)
      o.add("negated", value::boolean(true));
    o.add("terms", terms_of(e));
    if (!e.withs.empty()) {
      array_builder withs(a_);
      for (auto& w : e.withs) {
        object_builder x(a_);
        x.add("target", callee(w.target));
        x.add("value", one(w.replacement));
        withs.push(x.finish());
      }
      o.add("with", withs.array());
    }
    return o.finish();
  }

  value head(const rule_head& h) {
    object_builder o(a_);
    auto& ref = h.ref;
    bool var = ref.kind == term_kind::var;
    o.add("name", text(var ? ref.text : ref.args[0].text));
    if (h.is_function)
      o.add("args", list(h.args, 0));
    if (h.assigned)
      o.add("assign", value::boolean(true));
    if (h.is_set)
      o.add("key", one(h.key));
    else
      o.add("value", one(h.value));
    o.add("ref", var ? make_array(a_, {one(ref)}) : list(ref.args, 0));
    return o.finish();
  }

  value one(const rule& r) {
    object_builder o(a_);
    if (r.is_default)
      o.add("default", value::boolean(true));
    o.add("head", head(r.head));
    o.add("body", body(r.body));
    if (r.otherwise)
      o.add("else", one(*r.otherwise));
    return o.finish();
  }

  value import(const import_decl& d) {
    object_builder o(a_);
    o.add("path", callee(d.path));
    if (!d.alias.empty())
      o.add("alias", text(d.alias));
    return o.finish();
  }

  arena& a_;
};

value parse(call_context& c, std::span<const value> a) {
  for (int i = 0; i < 2; ++i)
    if (!a[static_cast<size_t>(i)].is_string())
      return c.operand_error(i + 1, a[static_cast<size_t>(i)], "string");
  auto m = parse_module(a[0].as_string(), a[1].as_string(), {});
  if (!m) {
    auto& list = m.error_list();
    std::string text = list.size() == 1 ? "1 error occurred: " : "";
    for (auto& e : list)
      text += e.file + ":" + std::to_string(e.row) + ": " + e.code + ": "
              + e.message;
    return c.fail(text);
  }
  return tree_writer(c.memory()).whole(*m);
}

} // namespace

void register_parse_module(builtin_table& t) {
  t.add("rego.parse_module", parse);
}

} // namespace rego
