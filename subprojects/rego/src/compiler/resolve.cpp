// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/resolve.hpp"

#include <algorithm>
#include <utility>

#include "compiler/early_checks.hpp"
#include "compiler/v1_checks.hpp"

namespace rego {

namespace {

constexpr const char* argument = "argument";

} // namespace

void resolver::set_package(
    const term& package,
    std::shared_ptr<const std::unordered_set<std::string>> names) {
  package_ = package;
  rule_names_ = std::move(names);
}

void resolver::add_import(const import_decl& d) {
  auto text = ref_text(d.path);
  if (text.rfind("future.", 0) == 0 || text == "rego.v1"
      || text == "future.keywords")
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

void resolver::open_scope() {
  scopes_.emplace_back();
  used_.emplace_back();
}

void resolver::close_scope() {
  for (auto& [name, l] : scopes_.back())
    if (strict_ && !l.used && l.what)
      fail(l.at, l.what == argument
                     ? "unused argument " + name
                           + ". (hint: use _ (wildcard variable) instead)"
                     : l.what + (" " + name) + " unused");
  scopes_.pop_back();
  used_.pop_back();
}

void resolver::fail(const location& at, std::string message, std::string code) {
  out_.push_back({std::move(code), std::move(message), file_, at.row, at.col});
}

const std::string* resolver::local(const std::string& name) {
  for (auto s = scopes_.rbegin(); s != scopes_.rend(); ++s) {
    auto at = s->find(name);
    if (at == s->end())
      continue;
    at->second.used |= !declaring_;
    return &at->second.unique;
  }
  return nullptr;
}

void resolver::declare(const std::string& name, const location& at,
                       const char* what) {
  if (name.empty() || name[0] == '$')
    return;
  if (keep_names_ && scopes_.size() == 1) {
    scopes_.back()[name] = {name, at, nullptr};
    return;
  }
  scopes_.back()[name] = {name + "#" + std::to_string(next_++), at, what};
}

// Every variable of a pattern that is to be bound here.
void resolver::declare_pattern(term& t, const char* what) {
  if (t.kind == term_kind::var) {
    declare(t.text, t.at, what);
    return;
  }
  if (t.kind == term_kind::array) {
    for (auto& a : t.args)
      declare_pattern(a, what);
  } else if (t.kind == term_kind::object) {
    for (size_t i = 1; i < t.args.size(); i += 2)
      declare_pattern(t.args[i], what);
  }
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
  scopes_.clear();
  used_.clear();
  open_scope();
  move_expressions(r);
  for (auto& a : r.head.args)
    declare_pattern(a, r.is_default ? nullptr : argument);
  declaring_ = true;
  for (auto& a : r.head.args)
    resolve_term(a);
  declaring_ = false;
  auto args = r.head.args;
  for (auto* x = &r; x; x = x->otherwise.get()) {
    x->head.args = args;
    resolve_clause(*x);
  }
  close_scope();
  scopes_.clear();
  used_.clear();
}

void resolver::resolve_clause(rule& r) {
  open_scope();
  for (auto& e : r.body.literals)
    resolve_literal(e);
  if (r.head.ref.kind == term_kind::ref)
    for (size_t i = 1; i < r.head.ref.args.size(); ++i)
      resolve_term(r.head.ref.args[i]);
  if (r.head.is_set)
    resolve_term(r.head.key);
  resolve_term(r.head.value);
  close_scope();
}

void resolver::resolve_query(query& q) {
  keep_names_ = true;
  scopes_.clear();
  resolve_body(q);
}

void resolver::resolve_body(query& q) {
  if (++depth_ > 500) {
    --depth_;
    return;
  }
  open_scope();
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
    for (auto& t : e.terms) {
      if (scopes_.back().count(t.text))
        fail(t.at, "var " + t.text + " declared above");
      else if (used_.back().count(t.text))
        fail(t.at, "var " + t.text + " referenced above");
      declare(t.text, t.at, "declared var");
      declaring_ = true;
      resolve_term(t);
      declaring_ = false;
    }
    return;
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
  auto& left = t.args[1];
  if (left.kind == term_kind::var && left.text[0] != '$') {
    auto& here = scopes_.back();
    bool is_argument = scopes_.size() == 2 && scopes_[0].count(left.text);
    if (here.count(left.text))
      fail(left.at, "var " + left.text + " assigned above");
    else if (is_argument)
      fail(left.at, "arg " + left.text + " redeclared");
    else if (used_.back().count(left.text))
      fail(left.at, "var " + left.text + " referenced above");
  } else if (left.kind != term_kind::array && left.kind != term_kind::object
             && left.kind != term_kind::var) {
    fail(t.at, "cannot assign to " + std::string(kind_name(left.kind)));
  }
  resolve_term(t.args[2]);
  declare_pattern(left, "assigned var");
  declaring_ = true;
  resolve_term(left);
  declaring_ = false;
}

void resolver::resolve_some_in(expr& e) {
  resolve_term(e.terms.back());
  for (size_t i = 0; i + 1 < e.terms.size(); ++i)
    declare_pattern(e.terms[i], "declared var");
  declaring_ = true;
  for (size_t i = 0; i + 1 < e.terms.size(); ++i)
    resolve_term(e.terms[i]);
  declaring_ = false;
}

void resolver::resolve_every(expr& e) {
  resolve_term(e.terms.back());
  open_scope();
  for (size_t i = 0; i + 1 < e.terms.size(); ++i) {
    declare(e.terms[i].text, e.terms[i].at, nullptr);
    resolve_term(e.terms[i]);
  }
  resolve_body(*e.body);
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
  open_scope();
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
  auto name = t.text;
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
    replace_name(f);
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
    } else if (!replace_name(t) && !is_root(t.text)) {
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
