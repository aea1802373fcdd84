// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Arrays that stand for some elements of another collection, made without a
// look at them.

#include "rego/arena.hpp"
#include "rego/value.hpp"

namespace rego {

/// An array of items that lie in the arena and are elements of `of`, so that
/// it is no deeper.
inline value adopt_elements(arena& a, const value* items, size_t size,
                            const value& of) {
  auto* n = a.allocate_array<array_node>(1);
  *n = {static_cast<uint32_t>(size), items};
  return value(n, of.depth());
}

} // namespace rego
