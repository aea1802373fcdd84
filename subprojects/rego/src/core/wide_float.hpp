// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Arithmetic as on Go's big.Float, with 53 or 64 bits of mantissa and exponents
// far beyond long double's. Slow and seldom: other than for products, numbers
// that long double holds never come here. Stateless; any thread.

#include <span>

#include "rego/arena.hpp"
#include "rego/value.hpp"

namespace rego {

/// x + y, x - y, x * y or x / y (y not zero) by `op`, rounded to 64 bits. Both
/// operands fit arithmetic (core/decimal.hpp); throws bound_reached where the
/// result does not.
value wide_arithmetic(arena& a, char op, const value& x, const value& y);

/// The product of all, rounded to 53 bits after each. All fit arithmetic;
/// throws bound_reached where a product on the way does not.
value wide_product(arena& a, std::span<const value> list);

/// The number rounded to 64 bits and printed as OPA prints a computed number.
value wide_rounded(arena& a, const value& x);

} // namespace rego
