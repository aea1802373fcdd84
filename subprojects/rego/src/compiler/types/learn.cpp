// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Equations, and what they and calls tell of variables.

#include <algorithm>

#include "compiler/types/checker.hpp"
#include "compiler/vars.hpp"
#include "core/work.hpp"

namespace rego::types {

namespace {

bool is_variable(const term& t) {
  return t.is(term_kind::var) && !is_root(t);
}

type_kind collection_kind(const term& t) {
  return t.is(term_kind::array)    ? type_kind::array
         : t.is(term_kind::object) ? type_kind::object
                                   : type_kind::set;
}

} // namespace

void checker::equate(const term& a, const term& b, const type& tb,
                     const location& at) {
  auto ta = type_of(a);
  if (!unify(a, ta, b, tb))
    fail(at, "match error", tell_sides(ta, tb));
}

bool checker::unify(const term& a, const type& ta, const term& b,
                    const type& tb) {
  // Nothing is known of what was wrong in itself.
  if ((is_opaque(a) && has_unknown(ta)) || (is_opaque(b) && has_unknown(tb)))
    return true;
  bool ua = has_unknown(ta), ub = has_unknown(tb);
  if (!ua && !ub)
    return unifies(ta, tb);
  if (!ua || !ub)
    return ua ? learn(a, tb, false) : learn(b, ta, false);
  if (is_variable(a) && is_variable(b))
    return learn(a, any(), false) && learn(b, type_of(a), false);
  if (is_variable(b) || is_variable(a)) {
    auto& whole = is_variable(b) ? a : b;
    auto& var = is_variable(b) ? b : a;
    return learn(whole, any(), false) && learn(var, type_of(whole), false);
  }
  if (a.is(term_kind::array) && b.is(term_kind::array))
    return unify_arrays(a, b);
  return a.is(term_kind::object) && b.is(term_kind::object)
         && unify_objects(a, b);
}

bool checker::unify_arrays(const term& a, const term& b) {
  return std::equal(
      a.args.begin(), a.args.end(), b.args.begin(), b.args.end(),
      [&](auto& x, auto& y) { return unify(x, type_of(x), y, type_of(y)); });
}

bool checker::unify_objects(const term& a, const term& b) {
  if (a.args.size() != b.args.size())
    return false;
  auto pairs = values_of_equal_keys(a, b);
  return pairs.size() * 2 == a.args.size()
         && std::all_of(pairs.begin(), pairs.end(), [&](auto& p) {
              return unify(*p.first, type_of(*p.first), *p.second,
                           type_of(*p.second));
            });
}

bool checker::learn(const term& t, const type& want, bool join) {
  spend();
  if (!want)
    return true;
  if (is_variable(t))
    return learn_var(t, want, join);
  if (is_opaque(t)) {
    auto& known = found_[&t];
    if (!known)
      known = want;
    return join || has_unknown(known) || unifies(known, want);
  }
  if (t.is(term_kind::array) || t.is(term_kind::object) || t.is(term_kind::set))
    return learn_parts(t, want, join);
  return unifies(type_of(t), want);
}

bool checker::learn_var(const term& t, const type& want, bool join) {
  auto known = vars_.of(t.text);
  if (known && !join)
    return has_unknown(known) || has_unknown(want) || unifies(known, want);
  vars_.set(t.text, either(known, want));
  return true;
}

bool checker::learn_parts(const term& t, const type& want, bool join) {
  if (is(want, type_kind::any)) {
    if (want->items.empty()) {
      for (auto& a : t.args)
        learn(a, want, true);
      return true;
    }
    bool some = false;
    for (auto& member : want->items)
      some = learn(t, member, true) || some;
    return some;
  }
  if (!is(want, collection_kind(t)))
    return false;
  if (t.is(term_kind::array))
    return learn_items(t, want, join);
  if (t.is(term_kind::object))
    return learn_properties(t, want, join);
  return std::all_of(t.args.begin(), t.args.end(),
                     [&](auto& a) { return learn(a, want->rest, join); });
}

bool checker::learn_items(const term& t, const type& want, bool join) {
  auto n = want->items.size();
  if (!want->rest && t.args.size() != n)
    return false;
  for (size_t i = 0; i < t.args.size(); ++i)
    if (!learn(t.args[i], i < n ? want->items[i] : want->rest, join))
      return false;
  return true;
}

bool checker::learn_properties(const term& t, const type& want, bool join) {
  if (!want->rest && t.args.size() / 2 != want->properties.size())
    return false;
  for (size_t i = 0; i + 1 < t.args.size(); i += 2) {
    // What is under a key that is not known could be any of the values.
    if (!is_scalar(t.args[i])) {
      learn(t.args[i + 1], any(), join);
      continue;
    }
    auto part = select(want, key_of(t.args[i]));
    if (!part || !learn(t.args[i + 1], part, join))
      return false;
  }
  return true;
}

} // namespace rego::types
