// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/captures.hpp"

#include <algorithm>
#include <unordered_set>

#include "builtins/builtin.hpp"
#include "compiler/bound_vars.hpp"
#include "compiler/unsafe_vars.hpp"
#include "core/work.hpp"

namespace rego {

namespace {

// Those of `of` that are not safe, one error each at the place.
void tell_undeclared(const var_set& of, const var_set& safe,
                     const std::string& file, const location& at, errors& out) {
  for (auto& v : of)
    if (!safe.count(v))
      out.push_back({"rego_compile_error",
                     "var " + written_name(v) + " is undeclared", file, at.row,
                     at.col});
}

class template_check {
public:
  template_check(std::string file, const arity_of& arity)
      : file_(std::move(file)), arity_(arity) {}

  void check(const rule& r) {
    var_set safe;
    for (auto& a : r.head.args)
      seen_vars(a, {}, safe);
    safe = body(r.body, std::move(safe));
    if (r.head.ref.is(term_kind::ref))
      for (size_t i = 1; i < r.head.ref.args.size(); ++i)
        walk(r.head.ref.args[i], safe);
    for (auto& a : r.head.args)
      walk(a, safe);
    if (r.head.is_set)
      walk(r.head.key, safe);
    walk(r.head.value, safe);
  }

  // Returns what is safe behind the body.
  var_set body(const query& q, var_set safe) {
    for (auto& e : q.literals)
      safe.merge(bound_by(e, safe, arity_));
    for (auto& e : q.literals)
      walk(e, safe);
    return safe;
  }

  errors out;

private:
  // Where errors double with each closure around them, so many are enough.
  static constexpr size_t told_max = 100;

  void walk(const expr& e, const var_set& safe) {
    if (out.size() >= told_max)
      return;
    if (e.kind == expr_kind::every) {
      part(e.terms.back(), safe);
      auto inner = safe_within(e, safe);
      for (size_t i = 0; i + 1 < e.terms.size(); ++i)
        seen_vars(e.terms[i], {}, inner);
      auto before = out.size();
      body(*e.body, std::move(inner));
      walk(e.terms.back(), safe);
      if (out.size() > before)
        again(*e.body, safe);
      return;
    }
    for (auto& t : e.terms)
      walk(t, safe);
    if (e.body)
      again(*e.body, safe);
    for (auto& b : e.bodies)
      again(*b, safe);
    for (auto& w : e.withs)
      walk(w.replacement, safe);
  }

  void again(const query& q, const var_set& safe) {
    for (auto& e : q.literals)
      walk(e, safe);
  }

  void walk(const term& t, const var_set& safe) {
    spend();
    if (out.size() >= told_max)
      return;
    if (t.is(term_kind::template_string))
      part(t, safe);
    else if (t.body)
      closure(t, safe);
    else
      for (auto& a : t.args)
        walk(a, safe);
  }

  void closure(const term& t, const var_set& safe) {
    auto before = out.size();
    auto inner = body(*t.body, safe_within(t, safe));
    for (auto& a : t.args)
      part(a, inner);
    for (auto& a : t.args)
      walk(a, safe);
    if (out.size() > before)
      again(*t.body, safe);
  }

  // A template once it is right, with what its parts hold.
  void part(const term& t, const var_set& safe) {
    if (!t.is(term_kind::template_string))
      return;
    auto before = out.size();
    if (!done_.count(&t))
      for (auto& p : t.args)
        if (p.paren)
          expression(captured(p), safe);
    bool right = out.size() == before;
    if (right)
      done_.insert(&t);
    for (auto& p : t.args)
      held(p, safe, right);
  }

  // In a part that is a closure by now OPA looks for templates twice.
  void held(const term& p, const var_set& safe, bool is_closure) {
    auto& x = captured(p);
    auto before = out.size();
    walk(x, safe);
    if (is_closure && out.size() > before && !x.is(term_kind::var))
      walk(x, safe);
  }

  // {v | v = x with ...} is a part that was written with `with`.
  static const term& captured(const term& p) {
    return p.is(term_kind::set_compr) && p.infix
               ? p.body->literals[0].terms[0].args[2]
               : p;
  }

  void expression(const term& x, const var_set& safe) {
    if (x.is(term_kind::var))
      return;
    bool call = x.is(term_kind::call);
    auto* b =
        call ? builtin_table::instance().find(callee_name(x.args[0])) : nullptr;
    if (b && b->relation) {
      out.push_back({"rego_compile_error",
                     "illegal call to relation built-in '" + b->name
                         + "' that may cause multiple outputs",
                     file_, 0, 0});
      return;
    }
    var_set vars;
    seen_vars(x, unseen_outside, vars);
    // Calls in templates lose their place in OPA.
    tell_undeclared(vars, safe, file_, call ? location{} : x.at, out);
  }

