// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Numbers beyond int64: exact comparison of decimal texts and OPA's arithmetic.
// OPA computes on big.Float with 64 bits of mantissa, which is what long double
// is on x86-64; what that cannot hold goes the slow way of core/wide_float.hpp,
// and whole numbers are exact. An operand or result beyond the bound of
// arithmetic (core/decimal.hpp) throws bound_reached.

#include <cmath>
#include <span>

#include "rego/arena.hpp"
#include "rego/value.hpp"

namespace rego {

int compare_numbers(const value& a, const value& b);

/// Of a finite number; others have none.
inline bool has_fraction(long double real) {
  return std::fabs(real) < 0x1p63L
         && static_cast<long double>(static_cast<int64_t>(real)) != real;
}

/// What deep_copy() makes of a number.
value copy_number(arena& to, const value& n);

/// Throws bound_reached where the number is beyond the bound of arithmetic.
void check_operand(const value& v);

/// OPA's `+`, `-`, `*`; exact where both are integers and fit.
value number_plus(arena& a, const value& x, const value& y);
value number_minus(arena& a, const value& x, const value& y);
value number_multiply(arena& a, const value& x, const value& y);
/// y is not zero.
value number_divide(arena& a, const value& x, const value& y);
/// y is not zero; undefined where one of them has a fraction.
value number_remainder(arena& a, const value& x, const value& y);
/// The sum by one `+` after the other.
value number_sum(arena& a, std::span<const value> list);
/// The product of numbers as OPA's `product` has it: exact where all are whole,
/// else rounded to 53 bits after each, where `*` keeps 64.
value number_product(arena& a, std::span<const value> list);
value number_absolute(arena& a, const value& x);

/// Towards what a number is rounded: a half goes away from zero.
enum class rounding : uint8_t { nearest, up, down };
/// As OPA rounds, which between -1 and 0 rounds up to 1 and down to 0.
value number_rounded(arena& a, const value& x, rounding how);

/// `+`, `-`, `*` or `%` in full where both are whole; undefined where not.
value integer_arithmetic(arena& a, char op, const value& x, const value& y);
/// Whether x / y is whole, exactly; y is not zero.
bool is_multiple(const value& x, const value& y);
bool is_zero(const value& v);

} // namespace rego
