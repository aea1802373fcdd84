// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Numbers: JSON text to value and back, exact order, OPA's arithmetic.

#include "core/number.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "core/decimal.hpp"
#include "core/wide_float.hpp"
#include "rego/build.hpp"

namespace rego {

namespace {

std::string_view text_of(const decimal_node* d) {
  return {d->data(), d->size};
}

value make_decimal(arena& a, std::string_view text, long double real) {
  auto* d = static_cast<decimal_node*>(
      a.allocate(sizeof(decimal_node) + text.size()));
  d->real = real;
  d->size = static_cast<uint32_t>(text.size());
  std::memcpy(d + 1, text.data(), text.size());
  return value(d);
}

} // namespace

bool is_number_text(std::string_view t) {
  size_t i = 0;
  auto digits = [&] {
    auto from = i;
    while (i < t.size() && t[i] >= '0' && t[i] <= '9')
      ++i;
    return i - from;
  };
  if (i < t.size() && t[i] == '-')
    ++i;
  auto start = i;
  auto n = digits();
  if (n == 0 || (n > 1 && t[start] == '0'))
    return false;
  if (i < t.size() && t[i] == '.') {
    ++i;
    if (digits() == 0)
      return false;
  }
  if (i < t.size() && (t[i] | 32) == 'e') {
    ++i;
    if (i < t.size() && (t[i] == '+' || t[i] == '-'))
      ++i;
    if (digits() == 0)
      return false;
  }
  return i == t.size();
}

value make_number(arena& a, std::string_view text) {
  int64_t i = 0;
  auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), i);
  if (ec == std::errc() && end == text.data() + text.size()
      && !(i == 0 && text[0] == '-'))
    return value::integer(i);
  std::string z(text);
  return make_decimal(a, text, std::strtold(z.c_str(), nullptr));
}

namespace {

// "-1.25" and 4 are "-12500".
std::string without_exponent(std::string_view digits, int exponent) {
  std::string out(digits);
  std::erase(out, '.');
  auto whole = static_cast<size_t>(exponent) + 1 + out.starts_with('-');
  out.resize(std::max(whole, out.size()), '0');
  return out;
}

} // namespace

value make_whole_number(arena& a, long double real) {
  if (!std::isfinite(real))
    throw bound_reached{bound::number};
  if (real == 0 && std::signbit(real))
    return make_number(a, "-0");
  if (std::fabs(real) < 9.2e18L)
    return value::integer(static_cast<int64_t>(real));
  char buffer[5100];
  auto r = std::to_chars(buffer, buffer + sizeof buffer, real,
                         std::chars_format::fixed);
  return make_number(
      a, std::string_view(buffer, static_cast<size_t>(r.ptr - buffer)));
}

value make_number(arena& a, long double real) {
  bool whole = real == std::trunc(real);
  if (!std::isfinite(real) || (whole && std::fabs(real) < 9.2e18L))
    return make_whole_number(a, real);
  char sci[64];
  auto r =
      std::to_chars(sci, sci + sizeof sci, real, std::chars_format::scientific);
  std::string_view s(sci, static_cast<size_t>(r.ptr - sci));
  auto e = s.find('e');
  int exponent = std::atoi(std::string(s.substr(e + 1)).c_str());
  if (whole)
    return make_decimal(a, without_exponent(s.substr(0, e), exponent), real);
  // Go's 'g' with the shortest digits: exponents below -4 or from 6 are
  // written with e.
  if (exponent < -4 || exponent >= 6)
    return make_decimal(a, s, real);
  char fix[64];
  auto f = std::to_chars(fix, fix + sizeof fix, real, std::chars_format::fixed);
  return make_decimal(a, {fix, static_cast<size_t>(f.ptr - fix)}, real);
}

long double to_real(const value& n) {
  return n.is_integer() ? static_cast<long double>(n.as_integer())
                        : n.as_decimal()->real;
}

std::optional<int64_t> to_int64(const value& n) {
  if (n.is_integer())
    return n.as_integer();
  auto r = n.as_decimal()->real;
  if (r != std::trunc(r) || std::fabs(r) >= 9.2e18L)
    return std::nullopt;
  auto i = static_cast<int64_t>(r);
  if (compare(to_decimal(std::to_string(i)), to_decimal(n)) != 0)
    return std::nullopt;
  return i;
}

std::string number_text(const value& n) {
  if (n.is_integer())
    return std::to_string(n.as_integer());
  return std::string(text_of(n.as_decimal()));
}

int compare_numbers(const value& a, const value& b) {
  if (a.is_integer() && b.is_integer())
    return a.as_integer() < b.as_integer()   ? -1
           : a.as_integer() > b.as_integer() ? 1
                                             : 0;
  // Rounding keeps order, so only a tie needs the exact texts.
  auto x = to_real(a), y = to_real(b);
  if (x != y)
    return x < y ? -1 : 1;
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
  if (op != '/')
    if (auto exact = integer_arithmetic(a, op, x, y); exact.defined())
      return exact;
  if (is_faithful(x) && is_faithful(y)) {
    auto r = f(to_real(x), to_real(y));
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