  std::string file_;
  const arity_of& arity_;
  std::unordered_set<const term*> done_;
};

class print_check {
public:
  print_check(std::string file, const arity_of& arity)
      : file_(std::move(file)), arity_(arity) {}

  // Literal by literal: print() shows what stands before it.
  bool body(const query& q, const var_set& around) {
    auto safe = around;
    for (auto& e : q.literals) {
      if (!closures(e, safe))
        return false;
      safe.merge(bound_by(e, safe, arity_));
    }
    safe = around;
    var_set shown;
    for (auto& e : q.literals) {
      if (e.kind == expr_kind::term && e.terms[0].is_call("print")
          && !operands(e.terms[0], safe, shown))
        return false;
      safe.merge(bound_by(e, safe, arity_));
      seen_vars(e, {}, shown);
    }
    return true;
  }

  bool check(const rule& r) {
    var_set args;
    for (auto& a : r.head.args)
      seen_vars(a, {}, args);
    bool right = closures(r.head.value, args)
                 && (!r.head.is_set || closures(r.head.key, args));
    return body(r.body, args) && right;
  }

  errors out;

private:
  bool closures(const expr& e, const var_set& safe) {
    bool right = true;
    for (auto& t : e.terms)
      right &= closures(t, safe);
    if (e.body) {
      auto inner = safe_within(*e.body, safe);
      for (size_t i = 0; i + 1 < e.terms.size(); ++i)
        seen_vars(e.terms[i], {}, inner);
      right &= body(*e.body, inner);
    }
    for (auto& b : e.bodies)
      right &= body(*b, safe_within(*b, safe));
    for (auto& w : e.withs)
      right &= closures(w.replacement, safe);
    return right;
  }

  bool closures(const term& t, const var_set& safe) {
    spend();
    if (t.body)
      return body(*t.body, safe_within(t, safe));
    bool right = true;
    for (auto& a : t.args)
      right &= closures(a, safe);
    return right;
  }

  // A local that was declared may be shown where any literal names it before.
  bool operands(const term& call, const var_set& safe, const var_set& shown) {
    auto before = out.size();
    for (size_t i = 1; i < call.args.size(); ++i) {
      var_set vars;
      needed(call.args[i], vars);
      std::erase_if(vars, [&](auto& v) {
        return v.find('#') != v.npos && shown.count(v) > 0;
      });
      tell_undeclared(vars, safe, file_, call.args[i].at, out);
    }
    return out.size() == before;
  }

  // Of templates the variables that are parts of their own.
  static void needed(const term& t, var_set& out) {
    if (t.is(term_kind::template_string)) {
      for (auto& p : t.args)
        if (p.paren && p.is(term_kind::var))
          out.insert(p.text);
      return;
    }
    if (t.body)
      return;
    if (t.is(term_kind::var))
      seen_vars(t, unseen_outside, out);
    for (size_t i = t.is(term_kind::call) ? 1 : 0; i < t.args.size(); ++i)
      needed(t.args[i], out);
  }

  std::string file_;
  const arity_of& arity_;
};

} // namespace

bool may_capture(std::string_view source) {
  for (std::string_view mark : {"$\"", "$`", "print"})
    if (source.find(mark) != source.npos)
      return true;
  return false;
}

errors check_templates(const module& m, const arity_of& arity) {
  template_check c(m.file, arity);
  for (auto& r : m.rules)
    for (auto* x = &r; x; x = x->otherwise.get())
      c.check(*x);
  return in_order(std::move(c.out));
}

errors check_prints(const module& m, const arity_of& arity) {
  print_check c(m.file, arity);
  for (auto& r : m.rules)
    for (auto* x = &r; x; x = x->otherwise.get())
      c.check(*x);
  return in_order(std::move(c.out));
}

errors check_captures(const query& q, std::string_view text,
                      const arity_of& arity, errors later) {
  bool any = may_capture(text);
  if (any) {
    template_check c("", arity);
    c.body(q, {});
    if (!c.out.empty())
      return in_order(std::move(c.out));
  }
  if (!later.empty() || !any)
    return later;
  print_check c("", arity);
  c.body(q, {});
  return in_order(std::move(c.out));
}

} // namespace rego
