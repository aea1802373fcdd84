// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/breaker/state.hpp"
#include "actors/breaker/window.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <deque>
#include <random>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(breaker_test)

using namespace acgs;
using namespace acgs::breaker;
using namespace std::chrono_literals;

namespace {

config small() {
  config cfg;
  cfg.sliding_window_size = 10;
  cfg.minimum_number_of_calls = 4;
  cfg.permitted_number_of_calls_in_half_open_state = 2;
  cfg.slow_call_duration_threshold = 1s;
  cfg.wait_jitter = 0;
  return cfg;
}

/// A breaker and its clock.
struct bench {
  explicit bench(const config& cfg = small()) : core{cfg, {}, now} {}

  /// One call, if it may be made. Says what became of it.
  std::string call(outcome how, std::chrono::nanoseconds took = 1ms,
                   std::optional<std::chrono::nanoseconds> retry_after = {}) {
    refusal why;
    auto may = core.acquire(now, why);
    note();
    if (!may)
      return why.throttled ? "throttled" : "refused";
    core.record(*may, how, took, now, retry_after);
    note();
    return "called";
  }

  std::string succeed() { return call(outcome::succeeded); }
  std::string fail() { return call(outcome::failed); }

  void fail(int times) {
    for (int i = 0; i < times; ++i)
      fail();
  }

  void note() {
    if (auto changed = core.take_change())
      last = *changed;
  }

  std::string mode() { return std::string{to_string_view(core.now())}; }

  /// Opens it, lets the wait pass, and fails the trial.
  void fail_a_trial() {
    now += core.at(now).retry_after;
    fail(2);
  }

  steady_time now{1h};
  state core;
  change last;
};

} // namespace

BOOST_AUTO_TEST_SUITE(defaults)

BOOST_AUTO_TEST_CASE(are_those_of_resilience4j_but_for_the_wait) {
  config cfg;
  BOOST_TEST((cfg.sliding_window_type == window_type::count));
  BOOST_TEST(cfg.sliding_window_size == 100u);
  BOOST_TEST(cfg.minimum_number_of_calls == 100u);
  BOOST_TEST(cfg.failure_rate_threshold == 0.5);
  BOOST_TEST(cfg.slow_call_rate_threshold == 1.0);
  BOOST_TEST((cfg.slow_call_duration_threshold == 60s));
  BOOST_TEST(cfg.permitted_number_of_calls_in_half_open_state == 10u);
  BOOST_TEST((cfg.wait_duration_in_open_state == 30s));
  BOOST_TEST((cfg.wait_duration_in_open_state_max == 10min));
  BOOST_TEST(cfg.wait_jitter == 0.1);
}

BOOST_AUTO_TEST_CASE(open_at_half_of_a_hundred_calls_and_not_before) {
  bench b{config{}};
  for (int i = 0; i < 50; ++i)
    b.succeed();
  b.fail(49);
  BOOST_TEST(b.mode() == "closed");
  b.fail();
  BOOST_TEST(b.mode() == "open");
}

BOOST_AUTO_TEST_CASE(let_ten_trial_calls_through) {
  bench b{config{}};
  b.fail(100);
  b.now += 33s; // 30 s and the most that jitter may add
  refusal why;
  for (int i = 0; i < 10; ++i)
    BOOST_TEST(b.core.acquire(b.now, why).has_value());
  BOOST_TEST(!b.core.acquire(b.now, why).has_value());
  BOOST_TEST(!why.throttled);
}

BOOST_AUTO_TEST_CASE(take_a_call_of_over_a_minute_for_slow) {
  bench b{config{}};
  for (int i = 0; i < 99; ++i)
    b.call(outcome::succeeded, 60s + 1ns);
  b.call(outcome::succeeded, 60s);
  BOOST_TEST(b.mode() == "closed");
  b.call(outcome::succeeded, 61s); // replaces the oldest slow one
  BOOST_TEST(b.mode() == "closed");
  for (int i = 0; i < 99; ++i)
    b.call(outcome::succeeded, 61s);
  BOOST_TEST(b.mode() == "open");
  BOOST_TEST(b.last.reason
             == "a slow call rate of 100% over 100 calls reached 100%");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_closed_breaker)

