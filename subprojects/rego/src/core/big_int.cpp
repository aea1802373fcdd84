// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "core/big_int.hpp"

#include <cmath>

#include "core/number.hpp"
#include "rego/build.hpp"

namespace rego {

std::optional<big_int> to_big_int(const value& number) {
  if (number.is_integer())
    return big_int(number.as_integer());
  auto text = number_text(number);
  bool negative = text[0] == '-';
  std::string digits;
  long exponent = 0;
  size_t i = negative ? 1 : 0;
  for (bool fraction = false; i < text.size() && (text[i] | 32) != 'e'; ++i) {
    if (text[i] == '.') {
      fraction = true;
      continue;
    }
    digits += text[i];
    exponent -= fraction;
  }
  if (i < text.size()) {
    if (text.size() - i > 6)
      return std::nullopt;
    exponent += std::stol(text.substr(i + 1));
  }
  while (exponent < 0 && !digits.empty() && digits.back() == '0') {
    digits.pop_back();
    ++exponent;
  }
  if (digits.empty())
    return big_int(0);
  if (exponent < 0 || exponent > 4000 || digits.size() > 4000)
    return std::nullopt;
  digits.append(static_cast<size_t>(exponent), '0');
  // A leading zero would make the text octal.
  auto first = digits.find_first_not_of('0');
  if (first == std::string::npos)
    return big_int(0);
  big_int out(digits.substr(first));
  return negative ? big_int(-out) : out;
}

std::optional<big_int> to_rounded_int(const value& number) {
  if (auto exact = to_big_int(number))
    return exact;
  auto r = to_real(number);
  if (!std::isfinite(r) || r != std::trunc(r))
    return std::nullopt;
  return big_int(r);
}

value integer_arithmetic(arena& a, char op, const value& x, const value& y) {
  auto m = to_rounded_int(x), n = to_rounded_int(y);
  if (!m || !n)
    return {};
  return make_number(a, op == '+'   ? big_int(*m + *n)
                        : op == '-' ? big_int(*m - *n)
                                    : big_int(*m * *n));
}

value make_number(arena& a, const big_int& n) {
  if (n >= INT64_MIN && n <= INT64_MAX)
    return value::integer(static_cast<int64_t>(n));
  return make_number(a, n.str());
}

} // namespace rego
