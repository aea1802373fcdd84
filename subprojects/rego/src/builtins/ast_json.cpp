// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/ast_json.hpp"

#include <algorithm>

#include "builtins/annotation_json.hpp"
#include "builtins/base64.hpp"
#include "parser/head_view.hpp"
#include "rego/build.hpp"

namespace rego {

namespace {

class tree_writer {
public:
  tree_writer(arena& a, const module& m, const tree_options& o)
      : a_(a), m_(m), where_(m.source), options_(o) {}

  value whole() {
    object_builder o(a_), package(a_);
    package.add("path", package_path());
    locate(package, at(m_.package.at, word(m_.package.at, 7)));
    o.add("package", package.finish());
    if (!m_.imports.empty()) {
      array_builder imports(a_);
      for (auto& i : m_.imports)
        imports.push(import(i));
      o.add("imports", imports.array());
    }
    auto notes = options_.annotations;
    if (notes && !notes->empty())
      o.add("annotations", annotations(*notes));
    if (!m_.rules.empty())
      o.add("rules", rules());
    if (options_.comments && !m_.comments.empty())
      o.add("comments", comments());
    return o.finish();
  }

  value reference(const quoted_term& t) { return reference(t.parts); }

private:
  value text(std::string_view s) { return make_string(a_, s); }

  value annotations(const std::vector<annotation>& all) {
    std::vector<const annotation*> list;
    for (auto& n : all)
      list.push_back(&n);
    return tree_of(a_, list, m_.file, options_);
  }

  value rules() {
    static const std::vector<annotation> none;
    auto notes = annotations_of_rules(
        m_, options_.annotations ? *options_.annotations : none);
    array_builder out(a_);
    for (size_t i = 0; i < m_.rules.size(); ++i)
      out.push(one(m_.rules[i], false, notes[i]));
    return out.array();
  }

  static extent word(const location& l, uint32_t size) {
    return {l.offset, l.offset + size};
  }
  place at(const location& l, const extent& e) const { return where_.of(l, e); }

  value location_of(const place& p, bool with_text) {
    object_builder o(a_);
    o.add("file", text(m_.file));
    o.add("row", value::integer(p.row));
    o.add("col", value::integer(p.col));
    if (with_text && !p.text.empty())
      o.add("text", text(base64_encode(p.text, base64_form::standard)));
    return o.finish();
  }
  void locate(object_builder& o, const place& p) {
    if (options_.locations)
      o.add("location", location_of(p, true));
  }

  value comments() {
    array_builder out(a_);
    for (auto& [l, s] : m_.comments) {
      object_builder o(a_);
      auto size = static_cast<uint32_t>(s.size()) + 1;
      o.add("Location", location_of(at(l, word(l, size)), options_.locations));
      o.add("Text", text(base64_encode(s, base64_form::standard)));
      out.push(o.finish());
    }
    return out.array();
  }

  value typed(std::string_view type, const value& v, const place& p) {
    object_builder o(a_);
    o.add("type", text(type));
    o.add("value", v);
    locate(o, p);
    return o.finish();
  }

  // The path begins with data, in the place of its first name.
  value package_path() {
    array_builder b(a_);
    auto& parts = m_.package.args;
    for (size_t i = 0; i < parts.size(); ++i)
      b.push(typed(i ? "string" : "var", text(parts[i].text),
                   where_.of(parts[i ? i : 1])));
    return b.array();
  }

  value list(const std::vector<term>& terms, size_t from) {
    array_builder b(a_);
    for (size_t i = from; i < terms.size(); ++i)
      b.push(one(terms[i]));
    return b.array();
  }

  // The head of a reference is a variable, even if it names a root.
  value reference(const std::vector<term>& parts) {
    array_builder b(a_);
    for (auto& t : parts)
      b.push(&t == &parts[0] && t.is(term_kind::var) ? variable(t) : one(t));
    return b.array();
  }

