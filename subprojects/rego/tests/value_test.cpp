// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Values: order, look-up, numbers, the arena's limit.

#include <boost/test/unit_test.hpp>

#include "core/big_int.hpp"
#include "core/number.hpp"
#include "rego/build.hpp"
#include "rego/json.hpp"

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
