// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Many threads, one policy: shared without locks, answers of their own.

#include <boost/test/unit_test.hpp>
#include <thread>

#include "support.hpp"

BOOST_AUTO_TEST_SUITE(concurrency_test)

BOOST_AUTO_TEST_CASE(threads_share_a_policy_and_its_data) {
  auto p = rego::compile(
      {{"t", "package test\n"
             "p := {\"n\": input.n, \"sum\": sum(xs)}\n"
             "xs := [x | some x in data.numbers; x <= input.n]"}});
  BOOST_REQUIRE(bool(p));
  auto q = rego::prepare(*p, "data.test.p", {.entry = true});
  auto d = rego::load_data(R"({"numbers": [1,2,3,4,5,6,7,8,9,10]})");
  std::atomic<int> wrong{0};
  auto work = [&](int seed) {
    rego::evaluator e;
    for (int i = 0; i < 2000; ++i) {
      int n = (seed + i) % 10 + 1;
      auto a = e.evaluate(
          **q, **d, rego::json_input{"{\"n\": " + std::to_string(n) + "}"});
      auto want = "{\"n\":" + std::to_string(n)
                  + ",\"sum\":" + std::to_string(n * (n + 1) / 2) + "}";
      wrong += rego::to_json(a.result) != want;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back(work, i);
  for (auto& t : threads)
    t.join();
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(a_snapshot_is_replaced_without_compiling_again) {
  auto p = rego::compile({{"t", "package test\np := data.x"}});
  auto q = rego::prepare(*p, "data.test.p", {.entry = true});
  rego::evaluator e;
  for (int i = 0; i < 3; ++i) {
    auto d = rego::load_data("{\"x\": " + std::to_string(i) + "}");
    auto a = e.evaluate(**q, **d, rego::value());
    BOOST_TEST(rego::to_json(a.result) == std::to_string(i));
  }
}

BOOST_AUTO_TEST_SUITE_END()
