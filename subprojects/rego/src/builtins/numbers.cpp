// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Numbers: arithmetic, rounding, ranges, rand.intn. OPA rounds on big.Float
// with 64 bits of mantissa, which long double is.

#include "builtins/families.hpp"
#include "builtins/support.hpp"
#include "core/big_int.hpp"
#include "core/number.hpp"

namespace rego {

namespace {

value plus(call_context& c, args a) {
  if (!need(c, a, {kind::number, kind::number}))
    return {};
  return number_plus(c.memory(), a[0], a[1]);
}

value multiply(call_context& c, args a) {
  if (!need(c, a, {kind::number, kind::number}))
    return {};
  return number_multiply(c.memory(), a[0], a[1]);
}

value divide(call_context& c, args a) {
  if (!need(c, a, {kind::number, kind::number}))
    return {};
  if (is_zero(a[1]))
    return c.fail("divide by zero");
  return number_divide(c.memory(), a[0], a[1]);
}

value remainder(call_context& c, args a) {
  if (!need(c, a, {kind::number, kind::number}))
    return {};
  if (is_zero(a[1]))
    return c.fail(to_rounded_int(a[0]) ? "modulo by zero"
                                       : "modulo on floating-point number");
  auto r = number_remainder(c.memory(), a[0], a[1]);
  return r.defined() ? r : c.fail("modulo on floating-point number");
}

value absolute(call_context& c, args a) {
  if (!need(c, a, {kind::number}))
    return {};
  return number_absolute(c.memory(), a[0]);
}

value rounded(call_context& c, args a, rounding how) {
  return need(c, a, {kind::number}) ? number_rounded(c.memory(), a[0], how)
                                    : value();
}

value round_half(call_context& c, args a) {
  return rounded(c, a, rounding::nearest);
}
value ceiling(call_context& c, args a) {
  return rounded(c, a, rounding::up);
}
value floor_of(call_context& c, args a) {
  return rounded(c, a, rounding::down);
}

// Operand n as a whole number of any size.
std::optional<big_int> need_whole(call_context& c, args a, int n) {
  auto& v = a[static_cast<size_t>(n - 1)];
  if (!v.is_number()) {
    c.operand_error(n, v, "integer");
    return std::nullopt;
  }
  auto i = to_rounded_int(v);
  if (!i)
    operand_failure(c, n,
                    "must be integer number but got floating-point number");
  return i;
}

value range_of(call_context& c, const big_int& from, const big_int& to,
               const big_int& step) {
  bool up = from <= to;
  big_int count =
      big_int(up ? big_int(to - from) : big_int(from - to)) / step + 1;
  if (count > c.memory().room() / sizeof(value))
    throw memory_exceeded{};
  auto n = static_cast<size_t>(count);
  array_builder b(c.memory(), n);
  big_int span = step * (n - 1);
  big_int last = up ? big_int(from + span) : big_int(from - span);
  auto fits = [](const big_int& i) { return i >= INT64_MIN && i <= INT64_MAX; };
  if (fits(from) && fits(last) && fits(step)) {
    auto i = static_cast<uint64_t>(static_cast<int64_t>(from));
    auto by = static_cast<uint64_t>(static_cast<int64_t>(step));
    for (size_t k = 0; k < n; ++k, i = up ? i + by : i - by) {
      c.tick(1);
      b.push(value::integer(static_cast<int64_t>(i)));
    }
    return b.array();
  }
  auto i = from;
  for (size_t k = 0; k < n; ++k) {
    c.tick(4);
    b.push(make_number(c.memory(), i));
    i = up ? big_int(i + step) : big_int(i - step);
  }
  return b.array();
}

value range(call_context& c, args a) {
  auto from = need_whole(c, a, 1);
  if (!from)
    return {};
  auto to = need_whole(c, a, 2);
  return to ? range_of(c, *from, *to, 1) : value();
}

value range_step(call_context& c, args a) {
  auto from = need_whole(c, a, 1);
  if (!from)
    return {};
  auto to = need_whole(c, a, 2);
  if (!to)
    return {};
  auto step = need_whole(c, a, 3);
  if (!step)
    return {};
  if (*step <= 0)
    return c.fail("numbers.range_step: step must be a positive integer");
  return range_of(c, *from, *to, *step);
}

value random_below(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  auto n = need_integer(c, a, 2);
  if (!n)
    return {};
  auto below =
      *n < 0 ? 0 - static_cast<uint64_t>(*n) : static_cast<uint64_t>(*n);
  if (below == 0)
    return value::integer(0);
  auto& kept = c.evaluation_cache()["rand.intn:" + std::to_string(below) + ":"
                                    + std::string(a[0].as_string())];
  if (!kept.defined()) {
    uint64_t bits = 0;
    c.random(&bits, sizeof bits);
    kept = value::integer(static_cast<int64_t>(bits % below));
  }
  return kept;
}

} // namespace

void register_numbers(builtin_table& t) {
  t.add("abs", absolute);
  t.add("ceil", ceiling);
  t.add("div", divide);
  t.add("floor", floor_of);
  t.add("mul", multiply);
  t.add("numbers.range", range);
  t.add("numbers.range_step", range_step);
  t.add("plus", plus);
  t.add("rand.intn", random_below);
  t.add("rem", remainder);
  t.add("round", round_half);
}

} // namespace rego
