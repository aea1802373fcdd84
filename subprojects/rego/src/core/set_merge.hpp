// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Unions, intersections and differences of two sets: both lie in order, so the
// result needs no sorting. Stateless; any thread.

#include "rego/arena.hpp"
#include "rego/value.hpp"

namespace rego {

/// Which members stay: those of the left set alone, of both, of the right; in
/// one of these three ways.
struct set_parts {
  bool left, both, right;
};
inline constexpr set_parts set_union{true, true, true};
inline constexpr set_parts set_intersection{false, true, false};
inline constexpr set_parts set_difference{true, false, false};

/// A set of these parts; of equal members the left one's.
value merge_sets(arena& a, const value& left, const value& right, set_parts k);

} // namespace rego
