// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// What depends on the unknowns, in a body on its way.

#include <algorithm>

#include "builtins/builtin.hpp"
#include "partial/evaluation.hpp"
#include "partial/source_text.hpp"

namespace rego::partial {

// A reference as the compiler knows it; what is no scalar may be anything.
term evaluation::shape(const node& ref, size_t size, bindings* b) {
  term out;
  out.kind = term_kind::ref;
  for (size_t i = 0; i < size; ++i) {
    auto n = b && i ? naming_.plug(ref.parts[i], b) : ref.parts[i];
    term t;
    t.kind = term_kind::var;
    t.text = is_var(*n) ? n->name : "_";
    if (n->is(node_kind::constant) && !n->constant.is_collection())
      t = term_of(n->constant);
    out.args.push_back(std::move(t));
  }
  return out;
}

bool evaluation::open(const node_ptr& n, bindings* b) {
  if (is_var(*n))
    return open_.has(n->name, b);
  if (!n->is(node_kind::ref))
    return false;
  auto& head = *n->parts[0];
  if (is_var(head) && is_root(head.name))
    return depends_.unknown(shape(*n, n->parts.size(), b));
  return is_var(head) && open_.has(head.name, b);
}

// The term, or what one of its variables is bound to.
bool evaluation::holds_open(const node& n, bindings* b) {
  bool found = false;
  walk(n, [&](const node& x) {
    if (found || !is_var(x) || is_root(x.name))
      return !found;
    auto to = apply(var_node(x.name), b);
    found =
        is_var(*to.n) ? open_.has(to.n->name, to.in) : holds_open(*to.n, to.in);
    return !found;
  });
  return found;
}

bool evaluation::unknown_ref(const node& n, bindings* b) {
  auto t = shape(n, n.parts.size(), b);
  if (depends_.unknown(t) || depends_.apart(t))
    return true;
  auto* rules = meant_by(tree_, t);
  return rules && depends_.depends(*rules);
}

bool evaluation::unknown(const node& n, bindings* b) {
  bool found = false;
  walk(n, [&](const node& x) {
    if (found)
      return false;
    if (is_var(x) && !is_root(x.name))
      found = holds_open(x, b);
    else if (x.is(node_kind::ref) && is_var(*x.parts[0])
             && is_root(x.parts[0]->name))
      found = unknown_ref(x, b);
    // The literals of closures are more than their terms.
    if (!found && x.is_closure()) {
      for (auto& p : x.parts)
        found = found || unknown(*p, b);
      found = found || unknown(*x.body, b);
      return false;
    }
    return !found;
  });
  return found;
}

bool evaluation::unknown(const literal& l, bindings* b) {
  if (l.kind == literal_kind::call) {
    auto& callee = *l.terms[0];
    if (is_ref_of(callee, "data")) {
      if (unknown_ref(callee, b))
        return true;
    } else {
      auto* f = builtin_table::instance().find(operator_name(callee));
      if (!f || f->nondeterministic)
        return true;
    }
  }
  for (size_t i = l.kind == literal_kind::call ? 1 : 0; i < l.terms.size(); ++i)
    if (unknown(*l.terms[i], b))
      return true;
  for (auto& w : l.withs) {
    if (unknown(*w.with, b) || (!replaces_function(w) && unknown(*w.target, b)))
      return true;
  }
  return l.body && unknown(*l.body, b);
}

bool evaluation::unknown(const literals& list, bindings* b) {
  return std::any_of(list.begin(), list.end(),
                     [&](auto& l) { return unknown(l, b); });
}

namespace {

// One of the two is the beginning of the other.
bool meet(const term& a, const term& b) {
  for (size_t i = 0; i < std::min(a.args.size(), b.args.size()); ++i) {
    auto &x = a.args[i], &y = b.args[i];
    if (is_scalar(x) && is_scalar(y) ? key_text(x) != key_text(y)
                                     : i == 0 && x.text != y.text)
      return false;
  }
  return true;
}

} // namespace

// Is the document not to be inlined? `inner`: by a `with` on the way as well.
bool evaluation::kept_apart(const nodes& path, size_t size, bool inner) {
  node ref;
  ref.kind = node_kind::ref;
  ref.parts = path;
  auto t = shape(ref, size, nullptr);
  if (depends_.apart(t))
    return true;
  if (inner)
    for (auto& list : inner_apart_)
      for (auto& a : list)
        if (a.is(term_kind::ref) && meet(a, t))
          return true;
  return false;
}

const rule_tree_node* evaluation::node_of(const node& callee) {
  if (!is_ref_of(callee, "data"))
    return nullptr;
  const auto* n = &tree_.root();
  auto t = shape(callee, callee.parts.size(), nullptr);
  for (size_t i = 1; n && i < t.args.size(); ++i)
    n = rule_tree::child(*n, t.args[i]);
  return n;
}

namespace {

// The rules of a document whose keys are not all known, and those below it.
void gather(const rule_tree_node& n, const std::vector<term>& path,
            std::vector<rule_entry>& out) {
  for (auto e : n.rules) {
    e.suffix.insert(e.suffix.begin(), path.begin(), path.end());
    out.push_back(std::move(e));
  }
  for (auto& [key, child] : n.children) {
    auto longer = path;
    longer.push_back(child->key_term);
    gather(*child, longer, out);
  }
}

} // namespace

const evaluation::document& evaluation::document_of(const rule_tree_node& n) {
  auto [at, fresh] = documents_.try_emplace(&n);
  auto& d = at->second;
  if (!fresh)
    return d;
  std::vector<rule_entry> rules;
  gather(n, {}, rules);
  for (auto& e : rules) {
    auto& h = e.r->head;
    d.opaque = d.opaque || e.r->otherwise
               || ((h.is_function || e.r->is_default) && !e.suffix.empty());
    d.is_function = d.is_function || h.is_function;
    d.complete = d.complete && !h.is_set && e.suffix.empty();
  }
  // What is complete has nothing below it.
  d.opaque = d.opaque || (!n.children.empty() && n.rules[0].suffix.empty());
  if (d.opaque)
    return d;
  try {
    for (auto& e : rules) {
      left_.spend(budget::step);
      clause c{e.mod, e.r, flat(memory_, *e.r, e.suffix, arity)};
      check_text(c.flat.body);
      if (e.r->is_default)
        d.otherwise = std::make_unique<clause>(std::move(c));
      else
        d.clauses.push_back(std::move(c));
    }
  } catch (const no_source_text&) {
    d.opaque = true;
  }
  return d;
}

// Closures stay as they are: they must have a text.
void evaluation::check_text(const literals& body) {
  for (auto& l : body) {
    if (l.kind == literal_kind::every)
      to_expr(l);
    else if (l.body)
      check_text(*l.body);
    for (auto& t : l.terms)
      walk(*t, [](const node& n) {
        if (n.is_closure())
          to_query(*n.body);
        return !n.is_closure();
      });
  }
}

} // namespace rego::partial
