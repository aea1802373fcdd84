// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// What is left: literals that are saved on the way, with the names that their
// variables have outside.

#include <algorithm>

#include "partial/evaluation.hpp"
#include "partial/propagate.hpp"
#include "partial/source_text.hpp"
#include "partial/tree_walk.hpp"
#include "rego/error.hpp"

namespace rego::partial {

void evaluation::save(frame& f, literal l, bindings* b1, bindings* b2,
                      const continuation& k) {
  left_.spend(budget::step / 10);
  for (auto& w : (*f.body)[f.index].withs)
    l.withs.push_back({naming_.plug(w.target, f.b), naming_.plug(w.with, f.b)});
  use_original(l);
  saved_.back().push_back({std::move(l), b1, b2});
  tell_saved(f);
  k();
  saved_.back().pop_back();
}

void evaluation::tell_saved(const frame& f) {
  if (steps_.told())
    steps_.tell_saved(f.told, (*f.body)[f.index],
                      plugged(saved_.back().back()));
}

void evaluation::save_equation(frame& f, const node_ptr& a, const node_ptr& b,
                               bindings* b1, bindings* b2,
                               const continuation& k) {
  auto marked = mark(a, b1) + mark(b, b2);
  save(f, equation(a, b), b1, b2, k);
  open_.pop(marked);
}

void evaluation::save_call(frame& f, const literal& l, const continuation& k) {
  size_t marked = captures(l) ? mark(l.terms.back(), f.b) : 0;
  auto out = l;
  out.withs.clear();
  save(f, std::move(out), f.b, f.b, k);
  open_.pop(marked);
}

// The literal as it is, with all its modifiers.
void evaluation::save_raw(frame& f, const continuation& k) {
  auto& l = (*f.body)[f.index];
  size_t marked = 0;
  if (l.kind == literal_kind::equation)
    marked = mark(l.terms[0], f.b) + mark(l.terms[1], f.b);
  else if (l.kind == literal_kind::term
           || (l.kind == literal_kind::call && captures(l)))
    marked = mark(l.terms.back(), f.b);
  auto out = naming_.close(l, f.b);
  for (auto& w : out.withs)
    if (!replaces_function(w))
      w.target = naming_.plug_out(w.target, f.b);
  use_original(out);
  for (auto& w : out.withs)
    use_original(*w.with);
  saved_.back().push_back({std::move(out), nullptr, nullptr});
  tell_saved(f);
  k();
  saved_.back().pop_back();
  open_.pop(marked);
}

void evaluation::save_named(const frame& f, const literals& list,
                            const continuation& k) {
  for (auto& l : list) {
    saved_.back().push_back({l, nullptr, nullptr});
    tell_saved(f);
  }
  k();
  saved_.back().resize(saved_.back().size() - list.size());
}

bool evaluation::captures(const literal& l) const {
  if (l.captured)
    return true;
  auto n = arity(to_term(*l.terms[0]));
  return n >= 0 && l.terms.size() == static_cast<size_t>(n) + 2;
}

// The variables of a term that is left are open from here on.
size_t evaluation::mark(const node_ptr& n, bindings* b) {
  names found;
  if (is_var(*n)) {
    open_.push(n->name, b);
    return 1;
  }
  walk(*n, [&](const node& x) {
    if (is_var(x))
      found.insert(x.name);
    if (x.is(node_kind::ref))
      for (size_t i = 1; i < x.parts.size(); ++i)
        vars_of(*x.parts[i], false, found);
    return !x.is_closure() && !x.is(node_kind::ref);
  });
  size_t out = 0;
  for (auto& v : found) {
    auto to = apply(var_node(v), b);
    out += mark(to.n, to.in);
  }
  return out;
}

literal evaluation::plugged(const saved_literal& s) {
  if (!s.left)
    return s.l;
  auto out = s.l;
  if (out.kind == literal_kind::every)
    return naming_.close(out, s.left);
  for (size_t i = out.kind == literal_kind::call ? 1 : 0; i < out.terms.size();
       ++i)
    out.terms[i] = naming_.plug_out(
        out.terms[i],
        out.kind == literal_kind::equation && i == 1 ? s.right : s.left);
  return out;
}

literals evaluation::plugged(const saved_body& body) {
  literals out;
  for (auto& s : body)
    out.push_back(plugged(s));
  return out;
}

literals evaluation::left_now() {
  auto out = plugged(saved_.back());
  literals given;
  for (auto& x : root_.list)
    given.push_back(
        equation(var_node(x.name), naming_.plug_out(var_node(x.name), &root_)));
  std::sort(given.begin(), given.end(), [](auto& a, auto& b) {
    return a.terms[0]->name < b.terms[0]->name;
  });
  out.insert(out.end(), given.begin(), given.end());
  return out;
}

// A call of support as one of the policy's function, or as its operands.
literal evaluation::of_policy(const literal& l) {
  auto out = l;
  if (l.kind != literal_kind::call)
    return out;
  auto& parts = l.terms[0]->parts;
  if (parts.size() < 3 || !is_ref_of(*l.terms[0], "data")
      || !same(*parts[1], *string_node(memory_, "partial")))
    return out;
  auto path = parts;
  path.erase(path.begin() + 1);
  out.terms[0] = make_node(memory_, node_kind::ref, std::move(path));
  auto* n = node_of(*out.terms[0]);
  if (n && !n->rules.empty())
    return out;
  out.kind = literal_kind::term;
  out.terms = {make_node(memory_, node_kind::array,
                         {l.terms.begin() + 1, l.terms.end()})};
  return out;
}

known_parts::verdict evaluation::check(const literals& body,
                                       const names& given) {
  if (body.empty())
    return known_parts::verdict::fine;
  literals all;
  for (auto& v : given)
    all.push_back(equation(
        var_node(v), make_node(memory_, node_kind::ref, {var_node("input")})));
  for (auto& l : body)
    all.push_back(of_policy(l));
  auto asked = [&](const literals& list) {
    return known_.check(source_text(to_query(named_wildcards(memory_, list))));
  };
  auto v = asked(all);
  // What can never hold makes its negation hold.
  auto negated = [](auto& l) {
    return l.negated || l.kind == literal_kind::negation;
  };
  if (v == known_parts::verdict::never && std::erase_if(all, negated) > 0
      && (all.empty() || asked(all) != known_parts::verdict::never))
    return known_parts::verdict::fine;
  return v;
}

bool evaluation::type_checks(const literals& body) {
  return check(body, {}) != known_parts::verdict::never;
}

// Drops literals between constants that hold, and those of a negation that by
// their types never do.
std::optional<literals> evaluation::decided(const literals& body) {
  literals out, asked;
  for (auto& l : body) {
    bool constants = l.kind == literal_kind::equation && l.withs.empty()
                     && l.terms[0]->is(node_kind::constant)
                     && l.terms[1]->is(node_kind::constant);
    if (!constants)
      out.push_back(l);
    else if (same(*l.terms[0], *l.terms[1]) == l.negated)
      return {};
  }
  if (type_checks(out))
    return out;
  auto negated = [](auto& l) { return l.negated; };
  std::copy_if(out.begin(), out.end(), std::back_inserter(asked),
               [&](auto& l) { return !negated(l); });
  if (!type_checks(asked))
    return {};
  std::erase_if(out, [&](auto& l) {
    auto with = asked;
    with.push_back(l);
    return l.negated && !type_checks(with);
  });
  return out;
}

std::optional<literals> evaluation::left_of(literals body, const names* live,
                                            const names& given, bool nonempty) {
  auto out = decided(body);
  if (!out || !live)
    return out;
  auto before = *out;
  *out = propagate(memory_, before, *live, arity, false);
  // A closure may have come to stand before what binds its variables.
  if (check(*out, given) == known_parts::verdict::unsafe)
    *out = std::move(before);
  out = decided(*out);
  if (out && out->empty() && nonempty) {
    literal l;
    l.terms.push_back(true_node());
    out->push_back(std::move(l));
  }
  return out;
}

names evaluation::open_names() {
  names out;
  for (auto& v : open_.list()) {
    auto n = naming_.plug_out(var_node(v.name), const_cast<bindings*>(v.of));
    if (is_var(*n))
      out.insert(n->name);
  }
  return out;
}

// Rules that are named by what is left, rather than entered, are asked of the
// policy itself.
void evaluation::use_original(const literal& l) {
  walk(l, [&](const node& n) {
    if (is_ref_of(n, "data"))
      use_original(n);
    return true;
  });
  walk_literals(l, [&](const literal& x) {
    if (x.kind == literal_kind::call)
      use_original(*x.terms[0]);
  });
}

void evaluation::use_original(const node& n) {
  if (!is_ref_of(n, "data"))
    return;
  std::vector<const module*> list;
  auto use = [&](const term& t) {
    auto* meant = meant_by(tree_, t);
    if (!meant)
      return;
    for (auto* m : with_rules(*meant))
      for (auto& e : m->rules)
        if (originals.insert(e.mod).second)
          list.push_back(e.mod);
  };
  use(shape(n, n.parts.size(), nullptr));
  for (size_t i = 0; i < list.size(); ++i)
    for (auto& r : list[i]->rules) {
      left_.spend(1);
      walk_tree(r, [&](const term& t, term_role) {
        if (t.kind == term_kind::ref)
          use(t);
        return true;
      });
    }
}

} // namespace rego::partial
