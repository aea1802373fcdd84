// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/written_size.hpp"

namespace rego {

namespace {

// Takes the bytes of a value's text, roughly, off the budget.
void measure(call_context& c, const value& v, size_t& budget) {
  auto cost = v.is_string() ? v.as_string().size() + 2 : size_t{4};
  if (cost > budget)
    throw memory_exceeded{};
  budget -= cost;
  if (!v.is_collection())
    return;
  c.tick(1 + v.size() / 8);
  for (size_t i = 0; i < v.size(); ++i) {
    measure(c, v.is_array() ? v.items()[i] : v.keys()[i], budget);
    if (v.is_object())
      measure(c, v.values()[i], budget);
  }
}

} // namespace

void check_written_size(call_context& c, const value& v) {
  auto budget = c.memory().room();
  measure(c, v, budget);
}

} // namespace rego
