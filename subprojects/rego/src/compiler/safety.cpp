// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/safety.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "compiler/bound_vars.hpp"
#include "compiler/unsafe_vars.hpp"
#include "core/work.hpp"

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

// Those of `safe` that `what` speaks of. A closure is checked with them alone:
// with all of them each of many closures would copy what the body has bound.
template <class Tree>
var_set narrowed(const var_set& safe, const Tree& what) {
  var_set out;
  all_vars(what, out);
  spend(10 * out.size());
  for (auto at = out.begin(); at != out.end();)
    at = safe.count(*at) ? std::next(at) : out.erase(at);
  return out;
}

// Whether a variable that the literal binds stands in it twice: OPA may ask for
// it where this engine has it already.
bool names_twice(const term& t, const var_set& bound, var_set& seen) {
  if (t.body || t.is(term_kind::template_string))
    return false;
  if (t.is(term_kind::var))
    return bound.count(t.text) && !seen.insert(t.text).second;
  return std::any_of(t.args.begin(), t.args.end(),
                     [&](auto& a) { return names_twice(a, bound, seen); });
}

// Of an operand without braces OPA asks what it would bind, too.
bool needs_own(const expr& e, const var_set& bound) {
  if (!e.bodies.empty() || e.kind == expr_kind::not_body)
    return true;
  var_set seen;
  return !bound.empty()
         && std::any_of(e.terms.begin(), e.terms.end(),
                        [&](auto& t) { return names_twice(t, bound, seen); });
}

// Picks, again and again, the first literal that has what it needs. One that
// has not is looked at again when another variable of its own became safe, so
// that a body takes as long as it has variables, in whatever order it stands.
class literal_order {
public:
  literal_order(const query& q, const var_set& given, const arity_of& arity)
      : q_(q), safe_(given), arity_(arity), needs_(q.literals.size()),
        closed_(q.literals.size()), done_(q.literals.size()) {
    var_set body_vars;
    for (size_t i = 0; i < q.literals.size(); ++i) {
      vars_in(q.literals[i], needs_[i]);
      closure_vars(q.literals[i], closed_[i]);
      body_vars.insert(needs_[i].begin(), needs_[i].end());
      var_set all;
      all_vars(q.literals[i], all);
      for (auto& v : all)
        users_[v].push_back(i);
    }
    // A closure needs those of its variables that the body itself binds.
    for (auto& c : closed_)
      for (auto at = c.begin(); at != c.end();)
        at = body_vars.count(*at) && !given.count(*at) ? std::next(at)
                                                       : c.erase(at);
  }

  /// Places of the literals that found an order, in that order.
  std::vector<size_t> pick() {
    std::vector<size_t> out;
    std::set<size_t> waiting;
    for (size_t i = 0; i < q_.literals.size(); ++i)
      waiting.insert(waiting.end(), i);
    for (size_t from = 0; !waiting.empty();) {
      auto at = waiting.lower_bound(from);
      if (at == waiting.end()) {
        from = 0;
        continue;
      }
      auto i = *at;
      waiting.erase(at);
      from = i + 1;
      auto bound = output_vars(q_.literals[i], safe_, arity_);
      if (!is_ready(i, bound))
        continue;
      done_[i] = true;
      doubtful_ |= needs_own(q_.literals[i], bound);
      out.push_back(i);
      for (auto& v : bound)
        if (safe_.insert(v).second)
          for (auto user : users_[v])
            if (!done_[user])
              waiting.insert(user);
    }
    return out;
  }

  bool doubtful() const { return doubtful_; }

  /// Then the places of the others, as they stand.
  std::vector<size_t> with_stuck(std::vector<size_t> picked) const {
    for (size_t i = 0; i < done_.size(); ++i)
      if (!done_[i])
        picked.push_back(i);
    return picked;
  }

  template <class Told>
  void each_stuck(Told told) const {
    for (size_t i = 0; i < done_.size(); ++i) {
      if (done_[i])
        continue;
      auto out = output_vars(q_.literals[i], safe_, arity_);
      for (auto& v : needs_[i])
        if (!safe_.count(v) && !out.count(v))
          told(q_.literals[i], v);
      for (auto& v : closed_[i])
        if (!safe_.count(v))
          told(q_.literals[i], v);
    }
  }

private:
  bool is_ready(size_t i, const var_set& bound) const {
    return std::all_of(
               needs_[i].begin(), needs_[i].end(),
               [&](auto& v) { return safe_.count(v) || bound.count(v); })
           && std::all_of(closed_[i].begin(), closed_[i].end(),
                          [&](auto& v) { return safe_.count(v) > 0; });
  }

  const query& q_;
  var_set safe_;
  const arity_of& arity_;
  std::vector<var_set> needs_, closed_;
  std::vector<bool> done_;
  bool doubtful_ = false;
  std::map<std::string, std::vector<size_t>, std::less<>> users_;
};

} // namespace

// Once for each variable.
void safety::unsafe(const std::string& name, const location& at) {
  auto message = "var " + written_name(name) + " is unsafe";
  spend(found_.size());
  for (auto& e : found_)
    if (e.message == message)
      return;
  found_.push_back(
      {"rego_unsafe_var_error", std::move(message), file_, at.row, at.col});
}

