// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/vars.hpp"

#include <unordered_map>

#include "builtins/builtin.hpp"
#include "core/work.hpp"

namespace rego {

namespace {

bool is_closure(const term& t) {
  return t.kind == term_kind::array_compr || t.kind == term_kind::set_compr
         || t.kind == term_kind::object_compr;
}

// Walks a term; `plain` sees variables outside closures, `closed` those inside.
struct var_walker {
  var_set* plain = nullptr;
  var_set* closed = nullptr;

  static void add(var_set* to, const std::string& name) {
    if (to && !is_root(name))
      to->insert(name);
  }

  void walk(const term& t, bool inside) const {
    spend(2);
    if (t.kind == term_kind::var) {
      add(inside ? closed : plain, t.text);
      return;
    }
    if (t.kind == term_kind::call) {
      bool in = inside || t.is_call("print");
      for (size_t i = 1; i < t.args.size(); ++i)
        walk(t.args[i], in);
      return;
    }
    bool in = inside || is_closure(t) || t.kind == term_kind::template_string;
    for (auto& a : t.args)
      walk(a, in);
    if (t.body)
      walk(*t.body);
  }

  void walk(const query& q) const {
    for (auto& e : q.literals)
      walk(e, true);
  }

  void walk(const expr& e, bool inside) const {
    if (e.kind == expr_kind::every) {
      walk(e.terms.back(), inside);
      for (size_t i = 0; i + 1 < e.terms.size(); ++i)
        walk(e.terms[i], true);
    } else if (e.kind != expr_kind::some) {
      for (auto& t : e.terms)
        walk(t, inside);
    }
    if (e.body)
      walk(*e.body);
    for (auto& b : e.bodies)
      walk(*b);
    for (auto& w : e.withs) {
      if (!names_builtin(w.replacement))
        walk(w.replacement, inside);
      if (w.target.kind == term_kind::ref)
        for (size_t i = 1; i < w.target.args.size(); ++i)
          walk(w.target.args[i], inside);
    }
  }
};

// What one literal makes safe.
class outputs {
public:
  outputs(const var_set& safe, const arity_of& arity)
      : safe_(safe), arity_(arity) {}

  var_set of(const expr& e) {
    if (e.negated || !withs_safe(e))
      return {};
    switch (e.kind) {
    case expr_kind::term:
      literal(e.terms[0]);
      break;
    case expr_kind::some_in:
      refs(e.terms.back());
      for (size_t i = 0; i + 1 < e.terms.size(); ++i)
        refs(e.terms[i]);
      if (evaluable(e.terms.back()))
        for (size_t i = 0; i + 1 < e.terms.size(); ++i)
          bind(e.terms[i]);
      break;
    case expr_kind::every:
      refs(e.terms.back());
      break;
    default:
      break;
    }
    return out_;
  }

private:
  bool known(const std::string& v) const {
    return is_root(v)
           || ((safe_.count(v) || out_.count(v)) && !assigned_.count(v));
  }

  bool withs_safe(const expr& e) const {
    for (auto& w : e.withs) {
      if (names_builtin(w.replacement))
        continue;
      var_set need;
      vars_in(w.replacement, need);
      for (auto& v : need)
        if (!safe_.count(v))
          return false;
    }
    return true;
  }

  void literal(const term& t) {
    refs(t);
    if (t.is_call("eq") || t.is_call("assign")) {
      // An assignment binds its left side alone.
      if (t.is_call("assign"))
        vars_in(t.args[1], assigned_);
      for (size_t before = out_.size() + 1; before != out_.size();) {
        before = out_.size();
        unify(t.args[1], t.args[2]);
        refs(t);
      }
      return;
    }
    if (t.kind != term_kind::call || t.infix)
      return;
    int n = arity_(t.args[0]);
    if (n < 0 || t.args.size() != static_cast<size_t>(n) + 2)
      return;
    for (size_t i = 1; i + 1 < t.args.size(); ++i)
      if (!evaluable(t.args[i]))
        return;
    bind(t.args.back());
  }

  // References anywhere outside closures bind the variables in their paths.
  void refs(const term& t) {
    spend(8);
    if (is_closure(t) || t.kind == term_kind::template_string)
      return;
    if (t.kind == term_kind::ref) {
      auto& head = t.args[0];
      if (head.kind == term_kind::var && !known(head.text))
        return;
      if (head.kind != term_kind::var) {
        refs(head);
        if (!evaluable(head))
          return;
      }
      for (size_t i = 1; i < t.args.size(); ++i) {
        refs(t.args[i]);
        bind(t.args[i]);
      }
      return;
    }
    for (size_t i = t.kind == term_kind::call ? 1 : 0; i < t.args.size(); ++i)
      refs(t.args[i]);
  }

