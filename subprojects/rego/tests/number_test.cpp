// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Computed numbers, which have no text until somebody reads it, beside numbers
// that were read from the text that they should have.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "core/decimal.hpp"
#include "core/number.hpp"
#include "rego/build.hpp"
#include "rego/json.hpp"

BOOST_AUTO_TEST_SUITE(number_test)

namespace {

using rego::value;

// What Go's big.Float with 64 bits of mantissa is printed as, straight from the
// standard library: digits in full of whole numbers, else %g.
std::string printed(long double real) {
  char sci[64], fix[64];
  auto end =
      std::to_chars(sci, sci + sizeof sci, real, std::chars_format::scientific)
          .ptr;
  std::string s(sci, end);
  auto e = s.find('e');
  auto exponent = std::stoi(s.substr(e + 1));
  if (real == std::trunc(real)) {
    if (std::fabs(real) < 9.2e18L)
      return real == 0 && std::signbit(real)
                 ? "-0"
                 : std::to_string(static_cast<int64_t>(real));
    s.resize(e);
    std::erase(s, '.');
    auto whole = static_cast<size_t>(exponent) + 1 + s.starts_with('-');
    s.resize(std::max(whole, s.size()), '0');
    return s;
  }
  if (exponent < -4 || exponent >= 6)
    return s;
  return {
      fix,
      std::to_chars(fix, fix + sizeof fix, real, std::chars_format::fixed).ptr};
}

long double random_real(std::mt19937_64& random) {
  auto any = [&](int64_t n) {
    return static_cast<int64_t>(random() % static_cast<uint64_t>(n));
  };
  auto sign = any(2) ? 1.0L : -1.0L;
  auto mantissa = static_cast<long double>(random() | 1);
  auto ten = std::pow(10.0L, static_cast<long double>(any(40) - 20));
  auto border = std::ldexp(1.0L, static_cast<int>(any(140) - 70));
  auto next = any(2) ? 0.0L : HUGE_VALL;
  switch (any(9)) {
  case 0: // money
    return sign * static_cast<long double>(any(10'000'000)) / 100;
  case 1: // few digits
    return sign * static_cast<long double>(any(1'000'000'000'000)) / ten;
  case 2: // any mantissa, of a usual size
    return sign * std::ldexp(mantissa, -static_cast<int>(any(90)));
  case 3: // any exponent, denormal ones as well
    return sign * std::ldexp(mantissa, static_cast<int>(any(32829) - 16509));
  case 4: // beside a power of ten
    return sign * std::nextafter(ten, next);
  case 5: // beside a power of two: 2^63, 2^64 and others
    return sign * std::nextafter(border, next);
  case 6: // what a double holds
    return sign
           * static_cast<long double>(static_cast<double>(any(1 << 30))
                                      / static_cast<double>(1 + any(999)));
  case 7: // eighteen digits, and nineteen
    return sign * static_cast<long double>(any(INT64_MAX)) / ten;
  default:
    return sign * static_cast<long double>(any(2000) - 1000) / 7;
  }
}

// The same number as it would be had it been read.
value read_again(rego::arena& a, const value& n) {
  return rego::make_number(a, rego::number_text(n));
}

void check_hash(const value& x, const value& y) {
  BOOST_REQUIRE(rego::equal(x, y) && rego::equal(y, x));
  BOOST_REQUIRE_EQUAL(rego::scalar_hash(x), rego::scalar_hash(y));
}

void check_same(rego::arena& a, const value& x, const value& y) {
  BOOST_REQUIRE_EQUAL(rego::to_json(x), rego::to_json(y));
  BOOST_REQUIRE_EQUAL(rego::compare(x, y), 0);
  check_hash(x, y);
  BOOST_REQUIRE(rego::to_real(x) == rego::to_real(y));
  BOOST_REQUIRE_EQUAL(rego::number_text(rego::deep_copy(a, x)),
                      rego::number_text(y));
  BOOST_REQUIRE(rego::to_int64(x) == rego::to_int64(y));
}

// The result, or undefined where there is none: too large, or no whole one.
template <class Function>
value attempt(Function f) {
  try {
    return f();
  } catch (const rego::bound_reached&) {
    return {};
  }
}

using operation = value (*)(rego::arena&, const value&, const value&);
constexpr operation operations[] = {rego::number_plus, rego::number_minus,
                                    rego::number_multiply, rego::number_divide,
                                    rego::number_remainder};

} // namespace

BOOST_AUTO_TEST_CASE(a_computed_number_takes_no_room_for_a_text) {
  rego::arena a;
  auto one = value::integer(1), three = value::integer(3);
  auto from = rego::number_divide(a, one, three).as_pointer();
  auto to = rego::number_divide(a, one, three).as_pointer();
  BOOST_TEST(static_cast<const char*>(to) - static_cast<const char*>(from)
             == static_cast<ptrdiff_t>(sizeof(rego::decimal_node)));
}

BOOST_AUTO_TEST_CASE(a_sum_takes_room_for_its_end_alone) {
  rego::arena a;
  std::vector<value> list(1000, rego::make_number(a, "0.1"));
  auto from = static_cast<char*>(a.allocate(1));
  auto sum = rego::number_sum(a, list);
  auto room = static_cast<char*>(a.allocate(1)) - from;
  BOOST_TEST(rego::number_text(sum) == "99.99999999999999913");
  BOOST_TEST(room < 200);
}

