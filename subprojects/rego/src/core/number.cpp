// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Numbers: exact order, OPA's arithmetic.

#include "core/number.hpp"

#include <cmath>
#include <limits>

#include "core/decimal.hpp"
#include "core/wide_float.hpp"
#include "rego/build.hpp"

namespace rego {

long double to_real(const value& n) {
  return n.is_integer() ? static_cast<long double>(n.as_integer())
                        : n.as_decimal()->real;
}

std::optional<int64_t> to_int64(const value& n) {
  if (n.is_integer())
    return n.as_integer();
  auto r = n.as_decimal()->real;
  if (has_fraction(r) || r >= 0x1p63L || r < -0x1p63L)
    return std::nullopt;
  auto i = static_cast<int64_t>(r);
  if (compare(to_decimal(std::to_string(i)), to_decimal(n)) != 0)
    return std::nullopt;
  return i;
}

namespace {

// Its text follows from to_real() alone.
bool is_computed(const value& n) {
  return !n.is_integer() && n.as_decimal()->size == 0;
}

// Whether it has at most 18 digits, as far as that is seen at once.
bool is_short(const value& n) {
  constexpr int64_t limit = 1'000'000'000'000'000'000;
  return n.is_integer() ? n.as_integer() < limit && n.as_integer() > -limit
                        : n.as_decimal()->size <= 18;
}

// Whether two numbers of which both round to this one are equal for certain.
// Decimals of 18 digits lie further apart than numbers of 64 bits, so that only
// one rounds to it; where there is one, a computed number's text is that, the
// shortest.
bool tells_all(long double real, const value& a, const value& b) {
  return (is_computed(a) && is_computed(b))
         || (std::isnormal(real) && is_short(a) && is_short(b));
}

} // namespace

int compare_numbers(const value& a, const value& b) {
  if (a.is_integer() && b.is_integer())
    return a.as_integer() < b.as_integer()   ? -1
           : a.as_integer() > b.as_integer() ? 1
                                             : 0;
  // Rounding keeps order, so only a tie needs the exact texts.
  auto x = to_real(a), y = to_real(b);
  if (x != y)
    return x < y ? -1 : 1;
  if (tells_all(x, a, b))
    return 0;
  return compare(to_decimal(a), to_decimal(b));
}

void check_operand(const value& v) {
  bool ordinary = v.is_integer() || std::isnormal(to_real(v));
  if (!ordinary && !fits_arithmetic(to_decimal(v)))
    throw bound_reached{bound::number};
}

namespace {

// Zero or with all 64 bits of its mantissa: a decimal that long double holds
// no worse than big.Float would.
bool is_faithful(long double r, bool may_be_zero) {
  return std::isnormal(r) || (r == 0 && may_be_zero);
}
bool is_faithful(const value& v) {
  return v.is_integer() || std::isnormal(to_real(v)) || is_zero(v);
}

// Where int64 does not do: whole numbers exactly, all else rounded.
value general_arithmetic(arena& a, char op, const value& x, const value& y,
                         long double (*f)(long double, long double)) {
  check_operand(x);
  check_operand(y);
  auto m = to_real(x), n = to_real(y);
  if (op != '/' && !has_fraction(m) && !has_fraction(n))
    if (auto exact = integer_arithmetic(a, op, x, y); exact.defined())
      return exact;
  if (is_faithful(x) && is_faithful(y)) {
    auto r = f(m, n);
    // A product or quotient is 0 by underflow alone, unless an operand is 0.
    bool may_be_zero = op == '+' || op == '-' || is_zero(x) || is_zero(y);
    if (is_faithful(r, may_be_zero))
      return make_number(a, r);
  }
  return wide_arithmetic(a, op, x, y);
}

} // namespace

value number_plus(arena& a, const value& x, const value& y) {
  int64_t r = 0;
  if (x.is_integer() && y.is_integer()
      && !__builtin_add_overflow(x.as_integer(), y.as_integer(), &r))
    return value::integer(r);
  return general_arithmetic(a, '+', x, y,
                            [](long double m, long double n) { return m + n; });
}

value number_minus(arena& a, const value& x, const value& y) {
  int64_t r = 0;
  if (x.is_integer() && y.is_integer()
      && !__builtin_sub_overflow(x.as_integer(), y.as_integer(), &r))
    return value::integer(r);
  return general_arithmetic(a, '-', x, y,
                            [](long double m, long double n) { return m - n; });
}

value number_multiply(arena& a, const value& x, const value& y) {
  int64_t r = 0;
  if (x.is_integer() && y.is_integer()
      && !__builtin_mul_overflow(x.as_integer(), y.as_integer(), &r))
    return value::integer(r);
  return general_arithmetic(a, '*', x, y,
                            [](long double m, long double n) { return m * n; });
}

value number_divide(arena& a, const value& x, const value& y) {
  // 0 / -1 is -0.
  if (x.is_integer() && y.is_integer() && x.as_integer() != 0
      && y.as_integer() != -1 && x.as_integer() % y.as_integer() == 0)
    return value::integer(x.as_integer() / y.as_integer());
  return general_arithmetic(a, '/', x, y,
                            [](long double m, long double n) { return m / n; });
}

value number_remainder(arena& a, const value& x, const value& y) {
  if (x.is_integer() && y.is_integer())
    return value::integer(
        y.as_integer() == -1 ? 0 : x.as_integer() % y.as_integer());
  check_operand(x);
  check_operand(y);
  return integer_arithmetic(a, '%', x, y);
}

value number_absolute(arena& a, const value& x) {
  if (x.is_integer() && x.as_integer() >= 0)
    return x;
  check_operand(x);
  auto r = std::fabs(to_real(x));
  if (is_faithful(x))
    return make_number(a, r);
  auto text = number_text(x);
  return wide_rounded(a, make_number(a, text.substr(text[0] == '-')));
}

value number_rounded(arena& a, const value& x, rounding how) {
  if (x.is_integer())
    return x;
  check_operand(x);
  auto r = to_real(x);
  if (std::isinf(r))
    return wide_rounded(a, x);
  // As little as the least long double, but not nothing.
  if (r == 0 && !is_zero(x))
    r = std::copysign(std::numeric_limits<long double>::min(), r);
  if (how == rounding::nearest)
    return make_whole_number(a, std::trunc(r + std::copysign(0.5L, r)) + 0.0L);
  auto whole = std::trunc(r) + 0.0L;
  if (how == rounding::up)
    return make_whole_number(a, whole < 0 || whole == r ? whole : whole + 1);
  return make_whole_number(a, whole >= 0 || whole == r ? whole : whole - 1);
}

bool is_zero(const value& v) {
  if (v.is_integer())
    return v.as_integer() == 0;
  return to_real(v) == 0 && to_decimal(v).digits.empty();
}

} // namespace rego
