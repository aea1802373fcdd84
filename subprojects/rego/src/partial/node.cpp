// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "partial/node.hpp"

#include <algorithm>

#include "core/walk_watch.hpp"
#include "partial/node_memory.hpp"
#include "rego/build.hpp"

namespace rego::partial {

namespace {

size_t size_of(const node& n) {
  return sizeof n + n.parts.size() * sizeof n.parts[0];
}

struct counted_node : node {
  explicit counted_node(node n) : node(std::move(n)) {}
  ~counted_node() { node_memory::gone(size_of(*this)); }
};

node_ptr counted(node n) {
  node_memory::made(size_of(n));
  return std::make_shared<counted_node>(std::move(n));
}

node_ptr with_parts(node_kind kind, nodes parts) {
  node out;
  out.kind = kind;
  out.parts = std::move(parts);
  return counted(std::move(out));
}

bool all_constant(const nodes& parts) {
  return std::all_of(parts.begin(), parts.end(),
                     [](auto& p) { return p->is(node_kind::constant); });
}

// Places of the kinds in OPA's order of terms.
int order_of(const node& n) {
  switch (n.kind) {
  case node_kind::constant:
    switch (n.constant.type()) {
    case kind::null:
      return 0;
    case kind::boolean:
      return 1;
    case kind::number:
      return 2;
    case kind::string:
      return 3;
    case kind::array:
      return 6;
    case kind::object:
      return 7;
    default:
      return 8;
    }
  case node_kind::var:
    return 4;
  case node_kind::ref:
    return 5;
  case node_kind::array:
    return 6;
  case node_kind::object:
    return 7;
  case node_kind::set:
    return 8;
  case node_kind::array_closure:
    return 9;
  case node_kind::object_closure:
    return 10;
  case node_kind::set_closure:
    return 11;
  case node_kind::call:
  case node_kind::name:
    return 12;
  }
  return 13;
}

} // namespace

node_ptr var_node(std::string name) {
  node out;
  out.kind = node_kind::var;
  out.name = std::move(name);
  return counted(std::move(out));
}

node_ptr constant_node(const value& v) {
  node out;
  out.constant = v;
  return counted(std::move(out));
}

node_ptr true_node() {
  return constant_node(value::boolean(true));
}

node_ptr string_node(arena& memory, std::string_view text) {
  return constant_node(make_string(memory, text));
}

node_ptr make_node(arena& memory, node_kind kind, nodes parts) {
  bool collection = kind == node_kind::array || kind == node_kind::set
                    || kind == node_kind::object;
  if (!collection || !all_constant(parts))
    return with_parts(kind, std::move(parts));
  if (kind == node_kind::object) {
    object_builder b(memory, parts.size() / 2);
    for (size_t i = 0; i + 1 < parts.size(); i += 2)
      b.add(parts[i]->constant, parts[i + 1]->constant);
    return constant_node(b.finish());
  }
  array_builder b(memory, parts.size());
  for (auto& p : parts)
    b.push(p->constant);
  return constant_node(kind == node_kind::array ? b.array() : b.set());
}

node_ptr closure_node(node_kind kind, nodes heads, body_ptr body) {
  node out;
  out.kind = kind;
  out.parts = std::move(heads);
  out.body = std::move(body);
  return counted(std::move(out));
}

literal equation(node_ptr a, node_ptr b) {
  literal out;
  out.kind = literal_kind::equation;
  out.terms = {std::move(a), std::move(b)};
  return out;
}

bool is_var(const node& n) {
  return n.is(node_kind::var);
}

bool is_ref_of(const node& n, std::string_view root) {
  return n.is(node_kind::ref) && is_var(*n.parts[0])
         && n.parts[0]->name == root;
}

bool is_ground(const node& n) {
  if (n.is(node_kind::constant))
    return true;
  if (n.is(node_kind::var) || n.is_closure() || n.has_operator())
    return false;
  size_t from = n.is(node_kind::ref) ? 1 : 0;
  for (size_t i = from; i < n.parts.size(); ++i)
    if (!is_ground(*n.parts[i]))
      return false;
  return true;
}

std::string operator_name(const node& callee) {
  return is_var(callee) ? callee.name : ref_text(to_term(callee));
}

bool same(const node& a, const node& b) {
  return &a == &b || compare(a, b) == 0;
}

int compare(const node& a, const node& b) {
  if (&a == &b)
    return 0;
  watch_walk(1);
  if (a.is(node_kind::constant) && b.is(node_kind::constant))
    return rego::compare(a.constant, b.constant);
  auto x = order_of(a), y = order_of(b);
  if (x != y)
    return x < y ? -1 : 1;
  if (is_var(a))
    return a.name.compare(b.name);
  if (auto c = compare(elements(a), elements(b)))
    return c;
  return a.body && b.body ? compare(*a.body, *b.body) : 0;
}

int compare(const literals& a, const literals& b) {
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (a[i].negated != b[i].negated)
      return a[i].negated ? 1 : -1;
    if (a[i].kind != b[i].kind)
      return a[i].kind < b[i].kind ? -1 : 1;
    if (auto c = compare(a[i].terms, b[i].terms))
      return c;
    if (a[i].body && b[i].body)
      if (auto c = compare(*a[i].body, *b[i].body))
        return c;
    nodes wa, wb;
    for (auto& w : a[i].withs)
      wa.insert(wa.end(), {w.target, w.with});
    for (auto& w : b[i].withs)
      wb.insert(wb.end(), {w.target, w.with});
    if (auto c = compare(wa, wb))
      return c;
  }
  return a.size() < b.size() ? -1 : a.size() > b.size();
}

