// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/bound_vars.hpp"

#include <algorithm>
#include <map>

#include "builtins/builtin.hpp"
#include "core/work.hpp"

namespace rego {

namespace {

bool closes_over(const term& t) {
  return t.body || t.is(term_kind::template_string);
}

bool is_plain_var(const term& t) {
  return t.is(term_kind::var) && !is_root(t.text);
}

// The head of a reference or of what stands for a whole document.
bool is_reference(const term& t) {
  return t.is(term_kind::ref) || is_root(t);
}

struct look {
  unseen without;
  var_set& out;

  void path(const term& t) const {
    for (size_t i = 1; i < t.args.size(); ++i)
      at(t.args[i]);
  }

  void at(const term& t) const {
    spend(2);
    if (is_plain_var(t)) {
      out.insert(t.text);
      return;
    }
    if ((without.closures && closes_over(t))
        || (without.sets && t.is(term_kind::set)))
      return;
    if (t.is(term_kind::call) || (without.ref_heads && t.is(term_kind::ref)))
      return path(t);
    bool values = without.object_keys && t.is(term_kind::object);
    for (size_t i = values ? 1 : 0; i < t.args.size(); i += values ? 2 : 1)
      at(t.args[i]);
    if (t.body)
      at(*t.body);
  }

  void at(const query& q) const {
    for (auto& e : q.literals)
      at(e);
  }

  void at(const expr& e) const {
    if (e.kind == expr_kind::every && without.closures)
      return at(e.terms.back());
    if (e.kind != expr_kind::some)
      for (auto& t : e.terms)
        at(t);
    if (!without.closures) {
      if (e.body)
        at(*e.body);
      for (auto& b : e.bodies)
        at(*b);
    }
    for (auto& w : e.withs)
      at(w);
  }

  void at(const with_modifier& w) const {
    if (w.target.is(term_kind::ref))
      path(w.target);
    auto& by = w.replacement;
    if (by.is(term_kind::ref))
      path(by);
    else if (!names_builtin(by))
      at(by);
  }
};

bool all_in(const term& t, const var_set& safe) {
  var_set needed;
  seen_vars(t, unseen_outside, needed);
  return std::all_of(needed.begin(), needed.end(),
                     [&](auto& v) { return safe.count(v) > 0; });
}

bool is_head_safe(const term& t, const var_set& safe) {
  if (is_root(t))
    return true;
  return t.is(term_kind::ref) ? is_root(t.args[0]) || all_in(t.args[0], safe)
                              : all_in(t, safe);
}

// What an equation binds; a variable that another one waits for, and the other
// way round, is bound with it.
class unifier {
public:
  unifier(const var_set& safe) : safe_(safe) {}

  void unify(const term& a, const term& b) {
    spend(4);
    if (is_plain_var(a) && is_plain_var(b))
      return unify_vars(a.text, b.text);
    if (is_plain_var(b) && !is_plain_var(a))
      return meet(b, a);
    if (is_plain_var(a))
      return meet(a, b);
    if (is_pattern(a) && a.kind == b.kind)
      return unify_parts(a, b);
    if (is_pattern(b) && (is_safe_value(a) || makes(a, b.kind)))
      mark_all(b);
    else if (is_pattern(a)
             && (is_safe_value(b) || (b.body && a.is(term_kind::array))))
      mark_all(a);
  }

  var_set bound;

private:
  static bool is_pattern(const term& t) {
    return t.is(term_kind::array) || t.is(term_kind::object);
  }

  bool is_safe(const std::string& v) const {
    return safe_.count(v) || bound.count(v);
  }

  bool is_safe_value(const term& t) const {
    return (is_reference(t) || t.is(term_kind::call)) && is_head_safe(t, safe_);
  }

  static bool makes(const term& t, term_kind kind) {
    return t.is(kind == term_kind::array ? term_kind::array_compr
                                         : term_kind::object_compr);
  }

  void unify_vars(const std::string& a, const std::string& b) {
    if (is_safe(b))
      return mark(a);
    if (is_safe(a))
      return mark(b);
    unknown_[a].insert(b);
    unknown_[b].insert(a);
  }

  void meet(const term& var, const term& t) {
    if (is_pattern(t))
      return meet_pattern(var.text, t);
    if (is_safe_value(t) || (!is_reference(t) && !t.is(term_kind::call)))
      mark(var.text);
  }

