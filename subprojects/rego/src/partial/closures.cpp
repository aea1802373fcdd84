// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Literals with bodies of their own: `not` and `every`.

#include "partial/evaluation.hpp"
#include "partial/source_text.hpp"

namespace rego::partial {

namespace {

constexpr size_t product_max = 16;

bool is_true(const literals& body) {
  return body.size() == 1 && body[0].kind == literal_kind::term
         && same(*body[0].terms[0], *true_node());
}

// Can each way that a body fails be one of its literals negated?
bool can_negate(const names& safe, const std::vector<literals>& bodies) {
  size_t size = 1;
  for (auto& body : bodies) {
    size *= body.size();
    if (size > product_max)
      return false;
    for (auto& l : body) {
      if (has_nested(l))
        return false;
      names vars;
      if (!l.negated)
        vars_of(l, false, vars);
      for (auto& v : vars)
        if (!safe.count(v))
          return false;
    }
  }
  return true;
}

} // namespace

// One of each body's literals fails: every choice of them is a way.
void evaluation::each_failing(frame& f, const std::vector<literals>& bodies,
                              size_t at, literals& chosen,
                              const continuation& k) {
  if (at == bodies.size())
    return save_named(f, chosen, k);
  for (auto& l : bodies[at]) {
    auto out = l;
    out.negated = !out.negated;
    for (auto& w : (*f.body)[f.index].withs)
      out.withs.push_back(
          {naming_.plug(w.target, f.b), naming_.plug_out(w.with, f.b)});
    chosen.push_back(std::move(out));
    each_failing(f, bodies, at + 1, chosen, k);
    chosen.pop_back();
  }
}

namespace {

struct holds {};

} // namespace

void evaluation::eval_not(frame& f, const continuation& k) {
  auto& l = (*f.body)[f.index];
  frame inner{l.body.get(), 0,    next_id_++,
              f.b,          f.in, steps_.closure(f.told, *l.body)};
  auto live = open_names();
  std::vector<literals> bodies;
  auto open = open_.list().size();
  auto stacks = saved_.size();
  auto apart = inner_apart_.size();
  auto depth = depth_;
  saved_.emplace_back();
  try {
    enter(inner, [&] {
      if (saved_.back().empty())
        throw holds{};
      auto body = left_of(plugged(saved_.back()), &live, live, true);
      if (body && is_true(*body))
        throw holds{};
      if (body)
        bodies.push_back(std::move(*body));
    });
  } catch (const holds&) {
    // Bindings were undone on the way; the rest is as it was before.
    open_.pop(open_.list().size() - open);
    saved_.resize(stacks);
    inner_apart_.resize(apart);
    depth_ = depth;
    return;
  }
  saved_.pop_back();
  if (bodies.empty())
    return k();
  if (!can_negate(live, bodies))
    return not_support(f, inner.id, std::move(bodies), live, k);
  literals chosen;
  each_failing(f, bodies, 0, chosen, k);
}

void evaluation::not_support(frame& f, uint64_t id,
                             std::vector<literals> bodies, const names& live,
                             const continuation& k) {
  auto name = "__not" + std::to_string(f.id) + "_" + std::to_string(f.index)
              + "_" + std::to_string(id) + "__";
  names vars;
  for (auto& b : bodies)
    for (auto& l : b)
      vars_of(l, true, vars);
  nodes args;
  for (auto& v : live)
    if (vars.count(v))
      args.push_back(var_node(v));
  nodes path{var_node("data"), string_node(memory_, "partial"),
             string_node(memory_, name)};
  for (auto& b : bodies) {
    if (++bodies_ > options_.bodies_max)
      throw bound_reached{bound::memory};
    support_rule r;
    r.args = args;
    r.is_function = !args.empty();
    r.value = true_node();
    r.body = std::move(b);
    support.add(path, 2, std::move(r));
  }
  auto ref = make_node(memory_, node_kind::ref, path);
  literal out;
  out.negated = true;
  out.terms = {ref};
  if (!args.empty()) {
    out.kind = literal_kind::call;
    out.terms.insert(out.terms.end(), args.begin(), args.end());
  }
  for (auto& w : (*f.body)[f.index].withs)
    out.withs.push_back(
        {naming_.plug(w.target, f.b), naming_.plug_out(w.with, f.b)});
  save_named(f, {out}, k);
}

// What is known is decided; else the literal stays with its body as it is.
void evaluation::eval_every(frame& f, const continuation& k) {
  auto& l = (*f.body)[f.index];
  auto domain = naming_.plug(l.terms[2], f.b);
  auto bare = l;
  bare.withs.clear();
  if (domain->is(node_kind::constant) && !unknown(bare, f.b)) {
    if (!domain->constant.is_collection())
      return;
    auto all = every_holds(f, l, domain->constant);
    if (all) {
      if (*all)
        k();
      return;
    }
  }
  save(f, bare, f.b, f.b, k);
}

// For each element some way through the body; nothing where one is not known.
std::optional<bool> evaluation::every_holds(frame& f, const literal& l,
                                            const value& domain) {
  auto open = open_.list().size();
  auto stacks = saved_.size();
  auto apart = inner_apart_.size();
  auto depth = depth_;
  for (size_t i = 0; i < domain.size(); ++i) {
    auto key = domain.is_array() ? value::integer(static_cast<int64_t>(i))
                                 : domain.keys()[i];
    auto element = domain.is_array()    ? domain.items()[i]
                   : domain.is_object() ? domain.values()[i]
                                        : key;
    bool some = false, all_known = true;
    saved_.emplace_back();
    try {
      unify(f, l.terms[0], constant_node(key), f.b, f.b, [&] {
        unify(f, l.terms[1], constant_node(element), f.b, f.b, [&] {
          frame inner{l.body.get(), 0,    next_id_++,
                      f.b,          f.in, steps_.closure(f.told, *l.body)};
          enter(inner, [&] {
            if (saved_.back().empty())
              throw holds{};
            all_known = false;
          });
        });
      });
    } catch (const holds&) {
      some = true;
      open_.pop(open_.list().size() - open);
      saved_.resize(stacks + 1);
      inner_apart_.resize(apart);
      depth_ = depth;
    }
    saved_.resize(stacks);
    if (!some)
      return all_known ? std::optional(false) : std::nullopt;
  }
  return true;
}

} // namespace rego::partial