node_ptr scalar_node(arena& memory, const term& t) {
  switch (t.kind) {
  case term_kind::null:
    return constant_node(value::null());
  case term_kind::boolean:
    return constant_node(value::boolean(t.truth));
  case term_kind::number:
    return constant_node(make_number(memory, t.text));
  case term_kind::string:
    return constant_node(make_string(memory, t.text));
  default:
    return nullptr;
  }
}

nodes elements(const node& n) {
  if (!n.is(node_kind::constant))
    return n.parts;
  nodes out;
  if (n.constant.is_array())
    for (auto& x : n.constant.items())
      out.push_back(constant_node(x));
  else if (n.constant.is_collection())
    for (size_t i = 0; i < n.constant.size(); ++i) {
      out.push_back(constant_node(n.constant.keys()[i]));
      if (n.constant.is_object())
        out.push_back(constant_node(n.constant.values()[i]));
    }
  return out;
}

nodes outside_not(const literal& l) {
  if (l.kind == literal_kind::every)
    return {l.terms.back()};
  if (l.kind == literal_kind::call)
    return {l.terms.begin() + 1, l.terms.end()};
  nodes out;
  for (auto& t : l.terms) {
    if (t->is(node_kind::ref))
      out.insert(out.end(), t->parts.begin() + 1, t->parts.end());
    else
      out.push_back(t);
  }
  return out;
}

bool has_nested(const literal& l) {
  bool found = l.kind == literal_kind::every || !l.withs.empty();
  for (auto& t : outside_not(l))
    walk(*t, [&](const node& x) {
      found = found || x.is(node_kind::ref) || x.is(node_kind::call);
      return !found;
    });
  return found;
}

int compare(const nodes& a, const nodes& b) {
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    if (auto c = compare(*a[i], *b[i]))
      return c;
  return a.size() < b.size() ? -1 : a.size() > b.size();
}

void walk(const node& n, const node_visit& visit) {
  watch_walk(1);
  if (!visit(n))
    return;
  for (size_t i = n.has_operator() ? 1 : 0; i < n.parts.size(); ++i)
    walk(*n.parts[i], visit);
  if (n.body)
    walk(*n.body, visit);
}

void walk(const literal& l, const node_visit& visit) {
  for (size_t i = l.kind == literal_kind::call ? 1 : 0; i < l.terms.size(); ++i)
    walk(*l.terms[i], visit);
  if (l.body)
    walk(*l.body, visit);
  for (auto& w : l.withs)
    walk(*w.with, visit);
}

void walk(const literals& l, const node_visit& visit) {
  for (auto& x : l)
    walk(x, visit);
}

void walk_literals(const literal& l,
                   const std::function<void(const literal&)>& visit) {
  visit(l);
  auto all = [&](const literals& list) {
    for (auto& x : list)
      walk_literals(x, visit);
  };
  auto in_terms = [&](const node& n) {
    if (n.is_closure())
      all(*n.body);
    return !n.is_closure();
  };
  for (size_t i = l.kind == literal_kind::call ? 1 : 0; i < l.terms.size(); ++i)
    walk(*l.terms[i], in_terms);
  for (auto& w : l.withs)
    walk(*w.with, in_terms);
  if (l.body)
    all(*l.body);
}

node_ptr changed(arena& memory, const node_ptr& n, const node_change& change) {
  watch_walk(1);
  if (n->is(node_kind::constant))
    return n;
  if (n->is(node_kind::var) || n->is(node_kind::ref))
    if (auto other = change(n))
      return other;
  if (n->is(node_kind::var))
    return n;
  nodes parts;
  for (size_t i = 0; i < n->parts.size(); ++i)
    parts.push_back(i == 0 && n->has_operator()
                        ? n->parts[0]
                        : changed(memory, n->parts[i], change));
  if (!n->is_closure())
    return make_node(memory, n->kind, std::move(parts));
  return closure_node(
      n->kind, std::move(parts),
      std::make_shared<literals>(changed(memory, *n->body, change)));
}

literal changed(arena& memory, const literal& l, const node_change& change) {
  auto out = l;
  for (size_t i = l.kind == literal_kind::call ? 1 : 0; i < l.terms.size(); ++i)
    out.terms[i] = changed(memory, l.terms[i], change);
  if (l.body)
    out.body = std::make_shared<literals>(changed(memory, *l.body, change));
  for (auto& w : out.withs)
    w.with = changed(memory, w.with, change);
  return out;
}

literals changed(arena& memory, const literals& l, const node_change& change) {
  literals out;
  for (auto& x : l)
    out.push_back(changed(memory, x, change));
  return out;
}

namespace {

node_visit collector(bool closures, names& out) {
  return [closures, &out](const node& n) {
    if (is_var(n) && !is_root(n.name))
      out.insert(n.name);
    return closures || !n.is_closure();
  };
}

} // namespace

void vars_of(const node& n, bool closures, names& out) {
  walk(n, collector(closures, out));
}

void vars_of(const literal& l, bool closures, names& out) {
  auto visit = collector(closures, out);
  for (size_t i = l.kind == literal_kind::call ? 1 : 0; i < l.terms.size(); ++i)
    if (closures || l.kind != literal_kind::every || i == 2)
      walk(*l.terms[i], visit);
  if (l.body && closures)
    walk(*l.body, visit);
  for (auto& w : l.withs)
    walk(*w.with, visit);
}

} // namespace rego::partial
