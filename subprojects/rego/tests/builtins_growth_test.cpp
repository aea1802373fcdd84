// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Built-ins on large collections: what they take grows as the collections do,
// and what they give is what the plain way gives on random ones.

#include <boost/test/unit_test.hpp>

#include <random>

#include "builtins_fixture.hpp"

BOOST_AUTO_TEST_SUITE(builtins_growth_test)

namespace {

using rego::arena;
using rego::value;

value call_with(rego::call_context& c, std::string_view name,
                std::initializer_list<value> arguments) {
  auto* b = rego::builtin_table::instance().find(name);
  BOOST_REQUIRE(b);
  return b->call(c, {arguments.begin(), arguments.end()});
}

std::string text_of(const value& v) {
  return v.defined() ? rego::to_rego(v) : "undefined";
}

value text(arena& a, std::string_view prefix, size_t i) {
  return rego::make_string(a, std::string(prefix) + std::to_string(i));
}

/// Small values with many equals among them, of numbers several spellings.
class random_values {
public:
  random_values(arena& a, unsigned seed) : a_(a), random_(seed) {}

  size_t below(size_t n) { return random_() % n; }

  value scalar() {
    constexpr std::string_view numbers[] = {"1", "1.0", "2", "2e0", "0.5"};
    switch (below(4)) {
    case 0:
      return value::null();
    case 1:
      return text(a_, "k", below(4));
    default:
      return rego::make_number(a_, numbers[below(std::size(numbers))]);
    }
  }

  value object(int depth) {
    rego::object_builder b(a_);
    for (auto n = below(5); n > 0; --n)
      b.add(scalar(), any(depth - 1));
    return b.finish();
  }

  value array(int depth) {
    rego::array_builder b(a_);
    for (auto n = below(4); n > 0; --n)
      b.push(any(depth - 1));
    return b.array();
  }

  value set(int depth) {
    rego::array_builder b(a_);
    for (auto n = below(4); n > 0; --n)
      b.push(any(depth - 1));
    return b.set();
  }

  value any(int depth) {
    switch (depth <= 0 ? 0 : below(6)) {
    case 0:
      return scalar();
    case 1:
      return array(depth);
    case 2:
      return set(depth);
    default:
      return object(depth);
    }
  }

private:
  arena& a_;
  std::mt19937 random_;
};

} // namespace

BOOST_AUTO_TEST_CASE(many_objects_are_merged_in_one_pass) {
  constexpr size_t count = 10'000;
  arena a(32 << 20);
  rego::test::fake_context c(a);
  rego::array_builder list(a);
  for (size_t i = 0; i < count; ++i) {
    rego::object_builder o(a);
    o.add(text(a, "k", i * 7919 % count), value::integer(1));
    list.push(o.finish());
  }
  auto before = a.used();
  BOOST_TEST(call_with(c, "object.union_n", {list.array()}).size() == count);
  BOOST_TEST(a.used() - before < 1000 * count); // in chunks of 4 MiB
  BOOST_TEST(c.worked < 2 * count);
}

BOOST_AUTO_TEST_CASE(many_objects_come_to_what_merging_two_and_two_does) {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    arena a;
    rego::test::fake_context c(a);
    random_values random(a, seed);
    rego::array_builder list(a);
    auto merged = rego::object_builder(a).finish();
    for (auto n = random.below(8); n > 0; --n) {
      list.push(random.object(4));
      merged =
          call_with(c, "object.union", {merged, list.items()[list.size() - 1]});
    }
    auto many = call_with(c, "object.union_n", {list.array()});
    BOOST_REQUIRE(text_of(many) == text_of(merged));
  }
}

BOOST_AUTO_TEST_SUITE_END()
