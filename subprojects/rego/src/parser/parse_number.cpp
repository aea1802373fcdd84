// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Numbers, and which are too large to be read.

#include <algorithm>
#include <cstdlib>

#include "core/decimal.hpp"
#include "parser/parser.hpp"

namespace rego {

namespace {

// Whether a number has an exponent of two that Go's big.Float cannot hold: its
// 32 bits count the bits of all digits and the exponent of ten behind them.
bool exceeds_float(std::string_view digits) {
  auto e = std::min(digits.find_first_of("eE"), digits.size());
  auto mantissa = digits.substr(0, e);
  auto first = mantissa.find_first_of("123456789");
  if (e == digits.size() || first == mantissa.npos)
    return false;
  auto dot = std::min(mantissa.find('.'), mantissa.size());
  auto behind = mantissa.size() - dot;
  auto bits = 3.3219 * static_cast<double>(mantissa.size() - first);
  auto ten = std::strtod(std::string(digits.substr(e + 1)).c_str(), nullptr);
  auto two = bits + ten - static_cast<double>(behind ? behind - 1 : 0);
  return two > 2147483647.0 || two < -2147483648.0;
}

} // namespace

// With a dot before it the number is a fraction.
term parser::parse_number(bool negative, bool dot) {
  term t;
  t.kind = term_kind::number;
  auto digits = now().text;
  if (!dot && digits.size() > 1 && digits[0] == '0' && digits[1] != '.'
      && (digits[1] | 32) != 'e')
    unexpected("expected number without leading zero");
  if (dot && digits.find('.') != digits.npos)
    unexpected("invalid float");
  t.text = (negative ? "-" : "") + std::string(dot ? "0." : "")
           + std::string(digits);
  if (exceeds_float(digits))
    unexpected("invalid float");
  if (!fits_arithmetic(to_decimal(t.text)))
    fail("number too big");
  ++pos_;
  return t;
}

} // namespace rego
