// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whole numbers of any size, for the functions that need them in full (bits,
// rounding, ranges). Heavy header: include it in the .cpp only.

#include <boost/multiprecision/cpp_int.hpp>
#include <optional>

#include "rego/arena.hpp"
#include "rego/value.hpp"

namespace rego {

using big_int = boost::multiprecision::cpp_int;

/// The number where it is integral (1e3 is) and fits arithmetic.
std::optional<big_int> to_big_int(const value& number);
/// Throws bound_reached beyond 10^30103.
value make_number(arena& a, const big_int& n);

/// Throws as make_number() of it would.
void check_width(const big_int& n);

/// The number in full where to_big_int has it, else rounded to 64 bits of
/// mantissa first; nothing where a fraction is left.
std::optional<big_int> to_rounded_int(const value& number);

/// The number without its fraction; throws bound_reached beyond 10^30103.
big_int to_truncated_int(const value& number);

} // namespace rego