  // The compiler numbers variables behind a hash.
  value variable(const term& t) {
    std::string_view name = t.text;
    return typed("var", text(name.substr(0, name.find('#'))), where_.of(t));
  }

  // A variable as a reference of one part; internal.member_2 has two.
  value callee(const term& t) {
    if (!t.is(term_kind::var))
      return one(t);
    array_builder b(a_);
    auto dot = t.text.find('.');
    auto p = where_.of(t);
    b.push(typed("var", text(t.text.substr(0, dot)), p));
    if (dot != t.text.npos)
      b.push(typed("string", text(t.text.substr(dot + 1)), p));
    return typed("ref", b.array(), p);
  }

  value call_terms(const term& t) {
    if (t.args.size() < 2 || !t.args[1].is(term_kind::call))
      return call_terms(t, {});
    return call_terms(t, call(t.args[1]));
  }
  value call_terms(const term& t, const value& first) {
    array_builder b(a_);
    b.push(callee(t.args[0]));
    for (size_t i = 1; i < t.args.size(); ++i)
      b.push(i == 1 && first.defined() ? first : one(t.args[i]));
    return b.array();
  }

  // From the innermost on: a chain of operators nests to the left.
  value call(const term& t) {
    std::vector<const term*> chain{&t};
    while (chain.back()->args.size() > 1
           && chain.back()->args[1].is(term_kind::call))
      chain.push_back(&chain.back()->args[1]);
    value v;
    for (; !chain.empty(); chain.pop_back())
      v = typed("call", call_terms(*chain.back(), v), where_.of(*chain.back()));
    return v;
  }

  value comprehension(const term& t) {
    object_builder o(a_);
    if (t.is(term_kind::object_compr)) {
      o.add("key", one(t.args[0]));
      o.add("value", one(t.args[1]));
    } else {
      o.add("term", one(t.args[0]));
    }
    o.add("body", body(*t.body));
    return typed(kind_name(t.kind), o.finish(), where_.of(t));
  }

  value pairs(const term& t) {
    std::vector<const term*> keys;
    for (size_t i = 0; i + 1 < t.args.size(); i += 2)
      keys.push_back(&t.args[i]);
    order(keys);
    array_builder b(a_);
    for (auto k : keys)
      b.push(make_array(a_, {one(k[0]), one(k[1])}));
    return typed("object", b.array(), where_.of(t));
  }

  value members(const term& t) {
    std::vector<const term*> members;
    for (auto& m : t.args)
      members.push_back(&m);
    order(members);
    array_builder b(a_);
    for (auto m : members)
      b.push(one(*m));
    return typed("set", b.array(), where_.of(t));
  }

  static void order(std::vector<const term*>& list) {
    std::stable_sort(list.begin(), list.end(), [](auto* a, auto* b) {
      return compare_terms(*a, *b) < 0;
    });
    auto same = [](auto* a, auto* b) { return compare_terms(*a, *b) == 0; };
    list.erase(std::unique(list.begin(), list.end(), same), list.end());
  }

  value parts(const term& t) {
    array_builder b(a_);
    for (auto& p : t.args)
      b.push(p.paren ? part(p) : one(p));
    object_builder o(a_);
    o.add("parts", b.array());
    o.add("multi_line", value::boolean(t.truth));
    return typed("templatestring", o.finish(), where_.of(t));
  }

  // An expression in a string template is a literal, unless it is constant.
  value part(const term& t) {
    if (t.kind < term_kind::var)
      return one(t);
    if (t.is(term_kind::set_compr) && t.infix) {
      auto e = t.body->literals[0];
      e.terms[0] = term(e.terms[0].args[2]);
      return one(e, 0);
    }
    expr e;
    e.at = t.at;
    e.text = where_.text(t.where);
    e.terms.push_back(t);
    return one(e, 0);
  }

