// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/written_size.hpp"

namespace rego {

namespace {

// Takes the bytes of a value's text, roughly, off the budget; false where it
// is used up.
bool measure(call_context& c, const value& v, size_t& budget) {
  auto cost = v.is_string() ? v.as_string().size() + 2 : size_t{4};
  if (cost > budget)
    return false;
  budget -= cost;
  if (!v.is_collection())
    return true;
  c.tick(1 + v.size() / 8);
  for (size_t i = 0; i < v.size(); ++i)
    if (!measure(c, v.is_array() ? v.items()[i] : v.keys()[i], budget)
        || (v.is_object() && !measure(c, v.values()[i], budget)))
      return false;
  return true;
}

} // namespace

void check_written_size(call_context& c, const value& v) {
  if (!is_written_within(c, v, c.memory().room()))
    throw memory_exceeded{};
}

bool is_written_within(call_context& c, const value& v, size_t bytes) {
  return measure(c, v, bytes);
}

} // namespace rego
