// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "partial/propagate.hpp"

#include <algorithm>
#include <map>

#include "core/walk_watch.hpp"
#include "rego/error.hpp"

namespace rego::partial {

namespace {

// Variables that are equal, each set with one constant at most.
class equal_sets {
public:
  explicit equal_sets(const names& live) : live_(live) {}

  struct root {
    std::string name;
    node_ptr constant;
  };

  root* find(const std::string& name) {
    auto at = parents_.find(name);
    if (at == parents_.end())
      return nullptr;
    while (at->second != at->first)
      at = parents_.find(at->second);
    return &roots_.at(at->first);
  }

  /// False where two constants would have to be equal.
  bool join(const std::string& a, const std::string& b) {
    auto *x = make(a), *y = make(b);
    if (x->name == y->name)
      return true;
    if (!live_.count(x->name))
      std::swap(x, y);
    auto gone = *y;
    parents_[gone.name] = x->name;
    roots_.erase(gone.name);
    if (x->constant && gone.constant && !same(*x->constant, *gone.constant))
      return false;
    if (!x->constant)
      x->constant = gone.constant;
    return true;
  }

  bool set(const std::string& name, const node_ptr& constant) {
    auto* x = make(name);
    if (x->constant && !same(*x->constant, *constant))
      return false;
    x->constant = constant;
    return true;
  }

private:
  root* make(const std::string& name) {
    if (auto* x = find(name))
      return x;
    parents_[name] = name;
    return &(roots_[name] = {name, nullptr});
  }

  const names& live_;
  std::map<std::string, std::string> parents_;
  std::map<std::string, root> roots_;
};

bool plain_equation(const literal& l) {
  return l.kind == literal_kind::equation && !l.negated && l.withs.empty();
}

bool begins_with(const node& ref, const node& prefix) {
  if (ref.parts.size() < prefix.parts.size())
    return false;
  for (size_t i = 0; i < prefix.parts.size(); ++i)
    if (!same(*ref.parts[i], *prefix.parts[i]))
      return false;
  return true;
}

class propagation {
public:
  propagation(arena& memory, const names& live, const arity_of& arity)
      : memory_(memory), live_(live), arity_(arity), sets_(live) {}

  literals run(const literals& body) {
    if (!join(body))
      return body;
    find_heads(body);
    literals out;
    for (auto& l : body) {
      auto x = plugged(l);
      if (keep(x))
        out.push_back(std::move(x));
    }
    give_live(out);
    return give_back(out) ? out : body;
  }

private:
  bool join(const literals& body) {
    for (auto& l : body) {
      if (!plain_equation(l))
        continue;
      auto &a = *l.terms[0], &b = *l.terms[1];
      bool ok = true;
      if (is_var(a) && is_var(b))
        ok = sets_.join(a.name, b.name);
      else if (is_var(a) && b.is(node_kind::constant))
        ok = sets_.set(a.name, l.terms[1]);
      else if (is_var(b) && a.is(node_kind::constant))
        ok = sets_.set(b.name, l.terms[0]);
      if (!ok)
        return false;
    }
    return true;
  }

  // A variable that heads a reference stays one.
  void find_heads(const literals& body) {
    walk(body, [&](const node& n) {
      if (!n.is(node_kind::ref) || !is_var(*n.parts[0]))
        return true;
      auto& name = n.parts[0]->name;
      if (auto* r = sets_.find(name)) {
        r->constant = nullptr;
        heads_.insert(r->name);
      } else {
        heads_.insert(name);
      }
      return true;
    });
  }

  literal plugged(const literal& l) {
    negated_ = l.negated || l.kind == literal_kind::negation;
    depth_ = 0;
    return changed(memory_, l, [this](const node_ptr& n) { return plug(n); });
  }

  node_ptr again(const node_ptr& n) {
    return changed(memory_, n, [this](const node_ptr& x) { return plug(x); });
  }

  node_ptr plug(const node_ptr& n) {
    if (++depth_ > depth_max)
      throw bound_reached{bound::depth};
    watch_walk(1);
    auto out = is_var(*n) ? variable(n) : reference(n);
    --depth_;
    return out;
  }

  node_ptr root_of(const std::string& name) {
    auto* r = sets_.find(name);
    if (!r)
      return nullptr;
    return r->constant ? r->constant : var_node(r->name);
  }

  const node_ptr* removed(const std::string& name) const {
    auto at = removed_.find(name);
    return at == removed_.end() || (negated_ && !is_ground(*at->second))
               ? nullptr
               : &at->second;
  }

  node_ptr variable(const node_ptr& n) {
    auto now = root_of(n->name);
    if (!now)
      now = n;
    if (!is_var(*now))
      return now;
    auto* by = removed(now->name);
    names inside;
    if (by)
      vars_of(**by, false, inside);
    if (!by || inside.count(now->name))
      return now;
    return again(*by);
  }

  node_ptr reference(const node_ptr& n) {
    nodes parts = n->parts;
    if (is_var(*parts[0]) && !is_root(parts[0]->name)) {
      if (auto now = root_of(parts[0]->name))
        parts[0] = now;
      if (auto* by = is_var(*parts[0]) ? removed(parts[0]->name) : nullptr) {
        nodes all = (*by)->is(node_kind::ref) ? (*by)->parts : nodes{*by};
        all.insert(all.end(), parts.begin() + 1, parts.end());
        parts = std::move(all);
      }
    }
    for (size_t i = 1; i < parts.size(); ++i)
      parts[i] = again(parts[i]);
    return make_node(memory_, node_kind::ref, std::move(parts));
  }