BOOST_AUTO_TEST_CASE(opens_when_the_failure_rate_reaches_its_threshold) {
  bench b;
  b.succeed();
  b.succeed();
  b.fail();
  BOOST_TEST(b.mode() == "closed");
  b.fail();
  BOOST_TEST(b.mode() == "open");
  BOOST_TEST(b.last.reason == "a failure rate of 50% over 4 calls reached 50%");
  BOOST_TEST((b.last.from == breaker::mode::closed));
  BOOST_TEST((b.last.wait == 30s));
}

BOOST_AUTO_TEST_CASE(waits_for_the_minimum_number_of_calls) {
  bench b;
  b.fail(3);
  BOOST_TEST(b.mode() == "closed");
  b.fail();
  BOOST_TEST(b.mode() == "open");
}

BOOST_AUTO_TEST_CASE(asks_no_more_calls_than_the_window_holds) {
  auto cfg = small();
  cfg.minimum_number_of_calls = 1000;
  bench b{cfg};
  b.fail(9);
  BOOST_TEST(b.mode() == "closed");
  b.fail();
  BOOST_TEST(b.mode() == "open");
}

BOOST_AUTO_TEST_CASE(forgets_calls_that_left_the_count_window) {
  bench b;
  b.fail();
  for (int i = 0; i < 10; ++i)
    b.succeed();
  BOOST_TEST(b.core.at(b.now).counted.calls == 10u);
  BOOST_TEST(b.core.at(b.now).counted.failed == 0u);
}

BOOST_AUTO_TEST_CASE(forgets_seconds_that_left_the_time_window) {
  auto cfg = small();
  cfg.sliding_window_type = window_type::time;
  bench b{cfg};
  b.fail(3);
  b.now += 5s;
  b.succeed();
  BOOST_TEST(b.mode() == "open"); // 3 of 4 within 10 s
  b.core.reset("", b.now);
  b.fail(3);
  b.now += 10s;
  BOOST_TEST(b.core.at(b.now).counted.calls == 0u);
  b.succeed();
  BOOST_TEST(b.mode() == "closed");
  b.now += 1h;
  BOOST_TEST(b.core.at(b.now).counted.calls == 0u);
}

BOOST_AUTO_TEST_CASE(opens_when_enough_calls_are_slow_though_none_failed) {
  auto cfg = small();
  cfg.slow_call_rate_threshold = 0.75;
  bench b{cfg};
  b.succeed();
  for (int i = 0; i < 2; ++i)
    b.call(outcome::succeeded, 1s + 1ns);
  BOOST_TEST(b.mode() == "closed");
  b.call(outcome::succeeded, 2s);
  BOOST_TEST(b.mode() == "open");
}

BOOST_AUTO_TEST_CASE(counts_neither_throttled_nor_ignored_calls) {
  bench b;
  for (int i = 0; i < 20; ++i) {
    BOOST_TEST(b.call(outcome::throttled) == "called");
    BOOST_TEST(b.call(outcome::ignored) == "called");
  }
  BOOST_TEST(b.core.at(b.now).counted.calls == 0u);
  BOOST_TEST(b.mode() == "closed");
}

BOOST_AUTO_TEST_CASE(pauses_as_long_as_a_throttling_side_asks) {
  bench b;
  BOOST_TEST(b.call(outcome::throttled, 1ms, 5s) == "called");
  BOOST_TEST(b.succeed() == "throttled");
  BOOST_TEST(b.mode() == "closed");
  b.now += 4999ms;
  BOOST_TEST(b.succeed() == "throttled");
  b.now += 1ms;
  BOOST_TEST(b.succeed() == "called");
}

