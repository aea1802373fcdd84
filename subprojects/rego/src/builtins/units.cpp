// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// units.parse ("500m", "10Gi") on rationals, units.parse_bytes ("1.5MiB") on
// floating-point numbers of 64 bits of mantissa.

#include <algorithm>
#include <cmath>
#include <optional>

#include "builtins/families.hpp"
#include "builtins/support.hpp"
#include "builtins/utf8.hpp"
#include "core/big_int.hpp"

namespace rego {

namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool sign(char c) {
  return c == '+' || c == '-';
}

struct amount {
  std::string number, unit;
  bool exponent_too_long = false;
};

// Where "e" ends the number and begins a unit: no digit or sign follows.
amount split_amount(const std::string& s) {
  constexpr size_t exponent_digits_max = 6;
  size_t i = 0;
  for (; i < s.size(); ++i) {
    bool e = (s[i] | 32) == 'e';
    if (!digit(s[i]) && s[i] != '.' && !e && !sign(s[i]))
      break;
    if (!e)
      continue;
    if (i + 1 == s.size() || (!digit(s[i + 1]) && !sign(s[i + 1])))
      break;
    i += sign(s[i + 1]);
    size_t n = 0;
    while (i + 1 + n < s.size() && digit(s[i + 1 + n]))
      ++n;
    if (n > exponent_digits_max)
      return {{}, {}, true};
  }
  return {s.substr(0, i), i < s.size() ? s.substr(i) : ""};
}

// A number as integer digits and a power of ten.
struct big_decimal {
  big_int digits = 0;
  long exponent = 0;
};

std::optional<big_decimal> read_decimal(std::string_view s) {
  big_decimal d;
  bool negative = !s.empty() && s[0] == '-';
  if (!s.empty() && sign(s[0]))
    s.remove_prefix(1);
  std::string digits;
  size_t i = 0;
  bool fraction = false;
  for (; i < s.size() && (digit(s[i]) || (s[i] == '.' && !fraction)); ++i) {
    if (s[i] == '.') {
      fraction = true;
      continue;
    }
    digits += s[i];
    d.exponent -= fraction;
  }
  if (digits.empty() || digits.size() > 4000)
    return std::nullopt;
  if (i < s.size()) {
    if ((s[i] | 32) != 'e')
      return std::nullopt;
    auto e = s.substr(i + 1);
    auto unsigned_part = e.substr(!e.empty() && sign(e[0]));
    if (unsigned_part.empty()
        || !std::all_of(unsigned_part.begin(), unsigned_part.end(), digit))
      return std::nullopt;
    d.exponent += std::stol(std::string(e.substr(e[0] == '+')));
  }
  auto first = digits.find_first_not_of('0');
  if (first != std::string::npos)
    d.digits = big_int(digits.substr(first));
  if (negative)
    d.digits = -d.digits;
  return d;
}

big_int big_power_of_ten(long n) {
  return boost::multiprecision::pow(big_int(10), static_cast<unsigned>(n));
}

// Binary units are powers of 1024, the others of 1000.
std::optional<big_int> scale(char letter, bool binary) {
  constexpr std::string_view letters = "kmgtpe";
  auto at = letters.find(static_cast<char>(letter | 32));
  if (at == std::string_view::npos)
    return std::nullopt;
  return boost::multiprecision::pow(big_int(binary ? 1024 : 1000),
                                    static_cast<unsigned>(at + 1));
}

// n/d with ten decimals, the last rounded half away from zero.
std::string ten_decimals(big_int n, const big_int& d) {
  bool negative = n < 0;
  if (negative)
    n = -n;
  big_int scaled = (n * big_power_of_ten(10) * 2 + d) / (d * 2);
  auto text = scaled.str();
  if (text.size() < 11)
    text.insert(0, 11 - text.size(), '0');
  text.insert(text.size() - 10, ".");
  return (negative ? "-" : "") + text;
}

value finish(call_context& c, const big_decimal& d, const big_int& factor,
             const big_int& divisor) {
  big_int n = d.digits * factor, by = divisor;
  if (d.exponent >= 0)
    n *= big_power_of_ten(d.exponent);
  else
    by *= big_power_of_ten(-d.exponent);
  if (n % by == 0)
    return make_number(c.memory(), big_int(n / by));
  return make_number(c.memory(), ten_decimals(n, by));
}

value parse_units(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  auto fail = [&](const std::string& why) {
    return c.fail("units.parse: " + why);
  };
  std::string s(a[0].as_string());
  std::erase(s, '"');
  if (s.find(' ') != std::string::npos)
    return fail("spaces not allowed in resource strings");
  auto [number, unit, too_long] = split_amount(s);
  if (too_long)
    return fail("exponent too large");
  if (number.empty())
    return fail("no amount provided");
  if (unit.size() > 1)
    unit = unit.substr(0, 1) + lower_text(unit.substr(1));
  big_int factor = 1, divisor = 1;
  if (unit == "m") {
    // The double nearest to 0.001, as OPA has it.
    factor = 1152921504606847;
    divisor = big_int(1) << 60;
  } else if (!unit.empty()) {
    bool binary = unit.size() == 2 && unit[1] == 'i';
    auto f = unit.size() > 1 && !binary ? std::nullopt : scale(unit[0], binary);
    if (!f)
      return fail("unit " + unit + " not recognized");
    factor = *f;
  }
  auto d = read_decimal(number);
  if (!d)
    return fail("could not parse amount to a number");
  if (std::abs(d->exponent) > 3900)
    return fail("exponent too large");
  return finish(c, *d, factor, divisor);
}

value parse_bytes(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  auto fail = [&](const std::string& why) {
    return c.fail("units.parse_bytes: " + why);
  };
  auto s = lower_text(a[0].as_string());
  std::erase(s, '"');
  if (s.find(' ') != std::string::npos)
    return fail("spaces not allowed in resource strings");
  auto [number, unit, too_long] = split_amount(s);
  if (too_long)
    return fail("exponent too large");
  if (number.empty())
    return fail("no byte amount provided");
  long double factor = 1;
  if (!unit.empty()) {
    auto tail = unit.substr(1);
    auto f = tail == "" || tail == "b" || tail == "i" || tail == "ib"
                 ? scale(unit[0], tail.starts_with('i'))
                 : std::nullopt;
    if (!f)
      return fail("byte unit " + unit + " not recognized");
    factor = static_cast<long double>(*f);
  }
  if (!read_decimal(number))
    return fail("could not parse byte amount to a number");
  auto total = std::trunc(std::strtold(number.c_str(), nullptr) * factor);
  if (!std::isfinite(total))
    return fail("exponent too large");
  return make_whole_number(c.memory(), total);
}

} // namespace

void register_units(builtin_table& t) {
  t.add("units.parse", parse_units);
  t.add("units.parse_bytes", parse_bytes);
}

} // namespace rego
