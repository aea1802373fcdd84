// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Partial evaluation of what nests deeply, repeats itself or is many: it ends
// within its bounds and takes little stack.

#include <boost/test/unit_test.hpp>

#include "rego/partial.hpp"
#include "support.hpp"

BOOST_AUTO_TEST_SUITE(partial_bounds_test)

namespace {

rego::result<rego::partial_result> partly(const std::string& rules,
                                          const rego::partial_options& o,
                                          const std::string& query) {
  auto p = rego::compile({{"t.rego", "package t\n" + rules}});
  auto d = rego::load_data("{}");
  return rego::partially(*p, query, **d, {}, o);
}

std::string repeated(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i)
    out += text;
  return out;
}

} // namespace

// What nests is walked a few times, and not twice for each level.
BOOST_AUTO_TEST_CASE(nested_negations_of_closures_take_few_steps) {
  rego::partial_options o;
  o.total.instructions = 10'000'000;
  for (auto& [begin, end] :
       {std::pair{"not [1|", "] == []"}, std::pair{"not {1|", "} == set()"},
        std::pair{"not {\"a\": 1|", "} == {}"},
        std::pair{"every _ in [1] { not [1|", "] == [] }"},
        std::pair{"not [1|", "] == [] with data.k as 1"}})
    for (auto* inner : {"input.x == 1", "1 == 1", "data.t.f(input.x)"}) {
      auto rules = "f(x) if x > 1\nallow if { " + repeated(begin, 40) + inner
                   + repeated(end, 40) + " }\n";
      auto r = partly(rules, o, "data.t.allow");
      BOOST_TEST(bool(r), begin << inner << support::show(r));
    }
}

// Terms that share their parts stand for exponentially many.
BOOST_AUTO_TEST_CASE(terms_of_equal_parts_end_at_the_bounds) {
  rego::partial_options work, memory;
  work.total.instructions = 1'000'000;
  memory.total.memory_bytes = 1 << 20;
  auto rules_of = [](const std::string& first, auto pair) {
    auto rules = "allow if {\n  a0 := " + first + "\n";
    for (int i = 0; i < 60; ++i)
      rules += "  a" + std::to_string(i + 1)
               + " := " + pair("a" + std::to_string(i)) + "\n";
    return rules + "  a60 == input.y\n}\n";
  };
  auto list = [](const std::string& a) { return "[" + a + ", " + a + "]"; };
  auto sum = [](const std::string& a) { return a + " + " + a; };
  for (auto& rules : {rules_of("1", list), rules_of("input.x", list),
                      rules_of("input.x", sum)}) {
    auto r = partly(rules, work, "data.t.allow");
    BOOST_REQUIRE(!r);
    BOOST_TEST((r.error_list()[0].reached == rego::bound::instructions),
               support::show(r));
    r = partly(rules, memory, "data.t.allow");
    BOOST_REQUIRE(!r);
    BOOST_TEST((r.error_list()[0].reached == rego::bound::memory),
               support::show(r));
  }
}

// What rules come by is asked of all of them, however many there are.
BOOST_AUTO_TEST_CASE(long_chains_of_rules_take_no_stack) {
  constexpr int count = 30'000;
  auto chain = [&](const char* last) {
    std::string rules;
    for (int i = 0; i < count; ++i)
      rules += "x" + std::to_string(i) + " := x" + std::to_string(i + 1) + "\n";
    return rules + "x" + std::to_string(count) + last
           + "allow if not data.t.x0 == input.u\n";
  };
  auto r = partly(chain(" := 1\n"), {.unknowns = {"input.u"}}, "data.t.allow");
  BOOST_TEST(support::show(r) == "not data.t.x0 = input.u");
  r = partly(chain(" := input.u\n"), {}, "data.t.x0");
  BOOST_REQUIRE(!r);
  BOOST_TEST((r.error_list()[0].reached == rego::bound::depth));
}

// What follows a reference runs on top of what is on its way: a step along a
// path takes no stack.
BOOST_AUTO_TEST_CASE(chains_of_rules_with_long_paths_take_little_stack) {
  std::string path = "data.t" + repeated(".p", 900), rules;
  for (int i = 0; i < 600; ++i)
    rules += "x" + std::to_string(i) + " := x" + std::to_string(i + 1) + "\n";
  auto p = rego::compile({{"t.rego", "package " + path.substr(5) + "\n" + rules
                                         + "x600 := input.u\n"}});
  BOOST_REQUIRE(p);
  auto r = rego::partially(*p, path + ".x0", **rego::load_data("{}"), {}, {});
  BOOST_REQUIRE(!r);
  BOOST_TEST((r.error_list()[0].reached == rego::bound::depth));
}

BOOST_AUTO_TEST_SUITE_END()
