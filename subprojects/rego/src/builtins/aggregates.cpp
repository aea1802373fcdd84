// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Aggregates: count, sum, product, max, min, sort, all, any.

#include "builtins/families.hpp"
#include "builtins/support.hpp"
#include "builtins/utf8.hpp"
#include "core/number.hpp"

namespace rego {

namespace {

value count(call_context& c, args a) {
  if (a[0].is_collection())
    return value::integer(a[0].size());
  if (a[0].is_string()) {
    c.tick(a[0].as_string().size() / 64);
    return value::integer(static_cast<int64_t>(count_runes(a[0].as_string())));
  }
  return c.operand_error(1, a[0], {"array", "object", "set", "string"});
}

// Whether all are numbers; tells which is none.
bool are_numbers(call_context& c, const value& list) {
  if (!list.is_array() && !list.is_set()) {
    c.operand_error(1, list, {"set", "array"});
    return false;
  }
  for (auto& v : elements(list))
    if (!v.is_number()) {
      c.element_error(1, list, v, "number");
      return false;
    }
  return true;
}

value sum(call_context& c, args a) {
  return are_numbers(c, a[0]) ? number_sum(c.memory(), elements(a[0]))
                              : value();
}

value product(call_context& c, args a) {
  return are_numbers(c, a[0]) ? number_product(c.memory(), elements(a[0]))
                              : value();
}

// sign 1 keeps the greatest, -1 the least; undefined for none. Of equals in an
// array the last, as OPA does.
value extreme(call_context& c, args a, int sign) {
  if (!a[0].is_array() && !a[0].is_set())
    return c.operand_error(1, a[0], {"set", "array"});
  value best;
  for (auto& v : elements(a[0]))
    if (!best.defined() || compare(v, best) * sign >= 0)
      best = v;
  return best;
}

value max(call_context& c, args a) {
  return extreme(c, a, 1);
}
value min(call_context& c, args a) {
  return extreme(c, a, -1);
}

value sort(call_context& c, args a) {
  if (!a[0].is_array() && !a[0].is_set())
    return c.operand_error(1, a[0], {"set", "array"});
  return sorted_array(c.memory(), elements(a[0]));
}

value all(call_context& c, args a) {
  if (!a[0].is_array() && !a[0].is_set())
    return c.operand_error(1, a[0], {"array", "set"});
  for (auto& v : elements(a[0]))
    if (!v.is_true())
      return value::boolean(false);
  return value::boolean(true);
}

value any(call_context& c, args a) {
  if (!a[0].is_array() && !a[0].is_set())
    return c.operand_error(1, a[0], {"array", "set"});
  for (auto& v : elements(a[0]))
    if (v.is_true())
      return value::boolean(true);
  return value::boolean(false);
}

} // namespace

void register_aggregates(builtin_table& t) {
  t.add("count", count);
  t.add("sum", sum);
  t.add("product", product);
  t.add("max", max);
  t.add("min", min);
  t.add("sort", sort);
  t.add("all", all);
  t.add("any", any);
}

} // namespace rego
