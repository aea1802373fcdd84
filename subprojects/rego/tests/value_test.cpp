// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Values: order, look-up, numbers, the arena's limit.

#include <boost/test/unit_test.hpp>

#include "core/big_int.hpp"
#include "core/number.hpp"
#include "rego/build.hpp"
#include "rego/json.hpp"

BOOST_AUTO_TEST_SUITE(value_test)

namespace {

rego::value number(rego::arena& a, std::string_view t) {
  return rego::make_number(a, t);
}

} // namespace

BOOST_AUTO_TEST_CASE(numbers_compare_by_exact_value) {
  rego::arena a;
  BOOST_TEST(rego::equal(number(a, "1"), number(a, "1.0")));
  BOOST_TEST(rego::equal(number(a, "1e2"), number(a, "100")));
  BOOST_TEST(rego::compare(number(a, "36893488147419103232"),
                           number(a, "36893488147419103233"))
             < 0);
  BOOST_TEST(rego::compare(number(a, "-0.5"), number(a, "0")) < 0);
}

BOOST_AUTO_TEST_CASE(arithmetic_prints_as_opa_does) {
  rego::arena a;
  auto sum = rego::number_plus(a, number(a, "0.1"), number(a, "0.2"));
  BOOST_TEST(rego::number_text(sum) == "0.3");
  auto third = rego::number_divide(a, number(a, "1"), number(a, "3"));
  BOOST_TEST(rego::number_text(third) == "0.33333333333333333334");
}

// As an exact computation with rounding to 64 bits gives it.
BOOST_AUTO_TEST_CASE(arithmetic_goes_on_beyond_long_double) {
  rego::arena a;
  auto text = [](const rego::value& v) { return rego::number_text(v); };
  auto times =
      rego::number_multiply(a, number(a, "1e5000"), number(a, "-1e5000"));
  BOOST_TEST(text(times) == "-1" + std::string(10000, '0'));
  auto sum = rego::number_plus(a, number(a, "1e400"), number(a, "1"));
  BOOST_TEST(text(sum) == "1" + std::string(399, '0') + "1");
  auto small =
      rego::number_multiply(a, number(a, "1e-4000"), number(a, "2.5e-4000"));
  BOOST_TEST(text(small) == "2.4999999999999999999e-8000");
  auto back = rego::number_divide(a, small, number(a, "1e-7990"));
  BOOST_TEST(text(back) == "2.5e-10");
  auto half = rego::number_divide(a, number(a, "1e6000"), number(a, "3"));
  BOOST_TEST(text(half) == "33333333333333333333" + std::string(5980, '0'));
  BOOST_TEST(!rego::is_zero(number(a, "1e-5000")));
  BOOST_TEST(rego::is_zero(number(a, "0.0e-5000")));
}

BOOST_AUTO_TEST_CASE(rounds_what_long_double_does_not_hold) {
  rego::arena a;
  using rego::rounding;
  auto rounded = [&](std::string_view t, rounding how) {
    return rego::number_text(rego::number_rounded(a, number(a, t), how));
  };
  BOOST_TEST(rounded("1e-5000", rounding::up) == "1");
  BOOST_TEST(rounded("1e-5000", rounding::nearest) == "0");
  BOOST_TEST(rounded("1e-5000", rounding::down) == "0");
  BOOST_TEST(rounded("15e4999", rounding::nearest)
             == "15" + std::string(4999, '0'));
  BOOST_TEST(rego::number_text(rego::number_absolute(a, number(a, "-2e-6000")))
             == "2e-6000");
}

BOOST_AUTO_TEST_CASE(arithmetic_ends_where_numbers_would_eat_memory) {
  rego::arena a;
  auto big = number(a, "1e30000"), tiny = number(a, "1e-30000");
  auto far = number(a, "1e400000000"), one = rego::value::integer(1);
  BOOST_CHECK_THROW(rego::number_multiply(a, big, big), rego::bound_reached);
  BOOST_CHECK_THROW(rego::number_multiply(a, tiny, tiny), rego::bound_reached);
  BOOST_CHECK_THROW(rego::number_plus(a, far, one), rego::bound_reached);
  BOOST_CHECK_THROW(rego::number_divide(a, one, far), rego::bound_reached);
  BOOST_CHECK_THROW(rego::number_absolute(a, far), rego::bound_reached);
  BOOST_TEST(rego::compare(far, number(a, "1e399999999")) > 0);
  BOOST_TEST(rego::number_text(rego::number_multiply(a, big, tiny))
             == "1.0000000000000000001");
}

BOOST_AUTO_TEST_CASE(multiples_are_told_exactly) {
  rego::arena a;
  auto is = [&](std::string_view x, std::string_view y) {
    return rego::is_multiple(number(a, x), number(a, y));
  };
  BOOST_TEST(is("0.3", "0.1"));
  BOOST_TEST(is("-15e4000", "3"));
  BOOST_TEST(is("1e400000000", "1e-400000000"));
  BOOST_TEST(!is("0.35", "0.1"));
  BOOST_TEST(!is("1e5000", "3"));
  BOOST_TEST(!is("1", "1e5"));
  BOOST_TEST(is("0", "7"));
}

