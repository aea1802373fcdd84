// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Keys of partial documents that are asked for one by one: the whole document
// is made where that is less work, and never changes an answer.

#include <boost/test/unit_test.hpp>

#include "both_ways.hpp"

BOOST_AUTO_TEST_SUITE(keyed_test)

using support::answer_of;
using support::both_ways;

namespace {

// {"users": {"u0": {"lvl": 0}, ...}, "list": [{"id": "u0", "lvl": 0}, ...]}
std::string data_of(int n) {
  std::string users, list;
  for (int i = 0; i < n; ++i) {
    auto id = "\"u" + std::to_string(i) + "\"";
    auto lvl = "\"lvl\": " + std::to_string(i % 7);
    auto comma = i ? ", " : "";
    users += comma + id + ": {" + lvl + "}";
    list += comma + std::string("{\"id\": ") + id + ", " + lvl + "}";
  }
  return "{\"users\": {" + users + "}, \"list\": [" + list + "]}";
}

// {"us": ["u0", ...]} and parts of keys
std::string asking(int n) {
  std::string us;
  for (int i = 0; i < n; ++i)
    us += (i ? ", \"u" : "\"u") + std::to_string(i) + "\"";
  return "{\"us\": [" + us + R"(], "a": "a", "three": 3, "list": [3]})";
}

std::string asked(const std::string& rules) {
  return "package test\n" + rules
         + "p := [x | some u in input.us; x := q[u]]\n";
}

uint64_t work(const std::string& module, int asked_for, int users) {
  return answer_of(module, asking(asked_for), data_of(users)).instructions;
}

} // namespace

BOOST_AUTO_TEST_CASE(keys_asked_for_cost_what_they_find) {
  for (auto rules :
       {"q[u] := x.lvl if some u, x in data.users\n",
        "q[u] := x if x := data.users[u].lvl + 1\n",
        "q contains u if data.users[u].lvl > 3\n",
        "q[u] := r[u] + 1\nr[u] := x.lvl if some u, x in data.users\n",
        "q[u] := x.lvl if { some u, x in data.users; x.lvl > 1 }\n"
        "q[u] := 1 if { data.users[u].lvl == 1 }\n"}) {
    auto module = asked(rules);
    // As many more as the data has more parts to be searched in.
    BOOST_TEST(work(module, 100, 1000) == work(module, 100, 8000), module);
    both_ways(module, asking(100), data_of(300));
  }
}

BOOST_AUTO_TEST_CASE(keys_of_several_parts_cost_what_they_find) {
  for (std::string rules :
       {"q contains [u, \"a\"] if some u, x in data.users\n",
        "q contains [u, l] if { some u, x in data.users; l := x.lvl }\n",
        "q contains [u, u] if some u, x in data.users\n"
        "q contains [u, l, 1] if { l := data.users[u].lvl }\n"
        "q contains u if data.users[u].lvl > 3\n",
        "q[[u, l]] := x if { some u, x in data.users; l = x.lvl }\n",
        "q[[u, l]].v := x if { some u, x in data.users; l = x.lvl }\n"
        "q[[u, l]].w := 2 if { l := data.users[u].lvl }\n"}) {
    for (std::string key :
         {"[u, input.a]", "[u, input.three]", "[input.a, u]", "[u, u]",
          "[u, input.list]", "input.us", "input.a"}) {
      auto module = "package test\n" + rules
                    + "p := [x | some u in input.us; x := q[" + key + "]]\n";
      bool letters = rules.find("[u, \"a\"]") != std::string::npos;
      if (key == (letters ? "[u, input.a]" : "[u, input.three]"))
        BOOST_TEST(work(module, 100, 1000) == work(module, 100, 8000), module);
      both_ways(module, asking(100), data_of(300));
    }
  }
}

BOOST_AUTO_TEST_CASE(most_keys_cost_twice_the_whole_document_at_most) {
  auto module = asked("q[u] := x.lvl if some u, x in data.users\n");
  auto whole =
      answer_of("package test\nq[u] := x.lvl if some u, x in data.users"
                "\np := [x | r := q; some u in input.us; x := r[u]]\n",
                asking(2000), data_of(2000))
          .instructions;
  BOOST_TEST(work(module, 2000, 2000) < 2 * whole);
  // Each key a thousand times: too many to be remembered one by one.
  auto again = "package test\nq[u] := x.lvl if some u, x in data.users\n"
               "p := count([1 | some n in numbers.range(1, 1000)\n"
               "  some u in input.us; q[u] >= n % 2])\n";
  auto one = answer_of(again, asking(1), data_of(600)).instructions;
  auto many = answer_of(again, asking(600), data_of(600)).instructions;
  BOOST_TEST(many < 600 * one + 4 * whole);
}

BOOST_AUTO_TEST_CASE(keys_that_search_everything_end_after_a_few) {
  for (auto rules :
       {"q[x.id] := x.lvl if some x in data.list\n",
        "q contains x.id if { some x in data.list; x.lvl > 1 }\n",
        "q[u] := x.lvl if some u, x in data.users\n"
        "q[u] := 1 if { some s in data.list; u := concat(\"-\", [s.id, \"u\"]) "
        "}\n"}) {
    auto module = asked(rules);
    auto few = work(module, 8, 1000);
    BOOST_TEST(work(module, 900, 1000) < 3 * few + 100'000, module);
    both_ways(module, asking(40), data_of(50));
  }
}

BOOST_AUTO_TEST_SUITE_END()
