// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/process/scheduling.hpp"
#include "tests/support/manual_clock.hpp"

#include <boost/test/unit_test.hpp>

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(scheduling_test)

using namespace acgs;
using namespace acgs::process;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_CASE(threads_of_a_batch_thread_are_batch_work_too) {
  caf::error bad;
  int mine = -1;
  int child = -1;
  std::thread{[&] {
    bad = schedule_as_batch();
    mine = ::sched_getscheduler(0);
    std::thread{[&] { child = ::sched_getscheduler(0); }}.join();
  }}.join();
  BOOST_TEST(!bad);
  BOOST_TEST(mine == SCHED_BATCH);
  BOOST_TEST(child == SCHED_BATCH);
  BOOST_TEST(::sched_getscheduler(0) == SCHED_OTHER);
}

BOOST_AUTO_TEST_CASE(lets_others_run_once_in_a_while) {
  test::manual_clock time;
  int times = 0;
  auto now_and_then = at_most_each(200us, time, [&times] { ++times; });
  auto after = [&](std::chrono::nanoseconds passed) {
    time.advance(passed);
    now_and_then();
    return times;
  };
  BOOST_TEST(after(0us) == 1);
  BOOST_TEST(after(199us) == 1);
  BOOST_TEST(after(1us) == 2);
  BOOST_TEST(after(1ms) == 3);
  BOOST_TEST(after(199us) == 3);
  let_others_run();
}

/// The turn that the kernel gives to this thread, in nanoseconds; 0 where it
/// does not tell.
std::uint64_t turn() {
  struct {
    std::uint32_t size = 48, policy = 0;
    std::uint64_t flags = 0;
    std::int32_t nice = 0;
    std::uint32_t priority = 0;
    std::uint64_t runtime = 0, deadline = 0, period = 0;
  } told;
  ::syscall(SYS_sched_getattr, 0, &told, sizeof told, 0);
  return told.runtime;
}

BOOST_AUTO_TEST_CASE(turns_are_short_for_all_but_batch_work) {
  std::uint64_t usual = turn(), asked = 0, inherited = 0, batch = 0;
  std::thread{[&] {
    take_short_turns();
    asked = turn();
    std::thread{[&] {
      inherited = turn();
      schedule_as_batch();
      batch = turn();
    }}.join();
  }}.join();
  // A kernel that knows nothing of it tells 0 throughout.
  auto wanted = usual == 0 ? 0u : std::chrono::nanoseconds{short_turn}.count();
  BOOST_TEST(asked == std::uint64_t(wanted));
  BOOST_TEST(inherited == std::uint64_t(wanted));
  BOOST_TEST(batch == usual);
}

BOOST_AUTO_TEST_CASE(a_thread_is_batch_work_for_a_while) {
  std::vector<int> policies;
  std::thread{[&] {
    batch_while mine;
    for (bool batch : {false, true, true, false, false}) {
      BOOST_TEST(!mine.set(batch));
      policies.push_back(::sched_getscheduler(0));
    }
  }}.join();
  std::vector expected{SCHED_OTHER, SCHED_BATCH, SCHED_BATCH, SCHED_OTHER,
                       SCHED_OTHER};
  BOOST_TEST(policies == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(batch_work_that_was_ordered_stays) {
  int policy = -1;
  std::thread{[&] {
    BOOST_TEST(!schedule_as_batch());
    batch_while mine;
    BOOST_TEST(!mine.set(true));
    BOOST_TEST(!mine.set(false));
    policy = ::sched_getscheduler(0);
  }}.join();
  BOOST_TEST(policy == SCHED_BATCH);
}

BOOST_AUTO_TEST_CASE(a_thread_gives_way_and_the_others_do_not) {
  int mine = 0;
  int child = 0;
  std::thread{[&] {
    give_way();
    mine = ::getpriority(PRIO_PROCESS, 0);
    std::thread{[&] { child = ::getpriority(PRIO_PROCESS, 0); }}.join();
  }}.join();
  BOOST_TEST(mine == 19);
  BOOST_TEST(child == 19);
  BOOST_TEST(::getpriority(PRIO_PROCESS, 0) < 19);
}

BOOST_AUTO_TEST_CASE(another_scheduling_policy_is_kept) {
  caf::error bad;
  int kept = -1;
  std::thread{[&] {
    sched_param usual{};
    ::sched_setscheduler(0, SCHED_IDLE, &usual);
    bad = schedule_as_batch();
    kept = ::sched_getscheduler(0);
  }}.join();
  BOOST_TEST(!bad);
  BOOST_TEST(kept == SCHED_IDLE);
}

BOOST_AUTO_TEST_SUITE_END()