  value one(const term& t) {
    auto p = where_.of(t);
    switch (t.kind) {
    case term_kind::null:
      return typed("null", object_builder(a_).finish(), p);
    case term_kind::boolean:
      return typed("boolean", value::boolean(t.truth), p);
    case term_kind::number:
      return typed("number", make_number(a_, t.text), p);
    case term_kind::string:
      return typed("string", text(t.text), p);
    case term_kind::var:
      return is_root(t) ? callee(t) : variable(t);
    case term_kind::ref:
      return typed("ref", reference(t.args), p);
    case term_kind::object:
      return pairs(t);
    case term_kind::set:
      return members(t);
    case term_kind::call:
      return call(t);
    case term_kind::template_string:
      return parts(t);
    case term_kind::array:
      return typed("array", list(t.args, 0), p);
    default:
      return comprehension(t);
    }
  }

  value body(const query& q) {
    array_builder b(a_);
    for (size_t i = 0; i < q.literals.size(); ++i)
      b.push(one(q.literals[i], i));
    return b.array();
  }

  // Operators are of two operands: a chain nests to the left.
  value logic(const expr& e) {
    value left;
    for (size_t i = 1; i < e.bodies.size(); ++i)
      left = logic(e, left, *e.bodies[i]);
    return left;
  }

  // `before` is undefined for the first operator.
  value logic(const expr& e, const value& before, const query& right) {
    object_builder o(a_);
    bool conjunction = e.kind == expr_kind::all_of;
    o.add("type", text(conjunction ? "and" : "or"));
    if (before.defined()) {
      object_builder left(a_);
      left.add("index", value::integer(0));
      left.add("terms", before);
      array_builder one_literal(a_);
      one_literal.push(left.finish());
      o.add("lhs", one_literal.array());
    } else {
      o.add("lhs", body(*e.bodies[0]));
      if (e.bodies[0]->braces)
        o.add("explicit_lhs", value::boolean(true));
    }
    o.add("rhs", body(right));
    if (right.braces)
      o.add("explicit_rhs", value::boolean(true));
    locate(o, places::of(e));
    return o.finish();
  }

  value every(const expr& e) {
    object_builder o(a_);
    o.add("key", e.terms.size() == 3 ? one(e.terms[0]) : value::null());
    o.add("value", one(e.terms[e.terms.size() - 2]));
    o.add("domain", one(e.terms.back()));
    o.add("body", body(*e.body));
    locate(o, at(e.at, word(e.at, 5)));
    return o.finish();
  }

  value symbols(const expr& e) {
    object_builder o(a_);
    if (e.kind == expr_kind::some) {
      o.add("symbols", list(e.terms, 0));
    } else {
      term f, member;
      f.kind = term_kind::var;
      f.text = e.terms.size() == 3 ? "internal.member_3" : "internal.member_2";
      f.at = e.terms[0].at;
      f.where = e.terms[0].where;
      member.kind = term_kind::call;
      member.at = f.at;
      member.where = {f.where.begin, e.terms.back().where.end};
      member.args.push_back(f);
      member.args.insert(member.args.end(), e.terms.begin(), e.terms.end());
      array_builder one_call(a_);
      one_call.push(one(member));
      o.add("symbols", one_call.array());
    }
    locate(o, at(e.at, word(e.at, 4)));
    return o.finish();
  }

  value terms_of(const expr& e) {
    switch (e.kind) {
    case expr_kind::some:
    case expr_kind::some_in:
      return symbols(e);
    case expr_kind::every:
      return every(e);
    case expr_kind::term:
      return e.terms[0].is(term_kind::call) ? call_terms(e.terms[0])
                                            : one(e.terms[0]);
    case expr_kind::all_of:
    case expr_kind::any_of:
      return logic(e);
    case expr_kind::not_body:
      break;
    }
    object_builder o(a_);
    o.add("type", text("not"));
    o.add("body", body(*e.body));
    if (e.body->braces)
      o.add("explicit_body", value::boolean(true));
    locate(o, places::of(e));
    return o.finish();
  }