  // Can its value be computed with what is safe?
  bool evaluable(const term& t) const {
    spend(8);
    switch (t.kind) {
    case term_kind::var:
      return known(t.text);
    case term_kind::array_compr:
    case term_kind::set_compr:
    case term_kind::object_compr:
    case term_kind::template_string:
      return true;
    default:
      for (size_t i = t.kind == term_kind::call ? 1 : 0; i < t.args.size(); ++i)
        if (!evaluable(t.args[i]))
          return false;
      return true;
    }
  }

  // All variables of a pattern that meets a value.
  void bind(const term& t) {
    spend(16);
    if (t.kind == term_kind::var) {
      if (!is_root(t.text))
        out_.insert(t.text);
    } else if (t.kind == term_kind::array) {
      for (auto& a : t.args)
        bind(a);
    } else if (t.kind == term_kind::object) {
      for (size_t i = 1; i < t.args.size(); i += 2)
        bind(t.args[i]);
    }
  }

  // What may turn out to be an array or an object.
  static bool is_value_like(const term& t) {
    return t.kind == term_kind::var || t.kind == term_kind::ref
           || t.kind == term_kind::call || t.body
           || t.kind == term_kind::template_string;
  }

  void unify(const term& a, const term& b) {
    spend(16);
    if (a.kind == term_kind::array && b.kind == term_kind::array) {
      if (a.args.size() == b.args.size())
        for (size_t i = 0; i < a.args.size(); ++i)
          unify(a.args[i], b.args[i]);
      return;
    }
    if (a.kind == term_kind::object && b.kind == term_kind::object) {
      unify_objects(a, b);
      return;
    }
    if (is_value_like(a) && evaluable(a))
      bind(b);
    if (is_value_like(b) && evaluable(b))
      bind(a);
    if (a.kind == term_kind::var && evaluable(b))
      bind(a);
    if (b.kind == term_kind::var && evaluable(a))
      bind(b);
  }

  void unify_objects(const term& a, const term& b) {
    if (a.args.size() != b.args.size())
      return;
    for (auto& [x, y] : values_of_equal_keys(a, b))
      unify(*x, *y);
  }

  const var_set& safe_;
  const arity_of& arity_;
  var_set out_, assigned_;
};

} // namespace

bool names_builtin(const term& t) {
  return (t.is(term_kind::var) || t.is(term_kind::ref))
         && builtin_table::instance().find(callee_name(t));
}

void vars_in(const term& t, var_set& out) {
  var_walker{&out, nullptr}.walk(t, false);
}

void vars_in(const expr& e, var_set& out) {
  var_walker{&out, nullptr}.walk(e, false);
}

void closure_vars(const expr& e, var_set& out) {
  var_walker{nullptr, &out}.walk(e, false);
}

void all_vars(const query& q, var_set& out) {
  var_walker{&out, &out}.walk(q);
}

void all_vars(const expr& e, var_set& out) {
  var_walker{&out, &out}.walk(e, false);
}

void all_vars(const term& t, var_set& out) {
  var_walker{&out, &out}.walk(t, false);
}

void rename_vars(term& t, const std::string& from, const std::string& to) {
  spend();
  if (t.is(term_kind::var) && t.text == from)
    t.text = to;
  for (auto& a : t.args)
    rename_vars(a, from, to);
  if (!t.body)
    return;
  for (auto& e : t.body->literals)
    rename_vars(e, from, to);
}

void rename_vars(expr& e, const std::string& from, const std::string& to) {
  for (auto& t : e.terms)
    rename_vars(t, from, to);
  for (auto& w : e.withs) {
    rename_vars(w.target, from, to);
    rename_vars(w.replacement, from, to);
  }
  if (e.body)
    for (auto& x : e.body->literals)
      rename_vars(x, from, to);
  for (auto& b : e.bodies)
    for (auto& x : b->literals)
      rename_vars(x, from, to);
}

std::vector<std::pair<const term*, const term*>>
values_of_equal_keys(const term& a, const term& b) {
  std::unordered_map<std::string, std::vector<const term*>> known;
  for (size_t j = 0; j + 1 < b.args.size(); j += 2)
    known[term_text(b.args[j])].push_back(&b.args[j + 1]);
  std::vector<std::pair<const term*, const term*>> out;
  for (size_t i = 0; i + 1 < a.args.size(); i += 2)
    if (auto at = known.find(term_text(a.args[i])); at != known.end())
      for (auto* value : at->second) {
        spend(16);
        out.emplace_back(&a.args[i + 1], value);
      }
  return out;
}

var_set output_vars(const expr& e, const var_set& safe, const arity_of& arity) {
  auto out = outputs(safe, arity).of(e);
  for (auto at = out.begin(); at != out.end();)
    at = safe.count(*at) ? out.erase(at) : std::next(at);
  return out;
}

} // namespace rego
