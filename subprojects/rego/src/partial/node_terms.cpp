// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Nodes as syntax trees again.

#include "builtins/builtin.hpp"
#include "core/walk_watch.hpp"
#include "partial/node.hpp"
#include "partial/node_memory.hpp"
#include "partial/propagate.hpp"
#include "partial/source_text.hpp"

namespace rego::partial {

namespace {

term_kind kind_of(node_kind k) {
  switch (k) {
  case node_kind::ref:
    return term_kind::ref;
  case node_kind::call:
    return term_kind::call;
  case node_kind::array:
    return term_kind::array;
  case node_kind::set:
    return term_kind::set;
  case node_kind::object:
    return term_kind::object;
  case node_kind::array_closure:
    return term_kind::array_compr;
  case node_kind::set_closure:
    return term_kind::set_compr;
  case node_kind::object_closure:
    return term_kind::object_compr;
  default:
    return term_kind::var;
  }
}

// A body under `not` is written as one literal.
literal folded(arena& memory, const literal& l) {
  auto arity = [](const term& callee) {
    auto* b = builtin_table::instance().find(callee_name(callee));
    return b && !b->variadic ? b->arity : -1;
  };
  names live;
  for (auto& t : l.terms)
    vars_of(*t, true, live);
  auto body = propagate(memory, *l.body, live, arity, true);
  if (body.size() != 1 || body[0].negated
      || body[0].kind == literal_kind::negation
      || (l.body->size() > 1 && has_nested(body[0])))
    throw no_source_text{"`not` before several literals"};
  auto out = body[0];
  out.negated = true;
  out.withs.insert(out.withs.end(), l.withs.begin(), l.withs.end());
  return out;
}

// With the bodies of closures, or with empty ones.
enum class bodies : uint8_t { whole, empty };

term term_with(const node& n, bodies b) {
  watch_walk(1);
  node_memory::made(sizeof(term));
  if (n.is(node_kind::constant))
    return term_of(n.constant);
  if (n.is(node_kind::name))
    return term_with(*n.parts[0], b);
  term t;
  t.kind = kind_of(n.kind);
  t.text = n.name;
  for (auto& p : n.parts)
    t.args.push_back(term_with(*p, b));
  if (n.is(node_kind::ref) && n.parts.size() == 1 && is_var(*n.parts[0]))
    return t.args[0];
  if (n.body)
    t.body = std::make_shared<query>(b == bodies::whole ? to_query(*n.body)
                                                        : query());
  return t;
}

expr expr_with(const literal& l, bodies b) {
  expr e;
  e.negated = l.negated;
  if (l.kind == literal_kind::every) {
    e.kind = expr_kind::every;
    for (auto& t : l.terms)
      e.terms.push_back(term_with(*t, b));
    if (b == bodies::whole)
      e.body = std::make_shared<query>(to_query(*l.body));
  } else if (l.kind == literal_kind::term) {
    e.terms.push_back(term_with(*l.terms[0], b));
  } else {
    term call;
    call.kind = term_kind::call;
    if (l.kind == literal_kind::equation) {
      term eq;
      eq.kind = term_kind::var;
      eq.text = "eq";
      call.args.push_back(std::move(eq));
    }
    for (auto& t : l.terms)
      call.args.push_back(term_with(*t, b));
    e.terms.push_back(std::move(call));
  }
  for (auto& w : l.withs)
    e.withs.push_back({term_with(*w.target, b), term_with(*w.with, b), {}, {}});
  return e;
}

} // namespace

term to_term(const node& n) {
  node_memory::passing made;
  return term_with(n, bodies::whole);
}

expr to_expr(const literal& l) {
  node_memory::passing made;
  if (l.kind != literal_kind::negation)
    return expr_with(l, bodies::whole);
  arena memory;
  return to_expr(folded(memory, l));
}

expr without_bodies(const literal& l) {
  node_memory::passing made;
  return expr_with(l, bodies::empty);
}

query to_query(const literals& l) {
  node_memory::passing made;
  query q;
  for (auto& x : l)
    q.literals.push_back(to_expr(x));
  return q;
}

} // namespace rego::partial
