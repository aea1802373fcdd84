// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Built-ins on large collections: what they take grows as the collections do,
// and what they give is what the plain way gives on random ones.

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <functional>
#include <random>

#include "builtins_fixture.hpp"
#include "core/set_merge.hpp"
#include "core/walk_watch.hpp"

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

namespace {

/// Arrays of one number, so that each comparison of two is counted.
value wrapped_numbers(arena& a, int64_t from, int64_t step, int64_t count) {
  rego::array_builder b(a);
  for (int64_t i = 0; i < count; ++i)
    b.push(rego::make_array(a, {value::integer(from + i * step)}));
  return b.set();
}

uint64_t work_counted(const std::function<void()>& what) {
  uint64_t counted = 0;
  rego::walk_watching watch({&counted, [](void* who, uint64_t work) {
                               *static_cast<uint64_t*>(who) += work;
                             }});
  what();
  return counted;
}

uint64_t comparisons_of(const value& x, const value& y, rego::set_parts k,
                        arena& a) {
  return work_counted([&] { rego::merge_sets(a, x, y, k); });
}

} // namespace

BOOST_AUTO_TEST_CASE(two_sets_are_merged_without_sorting) {
  constexpr int64_t count = 10'000;
  for (auto k :
       {rego::set_union, rego::set_intersection, rego::set_difference}) {
    arena a;
    auto even = wrapped_numbers(a, 0, 2, count),
         odd = wrapped_numbers(a, 1, 2, count);
    BOOST_TEST(comparisons_of(even, odd, k, a) <= 2 * count);
    auto one = wrapped_numbers(a, count, 0, 1);
    BOOST_TEST(comparisons_of(even, one, k, a) < 50u);
    BOOST_TEST(comparisons_of(one, even, k, a) < 50u);
    auto two = wrapped_numbers(a, count + 1, 999, 2);
    BOOST_TEST(comparisons_of(odd, two, k, a) < 100u);
  }
}

BOOST_AUTO_TEST_CASE(merged_sets_have_what_is_in_one_or_both) {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    arena a;
    random_values random(a, seed);
    auto some_set = [&] {
      rego::array_builder b(a);
      constexpr size_t most[] = {2, 6, 60};
      for (auto n = random.below(most[random.below(3)]); n > 0; --n)
        b.push(random.any(2));
      return b.set();
    };
    auto x = some_set(), y = some_set();
    rego::array_builder either(a), both(a), left(a);
    for (auto& v : x.keys()) {
      bool there = rego::lookup(y, v).defined();
      either.push(v);
      (there ? both : left).push(v);
    }
    for (auto& v : y.keys())
      either.push(v);
    BOOST_REQUIRE(text_of(rego::merge_sets(a, x, y, rego::set_union))
                  == text_of(either.set()));
    BOOST_REQUIRE(text_of(rego::merge_sets(a, x, y, rego::set_intersection))
                  == text_of(both.set()));
    BOOST_REQUIRE(text_of(rego::merge_sets(a, x, y, rego::set_difference))
                  == text_of(left.set()));
  }
}

namespace {

value random_number(arena& a, random_values& random) {
  constexpr std::string_view numbers[] = {
      "0",     "-0",     "-0.0",    "1",       "2.0",  "-3",
      "0.5",   "1e30",   "-1e400",  "1e20000", "1e-9", "9223372036854775807",
      "1e700", "1e5000", "1e30102", "1e30103", "1.25"};
  if (random.below(2) == 0)
    return value::integer(INT64_MAX / 2
                          * static_cast<int64_t>(random.below(3)));
  return rego::make_number(a, numbers[random.below(std::size(numbers))]);
}

std::string text_or_bound(const std::function<value()>& what) {
  try {
    return text_of(what());
  } catch (const rego::bound_reached&) {
    return "too large";
  }
}

/// The total of a list is that of one operator after the other.
void check_totals(std::string_view whole, std::string_view step, int64_t first,
                  bool with_fractions) {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    arena a;
    rego::test::fake_context c(a);
    random_values random(a, seed);
    rego::array_builder list(a);
    for (auto n = random.below(7); n > 0; --n) {
      auto v = random_number(a, random);
      auto r = rego::to_real(v);
      if (with_fractions || r == std::trunc(r))
        list.push(v);
    }
    auto plain = text_or_bound([&] {
      auto total = value::integer(first);
      for (auto& v : list.items())
        total = call_with(c, step, {total, v});
      return total;
    });
    auto all = list.array();
    BOOST_REQUIRE(text_or_bound([&] { return call_with(c, whole, {all}); })
                  == plain);
  }
}

} // namespace

