// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Numbers: JSON text to value and back, exact order, OPA's arithmetic.

#include "core/number.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>

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

// A decimal text as sign, digits without zeros at either end, and the power of
// ten of the first digit.
struct normal_form {
  bool negative = false;
  std::string digits;
  long exponent = 0;
};

normal_form normalise(std::string_view t) {
  normal_form n;
  size_t i = 0;
  if (t[0] == '-') {
    n.negative = true;
    i = 1;
  }
  long point = 0;
  bool fraction = false;
  for (; i < t.size() && (t[i] | 32) != 'e'; ++i) {
    if (t[i] == '.') {
      fraction = true;
      continue;
    }
    n.digits += t[i];
    point += !fraction;
  }
  if (i < t.size()) {
    long e = 0;
    bool plus = t[i + 1] == '+';
    std::from_chars(t.data() + i + 1 + plus, t.data() + t.size(), e);
    point += e;
  }
  auto first = n.digits.find_first_not_of('0');
  if (first == std::string::npos)
    return {};
  n.digits.erase(0, first);
  n.exponent = point - static_cast<long>(first);
  n.digits.erase(n.digits.find_last_not_of('0') + 1);
  return n;
}

int compare_texts(std::string_view a, std::string_view b) {
  auto x = normalise(a), y = normalise(b);
  if (x.digits.empty() || y.digits.empty()) {
    int sx = x.digits.empty() ? 0 : x.negative ? -1 : 1;
    int sy = y.digits.empty() ? 0 : y.negative ? -1 : 1;
    return sx - sy;
  }
  if (x.negative != y.negative)
    return x.negative ? -1 : 1;
  int c = x.exponent != y.exponent ? (x.exponent < y.exponent ? -1 : 1)
                                   : x.digits.compare(y.digits);
  return x.negative ? -c : c;
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

value make_number(arena& a, long double real) {
  if (std::isinf(real) || std::isnan(real))
    return value::integer(0);
  if (real == std::trunc(real)) {
    if (std::fabs(real) < 9.2e18L)
      return value::integer(static_cast<int64_t>(real));
    char buffer[5100];
    auto r = std::to_chars(buffer, buffer + sizeof buffer, real,
                           std::chars_format::fixed);
    return make_number(
        a, std::string_view(buffer, static_cast<size_t>(r.ptr - buffer)));
  }
  // Go's 'g' with the shortest digits: exponents below -4 or from 6 are
  // written with e.
  char sci[64];
  auto r =
      std::to_chars(sci, sci + sizeof sci, real, std::chars_format::scientific);
  std::string_view s(sci, static_cast<size_t>(r.ptr - sci));
  auto e = s.find('e');
  int exponent = std::atoi(std::string(s.substr(e + 1)).c_str());
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
  if (compare_texts(std::to_string(i), text_of(n.as_decimal())) != 0)
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
  return compare_texts(number_text(a), number_text(b));
}

namespace {

// Whole numbers beyond int64 are exact, all else is rounded.
value wide(arena& a, char op, const value& x, const value& y,
           long double rounded) {
  auto exact = integer_arithmetic(a, op, x, y);
  return exact.defined() ? exact : make_number(a, rounded);
}

} // namespace

value number_plus(arena& a, const value& x, const value& y) {
  int64_t r = 0;
  if (x.is_integer() && y.is_integer()
      && !__builtin_add_overflow(x.as_integer(), y.as_integer(), &r))
    return value::integer(r);
  return wide(a, '+', x, y, to_real(x) + to_real(y));
}

value number_minus(arena& a, const value& x, const value& y) {
  int64_t r = 0;
  if (x.is_integer() && y.is_integer()
      && !__builtin_sub_overflow(x.as_integer(), y.as_integer(), &r))
    return value::integer(r);
  return wide(a, '-', x, y, to_real(x) - to_real(y));
}

value number_multiply(arena& a, const value& x, const value& y) {
  int64_t r = 0;
  if (x.is_integer() && y.is_integer()
      && !__builtin_mul_overflow(x.as_integer(), y.as_integer(), &r))
    return value::integer(r);
  return wide(a, '*', x, y, to_real(x) * to_real(y));
}

value number_divide(arena& a, const value& x, const value& y) {
  if (x.is_integer() && y.is_integer() && y.as_integer() != -1
      && x.as_integer() % y.as_integer() == 0)
    return value::integer(x.as_integer() / y.as_integer());
  return make_number(a, to_real(x) / to_real(y));
}

bool is_zero(const value& v) {
  return to_real(v) == 0;
}

} // namespace rego
