// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "core/decimal.hpp"

#include <algorithm>
#include <charconv>

#include "core/walk_watch.hpp"
#include "rego/build.hpp"

namespace rego {

namespace {

constexpr int64_t exponent_max = 1'000'000'000'000'000;

int64_t read_exponent(std::string_view t) {
  if (t[0] == '+')
    t.remove_prefix(1);
  int64_t e = 0;
  if (std::from_chars(t.data(), t.data() + t.size(), e).ec != std::errc())
    e = t[0] == '-' ? -exponent_max : exponent_max;
  return std::clamp(e, -exponent_max, exponent_max);
}

} // namespace

decimal to_decimal(std::string_view t) {
  watch_walk(1 + t.size() / 64);
  decimal n;
  size_t i = 0;
  if (t[0] == '-') {
    n.negative = true;
    i = 1;
  }
  int64_t point = 0;
  bool fraction = false;
  for (; i < t.size() && (t[i] | 32) != 'e'; ++i) {
    if (t[i] == '.') {
      fraction = true;
      continue;
    }
    n.digits += t[i];
    point += !fraction;
  }
  if (i < t.size())
    point += read_exponent(t.substr(i + 1));
  auto first = n.digits.find_first_not_of('0');
  if (first == std::string::npos)
    return {};
  n.digits.erase(0, first);
  n.exponent = point - static_cast<int64_t>(first);
  n.digits.erase(n.digits.find_last_not_of('0') + 1);
  return n;
}

decimal to_decimal(const value& number) {
  return to_decimal(number_text(number));
}

int compare(const decimal& x, const decimal& y) {
  auto sign = [](const decimal& d) {
    return d.digits.empty() ? 0 : d.negative ? -1 : 1;
  };
  if (sign(x) != sign(y) || sign(x) == 0)
    return sign(x) - sign(y);
  int c = x.exponent != y.exponent ? (x.exponent < y.exponent ? -1 : 1)
                                   : x.digits.compare(y.digits);
  return x.negative ? -c : c;
}

bool fits_arithmetic(const decimal& d) {
  return d.digits.empty()
         || (d.exponent <= arithmetic_digits_max
             && d.exponent > -arithmetic_digits_max);
}

bool is_readable(std::string_view text) {
  constexpr int64_t readable_max = 646'456'993;
  auto e = text.find_first_of("eE");
  if (e == text.npos)
    return true;
  auto d = to_decimal(text);
  return d.exponent <= readable_max && d.exponent >= -readable_max;
}

} // namespace rego
