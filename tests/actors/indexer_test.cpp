// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// INDEXER, the actor: follows the log in steps and hears in between.
#include "actors/indexer/indexer.hpp"
#include "actors/indexer/state.hpp"
#include "actors/reader/index_view.hpp"
#include "runtime/actor/bounded.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/sample_log.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(indexer_test)

using namespace acgs;
using namespace acgs::indexer;
using test::must;

namespace {

struct fixture : test::sample_log, test::actor_fixture {
  acgs::metrics::registry registry;
  indexer_actor who;
  std::function<void(std::uint64_t)> wake;
  const std::chrono::milliseconds pause = indexer::config{}.pause;

  void start() {
    indexer::config with;
    with.index = index_env;
    with.ledger = env;
    with.origin = test::sample_origin;
    with.step = 100;
    with.registry = &registry;
    who = spawn_bounded(system, 8, indexer::indexer, with);
    wake = waker(actor_ref<indexer_actor>::fixed(who), with.knows);
  }

  std::string facts() { return must(ask<probe_result>(who, probe{})).facts; }

  std::size_t waiting() const {
    return meter_of(caf::actor_cast<caf::strong_actor_ptr>(who))->length();
  }

  std::uint64_t indexed() { return must(reader().measure()).indexed; }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(indexer_actor_, fixture)

BOOST_AUTO_TEST_CASE(catches_up_in_steps_when_it_starts) {
  write(350);
  start();
  scheduler.run_once();
  BOOST_TEST(indexed() == 100u);
  run();
  BOOST_TEST(indexed() == 350u);
  BOOST_TEST(facts() == "{\"indexed\":350,\"behind\":0}");
}

BOOST_AUTO_TEST_CASE(drops_what_it_found_in_the_log_of_another_epoch) {
  write(350);
  start();
  run();
  auto next = must(state::open(*index_env, *env, "acgs/node-1/2"));
  BOOST_TEST(indexed() == 0u);
  auto view = must(reader::index_view::open(*index_env, "acgs/node-1/2"));
  std::size_t seen = 0;
  auto count = [&](std::uint64_t) { return ++seen > 0; };
  for (auto table : {store::index::by::type, store::index::by::subject})
    for (auto text : {"policy_evaluation", "alice"})
      BOOST_TEST(!view.walk(table, text, {0, 1000}, true, count));
  BOOST_TEST(seen == 0u);
}

BOOST_AUTO_TEST_CASE(follows_the_log_when_it_is_told) {
  start();
  run();
  write(10);
  BOOST_TEST(indexed() == 0u);
  wake(10);
  run();
  BOOST_TEST(indexed() == 0u);
  scheduler.advance_time(pause);
  run();
  BOOST_TEST(indexed() == 10u);
  BOOST_TEST(registry.text().find("acgs_ledger_index_behind 0")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(keeps_one_step_under_way_however_often_it_is_told) {
  write(1000);
  start();
  for (int i = 0; i < 8; ++i)
    caf::anon_send(who, grown{1000});
  std::size_t steps = 0;
  while (scheduler.try_run_once())
    ++steps;
  // Ten steps do the work; the eight messages do nothing and none multiplies.
  BOOST_TEST(steps <= 20u);
  BOOST_TEST(indexed() == 1000u);
}

BOOST_AUTO_TEST_CASE(is_woken_once_for_all_that_gathers) {
  start();
  run();
  for (std::uint64_t size = 1; size <= 5; ++size) {
    write(1);
    wake(size);
  }
  BOOST_TEST(waiting() == 1u);
  run();
  scheduler.advance_time(pause);
  run();
  BOOST_TEST(indexed() == 5u);
  // It forgot before it looked: what comes now wakes it again.
  write(1);
  wake(6);
  BOOST_TEST(waiting() == 1u);
  run();
  scheduler.advance_time(pause);
  run();
  BOOST_TEST(indexed() == 6u);
}

BOOST_AUTO_TEST_CASE(goes_on_once_the_index_can_be_written_again) {
  write(10);
  start();
  index_disk.fail_commit_after(0, ec::store_io);
  run();
  auto found = must(ask<probe_result>(who, probe{}));
  BOOST_TEST((found.status == health_status::degraded));
  BOOST_TEST(found.reason.find("a simulated failure") != std::string::npos);
  advance(std::chrono::seconds{1});
  found = must(ask<probe_result>(who, probe{}));
  BOOST_TEST((found.status == health_status::healthy));
  BOOST_TEST(found.facts == "{\"indexed\":10,\"behind\":0}");
  // Each was counted once.
  BOOST_TEST(must(reader().measure()).by_kind.at(0) == 10u);
}

BOOST_AUTO_TEST_CASE(tries_the_more_seldom_the_longer_it_cannot_be_written) {
  write(10);
  index_disk.fail_reads = ec::store_io;
  start();
  run();
  auto status = [&] { return must(ask<probe_result>(who, probe{})).status; };
  for (int seconds : {1, 2, 4, 8, 16, 16}) {
    BOOST_TEST((status() == health_status::degraded));
    index_disk.reads = 0;
    advance(std::chrono::seconds{seconds - 1});
    BOOST_TEST(index_disk.reads == 0u);
    advance(std::chrono::seconds{1});
    BOOST_TEST(index_disk.reads > 0u);
  }
  index_disk.fail_reads.reset();
  advance(std::chrono::seconds{16});
  BOOST_TEST((status() == health_status::healthy));
  BOOST_TEST(indexed() == 10u);
}

BOOST_AUTO_TEST_CASE(waits_where_there_is_no_room) {
  write(10);
  start();
  index_disk.fail_commit_after(0, ec::store_full);
  scheduler.run_once();
  auto found = must(ask<probe_result>(who, probe{}));
  BOOST_TEST((found.status == health_status::degraded));
  BOOST_TEST(found.reason.find("a simulated failure") != std::string::npos);
  // Growth is no reason to try before its time.
  caf::anon_send(who, grown{10});
  run();
  BOOST_TEST(facts() == "{\"indexed\":0,\"behind\":10}");
  advance(std::chrono::seconds{1});
  found = must(ask<probe_result>(who, probe{}));
  BOOST_TEST((found.status == health_status::healthy));
  BOOST_TEST(found.facts == "{\"indexed\":10,\"behind\":0}");
  // Each was counted once.
  BOOST_TEST(must(reader().measure()).by_kind.at(0) == 10u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
