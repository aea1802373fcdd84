// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Numbers as texts: JSON's to a value, and a value as OPA prints it.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "core/number.hpp"
#include "core/walk_watch.hpp"
#include "rego/build.hpp"

namespace rego {

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

namespace {

value make_decimal(arena& a, std::string_view text, long double real) {
  auto* d = static_cast<decimal_node*>(
      a.allocate(sizeof(decimal_node) + text.size()));
  d->real = real;
  d->size = static_cast<uint32_t>(text.size());
  std::memcpy(d + 1, text.data(), text.size());
  return value(d);
}

// D.IGITS * 10^exponent; the last is no zero.
struct computed_digits {
  std::string digits;
  int exponent;
};

// Of a number above 0: the at most 18 digits that read back to it, or none.
// Decimals of so few lie further apart than numbers of 64 bits, so that there
// are no others, and hence none that are shorter.
computed_digits few_digits(long double real) {
  static constexpr long double powers_of_ten[] = {
      1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,  1e7L,  1e8L,  1e9L,
      1e10L, 1e11L, 1e12L, 1e13L, 1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L,
      1e20L, 1e21L, 1e22L, 1e23L, 1e24L, 1e25L, 1e26L, 1e27L};
  auto below = std::floor((std::ilogb(real) + 1) * 0.30102999566398119521);
  auto scale = 17 - static_cast<int>(below);
  if (scale < 0 || scale >= static_cast<int>(std::size(powers_of_ten)))
    return {};
  // Both are exact, so that the quotient is rounded once, as a reader would.
  auto power = powers_of_ten[scale];
  auto n = std::llrint(real * power);
  if (static_cast<long double>(n) / power != real)
    return {};
  computed_digits out{std::to_string(n), 0};
  out.exponent = static_cast<int>(out.digits.size()) - 1 - scale;
  out.digits.erase(out.digits.find_last_not_of('0') + 1);
  return out;
}

// Of a number above 0, as few as read back to 64 bits of mantissa.
computed_digits shortest_digits(long double real) {
  constexpr uint64_t cost = 8; // roughly, of instructions
  watch_walk(cost);
  if (auto few = few_digits(real); !few.digits.empty())
    return few;
  char text[64];
  auto end = std::to_chars(text, text + sizeof text, real,
                           std::chars_format::scientific)
                 .ptr;
  auto* e = std::find(text, end, 'e');
  computed_digits out{std::string(text, e), 0};
  std::from_chars(e + 1 + (e[1] == '+'), end, out.exponent);
  std::erase(out.digits, '.');
  return out;
}

// Go's 'g' with the shortest digits: exponents below -4 or from 6 are written
// with e.
std::string computed_text(long double real) {
  auto [out, exponent] = shortest_digits(std::fabs(real));
  if (real == std::trunc(real)) {
    out.resize(std::max(static_cast<size_t>(exponent) + 1, out.size()), '0');
  } else if (exponent < -4 || exponent >= 6) {
    if (out.size() > 1)
      out.insert(1, 1, '.');
    auto power = std::to_string(std::abs(exponent));
    out += exponent < 0 ? "e-" : "e+";
    out.append(power.size() < 2, '0').append(power);
  } else if (exponent < 0) {
    out.insert(0, "0." + std::string(static_cast<size_t>(-exponent - 1), '0'));
  } else {
    out.insert(static_cast<size_t>(exponent) + 1, 1, '.');
  }
  if (real < 0)
    out.insert(0, 1, '-');
  return out;
}

} // namespace

value make_number(arena& a, std::string_view text) {
  int64_t i = 0;
  auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), i);
  if (ec == std::errc() && end == text.data() + text.size()
      && !(i == 0 && text[0] == '-'))
    return value::integer(i);
  std::string z(text);
  return make_decimal(a, text, std::strtold(z.c_str(), nullptr));
}

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
  if (has_fraction(real))
    return make_decimal(a, "", real);
  if (!std::isfinite(real) || std::fabs(real) < 9.2e18L)
    return make_whole_number(a, real);
  return make_decimal(a, computed_text(real), real);
}

value copy_number(arena& to, const value& n) {
  if (n.is_integer())
    return n;
  auto* d = n.as_decimal();
  return d->size == 0 ? make_decimal(to, "", d->real)
                      : make_number(to, number_text(n));
}

std::string number_text(const value& n) {
  if (n.is_integer())
    return std::to_string(n.as_integer());
  auto* d = n.as_decimal();
  return d->size == 0 ? computed_text(d->real)
                      : std::string(d->data(), d->size);
}

} // namespace rego
