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

namespace {

value operation(arena& a, std::string_view op, const value& path,
                std::string_view other, const value& what) {
  rego::object_builder o(a);
  o.add("op", rego::make_string(a, op));
  o.add("path", path);
  o.add(other, what);
  return o.finish();
}

} // namespace

BOOST_AUTO_TEST_CASE(a_patch_of_many_operations_copies_nothing_for_each) {
  constexpr size_t count = 10'000;
  for (std::string_view place : {"/k", "/deep/down/k", "/list/-", "/list/0"}) {
    arena a(64 << 20);
    rego::test::fake_context c(a);
    rego::array_builder list(a);
    for (size_t i = 0; i < count; ++i) {
      auto path = place.ends_with('k') ? text(a, place, i * 7919 % count)
                                       : rego::make_string(a, place);
      list.push(operation(a, "add", path, "value", value::integer(1)));
    }
    auto before = a.used();
    auto document =
        *rego::parse_json(a, R"({"deep": {"down": {}}, "list": [1]})");
    auto out = call_with(c, "json.patch", {document, list.array()});
    BOOST_TEST(out.defined(), place);
    BOOST_TEST(a.used() - before < 1000 * count, place);
    auto moved = place == "/list/0" ? count * count / 32 : 0;
    BOOST_TEST(c.worked < 10 * count + moved, place);
  }
}

namespace {

/// Steps that often lead somewhere.
value random_path(arena& a, random_values& random, value document) {
  rego::array_builder steps(a);
  while (random.below(4) > 0 && document.is_collection()
         && document.size() > 0) {
    auto at = random.below(document.size());
    auto key = document.is_array() ? value::integer(static_cast<int64_t>(at))
                                   : document.keys()[at];
    steps.push(key);
    document = rego::lookup(document, key);
  }
  if (random.below(3) == 0)
    steps.push(document.is_array() ? rego::make_string(a, "-") : random.any(1));
  return steps.array();
}

value random_operation(arena& a, random_values& random, const value& document) {
  constexpr std::string_view names[] = {"add",  "remove", "replace",
                                        "copy", "move",   "test"};
  auto op = names[random.below(std::size(names))];
  auto path = random_path(a, random, document);
  if (op == "copy" || op == "move")
    return operation(a, op, path, "from", random_path(a, random, document));
  // What is tested is mostly there; members of sets go where they are equal.
  auto what = random.any(2);
  if (op == "test" && random.below(8) > 0) {
    what = document;
    for (auto& step : path.items())
      what = what.is_collection() ? rego::lookup(what, step) : what;
  } else if (random.below(3) == 0 && path.size() > 0) {
    what = path.items()[path.size() - 1];
  }
  return operation(a, op, path, "value", what.defined() ? what : value::null());
}

} // namespace

BOOST_AUTO_TEST_CASE(a_patch_is_that_of_its_operations_one_by_one) {
  size_t long_ones = 0;
  for (unsigned seed = 0; seed < 5000; ++seed) {
    arena a;
    rego::test::fake_context c(a);
    random_values random(a, seed);
    auto document = random.object(4);
    auto now = document;
    rego::array_builder list(a);
    // An operation that fails is mostly left out.
    for (auto n = random.below(12); n > 0 && now.defined(); --n) {
      auto next = random_operation(a, random, now);
      auto after =
          call_with(c, "json.patch", {now, rego::make_array(a, {next})});
      if (!after.defined() && random.below(20) > 0)
        continue;
      list.push(next);
      now = after;
    }
    long_ones += now.defined() && list.size() > 5;
    auto all = call_with(c, "json.patch", {document, list.array()});
    BOOST_REQUIRE_MESSAGE(text_of(all) == text_of(now),
                          text_of(document) << ' ' << text_of(list.array()));
  }
  BOOST_TEST(long_ones > 500u);
}

BOOST_AUTO_TEST_SUITE_END()
