// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Numbers beyond int64: exact comparison of decimal texts and OPA's arithmetic.
// OPA computes on big.Float with 64 bits of mantissa, which is what long double
// is on x86-64; integers within int64 are exact.

#include "rego/arena.hpp"
#include "rego/value.hpp"

namespace rego {

int compare_numbers(const value& a, const value& b);

/// OPA's `+`, `-`, `*`; exact where both are integers and fit.
value number_plus(arena& a, const value& x, const value& y);
value number_minus(arena& a, const value& x, const value& y);
value number_multiply(arena& a, const value& x, const value& y);
/// y is not zero.
value number_divide(arena& a, const value& x, const value& y);
/// `+`, `-` or `*` in full where both are whole; undefined where not.
value integer_arithmetic(arena& a, char op, const value& x, const value& y);
bool is_zero(const value& v);

} // namespace rego
