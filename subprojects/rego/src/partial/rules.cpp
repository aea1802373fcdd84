// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// References that reach rules: entered clause by clause, or made support.

#include <algorithm>

#include "partial/evaluation.hpp"
#include "partial/propagate.hpp"
#include "partial/source_text.hpp"

namespace rego::partial {

void evaluation::save_original(frame& f, const tree_step& s,
                               const continuation& k) {
  save_equation(f, make_node(memory_, node_kind::ref, s.ref), s.rterm, s.b,
                s.rb, k);
}

void evaluation::save_support(frame& f, const tree_step& s,
                              const continuation& k) {
  save_equation(
      f, make_node(memory_, node_kind::ref, partial_path(memory_, s.ref)),
      s.rterm, s.b, s.rb, k);
}

namespace {

nodes begin_of(const nodes& list, size_t size) {
  return {list.begin(), list.begin() + static_cast<long>(size)};
}

} // namespace

void evaluation::virtual_document(frame& f, const tree_step& s,
                                  const continuation& k) {
  auto path = begin_of(s.plugged, s.pos + 1);
  auto whole = make_node(memory_, node_kind::ref, path);
  bool partly = unknown_ref(*whole, nullptr);
  auto& d = document_of(*s.node);
  if (d.is_function)
    return;
  if (!partly) {
    // Below `with` a document of several values becomes support in OPA; here
    // it is known.
    auto v = value_of(f, path);
    if (!v)
      return save_original(f, s, k);
    if (v->defined())
      in_term(f,
              {s.ref, s.pos + 1, s.b, {constant_node(*v), s.b}, s.rterm, s.rb},
              k);
    return;
  }
  auto t = shape(*whole, path.size(), nullptr);
  if (d.opaque || depends_.unknown(t))
    return save_original(f, s, k);
  if (d.complete)
    complete_document(f, s, d, k);
  else
    partial_document(f, s, d, k);
}

frame evaluation::within(const frame& f, const clause& c, bindings& own) {
  return {&c.flat.body, 0,    own.id,
          &own,         f.in, steps_.clause(f.told, *c.mod, *c.r)};
}

void evaluation::complete_document(frame& f, const tree_step& s,
                                   const document& d, const continuation& k) {
  bool wanted = false;
  if (d.otherwise) {
    auto& other = d.otherwise->flat.value->constant;
    auto r = naming_.plug(s.rterm, s.rb);
    if (s.ref.size() > s.pos + 1)
      wanted = other.is_collection();
    else
      wanted = !r->is(node_kind::constant) || equal(r->constant, other);
  }
  if (wanted || kept_apart(s.plugged, s.pos + 1, true))
    return complete_support(f, s, d, k);
  steps_.tell_lookup(path_text(*s.node), d.clauses.size());
  for (auto& c : d.clauses) {
    bindings own(next_id_++);
    auto inner = within(f, c, own);
    enter(inner, [&] {
      in_term(f,
              {s.ref, s.pos + 1, s.b, apply(c.flat.value, &own), s.rterm, s.rb},
              k);
    });
  }
}

void evaluation::partial_document(frame& f, const tree_step& s,
                                  const document& d, const continuation& k) {
  if (s.ref.size() == s.pos + 1 || kept_apart(s.plugged, s.pos + 1, true))
    return partial_support(f, s, d, k);
  size_t longest = 0;
  for (auto& c : d.clauses)
    longest = std::max(longest,
                       s.pos + 1 + c.flat.suffix.size() + (c.flat.key ? 1 : 0));
  longest = std::min(longest, s.ref.size());
  bool late = false;
  for (size_t i = s.pos + 1; i < longest; ++i)
    late = late || unknown(*s.ref[i], s.b);
  steps_.tell_lookup(path_text(*s.node), d.clauses.size());
  for (auto& c : d.clauses)
    each_clause(f, s, c, late, k);
}

// The keys of the reference are unified with those of the head before the body
// runs, or behind it where they are open.
void evaluation::each_clause(frame& f, const tree_step& s, const clause& c,
                             bool late, const continuation& k) {
  bindings own(next_id_++);
  auto inner = within(f, c, own);
  auto keys = c.flat.suffix;
  if (c.flat.key)
    keys.push_back(c.flat.key);
  nodes asked(s.ref.begin() + static_cast<long>(s.pos) + 1, s.ref.end());
  auto common = std::min(keys.size(), asked.size());
  nodes left = begin_of(asked, common), right = begin_of(keys, common);
  auto found = [&] {
    auto v = c.flat.value;
    if (c.flat.key)
      v = make_node(memory_, node_kind::set, {c.flat.key});
    for (auto key = c.flat.suffix.rbegin(); key != c.flat.suffix.rend(); ++key)
      v = make_node(memory_, node_kind::object, {*key, v});
    in_term(f, {s.ref, s.pos + 1, s.b, {v, &own}, s.rterm, s.rb}, k);
  };
  if (late)
    return enter(inner,
                 [&] { unify_lists(f, left, right, 0, s.b, &own, found); });
  unify_lists(f, left, right, 0, s.b, &own, [&] { enter(inner, found); });
}

// `path` is the head's reference from data.
void evaluation::save_clause(frame& f, const clause& c, const nodes& path,
                             made_rules& out) {
  bindings own(next_id_++);
  auto inner = within(f, c, own);
  size_t marked = 0;
  for (auto& a : c.flat.args) {
    names vars;
    vars_of(*a, false, vars);
    for (auto& v : vars)
      open_.push(v, &own);
    marked += vars.size();
  }
  saved_.emplace_back();
  enter(inner, [&] {
    out.any = true;
    if (++bodies_ > options_.bodies_max)
      throw bound_reached{bound::memory};
    support_rule r;
    for (auto& p : path)
      r.ref.push_back(naming_.plug_out(p, &own));
    for (auto& p : c.flat.suffix)
      r.ref.push_back(naming_.plug_out(p, &own));
    for (auto& a : c.flat.args)
      r.args.push_back(naming_.plug_out(a, &own));
    r.is_function = c.r->head.is_function;
    r.is_default = c.r->is_default;
    if (c.flat.key)
      r.key = naming_.plug_out(c.flat.key, &own);
    else
      r.value = naming_.plug_out(c.flat.value, &own);
    auto body = plugged(saved_.back());
    names live;
    for (auto* list : {&r.ref, &r.args})
      for (auto& n : *list)
        vars_of(*n, false, live);
    for (auto& n : {r.key, r.value})
      if (n)
        vars_of(*n, false, live);
    auto whole = left_of(body, r.is_function ? nullptr : &live, {}, true);
    if (!whole)
      return;
    r.body = std::move(*whole);
    auto at = partial_path(memory_, r.ref);
    out.rules.emplace_back(std::move(at), std::move(r));
  });
  saved_.pop_back();
  open_.pop(marked);
}

evaluation::made_rules evaluation::rules_of(frame& f, const document& d,
                                            const nodes& path) {
  made_rules out;
  for (auto& c : d.clauses)
    save_clause(f, c, path, out);
  if (d.otherwise)
    save_clause(f, *d.otherwise, path, out);
  return out;
}

// The parts of the package, `partial` among them. OPA gives the rules of a
// partial document a package for each ground beginning; where one would be
// below a rule of another they are one.
size_t evaluation::package_of(const rule_tree_node& n, const document& d,
                              const made_rules& made) {
  if (d.complete || d.is_function)
    return n.rules[0].mod->package.args.size() + 1;
  size_t least = SIZE_MAX;
  for (auto& [whole, r] : made.rules)
    least = std::min(least, support_rules::package_of(whole));
  return least;
}

evaluation::made_support evaluation::support_of(frame& f,
                                                const rule_tree_node& n,
                                                const document& d,
                                                const nodes& path) {
  auto text = path_text(n);
  auto [at, fresh] = contexts_.try_emplace(text, f.in->text);
  if (at->second != f.in->text)
    return made_support::elsewhere;
  if (fresh) {
    steps_.tell_lookup(text, d.clauses.size());
    auto made = rules_of(f, d, path);
    if (made.any)
      supported_.insert(text);
    auto package = package_of(n, d, made);
    for (auto& [whole, r] : made.rules)
      support.add(whole, package, std::move(r));
  }
  return supported_.count(text) ? made_support::some : made_support::none;
}

void evaluation::complete_support(frame& f, const tree_step& s,
                                  const document& d, const continuation& k) {
  auto made = support_of(f, *s.node, d, begin_of(s.plugged, s.pos + 1));
  if (made == made_support::elsewhere)
    return save_original(f, s, k);
  if (made == made_support::some)
    save_support(f, s, k);
}

void evaluation::partial_support(frame& f, const tree_step& s,
                                 const document& d, const continuation& k) {
  auto made = support_of(f, *s.node, d, begin_of(s.plugged, s.pos + 1));
  if (made == made_support::elsewhere)
    return save_original(f, s, k);
  if (made == made_support::some)
    return save_support(f, s, k);
  if (s.ref.size() != s.pos + 1)
    return;
  bool set = !d.clauses.empty() && d.clauses[0].flat.suffix.empty();
  auto none = make_node(memory_, set ? node_kind::set : node_kind::object, {});
  unify(f, none, s.rterm, s.b, s.rb, k);
}

} // namespace rego::partial
