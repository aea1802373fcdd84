// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// A number's text taken apart: exact, whatever its exponent, in time linear in
// the text. Plain values.

#include <string>
#include <string_view>

#include "rego/value.hpp"

namespace rego {

/// 0.DIGITS * 10^exponent. Zero has no digits; else neither end is a zero.
/// Exponents saturate at 10^15, far beyond what any reader lets in.
struct decimal {
  bool negative = false;
  std::string digits;
  int64_t exponent = 0;
};

decimal to_decimal(std::string_view number_text);
decimal to_decimal(const value& number);

/// Negative, 0 or positive, by exact value.
int compare(const decimal& a, const decimal& b);

/// Arithmetic takes and gives numbers of 10^-30103 to 10^30103, the bound that
/// OPA sets for literals (2^100000); beyond it no number can eat memory.
inline constexpr int64_t arithmetic_digits_max = 30103;
bool fits_arithmetic(const decimal& d);

/// Exponents as far as Go's big.Float goes (2^31 bits): what is beyond is
/// refused where it is read, as nothing could be computed on it.
bool is_readable(std::string_view number_text);

} // namespace rego
