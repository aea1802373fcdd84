// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Bodies, literals and what stands within terms.

#include <utility>

#include "compiler/types/checker.hpp"
#include "core/work.hpp"

namespace rego::types {

void checker::check(const query& q) {
  for (auto& e : q.literals)
    check(e);
}

void checker::check(const expr& e) {
  for (auto& w : e.withs)
    check_with(w);
  switch (e.kind) {
  case expr_kind::term:
    return check_statement(e.terms[0], e.at);
  case expr_kind::some:
    return;
  case expr_kind::some_in:
    return check_some_in(e);
  case expr_kind::every:
    check(e.terms.back());
    return check_references(*e.body);
  case expr_kind::not_body:
    return check_references(*e.body);
  case expr_kind::all_of:
  case expr_kind::any_of:
    for (auto& b : e.bodies)
      check_references(*b);
  }
}

void checker::check_statement(const term& t, const location& at) {
  // What print is given may be anything, or wrong.
  if (t.is_call("print"))
    return;
  if (!t.is(term_kind::call))
    return check(t);
  for (size_t i = 1; i < t.args.size(); ++i)
    check(t.args[i]);
  if (references_only_)
    return;
  bool equation = t.is_call("eq") || t.is_call("assign") || t.is_call("equal");
  if (equation && t.args.size() == 3)
    equate(t.args[1], t.args[2], type_of(t.args[2]), at);
  else
    check_call(t, at, false);
}

// `some k, v in xs` is `v = xs[k]`.
void checker::check_some_in(const expr& e) {
  static const term wildcard = [] {
    term t;
    t.kind = term_kind::var;
    t.text = "$";
    return t;
  }();
  for (size_t i = 0; i + 1 < e.terms.size(); ++i)
    check(e.terms[i]);
  auto& collection = e.terms.back();
  path ref{&collection};
  if (collection.is(term_kind::ref)) {
    ref.clear();
    for (auto& a : collection.args) {
      check(a);
      ref.push_back(&a);
    }
  } else {
    check(collection);
  }
  auto two = e.terms.size() == 3;
  ref.push_back(two ? &e.terms[0] : &wildcard);
  auto element = check_ref(ref);
  vars_.set(wildcard.text, nullptr);
  if (element && !references_only_)
    equate(e.terms[two ? 1 : 0], collection, element, e.at);
}

void checker::check_references(const query& q) {
  auto outer = references_only_;
  auto mark = vars_.mark();
  references_only_ = true;
  check(q);
  references_only_ = outer;
  vars_.forget(mark);
}

void checker::check(const term& t) {
  spend(4);
  switch (t.kind) {
  case term_kind::ref: {
    path ref;
    for (auto& a : t.args) {
      check(a);
      ref.push_back(&a);
    }
    found_[&t] = check_ref(ref);
    return;
  }
  case term_kind::call:
    for (size_t i = 1; i < t.args.size(); ++i)
      check(t.args[i]);
    found_[&t] = references_only_ ? nullptr : check_call(t, t.at, true);
    return;
  case term_kind::array_compr:
  case term_kind::set_compr:
  case term_kind::object_compr:
    return check_closure(t);
  case term_kind::template_string:
    return check_template(t);
  default:
    for (auto& a : t.args)
      check(a);
  }
}

void checker::check_closure(const term& t) {
  auto outer = std::exchange(references_only_, false);
  auto mark = vars_.mark();
  auto before = out_.size();
  check(*t.body);
  for (auto& a : t.args)
    check(a);
  type whole;
  auto part = [&](size_t i) {
    auto found = type_of(t.args[i]);
    return found ? found : any();
  };
  if (out_.size() > before)
    whole = nullptr;
  else if (t.is(term_kind::array_compr))
    whole = array_of({}, part(0));
  else if (t.is(term_kind::set_compr))
    whole = set_of(part(0));
  else
    whole = object_of({}, part(0), part(1));
  found_[&t] = whole;
  vars_.forget(mark);
  references_only_ = outer;
}

// Each expression is looked at on its own, as in a closure.
void checker::check_template(const term& t) {
  auto outer = std::exchange(references_only_, false);
  auto mark = vars_.mark();
  for (auto& a : t.args)
    check(a);
  found_[&t] = scalar(type_kind::string);
  vars_.forget(mark);
  references_only_ = outer;
}

} // namespace rego::types
