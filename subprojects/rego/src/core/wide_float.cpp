// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// A text becomes a float, and a float its shortest text, by way of 256 bits of
// mantissa: 192 more than the result has, so that rounding twice cannot matter
// but for a tie that the digits would have to agree on to 57 places.

#include "core/wide_float.hpp"

#include <cstdlib>
#include <type_traits>

#include <boost/multiprecision/cpp_bin_float.hpp>

#include "core/decimal.hpp"
#include "core/walk_watch.hpp"
#include "rego/build.hpp"

namespace rego {

namespace {

namespace mp = boost::multiprecision;

constexpr int32_t exponent_range = 1 << 20;
template <unsigned Bits>
using binary = mp::number<
    mp::backends::cpp_bin_float<Bits, mp::backends::digit_base_2, void, int32_t,
                                -exponent_range, exponent_range>,
    mp::et_off>;
using narrow = binary<53>;
using wide = binary<64>;
using wider = binary<256>;

// Of numbers of arithmetic_digits_max digits before or behind the point.
constexpr int bits_max = 100000;

// As costly as this many instructions, roughly.
constexpr uint64_t cost = 2000;

wider power_of_ten(int64_t n) {
  wider out = 1, square = 10;
  for (; n > 0; n >>= 1) {
    if (n & 1)
      out *= square;
    square *= square;
  }
  return out;
}

// 0.DIGITS * 10^exponent; digits beyond 60 only tell what lies above a tie.
template <class Float = wide>
Float to_wide(const decimal& d) {
  constexpr size_t digits_max = 60;
  auto digits = d.digits;
  if (digits.size() > digits_max)
    digits = digits.substr(0, digits_max - 1) + '1';
  if (digits.empty())
    return 0;
  wider out{mp::cpp_int(digits)};
  auto scale = d.exponent - static_cast<int64_t>(digits.size());
  if (scale < 0)
    out /= power_of_ten(-scale);
  else
    out *= power_of_ten(scale);
  Float rounded{out};
  return d.negative ? Float(-rounded) : rounded;
}

// The first 40 digits of |v| or so, of which 20 tell all 64 bits.
template <class Float>
decimal to_digits(const Float& v) {
  wider x{abs(v)};
  auto scale = 40 - static_cast<int64_t>(ilogb(x) * 0.30102999566398119521);
  x = scale < 0 ? wider(x / power_of_ten(-scale))
                : wider(x * power_of_ten(scale));
  auto text = mp::cpp_int(round(x)).str();
  return {false, text, static_cast<int64_t>(text.size()) - scale};
}

// Rounded to n digits, zeros at the end dropped.
decimal cut(decimal d, size_t n) {
  bool up = d.digits[n] >= '5';
  d.digits.resize(n);
  while (up && !d.digits.empty() && d.digits.back() == '9')
    d.digits.pop_back();
  if (d.digits.empty()) {
    d.digits = "1";
    ++d.exponent;
  } else {
    d.digits.back() = static_cast<char>(d.digits.back() + up);
  }
  d.digits.erase(d.digits.find_last_not_of('0') + 1);
  return d;
}

template <class Float>
decimal shortest(const Float& v) {
  auto all = to_digits(v);
  for (size_t n = 1; n < 21; ++n)
    if (auto d = cut(all, n); to_wide<Float>(d) == abs(v))
      return d;
  return cut(all, 21);
}

// Of a number that has a fraction.
std::string point_between(const decimal& d) {
  if (d.exponent <= 0)
    return "0." + std::string(static_cast<size_t>(-d.exponent), '0') + d.digits;
  auto whole = static_cast<size_t>(d.exponent);
  return d.digits.substr(0, whole) + "." + d.digits.substr(whole);
}

// Go's %g with the shortest digits, or %f where the number is whole.
std::string text_of(const decimal& d, bool negative) {
  std::string out = negative ? "-" : "";
  auto size = static_cast<int64_t>(d.digits.size());
  if (d.exponent >= size)
    return out + d.digits
           + std::string(static_cast<size_t>(d.exponent - size), '0');
  auto e = d.exponent - 1;
  if (e >= -4 && e < 6)
    return out + point_between(d);
  out += d.digits[0];
  if (size > 1)
    out += "." + d.digits.substr(1);
  auto power = std::to_string(e < 0 ? -e : e);
  return out + (e < 0 ? "e-" : "e+") + (power.size() < 2 ? "0" : "") + power;
}

template <class Float>
value to_value(arena& a, const Float& v) {
  watch_walk(cost);
  if (v == 0)
    return make_number(a, signbit(v) ? "-0" : "0");
  auto d = shortest(v);
  if (!fits_arithmetic(d))
    throw bound_reached{bound::number};
  // What long double holds is printed by way of it, as everywhere else.
  if (std::is_same_v<Float, wide> && d.exponent > -4900 && d.exponent < 4900)
    return make_number(a, static_cast<long double>(v));
  return make_number(a, text_of(d, v < 0));
}

} // namespace

value wide_arithmetic(arena& a, char op, const value& x, const value& y) {
  auto m = to_wide(to_decimal(x)), n = to_wide(to_decimal(y));
  return to_value(a, op == '+'   ? wide(m + n)
                     : op == '-' ? wide(m - n)
                     : op == '*' ? wide(m * n)
                                 : wide(m / n));
}

value wide_product(arena& a, std::span<const value> list) {
  narrow out = 1;
  for (auto& v : list) {
    watch_walk(cost);
    out = narrow{wider{out} * wider{to_wide(to_decimal(v))}};
    if (out != 0 && std::abs(ilogb(out)) > bits_max)
      throw bound_reached{bound::number};
  }
  return to_value(a, out);
}

value wide_rounded(arena& a, const value& x) {
  return to_value(a, to_wide(to_decimal(x)));
}

} // namespace rego