  // False where a literal goes, its variable noted.
  bool keep(const literal& l) {
    if (l.negated || l.kind == literal_kind::negation || !l.withs.empty())
      return true;
    if (l.kind == literal_kind::equation) {
      if (same(*l.terms[0], *l.terms[1])) {
        if (l.terms[0]->is(node_kind::ref))
          removed_["__localcp" + std::to_string(made_++) + "__"] = l.terms[0];
        return false;
      }
      return !note(l.terms[0], l.terms[1]) && !note(l.terms[1], l.terms[0]);
    }
    if (l.kind == literal_kind::call) {
      auto& last = *l.terms.back();
      if (captured(l) && is_var(last) && !live_.count(last.name)
          && !heads_.count(last.name)) {
        removed_[last.name] = make_node(memory_, node_kind::call,
                                        {l.terms.begin(), l.terms.end() - 1});
        return false;
      }
      return !(operator_name(*l.terms[0]) == "equal" && l.terms.size() == 3
               && same(*l.terms[1], *l.terms[2]));
    }
    return !(l.kind == literal_kind::term && l.terms[0]->is(node_kind::constant)
             && !l.terms[0]->constant.is_false());
  }

  bool captured(const literal& l) const {
    if (l.captured)
      return true;
    auto arity = arity_(to_term(*l.terms[0]));
    return arity >= 0 && l.terms.size() == static_cast<size_t>(arity) + 2;
  }

  bool note(const node_ptr& a, const node_ptr& b) {
    if (!is_var(*a) || live_.count(a->name)
        || !(b->is(node_kind::ref) || b->is(node_kind::call)))
      return false;
    removed_[a->name] = b;
    return true;
  }

  void give_live(literals& out) {
    for (auto& v : live_) {
      auto* r = sets_.find(v);
      if (!r)
        continue;
      auto at = removed_.find(r->name);
      if (r->constant)
        out.push_back(equation(var_node(v), r->constant));
      else if (at != removed_.end())
        out.push_back(equation(var_node(v), at->second));
      else if (r->name != v)
        out.push_back(equation(var_node(v), var_node(r->name)));
    }
  }

  // What was taken out and is defined nowhere else, or bound a variable.
  bool give_back(literals& out) {
    var_set safe(live_.begin(), live_.end());
    for (size_t before = safe.size() + 1; before != safe.size();) {
      before = safe.size();
      for (auto& l : out)
        for (auto& v : outputs(l, safe))
          safe.insert(v);
    }
    names unsafe;
    for (auto& l : out)
      vars_of(l, false, unsafe);
    for (auto& v : safe)
      unsafe.erase(v);
    for (auto at = removed_.rbegin(); at != removed_.rend(); ++at) {
      auto eq = equation(var_node(at->first), at->second);
      auto binds = outputs(eq, safe);
      auto before = unsafe.size();
      for (auto& v : binds)
        unsafe.erase(v);
      auto& by = *at->second;
      bool bare =
          by.is(node_kind::ref) && by.parts.size() == 1
          && (is_root(by.parts[0]->name) || safe.count(by.parts[0]->name));
      if (unsafe.size() == before && (bare || contained(by, out)))
        continue;
      out.push_back(std::move(eq));
      safe.insert(binds.begin(), binds.end());
    }
    return unsafe.empty();
  }

  var_set outputs(const literal& l, const var_set& safe) {
    return l.kind == literal_kind::negation || l.negated
               ? var_set()
               : output_vars(without_bodies(l), safe, arity_);
  }

  static bool contained(const node& what, const literals& body) {
    bool found = false;
    auto visit = [&](const node& n) {
      if (found || n.is_closure())
        return false;
      found = what.is(node_kind::ref)
                  ? n.is(node_kind::ref) && begins_with(n, what)
                  : same(n, what);
      return !found;
    };
    for (auto& l : body) {
      if (l.kind == literal_kind::negation || (l.negated && !l.withs.empty()))
        continue;
      if (l.negated) {
        for (auto& t : outside_not(l))
          walk(*t, visit);
        continue;
      }
      for (size_t i = l.kind == literal_kind::call ? 1 : 0; i < l.terms.size();
           ++i)
        walk(*l.terms[i], visit);
      for (auto& w : l.withs)
        walk(*w.with, visit);
    }
    return found;
  }

  static constexpr int depth_max = 500;

  arena& memory_;
  const names& live_;
  const arity_of& arity_;
  equal_sets sets_;
  names heads_;
  std::map<std::string, node_ptr> removed_;
  bool negated_ = false;
  int depth_ = 0;
  size_t made_ = 0;
};

} // namespace

literals propagate(arena& memory, const literals& body, const names& live,
                   const arity_of& arity, bool nonempty) {
  auto out = propagation(memory, live, arity).run(body);
  if (out.empty() && nonempty) {
    literal l;
    l.terms.push_back(true_node());
    out.push_back(std::move(l));
  }
  return out;
}

} // namespace rego::partial
