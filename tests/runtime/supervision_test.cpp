// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/actor/supervision.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(supervision_test)

using namespace acgs;
using namespace acgs::supervision;
using namespace std::chrono_literals;

namespace {

/// A family of three, a clock, and the actions written out, as "start a".
struct family {
  explicit family(strategy how = strategy::one_for_one,
                  std::vector<child_rule> rules = {{"a"}, {"b"}, {"c"}})
      : core{how, {3, 10s, {100ms, 1s, 2.0, 0.0}}, std::move(rules), {}} {
    core.start_all(now);
  }

  std::vector<std::string> drain() {
    static constexpr const char* names[] = {"start",   "stop",    "kill",
                                            "abandon", "give up", "finished"};
    std::vector<std::string> out;
    while (auto todo = core.next(now)) {
      std::string line = names[static_cast<int>(todo->what)];
      if (todo->what < action::kind::give_up)
        line += " " + core.rule_of(todo->child).name;
      out.push_back(line);
    }
    return out;
  }

  void crash(std::size_t child) { core.died(child, {false, "boom"}, now); }
  void leave(std::size_t child) { core.died(child, {true, ""}, now); }

  steady_time now{1h};
  state core;
};

using lines = std::vector<std::string>;

child_rule rule(std::string name, restart_policy policy) {
  return {std::move(name), policy};
}

} // namespace

#define ACGS_TEST_LINES(got, ...)                                              \
  do {                                                                         \
    lines actual_ = got;                                                       \
    lines wanted_ = __VA_ARGS__;                                               \
    BOOST_TEST(actual_ == wanted_, boost::test_tools::per_element());          \
  } while (false)

BOOST_AUTO_TEST_SUITE(restarts)

BOOST_AUTO_TEST_CASE(starts_children_in_order) {
  family f;
  ACGS_TEST_LINES(f.drain(), {"start a", "start b", "start c"});
  ACGS_TEST_LINES(f.drain(), {});
}

BOOST_AUTO_TEST_CASE(starts_a_crashed_child_again_at_once) {
  family f;
  f.drain();
  f.crash(1);
  BOOST_TEST((f.core.status_of(1).state == actor_state::restarting));
  BOOST_TEST((f.core.delay_of(1) == 0ns));
  ACGS_TEST_LINES(f.drain(), {"start b"});
  BOOST_TEST(f.core.status_of(1).restarts == 1u);
  BOOST_TEST(f.core.status_of(1).last_error == "boom");
}

BOOST_AUTO_TEST_CASE(delays_each_further_restart_longer) {
  family f;
  f.drain();
  f.crash(1);
  f.drain();
  f.crash(1);
  ACGS_TEST_LINES(f.drain(), {});
  BOOST_TEST((f.core.next_due() == f.now + 100ms));
  f.now += 99ms;
  ACGS_TEST_LINES(f.drain(), {});
  f.now += 1ms;
  ACGS_TEST_LINES(f.drain(), {"start b"});
  f.crash(1);
  BOOST_TEST((f.core.next_due() == f.now + 200ms));
}

BOOST_AUTO_TEST_CASE(forgets_failures_of_a_child_that_ran_for_a_window) {
  family f;
  f.drain();
  f.crash(1);
  f.drain();
  f.now += 10s;
  f.crash(1);
  BOOST_TEST((f.core.delay_of(1) == 0ns));
}

BOOST_AUTO_TEST_CASE(a_child_that_waits_holds_up_no_other) {
  family f;
  f.drain();
  f.crash(0);
  f.drain();
  f.crash(0);
  f.crash(2);
  ACGS_TEST_LINES(f.drain(), {"start c"});
}

BOOST_AUTO_TEST_CASE(a_transient_child_may_end_but_not_crash) {
  family f{strategy::one_for_one, {rule("t", restart_policy::transient)}};
  f.drain();
  f.crash(0);
  ACGS_TEST_LINES(f.drain(), {"start t"});
  f.leave(0);
  ACGS_TEST_LINES(f.drain(), {});
  BOOST_TEST((f.core.status_of(0).state == actor_state::stopped));
}

