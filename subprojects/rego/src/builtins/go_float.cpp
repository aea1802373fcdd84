// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Floating-point numbers as Go's strconv writes them: exponents have at least
// two digits; %g turns to %e where the exponent is below -4 or reaches the
// precision, 6 for the shortest digits.

#include <algorithm>
#include <charconv>
#include <cmath>

#include "builtins/go_format.hpp"

namespace rego {

namespace {

std::string chars(double v, std::chars_format f, int precision) {
  char buffer[1600];
  auto end = buffer + sizeof buffer;
  auto r = precision < 0 ? std::to_chars(buffer, end, v, f)
                         : std::to_chars(buffer, end, v, f, precision);
  return {buffer, r.ptr};
}

int exponent_of(const std::string& scientific) {
  auto e = scientific.find('e');
  return std::stoi(scientific.substr(e + 1));
}

// Drops zeros behind the point of the mantissa.
std::string without_zeros(std::string s) {
  auto e = std::min(s.find('e'), s.size());
  if (s.substr(0, e).find('.') == std::string::npos)
    return s;
  auto keep = s.find_last_not_of('0', e - 1);
  if (s[keep] == '.')
    --keep;
  return s.erase(keep + 1, e - keep - 1);
}

std::string general(double v, int precision) {
  if (precision == 0)
    precision = 1;
  auto s = chars(v, std::chars_format::scientific,
                 precision < 0 ? -1 : precision - 1);
  s = without_zeros(s);
  auto e = exponent_of(s);
  size_t digits = 0;
  for (auto c : s.substr(0, s.find('e')))
    digits += c >= '0' && c <= '9';
  int limit = precision < 0 ? 6 : precision;
  if (precision >= 0 && limit > static_cast<int>(digits)
      && static_cast<int>(digits) >= e + 1)
    limit = static_cast<int>(digits);
  if (e < -4 || e >= limit)
    return s;
  auto fraction = std::max(static_cast<int>(digits) - e - 1, 0);
  return chars(v, std::chars_format::fixed, fraction);
}

} // namespace

std::string go_float(double v, char verb, int precision) {
  if (std::isnan(v))
    return "NaN";
  if (std::isinf(v))
    return v < 0 ? "-Inf" : "+Inf";
  std::string s;
  switch (verb | 32) {
  case 'e':
    s = chars(v, std::chars_format::scientific, precision);
    break;
  case 'f':
    s = chars(v, std::chars_format::fixed, precision);
    break;
  default:
    s = general(v, precision);
  }
  if (verb == 'E' || verb == 'G')
    for (auto& c : s)
      c = c == 'e' ? 'E' : c;
  return s;
}

} // namespace rego
