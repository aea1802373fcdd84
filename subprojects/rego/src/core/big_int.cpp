// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "core/big_int.hpp"

#include <cmath>

#include "core/decimal.hpp"
#include "core/number.hpp"
#include "core/walk_watch.hpp"
#include "rego/build.hpp"

namespace rego {

namespace {

// Reading and writing take time with the square of the digits.
void watch_digits(size_t digits) {
  watch_walk(digits * digits / 256);
}

} // namespace

std::optional<big_int> to_big_int(const value& number) {
  if (number.is_integer())
    return big_int(number.as_integer());
  auto r = to_real(number);
  if (std::isfinite(r) && r != std::trunc(r))
    return std::nullopt;
  auto d = to_decimal(number);
  if (d.digits.empty())
    return big_int(0);
  auto size = static_cast<int64_t>(d.digits.size());
  if (d.exponent < size || d.exponent > arithmetic_digits_max)
    return std::nullopt;
  d.digits.append(static_cast<size_t>(d.exponent - size), '0');
  watch_digits(d.digits.size());
  big_int out(d.digits);
  return d.negative ? big_int(-out) : out;
}

std::optional<big_int> to_rounded_int(const value& number) {
  if (auto exact = to_big_int(number))
    return exact;
  auto r = to_real(number);
  if (!std::isfinite(r) || r != std::trunc(r) || r == 0)
    return std::nullopt; // 0 stands for less than long double holds
  return big_int(r);
}

big_int to_truncated_int(const value& number) {
  if (auto exact = to_big_int(number))
    return *exact;
  auto r = to_real(number);
  if (!std::isfinite(r))
    throw bound_reached{bound::number};
  return big_int(r);
}

value integer_arithmetic(arena& a, char op, const value& x, const value& y) {
  auto m = to_rounded_int(x), n = to_rounded_int(y);
  if (!m || !n)
    return {};
  return make_number(a, op == '+'   ? big_int(*m + *n)
                        : op == '-' ? big_int(*m - *n)
                        : op == '*' ? big_int(*m * *n)
                                    : big_int(*m % *n));
}

bool is_multiple(const value& x, const value& y) {
  auto m = to_decimal(x), n = to_decimal(y);
  if (m.digits.empty())
    return true;
  // As whole numbers of M * 10^p and N * 10^q, where 10 divides neither M nor
  // N: so M * 10^p / N * 10^q is no whole number where p is below q.
  auto p = m.exponent - static_cast<int64_t>(m.digits.size());
  auto q = n.exponent - static_cast<int64_t>(n.digits.size());
  if (p < q)
    return false;
  if (std::max(m.digits.size(), n.digits.size()) > arithmetic_digits_max)
    throw bound_reached{bound::number};
  watch_digits(m.digits.size());
  watch_digits(n.digits.size());
  big_int of(m.digits), by(n.digits);
  if (by == 1)
    return true;
  big_int scale = powm(big_int(10), big_int(p - q), by);
  return big_int(of % by * scale) % by == 0;
}

void check_width(const big_int& n) {
  constexpr unsigned bits_max = 100'001; // 10^30103 and no more
  if (n != 0 && msb(abs(n)) >= bits_max)
    throw bound_reached{bound::number};
}

value make_number(arena& a, const big_int& n) {
  if (n >= INT64_MIN && n <= INT64_MAX)
    return value::integer(static_cast<int64_t>(n));
  check_width(n);
  watch_digits(msb(abs(n)) * 3 / 10);
  return make_number(a, n.str());
}

} // namespace rego
