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

location place_of(const expr& e, const std::string& name) {
  for (auto& t : e.terms)
    if (auto* at = find_var(t, name))
      return *at;
  return e.at;
}

} // namespace

void safety::unsafe(const std::string& name, const location& at) {
  auto shown = name[0] == '$' ? "_" : name.substr(0, name.find('#'));
  for (auto& e : out_)
    if (e.row == at.row && e.col == at.col
        && e.message == "var " + shown + " is unsafe")
      return;
  out_.push_back({"rego_unsafe_var_error", "var " + shown + " is unsafe", file_,
                  at.row, at.col});
}

void safety::check(rule& r) {
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
        unsafe(v, place_of(e, v));
    for (auto& v : closed[i])
      if (!safe.count(v))
        unsafe(v, place_of(e, v));
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
  for (auto& w : e.withs)
    close(w.replacement, safe);
  if (e.body)
    order(*e.body, inner);
  for (auto& b : e.bodies)
    order(*b, inner);
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
