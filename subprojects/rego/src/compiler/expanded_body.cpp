// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/expanded_body.hpp"

#include <algorithm>

#include "compiler/bound_vars.hpp"

namespace rego {

namespace {

constexpr auto made_up_prefix = "$made";

bool is_evaluated(const term& t) {
  spend();
  return t.is(term_kind::ref) || is_root(t) || t.body
         || std::any_of(t.args.begin(), t.args.end(), is_evaluated);
}

bool names_variables(const term& t) {
  var_set vars;
  vars_in(t, vars);
  return !vars.empty();
}

bool is_equation(const term& call) {
  return call.is_call("eq") || call.is_call("assign") || call.is_call("equal");
}

// What the expansion is made for.
enum class made_for { errors, evaluation };

class expander {
public:
  explicit expander(made_for use) : use_(use) {}

  query body(const query& q) {
    query out;
    out.braces = q.braces;
    for (auto& e : q.literals)
      literal(e, out.literals);
    return out;
  }

  // What stands for the term when `support` holds.
  term value(term t, std::vector<expr>& support) {
    spend();
    switch (t.kind) {
    case term_kind::call:
      return call(std::move(t), support);
    case term_kind::template_string:
      return tells() ? call(template_call(std::move(t)), support)
                     : in_place(std::move(t));
    case term_kind::array_compr:
    case term_kind::set_compr:
    case term_kind::object_compr:
      closure(t);
      return t;
    default:
      for (auto& a : t.args)
        a = t.is(term_kind::ref) ? value(std::move(a), support)
                                 : part(std::move(a), support);
    }
    if (t.is(term_kind::ref) && !t.args[0].is(term_kind::var)
        && !t.args[0].is(term_kind::ref))
      t.args[0] = named(std::move(t.args[0]), support);
    return t;
  }

  // The same where a variable has to hold what is evaluated.
  term evaluated(term t, std::vector<expr>& support) {
    t = value(std::move(t), support);
    return is_evaluated(t) ? named(std::move(t), support) : t;
  }

  term named(term t, std::vector<expr>& support) {
    auto x = fresh(t.at);
    expr e;
    e.at = t.at;
    e.terms.push_back(call_of("eq", {x, std::move(t)}, e.at));
    support.push_back(std::move(e));
    return x;
  }

private:
  bool tells() const { return use_ == made_for::errors; }

  std::string fresh_name() { return made_up_prefix + std::to_string(next_++); }

  term fresh(const location& at) {
    term x;
    x.kind = term_kind::var;
    x.text = fresh_name();
    x.at = at;
    return x;
  }

  term call(term t, std::vector<expr>& support) {
    operands(t, support);
    if (!tells())
      return named(std::move(t), support);
    auto x = fresh(t.at);
    t.args.push_back(x);
    expr e;
    e.at = t.at;
    e.terms.push_back(std::move(t));
    support.push_back(std::move(e));
    return x;
  }

  void operands(term& call, std::vector<expr>& support) {
    for (size_t i = 1; i < call.args.size(); ++i)
      call.args[i] = is_equation(call) ? value(std::move(call.args[i]), support)
                                       : part(std::move(call.args[i]), support);
  }

  // Of a call or a composite: a reference binds variables for the others too.
  term part(term t, std::vector<expr>& support) {
    t = value(std::move(t), support);
    bool binds = !tells() && t.is(term_kind::ref) && names_variables(t);
    return binds ? named(std::move(t), support) : t;
  }

  // The term itself, with what is closed within it expanded.
  term in_place(term t) {
    if (t.body)
      closure(t);
    else
      for (auto& a : t.args)
        a = in_place(std::move(a));
    return t;
  }

  void closure(term& t) {
    auto inner = body(*t.body);
    for (auto& a : t.args)
      a = evaluated(std::move(a), inner.literals);
    t.body = std::make_shared<query>(std::move(inner));
  }

  // $"{x}{f(y)}" is internal.template_string([{x}, {v | v = f(y)}]).
  term template_call(term t) {
    term list;
    list.kind = term_kind::array;
    list.at = t.at;
    for (auto& part : t.args)
      list.args.push_back(part.paren ? template_part(std::move(part))
                                     : std::move(part));
    return call_of("internal.template_string", {std::move(list)}, t.at);
  }

  term template_part(term part) {
    if (part.is(term_kind::set_compr) && part.infix)
      return part; // has `with`, and hence is one already
    if (part.is(term_kind::call))
      part.at = {}; // calls in templates lose their place in OPA
    return part.is(term_kind::var) ? collected(term_kind::set, std::move(part))
                                   : captured(std::move(part));
  }