BOOST_AUTO_TEST_CASE(a_temporary_child_is_never_started_again) {
  family f{strategy::one_for_one, {rule("t", restart_policy::temporary)}};
  f.drain();
  f.crash(0);
  ACGS_TEST_LINES(f.drain(), {});
  BOOST_TEST((f.core.status_of(0).state == actor_state::stopped));
}

BOOST_AUTO_TEST_CASE(a_permanent_child_may_not_even_end_normally) {
  family f;
  f.drain();
  f.leave(0);
  ACGS_TEST_LINES(f.drain(), {"start a"});
}

BOOST_AUTO_TEST_CASE(a_failed_restart_counts_as_a_death) {
  family f;
  f.drain();
  f.crash(0);
  ACGS_TEST_LINES(f.drain(), {"start a"});
  f.core.start_failed(0, "no file", f.now);
  BOOST_TEST((f.core.delay_of(0) == 100ms));
  BOOST_TEST(f.core.status_of(0).last_error == "no file");
}

BOOST_AUTO_TEST_CASE(jitter_moves_a_delay_by_at_most_its_share) {
  backoff b{100ms, 1s, 2.0, 0.5};
  auto all = [](std::byte value) -> random_source {
    return [value](std::span<std::byte> out) {
      for (auto& x : out)
        x = value;
    };
  };
  BOOST_TEST((b.delay(0, all(std::byte{0})) == 50ms));
  BOOST_TEST((b.delay(0, all(std::byte{0xff})) > 149ms));
  BOOST_TEST((b.delay(0, all(std::byte{0xff})) <= 150ms));
  BOOST_TEST((b.delay(1, {}) == 200ms));
  BOOST_TEST((b.delay(60, all(std::byte{0xff})) == 1s));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(rest_for_one)

BOOST_AUTO_TEST_CASE(restarts_the_later_ones_too_in_order) {
  family f{strategy::rest_for_one, {{"a"}, {"b"}, {"c"}, {"d"}}};
  f.drain();
  f.crash(1);
  ACGS_TEST_LINES(f.drain(), {"stop d"});
  f.leave(3);
  ACGS_TEST_LINES(f.drain(), {"stop c"});
  f.leave(2);
  ACGS_TEST_LINES(f.drain(), {"start b", "start c", "start d"});
  BOOST_TEST(f.core.status_of(0).restarts == 0u);
  BOOST_TEST(f.core.status_of(3).restarts == 1u);
  BOOST_TEST(f.core.reason_of(3) == "follows 'b'");
}

BOOST_AUTO_TEST_CASE(the_later_ones_wait_with_the_one_that_crashed) {
  family f{strategy::rest_for_one, {{"a"}, {"b"}}};
  f.drain();
  f.crash(0);
  f.drain();
  f.leave(1);
  ACGS_TEST_LINES(f.drain(), {"start a", "start b"});
  f.crash(0);
  f.drain();
  f.leave(1);
  ACGS_TEST_LINES(f.drain(), {});
  f.now += 100ms;
  ACGS_TEST_LINES(f.drain(), {"start a", "start b"});
}

BOOST_AUTO_TEST_CASE(counts_one_crash_once_for_the_limit) {
  family f{strategy::rest_for_one, {{"a"}, {"b"}, {"c"}, {"d"}, {"e"}}};
  f.drain();
  f.crash(0);
  for (std::size_t i = 4; i > 0; --i) {
    f.drain();
    f.leave(i);
  }
  f.drain();
  BOOST_TEST(f.core.failure().empty());
}

BOOST_AUTO_TEST_CASE(does_not_bring_a_temporary_one_back) {
  family f{strategy::rest_for_one,
           {{"a"}, rule("t", restart_policy::temporary)}};
  f.drain();
  f.crash(0);
  f.drain();
  f.leave(1);
  ACGS_TEST_LINES(f.drain(), {"start a"});
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(giving_up)

BOOST_AUTO_TEST_CASE(escalates_beyond_the_limit_after_stopping_the_others) {
  family f;
  f.drain();
  for (int i = 0; i < 3; ++i) {
    f.crash(1);
    f.now += 200ms;
    ACGS_TEST_LINES(f.drain(), {"start b"});
  }
  f.crash(1);
  ACGS_TEST_LINES(f.drain(), {"stop c"});
  f.leave(2);
  ACGS_TEST_LINES(f.drain(), {"stop a"});
  f.leave(0);
  ACGS_TEST_LINES(f.drain(), {"give up"});
  ACGS_TEST_LINES(f.drain(), {});
  BOOST_TEST(f.core.failure()
             == "more than 3 restarts within 10 s; the last to end was 'b': "
                "boom");
}

BOOST_AUTO_TEST_CASE(keeps_on_where_the_crashes_are_spread_out) {
  family f;
  f.drain();
  for (int i = 0; i < 20; ++i) {
    f.crash(1);
    f.now += 4s;
    f.drain();
  }
  BOOST_TEST(f.core.failure().empty());
  BOOST_TEST(f.core.status_of(1).restarts == 20u);
}

BOOST_AUTO_TEST_CASE(gives_up_at_once_where_a_first_start_fails) {
  family f;
  BOOST_TEST((f.core.next(f.now)->what == action::kind::start));
  BOOST_TEST((f.core.next(f.now)->child == 1u));
  f.core.start_failed(1, "store is corrupt", f.now);
  ACGS_TEST_LINES(f.drain(), {"stop a"});
  f.leave(0);
  ACGS_TEST_LINES(f.drain(), {"give up"});
  BOOST_TEST(f.core.failure() == "could not start 'b': store is corrupt");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(stopping)

BOOST_AUTO_TEST_CASE(stops_in_reverse_order_one_after_the_other) {
  family f;
  f.drain();
  f.core.stop_all();
  ACGS_TEST_LINES(f.drain(), {"stop c"});
  f.leave(2);
  ACGS_TEST_LINES(f.drain(), {"stop b"});
  f.leave(1);
  ACGS_TEST_LINES(f.drain(), {"stop a"});
  f.leave(0);
  ACGS_TEST_LINES(f.drain(), {"finished"});
}

BOOST_AUTO_TEST_CASE(kills_who_misses_the_deadline_then_goes_on_without) {
  family f;
  f.drain();
  f.core.stop_all();
  f.drain();
  BOOST_TEST((f.core.next_due() == f.now + 1s));
  f.now += 1s;
  ACGS_TEST_LINES(f.drain(), {"kill c"});
  f.now += 999ms;
  ACGS_TEST_LINES(f.drain(), {});
  f.now += 1ms;
  ACGS_TEST_LINES(f.drain(), {"abandon c", "stop b"});
}

BOOST_AUTO_TEST_CASE(starts_nobody_again_while_it_stops) {
  family f;
  f.drain();
  f.crash(1);
  f.core.stop_all();
  f.crash(0);
  ACGS_TEST_LINES(f.drain(), {"stop c"});
  f.crash(2);
  ACGS_TEST_LINES(f.drain(), {"finished"});
  BOOST_TEST(!f.core.restart(0, f.now));
}

BOOST_AUTO_TEST_CASE(finishes_at_once_where_nobody_ever_started) {
  family f;
  f.core.stop_all();
  ACGS_TEST_LINES(f.drain(), {"finished"});
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(asked_restarts)

BOOST_AUTO_TEST_CASE(ends_a_child_and_starts_it_again) {
  family f;
  f.drain();
  BOOST_TEST(f.core.restart(1, f.now));
  ACGS_TEST_LINES(f.drain(), {"stop b"});
  f.leave(1);
  ACGS_TEST_LINES(f.drain(), {"start b"});
  BOOST_TEST(f.core.status_of(1).restarts == 1u);
  BOOST_TEST(f.core.reason_of(1) == "asked for");
}

BOOST_AUTO_TEST_CASE(do_not_count_for_the_limit) {
  family f;
  f.drain();
  for (int i = 0; i < 10; ++i) {
    BOOST_TEST(f.core.restart(1, f.now));
    f.drain();
    f.leave(1);
    ACGS_TEST_LINES(f.drain(), {"start b"});
  }
  BOOST_TEST(f.core.failure().empty());
}

BOOST_AUTO_TEST_CASE(cut_a_delay_short) {
  family f;
  f.drain();
  f.crash(1);
  f.drain();
  f.crash(1);
  ACGS_TEST_LINES(f.drain(), {});
  BOOST_TEST(f.core.restart(1, f.now));
  ACGS_TEST_LINES(f.drain(), {"start b"});
}

BOOST_AUTO_TEST_CASE(never_put_a_second_one_beside_one_that_hangs) {
  family f;
  f.drain();
  BOOST_TEST(f.core.restart(1, f.now));
  f.drain();
  f.now += 1s;
  f.drain();
  f.now += 1s;
  ACGS_TEST_LINES(f.drain(), {"abandon b"});
  BOOST_TEST((f.core.status_of(1).state == actor_state::stopping));
  BOOST_TEST(f.core.restart(1, f.now));
  ACGS_TEST_LINES(f.drain(), {});
  f.crash(1);
  ACGS_TEST_LINES(f.drain(), {"start b"});
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(whatever_happens)

namespace {

/// Carries actions out in a model world and checks each against it.
struct world {
  explicit world(unsigned seed)
      : random{seed}, f{seed % 2 == 0 ? strategy::one_for_one
                                      : strategy::rest_for_one,
                        {{"a"},
                         {"b", restart_policy::transient},
                         {"c"},
                         {"d", restart_policy::temporary},
                         {"e"}}} {}

  void carry_out() {
    while (auto todo = f.core.next(f.now)) {
      auto i = todo->child;
      switch (todo->what) {
      case action::kind::start:
        BOOST_REQUIRE(!alive[i]);
        BOOST_REQUIRE(!stopping);
        alive[i] = true;
        told[i] = false;
        if (random() % 20 == 0) {
          alive[i] = false;
          f.core.start_failed(i, "no room", f.now);
        }
        break;
      case action::kind::stop:
        BOOST_REQUIRE(alive[i]);
        BOOST_REQUIRE(!told[i]);
        told[i] = true;
        break;
      case action::kind::kill:
        BOOST_REQUIRE(told[i]);
        if (random() % 4 != 0)
          die(i);
        break;
      case action::kind::abandon:
        hung[i] = true;
        break;
      case action::kind::give_up:
      case action::kind::finished:
        BOOST_REQUIRE((alive == hung));
        ended = true;
        break;
      }
    }
  }

  void die(std::size_t i) {
    alive[i] = false;
    hung[i] = false;
    f.core.died(i, {random() % 2 == 0, "boom"}, f.now);
  }

  void something_happens() {
    auto i = random() % 5;
    switch (random() % 6) {
    case 0:
    case 1:
      if (alive[i])
        die(i);
      break;
    case 2:
      f.core.restart(i, f.now);
      break;
    default:
      if (auto due = f.core.next_due())
        f.now = std::max(f.now, *due);
      else
        f.now += 7s;
    }
  }

  std::mt19937 random;
  family f;
  std::vector<bool> alive = std::vector<bool>(5);
  std::vector<bool> told = std::vector<bool>(5);
  std::vector<bool> hung = std::vector<bool>(5);
  bool stopping = false;
  bool ended = false;
};

} // namespace

BOOST_AUTO_TEST_CASE(nobody_is_started_twice_and_the_end_finds_all_down) {
  unsigned gave_up = 0;
  for (unsigned seed = 1; seed <= 500; ++seed) {
    world w{seed};
    w.carry_out();
    for (int step = 0; step < 60 && !w.ended; ++step) {
      w.something_happens();
      w.carry_out();
    }
    gave_up += w.ended;
    w.stopping = true;
    w.f.core.stop_all();
    w.carry_out();
    for (int step = 0; step < 20 && !w.ended; ++step) {
      w.f.now += 1s;
      w.carry_out();
    }
    BOOST_REQUIRE(w.ended);
  }
  BOOST_TEST(gave_up > 0u);
  BOOST_TEST(gave_up < 500u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