namespace {

// A head that binds variables of the body becomes a part of it, which binds
// them first.
void move_head(rule& r) {
  auto& h = r.head;
  std::vector<term*> parts{&h.value};
  if (h.is_set)
    parts.push_back(&h.key);
  if (h.ref.is(term_kind::ref))
    for (size_t i = 1; i < h.ref.args.size(); ++i)
      parts.push_back(&h.ref.args[i]);
  for (auto* p : parts) {
    if (is_scalar(*p) || p->is(term_kind::var))
      continue;
    term x;
    x.kind = term_kind::var;
    x.text = "$head" + std::to_string(r.body.literals.size());
    x.at = p->at;
    expr e;
    e.at = p->at;
    e.terms.push_back(call_of("eq", {x, *p}, p->at));
    r.body.literals.push_back(std::move(e));
    *p = std::move(x);
  }
}

// A replacement of `with` that binds variables is evaluated before its literal,
// once for each of their values: q with input as data.cases[i].
class with_lifting {
public:
  void lift(query& q) {
    std::vector<expr> out;
    for (auto& e : q.literals) {
      for (auto& t : e.terms)
        lift(t);
      if (e.body)
        e.body = lifted(*e.body);
      for (auto& b : e.bodies)
        b = lifted(*b);
      for (auto& w : e.withs)
        if (binds(w.replacement))
          out.push_back(named(w.replacement));
      out.push_back(std::move(e));
    }
    q.literals = std::move(out);
  }

  void lift(term& t) {
    if (t.body)
      t.body = lifted(*t.body);
    for (auto& a : t.args)
      lift(a);
  }

private:
  std::shared_ptr<query> lifted(query q) {
    lift(q);
    return std::make_shared<query>(std::move(q));
  }

  static bool binds(const term& replacement) {
    var_set vars;
    vars_in(replacement, vars);
    return !vars.empty() && !replacement.is(term_kind::var);
  }

  expr named(term& replacement) {
    term x;
    x.kind = term_kind::var;
    x.text = "$with" + std::to_string(next_++);
    x.at = replacement.at;
    expr e;
    e.at = x.at;
    e.terms.push_back(call_of("eq", {x, std::move(replacement)}, x.at));
    replacement = std::move(x);
    return e;
  }

  int next_ = 0;
};

} // namespace

errors safety::check(rule& r) {
  doubtful_ = false;
  auto found = check_clause(r);
  if (found.empty() || is_unsafe(r, arity_))
    return found;
  auto moved = r;
  move_head(moved);
  with_lifting().lift(moved.body);
  if (!check_clause(moved).empty())
    return found;
  r = std::move(moved);
  return {};
}

errors safety::check_clause(rule& r) {
  var_set safe;
  for (auto& a : r.head.args)
    all_vars(a, safe);
  safe = order(r.body, safe);
  auto finish = [&](term& t) {
    settle(t, safe);
    close(t, safe);
  };
  if (r.head.is_set)
    finish(r.head.key);
  if (r.head.ref.kind == term_kind::ref)
    for (size_t i = 1; i < r.head.ref.args.size(); ++i)
      finish(r.head.ref.args[i]);
  finish(r.head.value);
  return std::exchange(found_, {});
}

// A head may iterate: p contains xs[_].
void safety::settle(const term& t, var_set& safe) {
  expr head;
  head.at = t.at;
  head.terms.push_back(t);
  auto more = output_vars(head, safe, arity_);
  safe.insert(more.begin(), more.end());
  need(t, safe, t.at);
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

errors safety::check(query& q) {
  order(q, {});
  return std::exchange(found_, {});
}

errors check_safety(query& q, const arity_of& arity) {
  safety s("", arity);
  auto found = s.check(q);
  return !found.empty() || (s.doubtful() && is_unsafe(q, arity))
             ? tell_unsafe(q, std::move(found), arity)
             : errors{};
}

var_set safety::order(query& q, const var_set& given) {
  literal_order order{q, given, arity_};
  auto picked = order.pick();
  doubtful_ |= order.doubtful();
  order.each_stuck(
      [&](const expr& e, const std::string& v) { unsafe(v, e.at); });
  std::vector<expr> ordered;
  for (auto i : order.with_stuck(picked))
    ordered.push_back(std::move(q.literals[i]));
  q.literals = std::move(ordered);
  auto safe = given;
  spend(10 * given.size());
  for (size_t i = 0; i < q.literals.size(); ++i) {
    auto out = output_vars(q.literals[i], safe, arity_);
    safe.insert(out.begin(), out.end());
    close(q.literals[i], safe);
    if (i >= picked.size()) // what is unsafe makes nothing safe
      for (auto& v : out)
        safe.erase(v);
  }
  return safe;
}

// The bodies inside a literal, with what is safe around them.
void safety::close(expr& e, const var_set& safe) {
  for (auto& t : e.terms)
    close(t, safe);
  for (auto& w : e.withs)
    close(w.replacement, safe);
  if (!e.body && e.bodies.empty())
    return;
  auto inner = narrowed(safe, e);
  if (e.kind == expr_kind::every)
    for (size_t i = 0; i + 1 < e.terms.size(); ++i)
      all_vars(e.terms[i], inner);
  if (e.body)
    order(*e.body, inner);
  for (auto& b : e.bodies)
    order(*b, inner);
}

void safety::close(term& t, const var_set& safe) {
  spend();
  if (!t.body && t.kind != term_kind::template_string) {
    for (auto& a : t.args)
      close(a, safe);
    return;
  }
  auto inner = narrowed(safe, t);
  if (t.body)
    inner = order(*t.body, inner);
  for (auto& a : t.args)
    settle(a, inner);
  for (auto& a : t.args)
    close(a, inner);
}

} // namespace rego