BOOST_AUTO_TEST_CASE(no_builder_makes_a_value_too_deep) {
  rego::arena a;
  rego::value v = rego::value::null();
  for (int i = 0; i < rego::value_depth_max; ++i) {
    rego::object_builder o(a);
    o.add("x", v);
    v = i % 3 == 0   ? rego::make_array(a, {v})
        : i % 3 == 1 ? o.finish()
                     : rego::deep_copy(a, rego::make_array(a, {v}));
  }
  BOOST_TEST(v.depth() == rego::value_depth_max);
  BOOST_TEST(rego::equal(v, rego::deep_copy(a, v)));
  BOOST_TEST(rego::to_rego(v).size() > 2000u);
  BOOST_CHECK_THROW(rego::make_array(a, {v}), rego::bound_reached);
  rego::array_builder s(a);
  s.push(v);
  BOOST_CHECK_THROW(s.set(), rego::bound_reached);
  rego::object_builder by_key(a);
  by_key.add(v, rego::value::null());
  BOOST_CHECK_THROW(by_key.finish(), rego::bound_reached);
}

BOOST_AUTO_TEST_CASE(big_integers_keep_every_digit) {
  rego::arena a;
  auto n = rego::to_big_int(number(a, "123456789012345678901234567890"));
  BOOST_REQUIRE(n);
  BOOST_TEST(rego::number_text(rego::make_number(a, *n))
             == "123456789012345678901234567890");
  BOOST_TEST(*rego::to_big_int(number(a, "1.50e1")) == 15);
  BOOST_TEST(!rego::to_big_int(number(a, "1.5")));
}

BOOST_AUTO_TEST_CASE(large_objects_find_every_key_and_no_other) {
  rego::arena a;
  rego::object_builder b(a);
  for (int i = 0; i < 1000; ++i)
    b.add("key" + std::to_string(i), rego::value::integer(i));
  auto o = b.finish();
  for (int i = 0; i < 1000; ++i) {
    auto v = rego::lookup(o, rego::make_string(a, "key" + std::to_string(i)));
    BOOST_TEST(v.as_integer() == i);
  }
  BOOST_TEST(!rego::lookup(o, rego::make_string(a, "key1000")).defined());
}

BOOST_AUTO_TEST_CASE(an_object_with_another_member_is_as_one_made_anew) {
  rego::arena a;
  auto shared = rego::object_builder(a).finish();
  for (int i = 0; i < 60; ++i) {
    // Each key twice, in an order of its own.
    auto key = rego::value::integer(i * 37 % 30);
    auto v = rego::make_array(a, {rego::value::integer(i)});
    rego::object_builder anew(a);
    for (size_t k = 0; k < shared.size(); ++k)
      anew.add(shared.keys()[k], shared.values()[k]);
    anew.add(key, v);
    auto before = rego::to_rego(shared);
    auto with = rego::with_member(a, shared, key, v);
    BOOST_TEST(rego::to_rego(with) == rego::to_rego(anew.finish()));
    BOOST_TEST(rego::equal(rego::lookup(with, key), v));
    BOOST_TEST(rego::to_rego(shared) == before);
    shared = with;
  }
  auto deep = rego::value::null();
  while (deep.depth() + 1 < rego::value_depth_max)
    deep = rego::make_array(a, {deep});
  auto key = rego::make_string(a, "x");
  auto deepest = rego::with_member(a, shared, key, deep);
  BOOST_TEST(deepest.depth() == rego::value_depth_max);
  for (auto& k : {key, rego::make_string(a, "y")})
    BOOST_CHECK_THROW(rego::with_member(a, shared, k, deepest),
                      rego::bound_reached);
}

BOOST_AUTO_TEST_CASE(a_set_holds_each_member_once) {
  rego::arena a;
  rego::array_builder b(a);
  for (auto t : {"3", "1", "1.0", "2", "3"})
    b.push(number(a, t));
  BOOST_TEST(rego::to_rego(b.set()) == "{1, 2, 3}");
}

BOOST_AUTO_TEST_CASE(an_object_with_two_values_for_a_key_is_refused) {
  rego::arena a;
  rego::object_builder same(a), other(a);
  for (int i = 0; i < 2; ++i) {
    same.add("x", rego::value::integer(1));
    other.add("x", rego::value::integer(i));
  }
  BOOST_TEST(same.finish_unique().defined());
  BOOST_TEST(!other.finish_unique().defined());
}

BOOST_AUTO_TEST_CASE(an_arena_refuses_to_grow_beyond_its_limit) {
  rego::arena a(100'000);
  BOOST_CHECK_THROW(a.allocate(200'000), rego::memory_exceeded);
  a.allocate(50'000);
  BOOST_CHECK_THROW(a.allocate(60'000), rego::memory_exceeded);
  a.reset();
  a.allocate(50'000);
  BOOST_TEST(a.used() <= 100'000u);
}

BOOST_AUTO_TEST_SUITE_END()
