// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Bits of whole numbers of any size, negative ones in two's complement.

#include "builtins/families.hpp"
#include "builtins/support.hpp"
#include "core/big_int.hpp"

namespace rego {

namespace {

bool operands(call_context& c, args a, std::vector<big_int>& out) {
  for (size_t i = 0; i < a.size(); ++i) {
    auto n = static_cast<int>(i + 1);
    if (!a[i].is_number()) {
      c.operand_error(n, a[i], "integer");
      return false;
    }
    auto v = to_rounded_int(a[i]);
    if (!v) {
      operand_failure(c, n,
                      "must be integer number but got floating-point number");
      return false;
    }
    out.push_back(std::move(*v));
  }
  return true;
}

// A negative number is the complement of a natural one; the operation is done
// on the naturals, so that no sign is ever shifted or masked.
big_int natural(const big_int& n) {
  return n < 0 ? big_int(-n - 1) : n;
}
big_int complement(const big_int& n) {
  return -n - 1;
}

// a & ~b for naturals.
big_int without(const big_int& a, const big_int& b) {
  return a ^ (a & b);
}

big_int both(const big_int& x, const big_int& y) {
  auto a = natural(x), b = natural(y);
  if (x < 0 && y < 0)
    return complement(a | b);
  if (x < 0)
    return without(b, a);
  if (y < 0)
    return without(a, b);
  return a & b;
}

big_int either(const big_int& x, const big_int& y) {
  return complement(both(complement(x), complement(y)));
}

big_int differing(const big_int& x, const big_int& y) {
  big_int n = natural(x) ^ natural(y);
  return (x < 0) != (y < 0) ? complement(n) : n;
}

template <class F>
value apply(call_context& c, args a, F f) {
  std::vector<big_int> n;
  if (!operands(c, a, n))
    return {};
  return make_number(c.memory(), big_int(f(n)));
}

value bits_and(call_context& c, args a) {
  return apply(c, a, [](auto& n) { return both(n[0], n[1]); });
}
value bits_or(call_context& c, args a) {
  return apply(c, a, [](auto& n) { return either(n[0], n[1]); });
}
value bits_xor(call_context& c, args a) {
  return apply(c, a, [](auto& n) { return differing(n[0], n[1]); });
}
value bits_negate(call_context& c, args a) {
  return apply(c, a, [](auto& n) { return complement(n[0]); });
}

value shift(call_context& c, args a, bool left) {
  std::vector<big_int> n;
  if (!operands(c, a, n))
    return {};
  if (n[1] < 0)
    return operand_failure(c, 2,
                           "must be an unsigned integer number but got a "
                           "negative integer");
  // More than any number here has.
  constexpr unsigned bits_max = 200'000;
  if (left && n[0] != 0 && n[1] > bits_max)
    throw bound_reached{bound::number};
  auto by = n[1] > bits_max ? bits_max : static_cast<unsigned>(n[1]);
  auto natural_part = natural(n[0]);
  if (left)
    return make_number(c.memory(), big_int(n[0] << by));
  big_int shifted = natural_part >> by;
  return make_number(c.memory(), n[0] < 0 ? complement(shifted) : shifted);
}

value shift_left(call_context& c, args a) {
  return shift(c, a, true);
}
value shift_right(call_context& c, args a) {
  return shift(c, a, false);
}

} // namespace

void register_bits(builtin_table& t) {
  t.add("bits.and", bits_and);
  t.add("bits.lsh", shift_left);
  t.add("bits.negate", bits_negate);
  t.add("bits.or", bits_or);
  t.add("bits.rsh", shift_right);
  t.add("bits.xor", bits_xor);
}

} // namespace rego