  // print(x) is internal.print([{v | v = x}]).
  term print_call(term t) {
    term list;
    list.kind = term_kind::array;
    list.at = t.at;
    for (size_t i = 1; i < t.args.size(); ++i)
      list.args.push_back(captured(std::move(t.args[i])));
    return call_of("internal.print", {std::move(list)}, t.at);
  }

  term captured(term t) {
    auto body = std::make_shared<query>();
    auto out =
        collected(term_kind::set_compr, named(std::move(t), body->literals));
    out.body = std::move(body);
    return out;
  }

  static term collected(term_kind kind, term t) {
    term out;
    out.kind = kind;
    out.at = t.at;
    out.args.push_back(std::move(t));
    return out;
  }

  void literal(const expr& e, std::vector<expr>& out) {
    if (e.kind == expr_kind::some)
      return tells() ? void() : out.push_back(e);
    if (e.kind == expr_kind::some_in)
      return literal(as_equation(e, fresh_name()), out);
    expr x = e;
    std::vector<expr> support;
    for (auto& w : x.withs)
      w.replacement = replacement(std::move(w.replacement), out);
    if (e.kind == expr_kind::term && e.whole && e.negated)
      x = without_braces(std::move(x));
    if (x.kind == expr_kind::term)
      terms(x, support);
    else
      bodies(x, support);
    for (auto& s : support)
      s.withs = x.withs;
    std::move(support.begin(), support.end(), std::back_inserter(out));
    out.push_back(std::move(x));
  }

  term replacement(term t, std::vector<expr>& out) {
    return names_builtin(t) || !names_variables(t)
               ? t
               : evaluated(std::move(t), out);
  }

  void terms(expr& x, std::vector<expr>& support) {
    if (x.terms[0].is_call("print")) {
      x.terms[0] = tells() ? print_call(std::move(x.terms[0]))
                           : in_place(std::move(x.terms[0]));
    }
    if (x.terms[0].is(term_kind::call))
      operands(x.terms[0], support);
    else
      x.terms[0] = value(std::move(x.terms[0]), support);
  }

  void bodies(expr& x, std::vector<expr>& support) {
    if (x.kind == expr_kind::every) {
      auto domain = value(std::move(x.terms.back()), support);
      x.terms.back() = named(std::move(domain), support);
    }
    if (x.body)
      x.body = std::make_shared<query>(body(*x.body));
    for (auto& b : x.bodies)
      b = std::make_shared<query>(body(*b));
  }

  // `not x` of future.keywords.not: a body of its own.
  static expr without_braces(expr x) {
    expr out;
    out.kind = expr_kind::not_body;
    out.negated = true;
    out.at = x.at;
    out.text = std::move(x.text);
    out.withs = std::move(x.withs);
    x.text.clear();
    x.negated = false;
    x.withs.clear();
    out.body = std::make_shared<query>();
    out.body->literals.push_back(std::move(x));
    return out;
  }

  made_for use_;
  int next_ = 0;
};

expanded_rule expanded_for(made_for use, const rule& clause) {
  expander x(use);
  expanded_rule out;
  std::vector<expr> path_support;
  std::vector<term> path;
  auto& ref = clause.head.ref;
  if (ref.is(term_kind::ref))
    path.assign(ref.args.begin() + 1, ref.args.end());
  out.body = x.body(clause.body);
  for (auto& p : path)
    if (!is_scalar(p) && !p.is(term_kind::var))
      p = x.named(x.value(std::move(p), path_support), path_support);
  std::move(path_support.begin(), path_support.end(),
            std::back_inserter(out.body.literals));
  if (clause.head.is_set)
    out.parts.push_back(x.evaluated(clause.head.key, out.body.literals));
  out.parts.push_back(x.evaluated(clause.head.value, out.body.literals));
  std::move(path.begin(), path.end(), std::back_inserter(out.parts));
  return out;
}

} // namespace

bool is_made_up(const std::string& var) {
  return var.starts_with(made_up_prefix) || var.starts_with("$arg");
}

expanded_rule expanded(const rule& clause) {
  return expanded_for(made_for::errors, clause);
}

query expanded(const query& q) {
  return expander(made_for::errors).body(q);
}

rule evaluable(rule clause) {
  auto [parts, body] = expanded_for(made_for::evaluation, clause);
  auto part = parts.begin();
  auto& head = clause.head;
  if (head.is_set)
    head.key = std::move(*part++);
  head.value = std::move(*part++);
  if (head.ref.is(term_kind::ref))
    std::move(part, parts.end(), head.ref.args.begin() + 1);
  clause.body = std::move(body);
  return clause;
}

query evaluable(const query& q) {
  return expander(made_for::evaluation).body(q);
}

} // namespace rego