  void meet_pattern(const std::string& v, const term& t) {
    if (is_safe(v))
      return mark_all(t);
    var_set vars;
    seen_vars(t, in_patterns, vars);
    std::erase_if(vars, [&](auto& x) { return is_safe(x); });
    if (vars.empty())
      mark(v);
    for (auto& x : vars)
      unknown_[v].insert(x);
  }

  void unify_parts(const term& a, const term& b) {
    if (a.args.size() != b.args.size())
      return;
    if (a.is(term_kind::array))
      for (size_t i = 0; i < a.args.size(); ++i)
        unify(a.args[i], b.args[i]);
    else
      for (auto& [x, y] : values_of_equal_keys(a, b))
        unify(*x, *y);
  }

  void mark_all(const term& t) {
    var_set vars;
    seen_vars(t, in_patterns, vars);
    for (auto& v : vars)
      mark(v);
  }

  void mark(std::string first) {
    std::vector<std::string> left{std::move(first)};
    while (!left.empty()) {
      auto v = std::move(left.back());
      left.pop_back();
      bound.insert(v);
      spend(8 + unknown_.size());
      if (auto node = unknown_.extract(v))
        left.insert(left.end(), node.mapped().begin(), node.mapped().end());
      for (auto& [other, needs] : unknown_)
        if (needs.erase(v) && needs.empty())
          left.push_back(other);
    }
  }

  static constexpr unseen in_patterns{
      .ref_heads = true, .object_keys = true, .closures = true};