BOOST_AUTO_TEST_CASE(believes_a_retry_after_only_up_to_the_longest_wait) {
  bench b;
  b.call(outcome::throttled, 1ms, 1000h);
  BOOST_TEST((b.core.at(b.now).retry_after == 10min));
  b.call(outcome::throttled, 1ms, -5s);
  BOOST_TEST((b.core.at(b.now).retry_after == 10min));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(an_open_breaker)

BOOST_AUTO_TEST_CASE(refuses_and_says_for_how_long) {
  bench b;
  b.fail(4);
  b.now += 10s;
  refusal why;
  BOOST_TEST(!b.core.acquire(b.now, why).has_value());
  BOOST_TEST((why.retry_after == 20s));
  BOOST_TEST(!why.throttled);
  BOOST_TEST(b.core.at(b.now).refused == 1u);
}

BOOST_AUTO_TEST_CASE(tries_again_when_the_wait_is_over) {
  bench b;
  b.fail(4);
  b.now += 30s - 1ns;
  BOOST_TEST(b.succeed() == "refused");
  b.now += 1ns;
  BOOST_TEST(b.succeed() == "called");
  BOOST_TEST(b.mode() == "half_open");
}

BOOST_AUTO_TEST_CASE(varies_the_wait_by_the_jitter) {
  auto cfg = small();
  cfg.wait_jitter = 0.1;
  state least{cfg,
              [](auto out) { std::fill(out.begin(), out.end(), std::byte{0}); },
              {}};
  state most{
      cfg,
      [](auto out) { std::fill(out.begin(), out.end(), std::byte{0xff}); },
      {}};
  least.trip("", {});
  most.trip("", {});
  BOOST_TEST((least.take_change()->wait == 27s));
  auto wait = most.take_change()->wait;
  BOOST_TEST((wait > 32999ms && wait <= 33s));
}

BOOST_AUTO_TEST_CASE(waits_longer_where_the_failing_side_says_so) {
  bench b;
  b.fail(3);
  b.call(outcome::failed, 1ms, 2min);
  BOOST_TEST(b.mode() == "open");
  BOOST_TEST((b.last.wait == 2min));
  b.now += 119s;
  BOOST_TEST(b.succeed() == "refused");
  b.now += 1s;
  BOOST_TEST(b.succeed() == "called");
}

BOOST_AUTO_TEST_CASE(ignores_outcomes_of_calls_made_before_it_opened) {
  bench b;
  refusal why;
  auto late = b.core.acquire(b.now, why);
  b.fail(4);
  b.now += 30s;
  b.succeed();
  BOOST_TEST(b.mode() == "half_open");
  b.core.record(*late, outcome::failed, 30s, b.now);
  b.succeed();
  BOOST_TEST(b.mode() == "closed");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_half_open_breaker)

BOOST_AUTO_TEST_CASE(closes_when_the_trial_calls_went_well) {
  bench b;
  b.fail(4);
  b.now += 30s;
  b.succeed();
  b.succeed();
  BOOST_TEST(b.mode() == "closed");
  BOOST_TEST(b.last.reason == "the trial calls went well");
  BOOST_TEST(b.core.at(b.now).counted.calls == 0u);
}

BOOST_AUTO_TEST_CASE(opens_again_for_twice_as_long_up_to_the_bound) {
  bench b;
  b.fail(4);
  BOOST_TEST((b.core.at(b.now).retry_after == 30s));
  const std::chrono::nanoseconds waits[] = {1min, 2min,  4min,
                                            8min, 10min, 10min};
  for (auto wait : waits) {
    b.fail_a_trial();
    BOOST_TEST(b.mode() == "open");
    BOOST_TEST((b.core.at(b.now).retry_after == wait));
  }
}

BOOST_AUTO_TEST_CASE(waits_as_at_first_after_it_had_closed) {
  bench b;
  b.fail(4);
  b.fail_a_trial();
  b.now += 1min;
  b.succeed();
  b.succeed();
  b.fail(4);
  BOOST_TEST((b.core.at(b.now).retry_after == 30s));
}

BOOST_AUTO_TEST_CASE(opens_again_when_the_trial_calls_are_slow) {
  bench b;
  b.fail(4);
  b.now += 30s;
  b.call(outcome::succeeded, 2s);
  b.call(outcome::succeeded, 2s);
  BOOST_TEST(b.mode() == "open");
}

BOOST_AUTO_TEST_CASE(gives_a_permit_back_for_a_throttled_call) {
  bench b;
  b.fail(4);
  b.now += 30s;
  for (int i = 0; i < 5; ++i)
    BOOST_TEST(b.call(outcome::throttled) == "called");
  BOOST_TEST(b.mode() == "half_open");
  b.succeed();
  b.succeed();
  BOOST_TEST(b.mode() == "closed");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(by_hand)

BOOST_AUTO_TEST_CASE(tripping_opens_for_the_usual_wait) {
  bench b;
  b.core.trip("maintenance, alice", b.now);
  b.note();
  BOOST_TEST(b.last.reason == "tripped by hand: maintenance, alice");
  BOOST_TEST(b.succeed() == "refused");
  b.now += 30s;
  BOOST_TEST(b.succeed() == "called");
}

BOOST_AUTO_TEST_CASE(forcing_open_lasts_until_a_reset) {
  bench b;
  b.core.force_open("incident 7", b.now);
  b.now += 1000h;
  BOOST_TEST(b.succeed() == "refused");
  BOOST_TEST(b.core.at(b.now).forced);
  b.core.reset("over", b.now);
  b.note();
  BOOST_TEST(b.last.reason == "reset by hand: over");
  BOOST_TEST(b.succeed() == "called");
  BOOST_TEST(!b.core.at(b.now).forced);
}

BOOST_AUTO_TEST_CASE(resetting_forgets_failures_pauses_and_doubled_waits) {
  bench b;
  b.fail(4);
  b.fail_a_trial();
  b.core.reset("", b.now);
  BOOST_TEST(b.succeed() == "called");
  b.call(outcome::throttled, 1ms, 5min);
  b.core.reset("", b.now);
  b.fail(4);
  BOOST_TEST((b.core.at(b.now).retry_after == 30s));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(whatever_happens)

BOOST_AUTO_TEST_CASE(a_window_counts_what_a_list_of_all_calls_says) {
  struct call {
    steady_time when;
    bool failed;
    bool slow;
  };
  for (unsigned seed = 1; seed <= 200; ++seed) {
    std::mt19937 random{seed};
    auto type = seed % 2 == 0 ? window_type::count : window_type::time;
    std::size_t size = 1 + random() % 12;
    window tested{type, size};
    std::deque<call> all;
    steady_time now{100s};
    for (int i = 0; i < 300; ++i) {
      now += std::chrono::milliseconds{random() % 3 == 0 ? random() % 4000 : 0};
      all.push_back({now, random() % 3 == 0, random() % 4 == 0});
      tested.record(all.back().failed, all.back().slow, now);
      auto second = std::chrono::floor<std::chrono::seconds>(now);
      while (type == window_type::count
                 ? all.size() > size
                 : std::chrono::floor<std::chrono::seconds>(all.front().when)
                       <= second - std::chrono::seconds{size})
        all.pop_front();
      auto count = [&](auto which) {
        return static_cast<std::size_t>(
            std::count_if(all.begin(), all.end(), which));
      };
      auto got = tested.at(now);
      BOOST_REQUIRE(got.calls == all.size());
      BOOST_REQUIRE(got.failed == count([](auto& c) { return c.failed; }));
      BOOST_REQUIRE(got.slow == count([](auto& c) { return c.slow; }));
    }
  }
}

BOOST_AUTO_TEST_CASE(an_open_breaker_is_shut_and_a_trial_is_small) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    std::mt19937 random{seed};
    bench b;
    std::vector<permit> out;
    steady_time open_until{};
    std::uint64_t trial = 0;
    std::size_t given = 0;
    for (int i = 0; i < 500; ++i) {
      b.now += std::chrono::milliseconds{random() % 2000};
      refusal why;
      if (auto may = b.core.acquire(b.now, why)) {
        BOOST_REQUIRE((b.now >= open_until));
        BOOST_REQUIRE(b.mode() != "open");
        if (b.mode() == "half_open") {
          given = may->generation == trial ? given + 1 : 1;
          trial = may->generation;
          BOOST_REQUIRE(given <= 2u);
        }
        out.push_back(*may);
      } else {
        BOOST_REQUIRE(b.mode() != "closed");
      }
      if (!out.empty() && random() % 3 != 0) {
        auto index = random() % out.size();
        b.core.record(out[index],
                      random() % 2 == 0 ? outcome::failed : outcome::succeeded,
                      1ms, b.now);
        out.erase(out.begin() + static_cast<std::ptrdiff_t>(index));
        if (auto changed = b.core.take_change())
          if (changed->to == breaker::mode::open)
            open_until = b.now + changed->wait;
      }
    }
    BOOST_REQUIRE(b.core.at(b.now).opened > 0u);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
