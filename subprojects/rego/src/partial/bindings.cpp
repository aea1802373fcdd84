// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "partial/bindings.hpp"

#include "core/walk_watch.hpp"
#include "rego/error.hpp"

namespace rego::partial {

namespace {

constexpr int depth_max = 500;

} // namespace

const bindings::bound* bindings::find(const std::string& name) const {
  for (auto& x : list)
    if (x.name == name)
      return &x;
  return nullptr;
}

// The last takes the place of the one that goes: the order is OPA's.
void bindings::unbind(const std::string& name) {
  for (auto& x : list)
    if (x.name == name) {
      if (&x != &list.back())
        x = std::move(list.back());
      list.pop_back();
      return;
    }
}

place apply(node_ptr n, bindings* b) {
  while (b && is_var(*n)) {
    auto* found = b->find(n->name);
    if (!found)
      break;
    auto to = found->to;
    n = to.n;
    b = to.in;
  }
  return {std::move(n), b};
}

std::string naming::name_of(const std::string& name, const bindings& b) const {
  if (&b == &root_)
    return name;
  auto out = name + std::to_string(b.id);
  while (taken_.count(out))
    out += "_";
  return out;
}

node_ptr naming::plug(const node_ptr& n, bindings* b, bool out,
                      int depth) const {
  if (depth > depth_max)
    throw bound_reached{bound::depth};
  watch_walk(1);
  if (n->is(node_kind::constant) || n->is_closure() || n->has_operator())
    return n;
  if (is_var(*n) && is_root(n->name))
    return n;
  if (is_var(*n)) {
    auto to = apply(n, b);
    if (to.n != n)
      return plug(to.n, to.in, out, depth + 1);
    return out && b ? var_node(name_of(n->name, *b)) : n;
  }
  nodes parts;
  for (auto& p : n->parts)
    parts.push_back(&p == &n->parts[0] && n->is(node_kind::ref) && is_var(*p)
                            && is_root(p->name)
                        ? p
                        : plug(p, b, out, depth + 1));
  // A head that is bound to a reference goes on with the path.
  if (n->is(node_kind::ref) && parts[0]->is(node_kind::ref)) {
    auto all = parts[0]->parts;
    all.insert(all.end(), parts.begin() + 1, parts.end());
    parts = std::move(all);
  }
  return make_node(memory_, n->kind, std::move(parts));
}

// Every variable by its name outside, whether it is bound or not.
node_ptr naming::named(const node_ptr& n, bindings* b) const {
  return changed(memory_, n, [&](const node_ptr& x) -> node_ptr {
    return is_var(*x) && !is_root(x->name) ? var_node(name_of(x->name, *b))
                                           : nullptr;
  });
}

node_ptr naming::close(const node_ptr& n, bindings* b) const {
  if (!n->is_closure())
    return plug_out(n, b);
  names inside;
  vars_of(*n, true, inside);
  auto body = *n->body;
  nodes heads = n->parts;
  std::vector<literal> given;
  for (auto& x : b->list)
    if (inside.count(x.name))
      given.push_back(equation(var_node(name_of(x.name, *b)),
                               plug_out(var_node(x.name), b)));
  auto out = named(n, b);
  if (given.empty())
    return out;
  body = *out->body;
  body.insert(body.end(), given.begin(), given.end());
  return closure_node(out->kind, out->parts,
                      std::make_shared<literals>(std::move(body)));
}

literal naming::close(const literal& l, bindings* b) const {
  auto out = l;
  for (size_t i = l.kind == literal_kind::call ? 1 : 0; i < l.terms.size(); ++i)
    out.terms[i] = close(l.terms[i], b);
  for (auto& w : out.withs)
    w.with = close(w.with, b);
  if (l.body) {
    auto body = std::make_shared<literals>();
    for (auto& x : *l.body)
      body->push_back(close(x, b));
    out.body = std::move(body);
  }
  return out;
}

bool open_variables::has(const std::string& name, const bindings* b) const {
  for (auto x = list_.rbegin(); x != list_.rend(); ++x)
    if (x->of == b && x->name == name)
      return true;
  return false;
}

} // namespace rego::partial