BOOST_AUTO_TEST_CASE(a_computed_number_is_the_one_read_from_its_text) {
  std::mt19937_64 random(1);
  rego::arena a;
  value last_made, last_read;
  for (int i = 0; i < 20'000; ++i, i % 1000 ? void() : a.reset()) {
    auto real = random_real(random);
    auto made = rego::make_number(a, real);
    BOOST_REQUIRE_EQUAL(rego::number_text(made), printed(real));
    auto read = rego::make_number(a, printed(real));
    check_same(a, made, read);
    if (i % 1000 > 1) {
      BOOST_REQUIRE_EQUAL(rego::compare(made, last_made),
                          rego::compare(read, last_read));
      BOOST_REQUIRE_EQUAL(rego::compare(made, last_read),
                          rego::compare(read, last_made));
    }
    last_made = made;
    last_read = read;
  }
}

// Of as many digits as are only just told apart, or not, by 64 bits.
BOOST_AUTO_TEST_CASE(neighbours_of_many_digits_compare_by_their_texts) {
  std::mt19937_64 random(4);
  rego::arena a;
  for (int i = 0; i < 20'000; ++i, i % 1000 ? void() : a.reset()) {
    auto digits = std::to_string(random() % 9 + 1);
    for (auto n = 13 + random() % 8; n > 0; --n)
      digits += static_cast<char>('0' + random() % 10);
    auto exponents = random() % 2 ? 40 : 9940;
    auto end = "e"
               + std::to_string(static_cast<int>(random() % exponents)
                                - static_cast<int>(exponents / 2));
    if (random() % 2)
      end = "";
    auto point = random() % 2 ? 1 : 4;
    digits.insert(static_cast<size_t>(point), ".");
    auto beside = digits;
    beside.back() = static_cast<char>('0' + random() % 10);
    auto x = rego::make_number(a, digits + end);
    auto y = rego::make_number(a, beside + end);
    auto expected = rego::compare(rego::to_decimal(x), rego::to_decimal(y));
    auto sign = [](int n) { return (n > 0) - (n < 0); };
    BOOST_REQUIRE_EQUAL(sign(rego::compare(x, y)), sign(expected));
    if (!std::isfinite(rego::to_real(x)))
      continue;
    auto made = rego::make_number(a, rego::to_real(x));
    expected = rego::compare(rego::to_decimal(made), rego::to_decimal(y));
    BOOST_REQUIRE_EQUAL(sign(rego::compare(made, y)), sign(expected));
    BOOST_REQUIRE_EQUAL(sign(rego::compare(y, made)), -sign(expected));
  }
}

BOOST_AUTO_TEST_CASE(integers_of_any_spelling_are_one_key) {
  rego::arena a;
  for (std::string whole :
       {"9199999999999999999", "9210000000000000000", "9223372036854775807",
        "-9223372036854775808", "9223372036854775808"})
    check_hash(rego::make_number(a, whole), rego::make_number(a, whole + ".0"));
  BOOST_TEST(!rego::to_int64(rego::make_number(a, "-9223372036854775808.1")));
  BOOST_TEST(!rego::to_int64(rego::make_number(a, "9223372036854775808")));
}

BOOST_AUTO_TEST_CASE(arithmetic_does_not_tell_computed_numbers_from_read_ones) {
  std::mt19937_64 random(2);
  rego::arena a;
  for (int i = 0; i < 6'000; ++i, i % 1000 ? void() : a.reset()) {
    auto x = rego::make_number(a, random_real(random));
    auto y = rego::make_number(a, random_real(random));
    if (rego::is_zero(y))
      continue;
    auto u = read_again(a, x), v = read_again(a, y);
    for (auto f : operations) {
      auto made = attempt([&] { return f(a, x, y); });
      auto read = attempt([&] { return f(a, u, v); });
      BOOST_REQUIRE_EQUAL(made.defined(), read.defined());
      if (made.defined())
        BOOST_REQUIRE_EQUAL(rego::to_json(made), rego::to_json(read));
    }
    for (auto how :
         {rego::rounding::nearest, rego::rounding::up, rego::rounding::down})
      BOOST_REQUIRE_EQUAL(rego::to_json(rego::number_rounded(a, x, how)),
                          rego::to_json(rego::number_rounded(a, u, how)));
    BOOST_REQUIRE_EQUAL(rego::to_json(rego::number_absolute(a, x)),
                        rego::to_json(rego::number_absolute(a, u)));
  }
}

BOOST_AUTO_TEST_CASE(a_sum_is_what_adding_one_by_one_gives) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 3000; ++i) {
    rego::arena a;
    std::vector<value> list;
    for (auto n = random() % 12; n > 0; --n) {
      auto real = random() % 4 ? static_cast<long double>(random() % 64) / 8
                               : random_real(random);
      auto v = rego::make_number(a, random() % 2 ? real : -real);
      list.push_back(random() % 2 ? v : read_again(a, v));
    }
    auto sum = attempt([&] { return rego::number_sum(a, list); });
    auto by_one = attempt([&] {
      auto total = value::integer(0);
      for (auto& v : list)
        total = read_again(a, rego::number_plus(a, total, v));
      return total;
    });
    BOOST_REQUIRE_EQUAL(rego::to_json(sum), rego::to_json(by_one));
  }
}

BOOST_AUTO_TEST_SUITE_END()
