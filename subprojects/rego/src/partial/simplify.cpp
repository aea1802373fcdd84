// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "partial/simplify.hpp"

#include <algorithm>

#include "builtins/builtin.hpp"
#include "compiler/vars.hpp"
#include "partial/source_text.hpp"
#include "partial/tree_walk.hpp"

namespace rego {

namespace {

bool names_builtin(const term& t) {
  return t.kind == term_kind::ref
         && builtin_table::instance().find(ref_text(t)) != nullptr;
}

template <class Change>
void change_terms(expr& e, const Change& change);

template <class Change>
void change_terms(query& q, const Change& change) {
  for (auto& e : q.literals)
    change_terms(e, change);
}

// A body of its own, as trees are copied with their bodies shared.
void unshare(std::shared_ptr<query>& q) {
  if (q)
    q = std::make_shared<query>(*q);
}

// What a call calls is a name with all its parts: the `regex` of regex.match is
// no variable.
template <class Change>
void change_terms(term& t, const Change& change, bool callee = false) {
  change(t, callee);
  for (size_t i = 0; i < t.args.size(); ++i)
    change_terms(t.args[i], change,
                 i == 0 && (callee || t.kind == term_kind::call));
  unshare(t.body);
  if (t.body)
    change_terms(*t.body, change);
}

template <class Change>
void change_terms(expr& e, const Change& change) {
  for (auto& t : e.terms)
    change_terms(t, change);
  unshare(e.body);
  if (e.body)
    change_terms(*e.body, change);
  for (auto& b : e.bodies) {
    unshare(b);
    change_terms(*b, change);
  }
  for (auto& w : e.withs) {
    change_terms(w.target, change, true);
    change_terms(w.replacement, change, names_builtin(w.replacement));
  }
}

void rename(term& t, bool callee, const std::string& suffix) {
  if (!callee && t.kind == term_kind::var && !is_root(t.text))
    t.text += suffix;
}

bool is_true(const term& t) {
  return t.kind == term_kind::boolean && t.truth;
}

} // namespace

void substitute(term& t, const binding_set& values) {
  change_terms(t, [&](term& x, bool callee) {
    if (callee || x.kind != term_kind::var)
      return;
    auto at = values.find(x.text);
    if (at != values.end())
      x = at->second;
  });
}

void substitute(expr& e, const binding_set& values) {
  change_terms(e, [&](term& x, bool callee) {
    if (callee || x.kind != term_kind::var)
      return;
    auto at = values.find(x.text);
    if (at != values.end())
      x = at->second;
  });
}

// Rules whose clauses can be written one by one under another name.
bool simplifier::specialisable(const rule_tree_node& n) {
  return n.children.empty()
         && std::all_of(n.rules.begin(), n.rules.end(), [](auto& e) {
              return !e.r->otherwise && !e.r->head.is_function;
            });
}

std::vector<residual_body>
simplifier::simplify(const std::vector<expr>& body,
                     const std::set<std::string>& named) {
  named_ = named;
  bodies_ = 1;
  way first;
  first.rest.assign(body.rbegin(), body.rend());
  std::vector<way> ways{std::move(first)};
  std::vector<residual_body> out;
  while (!ways.empty()) {
    auto w = std::move(ways.back());
    ways.pop_back();
    if (w.rest.empty()) {
      out.push_back({std::move(w.kept), std::move(w.values)});
      continue;
    }
    std::vector<way> next;
    step(std::move(w), next);
    ways.insert(ways.end(), std::make_move_iterator(next.rbegin()),
                std::make_move_iterator(next.rend()));
  }
  return out;
}

void simplifier::step(way w, std::vector<way>& next) {
  left_.spend(budget::step);
  auto e = std::move(w.rest.back());
  w.rest.pop_back();
  substitute(e, w.values);
  if (e.kind == expr_kind::some) {
    next.push_back(std::move(w));
    return;
  }
  if (inlined(w, e, next) || solved(w, e, next))
    return;
  keep(w, std::move(e));
  next.push_back(std::move(w));
}

// The rule that a literal asks of nothing but whether it holds.
const rule_tree_node* simplifier::condition(const expr& e) const {
  if (e.negated || !e.withs.empty() || e.kind != expr_kind::term)
    return nullptr;
  const term* t = &e.terms[0];
  if ((t->is_call("eq") || t->is_call("equal")) && t->args.size() == 3) {
    if (is_true(t->args[2]))
      t = &t->args[1];
    else if (is_true(t->args[1]))
      t = &t->args[2];
  }
  if (t->kind != term_kind::ref || t->args[0].text != "data" || is_apart(*t))
    return nullptr;
  const auto* n = &tree_.root();
  for (size_t i = 1; n && i < t->args.size(); ++i)
    n = rule_tree::child(*n, t->args[i]);
  if (!n || n->rules.empty() || !n->children.empty())
    return nullptr;
  for (auto& x : n->rules)
    if (x.r->is_default || x.r->otherwise || x.r->head.is_function
        || x.r->head.is_set || !x.suffix.empty() || !is_true(x.r->head.value))
      return nullptr;
  return n;
}

// At or below one of the references that are not to be inlined.
bool simplifier::is_apart(const term& ref) const {
  return std::any_of(apart_.begin(), apart_.end(), [&](const term& a) {
    size_t i = 1;
    while (i < a.args.size() && i < ref.args.size()
           && a.args[i].kind == ref.args[i].kind
           && a.args[i].text == ref.args[i].text)
      ++i;
    return i == a.args.size();
  });
}

std::vector<expr> simplifier::renamed_body(const rule& r) {
  auto out = r.body.literals;
  auto suffix = "#i" + std::to_string(++copies_);
  for (auto& e : out)
    change_terms(e, [&](term& t, bool callee) { rename(t, callee, suffix); });
  return out;
}

bool simplifier::inlined(const way& w, const expr& e, std::vector<way>& next) {
  auto* n = condition(e);
  if (!n || !depends_.depends(*n)
      || bodies_ + n->rules.size() > options_.bodies_max)
    return false;
  bodies_ += n->rules.size();
  for (auto& x : n->rules) {
    auto copy = w;
    auto body = renamed_body(*x.r);
    copy.rest.insert(copy.rest.end(), std::make_move_iterator(body.rbegin()),
                     std::make_move_iterator(body.rend()));
    next.push_back(std::move(copy));
  }
  return true;
}

bool simplifier::solved(const way& w, const expr& e, std::vector<way>& next) {
  if (!e.withs.empty() || depends_.depends(e))
    return false;
  var_set all;
  query whole;
  whole.literals.push_back(e);
  all_vars(whole, all);
  for (auto& v : all)
    if (w.open.count(v))
      return false;
  var_set outputs;
  if (!e.negated)
    vars_in(e, outputs);
  std::vector<std::string> variables;
  for (auto& v : outputs)
    if (v[0] != '$')
      variables.push_back(v);
  auto room = options_.bodies_max - std::min(bodies_, options_.bodies_max) + 1;
  std::optional<std::vector<binding_set>> solutions;
  try {
    solutions = known_.solve(e, variables, room);
  } catch (const no_source_text&) {
    return false;
  }
  if (!solutions)
    return false;
  if (solutions->size() > 1)
    bodies_ += solutions->size() - 1;
  for (auto& s : *solutions) {
    auto copy = w;
    for (auto& [name, v] : s) {
      if (named_.count(name)) {
        expr given;
        term call, eq, var;
        eq.kind = var.kind = term_kind::var;
        eq.text = "eq";
        var.text = name;
        call.kind = term_kind::call;
        call.args = {eq, var, v};
        given.terms.push_back(call);
        copy.kept.push_back(std::move(given));
      }
      copy.values[name] = v;
    }
    next.push_back(std::move(copy));
  }
  return true;
}

// Kept: known parts become values, rules are found in the residual.
void simplifier::keep(way& w, expr e) {
  var_set bound;
  vars_in(e, bound);
  for (auto& v : bound)
    w.open.insert(v);
  if (!e.withs.empty())
    need_whole(e);
  else
    fold(e);
  w.kept.push_back(std::move(e));
}

// Under `with` a rule may have another value: nothing known is of use.
void simplifier::need_whole(const expr& e) {
  walk_tree(e, [&](const term& t, bool) {
    if (t.kind == term_kind::ref)
      for (auto* n : rules_meant(tree_, t))
        needed.whole.insert(n);
    return true;
  });
}

void simplifier::fold(expr& e) {
  for (auto& t : e.terms)
    fold(t, false);
  fold(e.body);
  for (auto& b : e.bodies)
    for (auto& x : b->literals)
      need_whole(x);
}

void simplifier::fold(term& t, bool callee) {
  bool ref = t.kind == term_kind::ref && t.args[0].kind == term_kind::var;
  bool data = ref && t.args[0].text == "data";
  if (callee) {
    if (data)
      for (auto* n : rules_meant(tree_, t))
        needed.whole.insert(n);
    return;
  }
  var_set vars;
  all_vars(t, vars);
  bool computed = t.kind == term_kind::ref || t.kind == term_kind::call;
  if (computed && vars.empty() && !depends_.depends(t))
    if (auto v = known_.evaluate(t)) {
      t = std::move(*v);
      return;
    }
  if (t.kind == term_kind::template_string)
    throw no_source_text{"a string template"};
  if (data)
    direct(t);
  for (size_t i = 0; i < t.args.size(); ++i)
    if (!(i == 0 && ref))
      fold(t.args[i], i == 0 && t.kind == term_kind::call);
  fold(t.body);
}

void simplifier::fold(std::shared_ptr<query>& body) {
  unshare(body);
  if (!body)
    return;
  for (auto& x : body->literals) {
    if (x.withs.empty())
      fold(x);
    else
      need_whole(x);
  }
}

// Where a reference to rules finds them in the residual.
void simplifier::direct(term& ref) {
  auto meant = rules_meant(tree_, ref);
  auto* n = meant.size() == 1 ? meant[0] : nullptr;
  size_t depth = 0;
  for (auto* x = n; x && x->parent; x = x->parent)
    ++depth;
  bool through = n && depth < ref.args.size()
                 && std::all_of(ref.args.begin() + 1,
                                ref.args.begin() + 1 + static_cast<long>(depth),
                                is_scalar);
  if (through && depends_.depends(*n) && specialisable(*n)) {
    needed.specialised.insert(n);
    term partial;
    partial.kind = term_kind::string;
    partial.text = "partial";
    ref.args.insert(ref.args.begin() + 1, std::move(partial));
    return;
  }
  needed.whole.insert(meant.begin(), meant.end());
}

term simplifier::finish(const term& t, const binding_set& values) {
  auto out = t;
  substitute(out, values);
  fold(out, false);
  return out;
}

} // namespace rego