  const var_set& safe_;
  std::map<std::string, var_set, std::less<>> unknown_;
};

void path_vars(const term& t, const var_set& safe, var_set& out);

void path_vars(const expr& e, const var_set& safe, var_set& out) {
  for (auto& t : e.terms)
    path_vars(t, safe, out);
  for (auto& w : e.withs) {
    path_vars(w.target, safe, out);
    path_vars(w.replacement, safe, out);
  }
}

// The variables in the paths of references whose head is safe.
void path_vars(const term& t, const var_set& safe, var_set& out) {
  spend(4);
  if (closes_over(t))
    return;
  if (t.is(term_kind::ref)) {
    if (!is_head_safe(t, safe))
      return;
    seen_vars(t, {.ref_heads = true}, out);
  }
  for (size_t i = t.is(term_kind::call) ? 1 : 0; i < t.args.size(); ++i)
    path_vars(t.args[i], safe, out);
}

var_set bound_by_equation(const expr& e, const var_set& safe) {
  auto& t = e.terms[0];
  if (t.args.size() != 3)
    return {};
  auto known = safe_within(e, safe);
  path_vars(e, safe, known);
  if (t.is_call("assign")) { // its left side is bound by the right one alone
    var_set left;
    seen_vars(t.args[1], {}, left);
    for (auto& v : left)
      known.erase(v);
  }
  unifier u(known);
  u.unify(t.args[1], t.args[2]);
  u.bound.merge(known);
  return std::move(u.bound);
}

constexpr unseen in_operands{
    .ref_heads = true, .object_keys = true, .closures = true, .sets = true};

var_set bound_by_call(const expr& e, const var_set& safe, int arity) {
  auto& t = e.terms[0];
  var_set out;
  path_vars(e, safe, out);
  auto inputs = static_cast<size_t>(arity) + 1;
  if (inputs >= t.args.size())
    return out;
  var_set needed;
  for (size_t i = 1; i < inputs; ++i)
    seen_vars(t.args[i], in_operands, needed);
  for (auto& v : needed)
    if (!out.count(v) && !safe.count(v))
      return {};
  for (size_t i = inputs; i < t.args.size(); ++i)
    seen_vars(t.args[i], in_operands, out);
  return out;
}

var_set bound_by_term(const expr& e, const var_set& safe,
                      const arity_of& arity) {
  auto& t = e.terms[0];
  var_set out;
  if (!t.is(term_kind::call))
    path_vars(e, safe, out);
  else if (t.is_call("eq") || t.is_call("assign"))
    return bound_by_equation(e, safe);
  else if (auto n = arity(t.args[0]); n >= 0)
    return bound_by_call(e, safe, n);
  return out;
}

// What a call may bind, whatever it needs for it.
void outputs_of_call(const expr& e, const arity_of& arity, var_set& out) {
  auto& t = e.terms[0];
  if (!t.is(term_kind::call))
    return;
  if (t.is_call("eq") || t.is_call("assign"))
    return out.merge(bound_by_equation(e, {}));
  auto n = arity(t.args[0]);
  if (n >= 0)
    for (auto i = static_cast<size_t>(n) + 1; i < t.args.size(); ++i)
      seen_vars(t.args[i], in_operands, out);
}

// What an operand without braces leaves to the body around it: of several
// literals all but what one of them binds for another.
void needed_of_operand(const query& q, const arity_of& arity, var_set& out) {
  std::map<std::string, int> seen;
  var_set bound;
  for (auto& e : q.literals) {
    var_set vars;
    seen_vars(e, unseen_outside, vars);
    for (auto& v : vars)
      ++seen[v];
    if (q.literals.size() > 1 && e.kind == expr_kind::term)
      outputs_of_call(e, arity, bound);
  }
  for (auto& [v, times] : seen)
    if (times == 1 || !bound.count(v))
      out.insert(v);
}

} // namespace

void seen_vars(const term& t, unseen without, var_set& out) {
  look{without, out}.at(t);
}

void seen_vars(const expr& e, unseen without, var_set& out) {
  look{without, out}.at(e);
}

void seen_vars(const query& q, unseen without, var_set& out) {
  look{without, out}.at(q);
}

void body_vars(const expr& e, const arity_of& arity, var_set& out) {
  seen_vars(e, unseen_outside, out);
  if (e.kind == expr_kind::not_body && !e.body->braces)
    needed_of_operand(*e.body, arity, out);
  for (auto& b : e.bodies)
    if (!b->braces)
      needed_of_operand(*b, arity, out);
}

namespace {

void closed_in(const term& t, var_set& out) {
  spend(2);
  if (closes_over(t))
    return seen_vars(t, {}, out);
  for (auto& a : t.args)
    closed_in(a, out);
}

} // namespace

void closed_vars(const expr& e, var_set& out) {
  if (e.body)
    seen_vars(*e.body, {}, out);
  for (auto& b : e.bodies)
    seen_vars(*b, {}, out);
  for (auto& t : e.terms)
    closed_in(t, out);
  for (auto& w : e.withs)
    closed_in(w.replacement, out);
}

var_set bound_by(const expr& e, const var_set& safe, const arity_of& arity) {
  if (e.negated || !e.bodies.empty() || e.kind == expr_kind::some)
    return {};
  var_set needed;
  for (auto& w : e.withs)
    look{unseen_outside, needed}.at(w);
  for (auto& v : needed)
    if (!safe.count(v))
      return {};
  var_set out;
  if (e.kind == expr_kind::every)
    path_vars(e.terms.back(), safe, out);
  else if (e.kind == expr_kind::some_in)
    out = bound_by_equation(as_equation(e, "$key"), safe);
  else if (e.kind == expr_kind::term)
    out = bound_by_term(e, safe, arity);
  std::erase_if(out, [&](auto& v) { return safe.count(v) > 0; });
  return out;
}

term call_of(std::string callee, std::vector<term> operands,
             const location& at) {
  term t;
  t.kind = term_kind::call;
  t.infix = true;
  t.at = at;
  term name;
  name.kind = term_kind::var;
  name.text = std::move(callee);
  name.at = at;
  t.args.push_back(std::move(name));
  for (auto& x : operands)
    t.args.push_back(std::move(x));
  return t;
}

expr as_equation(const expr& some_in, std::string key) {
  auto& parts = some_in.terms;
  auto& from = parts.back();
  term k;
  k.kind = term_kind::var;
  k.text = std::move(key);
  if (parts.size() > 2)
    k = parts[0];
  term element = from;
  if (!from.is(term_kind::ref)) {
    element = {};
    element.kind = term_kind::ref;
    element.args.push_back(from);
  }
  element.args.push_back(std::move(k));
  expr e;
  e.at = some_in.at;
  e.text = some_in.text;
  e.negated = some_in.negated;
  e.withs = some_in.withs;
  e.terms.push_back(
      call_of("eq", {parts[parts.size() - 2], std::move(element)}, e.at));
  return e;
}

} // namespace rego
