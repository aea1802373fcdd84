// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a register holds while a comprehension gathers: a builder in the
// evaluation's arena.

#include <new>

#include "rego/build.hpp"

namespace rego {

/// Gathers members, pairs, or the rows of a group.
struct builder_pair {
  array_builder items; // of all rows each key, then the row
  object_builder pairs;
  bool all_rows = false; // and not those of one key
  bool too_many = false; // there were too many of them
  explicit builder_pair(arena& a) : items(a), pairs(a) {}
};

inline builder_pair& builder_in(const value& v) {
  return *static_cast<builder_pair*>(const_cast<void*>(v.as_pointer()));
}

inline value new_builder(arena& a) {
  return value::node(new (a.allocate(sizeof(builder_pair))) builder_pair(a), 0);
}

} // namespace rego
