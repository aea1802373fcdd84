// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/safety.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "compiler/expanded_body.hpp"
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

// Whether a variable that it binds stands in the path of a reference and
// elsewhere: [k, xs[k]] is a value only once xs[k] is one.
class binding_of_its_own {
public:
  explicit binding_of_its_own(const var_set& bound) : bound_(bound) {}

  void look(const term& t, bool in_path = false) {
    if (t.body || t.is(term_kind::template_string))
      return;
    if (t.is(term_kind::var) && bound_.count(t.text))
      (in_path ? in_paths_ : outside_).insert(t.text);
    auto i = t.is(term_kind::call) ? 1u : 0u;
    for (; i < t.args.size(); ++i)
      look(t.args[i], in_path || (i > 0 && t.is(term_kind::ref)));
  }

  bool found() const {
    return std::any_of(outside_.begin(), outside_.end(),
                       [&](auto& v) { return in_paths_.count(v) > 0; });
  }

private:
  const var_set& bound_;
  var_set in_paths_, outside_;
};

bool binds_its_own(const std::vector<const term*>& parts,
                   const var_set& bound) {
  if (bound.empty())
    return false;
  binding_of_its_own own(bound);
  for (auto* p : parts)
    own.look(*p);
  return own.found();
}

bool binds_its_own(const expr& e, const var_set& bound) {
  std::vector<const term*> parts;
  for (auto& t : e.terms)
    parts.push_back(&t);
  return binds_its_own(parts, bound);
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
      binds_its_own_ |= binds_its_own(q_.literals[i], bound);
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
  bool binds_its_own_vars() const { return binds_its_own_; }

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
  bool doubtful_ = false, binds_its_own_ = false;
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

template <class Tree>
errors safety::check_tree(Tree& tree, errors (safety::*once)(Tree&)) {
  doubtful_ = expand_ = false;
  auto found = (this->*once)(tree);
  if (found.empty() && !expand_ && !always_)
    return {};
  if (is_unsafe(tree, arity_)) {
    doubtful_ |= expand_;
    return found;
  }
  auto same = evaluable(tree);
  if (auto left = (this->*once)(same); !left.empty())
    return found.empty() ? left : found;
  tree = std::move(same);
  doubtful_ = false;
  return {};
}

errors safety::check(rule& r) {
  return check_tree(r, &safety::check_clause);
}

errors safety::check(query& q) {
  return check_tree(q, &safety::check_body);
}

errors safety::check_body(query& q) {
  order(q, {});
  return std::exchange(found_, {});
}

errors safety::check_clause(rule& r) {
  var_set safe;
  for (auto& a : r.head.args)
    all_vars(a, safe);
  safe = order(r.body, safe);
  std::vector<term*> head;
  if (r.head.is_set)
    head.push_back(&r.head.key);
  if (r.head.ref.kind == term_kind::ref)
    for (size_t i = 1; i < r.head.ref.args.size(); ++i)
      head.push_back(&r.head.ref.args[i]);
  head.push_back(&r.head.value);
  settle(head, safe);
  return std::exchange(found_, {});
}

// A head may iterate: p contains xs[_].
void safety::settle(const std::vector<term*>& head, var_set& safe) {
  var_set bound;
  for (auto* t : head) {
    expr e;
    e.at = t->at;
    e.terms.push_back(*t);
    bound.merge(output_vars(e, safe, arity_));
  }
  expand_ |= binds_its_own({head.begin(), head.end()}, bound);
  safe.merge(bound);
  for (auto* t : head)
    need(*t, safe, t->at);
  for (auto* t : head)
    close(*t, safe);
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
  expand_ |= order.binds_its_own_vars();
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
  std::vector<term*> head;
  for (auto& a : t.args)
    head.push_back(&a);
  settle(head, inner);
}

} // namespace rego
