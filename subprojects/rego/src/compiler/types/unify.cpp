// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Whether a value can be of two types.

#include <algorithm>

#include "compiler/types/type.hpp"
#include "core/work.hpp"

namespace rego::types {

namespace {

// Unions within unions multiply: what takes too many steps is let pass.
class unification {
public:
  bool both(const type& a, const type& b) {
    spend();
    if (!a || !b)
      return false;
    if (--steps_left_ <= 0)
      return true;
    bool ua = is(a, type_kind::any), ub = is(b, type_kind::any);
    if (ua || ub)
      return (ua && some_member(a, b)) || (ub && some_member(b, a));
    if (a->kind != b->kind)
      return false;
    switch (a->kind) {
    case type_kind::array:
      return arrays(*a, *b);
    case type_kind::object:
      return objects(a, b);
    case type_kind::set:
      return both(a->rest, b->rest);
    case type_kind::function:
      return functions(*a, *b);
    default:
      return true;
    }
  }

private:
  bool some_member(const type& all, const type& t) {
    if (is(t, type_kind::function))
      return false;
    return all->items.empty()
           || std::any_of(all->items.begin(), all->items.end(),
                          [&](auto& m) { return both(m, t); });
  }

  bool rests(const type_node& a, const type_node& b) {
    return !a.rest || !b.rest || both(a.rest, b.rest);
  }

  bool arrays(const type_node& a, const type_node& b) {
    auto at = [](const type_node& n, size_t i) -> const type& {
      return i < n.items.size() ? n.items[i] : n.rest;
    };
    for (size_t i = 0; i < std::max(a.items.size(), b.items.size()); ++i)
      if (!both(at(a, i), at(b, i)))
        return false;
    return rests(a, b);
  }

  bool has_properties(const type_node& a, const type& b) {
    return std::all_of(a.properties.begin(), a.properties.end(), [&](auto& p) {
      return both(p.value, select(b, p.key));
    });
  }

  bool objects(const type& a, const type& b) {
    return has_properties(*a, b) && has_properties(*b, a) && rests(*a, *b);
  }

  bool functions(const type_node& a, const type_node& b) {
    return std::equal(a.items.begin(), a.items.end(), b.items.begin(),
                      b.items.end(),
                      [&](auto& x, auto& y) { return both(x, y); });
  }

  int steps_left_ = 100000;
};

} // namespace

bool unifies(const type& a, const type& b) {
  return unification().both(a, b);
}

} // namespace rego::types
