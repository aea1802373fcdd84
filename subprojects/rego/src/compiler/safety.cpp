// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/safety.hpp"

#include <algorithm>

namespace rego {

namespace {

// Where a variable first stands in a literal, for the message.
const location* find_var(const term& t, const std::string& name) {
  if (t.kind == term_kind::var && t.text == name)
    return &t.at;
  for (auto& a : t.args)
    if (auto* at = find_var(a, name))
      return at;
  return nullptr;
}

std::string shown_name(const std::string& v) {
  return v[0] == '$' ? "_" : v.substr(0, v.find('#'));
}

} // namespace

void safety::unsafe(const std::string& name, const location& at) {
  auto shown = shown_name(name);
  auto message = "var " + shown + " is unsafe" + where_;
  for (auto& e : out_)
    if (e.row == at.row && e.col == at.col && e.message == message)
      return;
  out_.push_back({"rego_unsafe_var_error", message, file_, at.row, at.col});
}

void safety::check(rule& r, const std::vector<rule>& siblings) {
  // Rules that share a line are told apart by name.
  where_.clear();
  auto name = ref_text(r.head.ref);
  for (auto& s : siblings)
    if (s.at.row == r.at.row && ref_text(s.head.ref) != name)
      where_ = " in rule " + name;
  for (auto* x = &r; x; x = x->otherwise.get())
    check_clause(*x);
}

void safety::check_clause(rule& r) {
  var_set safe;
  for (auto& a : r.head.args)
    all_vars(a, safe);
  safe = order(r.body, safe);
  auto finish = [&](term& t) {
    // The head may iterate: p contains xs[_].
    expr head;
    head.at = t.at;
    head.terms.push_back(t);
    auto more = output_vars(head, safe, arity_);
    safe.insert(more.begin(), more.end());
    need(t, safe, t.at);
    close(t, safe);
  };
  if (r.head.is_set)
    finish(r.head.key);
  if (r.head.ref.kind == term_kind::ref)
    for (size_t i = 1; i < r.head.ref.args.size(); ++i)
      finish(r.head.ref.args[i]);
  finish(r.head.value);
}

void safety::need(const term& t, const var_set& safe, const location& at) {
  var_set vars;
  vars_in(t, vars);
  for (auto& v : vars)
    if (!safe.count(v)) {
      auto* here = find_var(t, v);
      unsafe(v, here ? *here : at);
    }
}

var_set safety::check(query& q) {
  return order(q, {});
}

// Picks, again and again, the first literal that has what it needs.
var_set safety::order(query& q, const var_set& given) {
  auto n = q.literals.size();
  std::vector<var_set> needs(n), closed(n);
  var_set body_vars;
  for (size_t i = 0; i < n; ++i) {
    vars_in(q.literals[i], needs[i]);
    closure_vars(q.literals[i], closed[i]);
    body_vars.insert(needs[i].begin(), needs[i].end());
  }
  // A closure needs those of its variables that the body itself binds.
  for (auto& c : closed)
    for (auto at = c.begin(); at != c.end();)
      at = body_vars.count(*at) && !given.count(*at) ? std::next(at)
                                                     : c.erase(at);
  auto safe = given;
  std::vector<expr> ordered;
  std::vector<var_set> before;
  std::vector<bool> done(n);
  for (bool progress = true; progress && ordered.size() < n;) {
    progress = false;
    for (size_t i = 0; i < n; ++i) {
      if (done[i])
        continue;
      auto out = output_vars(q.literals[i], safe, arity_);
      auto in = [&](const std::string& v) {
        return safe.count(v) || out.count(v);
      };
      if (!std::all_of(needs[i].begin(), needs[i].end(), in)
          || !std::all_of(closed[i].begin(), closed[i].end(),
                          [&](auto& v) { return safe.count(v) > 0; }))
        continue;
      before.push_back(safe);
      safe.insert(out.begin(), out.end());
      ordered.push_back(std::move(q.literals[i]));
      done[i] = progress = true;
    }
  }
  for (size_t i = 0; i < n; ++i) {
    if (done[i])
      continue;
    auto& e = q.literals[i];
    auto out = output_vars(e, safe, arity_);
    for (auto& v : needs[i])
      if (!safe.count(v) && !out.count(v))
        unsafe(v, e.at);
    for (auto& v : closed[i])
      if (!safe.count(v))
        unsafe(v, e.at);
    before.push_back(safe);
    ordered.push_back(std::move(e));
  }
  q.literals = std::move(ordered);
  for (size_t i = 0; i < n; ++i) {
    auto inner = before[i];
    auto out = output_vars(q.literals[i], before[i], arity_);
    inner.insert(out.begin(), out.end());
    close(q.literals[i], inner);
  }
  return safe;
}

// The bodies inside a literal, with what is safe around them.
void safety::close(expr& e, const var_set& safe) {
  auto inner = safe;
  if (e.kind == expr_kind::every)
    for (size_t i = 0; i + 1 < e.terms.size(); ++i)
      all_vars(e.terms[i], inner);
  for (auto& t : e.terms)
    close(t, safe);
  if (e.kind == expr_kind::term && e.terms[0].is_call("print"))
    check_print(e.terms[0], safe);
  for (auto& w : e.withs)
    close(w.replacement, safe);
  if (e.body)
    order(*e.body, inner);
  for (auto& b : e.bodies)
    order(*b, inner);
}

// print shows what is undefined, so its operands need no value; but a variable
// that nothing declares is a mistake.
void safety::check_print(const term& call, const var_set& safe) {
  for (size_t i = 1; i < call.args.size(); ++i) {
    expr operand;
    operand.terms.push_back(call.args[i]);
    auto known = output_vars(operand, safe, arity_);
    known.insert(safe.begin(), safe.end());
    var_set vars;
    vars_in(call.args[i], vars);
    for (auto& v : vars)
      if (!known.count(v)) {
        auto* at = find_var(call.args[i], v);
        out_.push_back({"rego_compile_error",
                        "var " + shown_name(v) + " is undeclared", file_,
                        at ? at->row : 0, at ? at->col : 0});
      }
  }
}

void safety::close(term& t, const var_set& safe) {
  auto inner = safe;
  if (t.body)
    inner = order(*t.body, safe);
  if (t.body || t.kind == term_kind::template_string)
    for (auto& a : t.args) {
      expr head;
      head.at = a.at;
      head.terms.push_back(a);
      auto more = output_vars(head, inner, arity_);
      inner.insert(more.begin(), more.end());
      need(a, inner, a.at);
    }
  for (auto& a : t.args)
    close(a, inner);
}

} // namespace rego
