// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Sums and products of many numbers. Whole ones are kept in full and become a
// text once, at the end: to write and read one takes time with the square of
// its digits. Others stay a long double for as long as that is what `+` does.

#include <algorithm>
#include <cmath>

#include "core/big_int.hpp"
#include "core/decimal.hpp"
#include "core/number.hpp"
#include "core/walk_watch.hpp"
#include "core/wide_float.hpp"
#include "rego/build.hpp"

namespace rego {

namespace {

size_t limbs_of(const big_int& n) {
  return n.backend().size();
}

// As check_operand() of it as a value.
void check_total(const big_int& n) {
  static const big_int beyond = pow(big_int(10), arithmetic_digits_max);
  if (limbs_of(n) >= limbs_of(beyond) && abs(n) >= beyond)
    throw bound_reached{bound::number};
}

// Adds the whole numbers that the list begins with; how many they are.
size_t add_whole(big_int& total, std::span<const value> list) {
  size_t i = 0;
  for (; i < list.size(); ++i) {
    check_total(total);
    check_operand(list[i]);
    auto n = to_rounded_int(list[i]);
    if (!n)
      break;
    watch_walk(1 + limbs_of(total) / 16);
    total += *n;
    check_width(total);
  }
  return i;
}

// Adds what the list begins with for as long as `+` would do no more than
// round; how many they are.
size_t add_rounded(long double& total, std::span<const value> list) {
  size_t i = 0;
  for (; i < list.size() && has_fraction(total); ++i) {
    auto real = to_real(list[i]), sum = total + real;
    bool ordinary = list[i].is_integer() || std::isnormal(real);
    if (!ordinary || !std::isnormal(total) || !std::isnormal(sum))
      break;
    total = sum;
  }
  return i;
}

} // namespace

value number_sum(arena& a, std::span<const value> list) {
  auto total = value::integer(0);
  for (size_t i = 0; i < list.size();) {
    int64_t r = 0;
    if (total.is_integer() && list[i].is_integer()
        && !__builtin_add_overflow(total.as_integer(), list[i].as_integer(),
                                   &r)) {
      total = value::integer(r);
      ++i;
      continue;
    }
    check_operand(total);
    auto whole = to_rounded_int(total);
    auto taken = whole ? add_whole(*whole, list.subspan(i)) : 0;
    total = taken > 0 ? make_number(a, *whole) : number_plus(a, total, list[i]);
    i += std::max(taken, size_t{1});
    if (total.is_integer())
      continue;
    auto real = to_real(total);
    if (auto more = add_rounded(real, list.subspan(i)); more > 0) {
      total = make_number(a, real);
      i += more;
    }
  }
  return total;
}

value number_product(arena& a, std::span<const value> list) {
  for (auto& v : list)
    check_operand(v);
  int64_t low = 1, next = 1;
  size_t i = 0;
  for (; i < list.size() && list[i].is_integer()
         && !__builtin_mul_overflow(low, list[i].as_integer(), &next);
       ++i)
    low = next;
  if (i == list.size())
    return value::integer(low);
  big_int total = low;
  for (auto& v : list.subspan(i)) {
    check_total(total);
    auto n = to_rounded_int(v);
    if (!n)
      return wide_product(a, list);
    watch_walk(1 + limbs_of(total) * limbs_of(*n) / 16);
    total *= *n;
    check_width(total);
  }
  return make_number(a, total);
}

} // namespace rego