  value one(const expr& e, size_t index) {
    object_builder o(a_);
    o.add("index", value::integer(static_cast<int64_t>(index)));
    if (e.negated && e.kind != expr_kind::not_body)
      o.add("negated", value::boolean(true));
    o.add("terms", terms_of(e));
    if (!e.withs.empty()) {
      array_builder withs(a_);
      for (auto& w : e.withs) {
        object_builder x(a_);
        x.add("target", one(w.target));
        x.add("value", one(w.replacement));
        locate(x, where_.of(w));
        withs.push(x.finish());
      }
      o.add("with", withs.array());
    }
    locate(o, places::of(e));
    return o.finish();
  }

  value head(const rule& r, bool is_else, const place& whole) {
    // An else keeps the name of the rule that it belongs to.
    auto h = view_head(r, where_, false);
    auto& written = r.head;
    object_builder o(a_);
    if (h.named)
      o.add("name", text(h.ref[0].text));
    if (written.is_function)
      o.add("args", list(written.args, 0));
    if (h.assigned)
      o.add("assign", value::boolean(true));
    if (h.key)
      o.add("key", one(*h.key));
    if (h.value)
      o.add("value", one(value_term(r, h, whole)));
    o.add("ref", reference(h.ref));
    bool statement = r.no_body && written.has_value && !r.is_default;
    locate(o, statement && !is_else ? whole : h.at);
    return o.finish();
  }

  // The true that is meant where no value is written has the head's place.
  term value_term(const rule& r, const head_view& h, const place& whole) {
    term t = *h.value;
    if (!r.head.has_value) {
      t.at = {whole.row, whole.col, whole.offset};
      t.where = {h.at.offset, h.at.offset};
      t.where.end += static_cast<uint32_t>(h.at.text.size());
    }
    return t;
  }

  // Where OPA says that a rule stands.
  place rule_place(const rule& r, const head_view& h, bool is_else) {
    auto p = places::of(r);
    if (r.is_default)
      p.text = p.text.substr(0, 7);
    else if (r.no_body && !is_else && !r.head.has_value)
      return h.at;
    return p;
  }

  value generated_body(const rule& r, const place& whole, bool is_else) {
    bool of_value = r.head.has_value && !r.is_default && !is_else;
    auto p = of_value ? where_.of(r.head.value) : whole;
    object_builder o(a_);
    o.add("index", value::integer(0));
    o.add("terms", typed("boolean", value::boolean(true), p));
    locate(o, p);
    array_builder b(a_);
    b.push(o.finish());
    return b.array();
  }

  value one(const rule& r, bool is_else,
            const std::vector<const annotation*>& notes) {
    auto h = view_head(r, where_, is_else);
    auto whole = rule_place(r, h, is_else);
    object_builder o(a_);
    if (r.is_default)
      o.add("default", value::boolean(true));
    o.add("head", head(r, is_else, whole));
    o.add("body", r.no_body ? generated_body(r, whole, is_else) : body(r.body));
    if (r.otherwise)
      o.add("else", one(*r.otherwise, true, {}));
    if (!notes.empty())
      o.add("annotations", tree_of(a_, notes, m_.file, options_));
    locate(o, whole);
    return o.finish();
  }

  value import(const import_decl& d) {
    object_builder o(a_);
    o.add("path", callee(d.path));
    if (!d.alias.empty())
      o.add("alias", text(d.alias));
    locate(o, at(d.at, word(d.at, 6)));
    return o.finish();
  }

  arena& a_;
  const module& m_;
  places where_;
  tree_options options_;
};

} // namespace

value tree_of(arena& memory, const module& m, const tree_options& options) {
  return tree_writer(memory, m, options).whole();
}

value tree_of(arena& memory, const quoted_term& t,
              const tree_options& options) {
  module text;
  text.source = t.source;
  return tree_writer(memory, text, options).reference(t);
}

} // namespace rego