BOOST_AUTO_TEST_CASE(totals_of_whole_numbers_are_written_once) {
  constexpr int64_t count = 3000;
  arena a;
  rego::test::fake_context c(a);
  rego::array_builder low(a), high(a);
  for (int64_t i = 0; i < count; ++i) {
    low.push(value::integer(1000 + i));
    high.push(value::integer(INT64_MAX - i));
  }
  auto factors = low.array(), addends = high.array();
  value product, sum;
  auto before = a.used();
  // To write the 10,178 digits counts 400,000, one for 256 pairs of them.
  BOOST_TEST(work_counted([&] { product = call_with(c, "product", {factors}); })
             < 1'000'000u);
  BOOST_TEST(a.used() - before < 1u << 20);
  BOOST_TEST(text_of(product).size() > 10'000u);
  BOOST_TEST(work_counted([&] { sum = call_with(c, "sum", {addends}); })
             < 2 * count);
  BOOST_TEST(text_of(sum) == "27670116110564322922500");
}

BOOST_AUTO_TEST_CASE(totals_are_those_of_one_operator_after_the_other) {
  check_totals("sum", "plus", 0, true);
  // With fractions a product is rounded to fewer digits.
  check_totals("product", "mul", 1, false);
}

namespace {

/// The edges of a random graph, some of whose names are no vertices.
value random_graph(arena& a, random_values& random) {
  rego::object_builder out(a);
  for (auto n = random.below(12); n > 0; --n) {
    rego::array_builder edges(a);
    for (auto m = random.below(4); m > 0; --m)
      edges.push(random.scalar());
    out.add(random.scalar(), random.below(2) ? edges.array() : edges.set());
  }
  return out.finish();
}

void add_reachable(rego::array_builder& out, const value& graph,
                   const value& v) {
  auto edges = rego::lookup(graph, v);
  for (auto& known : out.items())
    if (rego::equal(known, v))
      return;
  if (!edges.defined())
    return;
  out.push(v);
  for (auto& n : edges.is_array() ? edges.items() : edges.keys())
    add_reachable(out, graph, n);
}

} // namespace

BOOST_AUTO_TEST_CASE(what_is_reached_is_what_edges_lead_to) {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    arena a;
    rego::test::fake_context c(a);
    random_values random(a, seed);
    auto graph = random_graph(a, random);
    auto starts = rego::make_array(a, {random.scalar(), random.scalar()});
    rego::array_builder plain(a);
    for (auto& v : starts.items())
      add_reachable(plain, graph, v);
    auto reached = call_with(c, "graph.reachable", {graph, starts});
    BOOST_REQUIRE(rego::equal(reached, plain.set()));
  }
}

// Names that are no scalars, so that each comparison of two is counted.
BOOST_AUTO_TEST_CASE(what_is_reached_is_looked_up_once_an_edge) {
  constexpr int64_t count = 4096;
  arena a;
  rego::test::fake_context c(a);
  auto name = [&](int64_t i) {
    return rego::make_array(a, {value::integer(i * 7919 % count)});
  };
  rego::object_builder graph(a);
  for (int64_t i = 0; i < count; ++i)
    graph.add(name(i), rego::make_array(a, {name(i + 1)}));
  auto all = graph.finish(), start = rego::make_array(a, {name(0)});
  value reached;
  auto work = work_counted([&] {
    reached = call_with(c, "graph.reachable", {all, start});
  });
  BOOST_TEST(reached.size() == count);
  BOOST_TEST(work < 15u * count);
}

BOOST_AUTO_TEST_CASE(networks_match_as_each_pair_does) {
  constexpr std::string_view names[] = {
      "10.0.0.0/8", "10.1.0.0/16", "10.1.2.3",      "10.1.2.0/24", "0.0.0.0/0",
      "::/0",       "2001::1",     "2001:db8::/32", "192.168.0.9", "bad"};
  for (unsigned seed = 0; seed < 500; ++seed) {
    arena a;
    rego::test::fake_context c(a);
    random_values random(a, seed);
    auto networks = [&] {
      rego::array_builder b(a);
      for (auto n = random.below(5); n > 0; --n) {
        auto most = std::size(names) - (random.below(8) > 0);
        b.push(rego::make_string(a, names[random.below(most)]));
      }
      return b.array();
    };
    auto outer = networks(), inner = networks();
    rego::array_builder pairs(a);
    std::string error;
    for (size_t i = 0; i < outer.size() && error.empty(); ++i)
      for (size_t j = 0; j < inner.size() && error.empty(); ++j) {
        auto yes = call_with(c, "net.cidr_contains",
                             {outer.items()[i], inner.items()[j]});
        error = c.failed() ? c.error_message() : "";
        if (yes.is_true())
          pairs.push(
              rego::make_array(a, {value::integer(static_cast<int64_t>(i)),
                                   value::integer(static_cast<int64_t>(j))}));
      }
    c.clear_failure();
    auto all = call_with(c, "net.cidr_contains_matches", {outer, inner});
    BOOST_REQUIRE((c.failed() ? c.error_message() : "") == error);
    BOOST_REQUIRE(!error.empty() || rego::equal(all, pairs.set()));
  }
}

BOOST_AUTO_TEST_SUITE_END()
