// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Floating-point numbers as Go's strconv writes them: exponents have at least
// two digits; %g turns to %e where the exponent is below -4 or reaches the
// precision, 6 for the shortest digits; %b is the mantissa and the exponent of
// two, %x the same with one binary digit before the point.

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

#include "builtins/go_format.hpp"

namespace rego {

namespace {

// A double has at most 1,074 digits behind its point: what is asked for
// beyond them are zeros.
constexpr int most_digits = 1074;

std::string chars(double v, std::chars_format f, int precision) {
  char buffer[1600];
  auto end = buffer + sizeof buffer;
  auto r = precision < 0 ? std::to_chars(buffer, end, v, f)
                         : std::to_chars(buffer, end, v, f,
                                         std::min(precision, most_digits));
  std::string out(buffer, r.ptr);
  if (precision > most_digits)
    out.insert(std::min(out.find('e'), out.size()),
               static_cast<size_t>(precision - most_digits), '0');
  return out;
}

// The shortest digits that read back, with zeros up to the point: to_chars
// writes a large number exactly.
std::string shortest_fixed(double v) {
  auto s = chars(v, std::chars_format::scientific, -1);
  auto e = s.find('e');
  auto exponent = std::stoi(s.substr(e + 1));
  auto point = s.find('.');
  auto decimals = point < e ? static_cast<int>(e - point) - 1 : 0;
  if (exponent <= decimals)
    return chars(v, std::chars_format::fixed, -1);
  s.erase(e);
  if (point < e)
    s.erase(point, 1);
  return s.append(static_cast<size_t>(exponent - decimals), '0');
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

// |v| as mantissa * 2^exponent, the mantissa whole and below 2^53.
struct binary_parts {
  uint64_t mantissa;
  int exponent;
};

binary_parts parts_of(double v) {
  constexpr int fraction_bits = 52, bias = 1023;
  auto bits = std::bit_cast<uint64_t>(v);
  auto exponent = static_cast<int>(bits >> fraction_bits & 0x7FF);
  auto fraction = bits & ((1ULL << fraction_bits) - 1);
  if (exponent == 0)
    return {fraction, 1 - bias - fraction_bits};
  return {fraction | 1ULL << fraction_bits, exponent - bias - fraction_bits};
}

std::string signed_number(int n, size_t digits) {
  auto text = std::to_string(std::abs(n));
  if (text.size() < digits)
    text.insert(0, digits - text.size(), '0');
  return (n < 0 ? "-" : "+") + text;
}

std::string go_binary(double v) {
  auto p = parts_of(v);
  return (std::signbit(v) ? "-" : "") + std::to_string(p.mantissa) + "p"
         + signed_number(p.exponent, 1);
}

// Rounds to `precision` hexadecimal digits behind the point, half to even; the
// point stands behind bit 60.
void round_to_nibbles(uint64_t& mantissa, int& exponent, int precision) {
  constexpr uint64_t one = 1ULL << 60;
  auto dropped = 60 - precision * 4;
  auto extra = mantissa << (precision * 4) & (one - 1);
  mantissa >>= dropped;
  if ((extra | (mantissa & 1)) > one / 2)
    ++mantissa;
  mantissa <<= dropped;
  if (mantissa & one << 1) {
    mantissa >>= 1;
    ++exponent;
  }
}

std::string go_hexadecimal(double v, int precision) {
  constexpr int point = 60, most_nibbles = point / 4;
  auto p = parts_of(v);
  auto mantissa = p.mantissa;
  int exponent = 0;
  if (mantissa) {
    auto shift = std::countl_zero(mantissa) - (63 - point);
    mantissa <<= shift;
    exponent = p.exponent + point - shift;
  }
  if (precision >= 0 && precision < most_nibbles)
    round_to_nibbles(mantissa, exponent, precision);
  std::string out = std::signbit(v) ? "-0x" : "0x";
  out += static_cast<char>('0' + (mantissa >> point & 1));
  std::string digits;
  for (mantissa <<= 4; precision < 0 && mantissa; mantissa <<= 4)
    digits += "0123456789abcdef"[mantissa >> point & 15];
  for (int i = 0; i < precision; ++i, mantissa <<= 4)
    digits += "0123456789abcdef"[mantissa >> point & 15];
  if (!digits.empty())
    out += "." + digits;
  return out + "p" + signed_number(exponent, 2);
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
    s = precision < 0 ? shortest_fixed(v)
                      : chars(v, std::chars_format::fixed, precision);
    break;
  case 'b':
    s = go_binary(v);
    break;
  case 'x':
    s = go_hexadecimal(v, precision);
    break;
  default:
    s = general(v, precision);
  }
  if (verb == 'E' || verb == 'G' || verb == 'X')
    for (auto& c : s)
      c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return s;
}

std::string go_float_with_point(std::string number, char verb, int precision) {
  auto start = static_cast<size_t>(number[0] == '-' || number[0] == '+');
  auto tail = std::min(number.find_first_of((verb | 32) == 'x' ? "pP" : "eE"),
                       number.size());
  int missing = 0;
  if (verb == 'g' || verb == 'G' || verb == 'x')
    missing = precision < 0 ? 6 : precision;
  bool significant = false;
  for (auto i = start; i < tail; ++i) {
    significant = significant || (number[i] != '0' && number[i] != '.');
    missing -= significant && number[i] != '.';
  }
  std::string added;
  if (number.find('.') == std::string::npos) {
    missing -= tail == start + 1 && number[start] == '0';
    added = ".";
  }
  added.append(static_cast<size_t>(std::max(missing, 0)), '0');
  return number.insert(tail, added);
}

} // namespace rego
