// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/resolve.hpp"

#include <algorithm>
#include <utility>

#include "compiler/early_checks.hpp"
#include "compiler/v1_checks.hpp"

namespace rego {

namespace {

// The variables that a pattern binds where it meets a value.
void bound_names(const term& t, var_set& out) {
  if (t.kind == term_kind::var && !is_wildcard(t.text)) {
    out.insert(t.text);
  } else if (t.kind == term_kind::array) {
    for (auto& a : t.args)
      bound_names(a, out);
  } else if (t.kind == term_kind::object) {
    for (size_t i = 1; i < t.args.size(); i += 2)
      bound_names(t.args[i], out);
  }
}

} // namespace

void resolver::set_package(
    const term& package,
    std::shared_ptr<const std::unordered_set<std::string>> names) {
  package_ = package;
  rule_names_ = std::move(names);
}

void resolver::add_import(const import_decl& d) {
  auto text = ref_text(d.path);
  if (text.starts_with("future.") || text == "rego.v1")
    return;
  auto alias = d.alias.empty() ? last_name(d.path) : d.alias;
  if (!is_root(alias))
    imports_[alias] = {d.path, false};
}

void resolver::report_unused_imports(const std::vector<import_decl>& list,
                                     errors& out) const {
  for (auto& d : list) {
    auto i = imports_.find(d.alias.empty() ? last_name(d.path) : d.alias);
    if (i != imports_.end() && !i->second.used)
      out.push_back({"rego_compile_error", import_text(d) + " unused", file_,
                     d.at.row, d.at.col});
  }
}

void resolver::declare_arguments(const term& t, const location& head) {
  var_set names;
  bound_names(t, names);
  for (auto& name : names)
    declare(name, head, origin::argument);
}

// Every variable of a pattern that is to be bound here.
void resolver::assign_pattern(term& t, const location& literal) {
  if (t.kind == term_kind::var) {
    if (!is_wildcard(t.text) && can_declare(t.text, t.at))
      declare(t.text, literal, origin::assigned);
  } else if (t.kind == term_kind::array) {
    for (auto& a : t.args)
      assign_pattern(a, literal);
  } else if (t.kind == term_kind::object) {
    for (size_t i = 1; i < t.args.size(); i += 2)
      assign_pattern(t.args[i], literal);
  } else {
    fail(t.at, "cannot assign to " + std::string(kind_name(t.kind)));
  }
}

// Gives the pattern the names that were declared for it: no use of them.
void resolver::name_pattern(term& t) {
  declaring_ = true;
  resolve_term(t);
  declaring_ = false;
}

namespace {

bool is_pattern(const term& t) {
  if (t.kind == term_kind::ref || t.kind == term_kind::call || t.body
      || t.kind == term_kind::template_string)
    return false;
  return std::all_of(t.args.begin(), t.args.end(), is_pattern);
}

} // namespace

// An argument that has to be computed becomes a variable and an equation.
void resolver::move_expressions(rule& r) {
  for (size_t i = 0; i < r.head.args.size(); ++i) {
    auto& a = r.head.args[i];
    if (is_pattern(a))
      continue;
    term x;
    x.kind = term_kind::var;
    x.text = "$arg" + std::to_string(i);
    x.at = a.at;
    expr e;
    e.at = a.at;
    term call;
    call.kind = term_kind::call;
    call.infix = true;
    call.at = a.at;
    term name = x;
    name.text = "eq";
    call.args = {name, x, a};
    e.terms.push_back(std::move(call));
    for (auto* c = &r; c; c = c->otherwise.get())
      c->body.literals.push_back(e);
    a = x;
  }
}

void resolver::resolve(rule& r) {
  open_scope();
  move_expressions(r);
  for (auto& a : r.head.args)
    declare_arguments(a, r.head.at);
  for (auto& a : r.head.args)
    name_pattern(a);
  auto args = r.head.args;
  for (auto* x = &r; x; x = x->otherwise.get()) {
    x->head.args = args;
    resolve_clause(*x);
  }
  if (strict_)
    report_unused(scopes_.back(), origin::argument);
  close_scope();
}

void resolver::resolve_clause(rule& r) {
  open_scope(r.body);
  wrong_ = false;
  for (auto& e : r.body.literals)
    resolve_literal(e);
  bool wrong_body = std::exchange(wrong_, false);
  if (r.head.ref.kind == term_kind::ref)
    for (size_t i = 1; i < r.head.ref.args.size(); ++i)
      resolve_term(r.head.ref.args[i]);
  if (r.head.is_set)
    resolve_term(r.head.key);
  resolve_term(r.head.value);
  wrong_ = wrong_body;
  close_scope();
}

void resolver::resolve_query(query& q) {
  keep_names_ = true;
  wrong_ = false;
  resolve_body(q);
}

void resolver::resolve_body(query& q) {
  if (++depth_ > 500) {
    --depth_;
    return;
  }
  open_scope(q);
  for (auto& e : q.literals)
    resolve_literal(e);
  close_scope();
  --depth_;
}

void resolver::resolve_literal(expr& e) {
  for (auto& w : e.withs)
    resolve_with(w);
  switch (e.kind) {
  case expr_kind::some:
    return resolve_some(e);
  case expr_kind::some_in:
    return resolve_some_in(e);
  case expr_kind::every:
    return resolve_every(e);
  case expr_kind::not_body:
    return resolve_body(*e.body);
  case expr_kind::all_of:
  case expr_kind::any_of:
    for (auto& b : e.bodies)
      resolve_body(*b);
    return;
  case expr_kind::term:
    return resolve_call_literal(e);
  }
}

void resolver::resolve_call_literal(expr& e) {
  auto& t = e.terms[0];
  if (!t.is_call("assign")) {
    // `not { ... }` aside, a negated literal binds nothing.
    alone_ = t.kind == term_kind::call;
    resolve_term(t);
    return;
  }
  if (e.negated) {
    fail(e.at, "cannot assign vars inside negated expression");
    return;
  }
  resolve_term(t.args[2]);
  assign_pattern(t.args[1], e.at);
  name_pattern(t.args[1]);
}

void resolver::resolve_some(expr& e) {
  for (auto& t : e.terms) {
    if (!can_declare(t.text, e.at))
      return;
    declare(t.text, e.at, origin::declared);
    name_pattern(t);
  }
}

// What the container names is meant by the same name in the pattern.
void resolver::resolve_some_in(expr& e) {
  auto& container = e.terms.back();
  var_set known, names;
  all_vars(container, known);
  for (size_t i = 0; i + 1 < e.terms.size(); ++i)
    bound_names(e.terms[i], names);
  resolve_term(container);
  for (auto& name : names) {
    if (known.count(name))
      continue;
    if (!can_declare(name, e.at))
      return;
    declare(name, e.at, origin::element);
  }
  for (size_t i = 0; i + 1 < e.terms.size(); ++i)
    name_pattern(e.terms[i]);
}

void resolver::resolve_every(expr& e) {
  var_set own;
  for (size_t i = 0; i + 1 < e.terms.size(); ++i)
    vars_in(e.terms[i], own);
  variables_.push_back(own);
  resolve_term(e.terms.back());
  variables_.pop_back();
  open_scope(std::move(own));
  auto& inside = e.body->literals.empty() ? e.at : e.body->literals[0].at;
  for (size_t i = 0; i + 1 < e.terms.size(); ++i) {
    auto name = e.terms[i].text;
    if (is_wildcard(name))
      continue;
    if (!can_declare(name, e.at))
      break;
    declare(name, inside, origin::declared);
    name_pattern(e.terms[i]);
    // In the domain too the name means it, unless a local had it before.
    rename_vars(e.terms.back(), name, e.terms[i].text);
  }
  for (auto& x : e.body->literals)
    resolve_literal(x);
  close_scope();
}

// The target is the document, also where a local has its name.
void resolver::resolve_with(with_modifier& w) {
  auto& target = w.target;
  auto& head = target.kind == term_kind::ref ? target.args[0] : target;
  if (head.kind != term_kind::var || !is_root(head.text))
    resolve_operator(target);
  else if (target.kind == term_kind::ref)
    used_.back().insert(head.text);
  if (w.target.kind == term_kind::ref)
    for (size_t i = 1; i < w.target.args.size(); ++i)
      resolve_term(w.target.args[i]);
  if (auto why = refused_target(target))
    later.push_back({std::string(why->code), std::move(why->message), file_,
                     target.at.row, target.at.col});
  resolve_term(w.replacement);
}

void resolver::resolve_closure(term& t) {
  if (++depth_ > 500) {
    --depth_;
    return;
  }
  open_scope(*t.body);
  for (auto& e : t.body->literals)
    resolve_literal(e);
  for (auto& a : t.args)
    resolve_term(a);
  close_scope();
  --depth_;
}

// A rule's or an import's name becomes its reference; true if it did.
bool resolver::replace_name(term& t) {
  auto import = imports_.find(t.text);
  auto at = t.at;
  auto where = t.where;
  bool paren = t.paren;
  auto name = t.text;
  if (is_variable(name))
    return false;
  if (import != imports_.end()) {
    import->second.used = true;
    t = import->second.path;
  } else if (rule_names_ && rule_names_->count(t.text)) {
    term last = t;
    last.kind = term_kind::string;
    t = package_;
    t.args.push_back(std::move(last));
  } else {
    return false;
  }
  t.at = at;
  t.where = where;
  t.paren = paren;
  for (auto& a : t.args)
    a.at = at;
  if (meant_)
    meant_->push_back({at.offset, std::move(name), ref_text(t)});
  return true;
}

// Functions are no values: a variable of a function's name cannot be called.
void resolver::resolve_call(term& t) {
  auto& callee = t.args[0];
  bool value = !std::exchange(alone_, false);
  if (!t.infix) {
    auto& head = callee.kind == term_kind::ref ? callee.args[0] : callee;
    if (value && head.kind == term_kind::var && local(head.text))
      fail(t.at, "called function " + ref_text(callee) + " shadowed");
    resolve_operator(callee);
  }
  for (size_t i = 1; i < t.args.size(); ++i)
    resolve_term(t.args[i]);
  if (value && t.is_call("print"))
    later.push_back({"rego_type_error", term_text(t) + " used as value", file_,
                     t.at.row, t.at.col});
}

void resolver::resolve_operator(term& f) {
  auto& head = f.kind == term_kind::ref ? f.args[0] : f;
  if (head.kind != term_kind::var)
    return;
  if (auto* l = local(head.text)) {
    head.text = *l;
    return;
  }
  if (f.kind == term_kind::var) {
    if (!replace_name(f))
      used_.back().insert(f.text);
    return;
  }
  auto rest = std::vector<term>(f.args.begin() + 1, f.args.end());
  term name = head;
  if (!replace_name(name))
    return;
  if (name.kind == term_kind::var) {
    f.args[0] = name;
    return;
  }
  name.args.insert(name.args.end(), rest.begin(), rest.end());
  f = std::move(name);
}

void resolver::resolve_ref(term& t) {
  auto& head = t.args[0];
  for (size_t i = 1; i < t.args.size(); ++i)
    resolve_term(t.args[i]);
  resolve_term(head);
  if (head.kind == term_kind::var && is_root(head.text))
    used_.back().insert(head.text);
  if (head.kind == term_kind::ref) {
    // A name that became a reference: one path.
    auto args = std::move(head.args);
    args.insert(args.end(), t.args.begin() + 1, t.args.end());
    t.args = std::move(args);
  }
}

void resolver::resolve_term(term& t) {
  spend(4);
  if (++depth_ > 20000) {
    --depth_;
    return;
  }
  switch (t.kind) {
  case term_kind::var:
    if (auto* l = local(t.text)) {
      t.text = *l;
    } else if (!replace_name(t) && !is_root(t.text) && !is_known(t.text)) {
      used_.back().insert(t.text);
    }
    break;
  case term_kind::ref:
    resolve_ref(t);
    break;
  case term_kind::call:
    resolve_call(t);
    break;
  case term_kind::array_compr:
  case term_kind::set_compr:
  case term_kind::object_compr:
    resolve_closure(t);
    break;
  default:
    for (auto& a : t.args)
      resolve_term(a);
  }
  --depth_;
}

} // namespace rego
