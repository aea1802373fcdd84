// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The pool of READERs: who is asked, and what is said of those that do not
// answer.
#include "actors/reader/pool.hpp"
#include "runtime/actor/bounded.hpp"
#include "runtime/actor/directory.hpp"
#include "runtime/actor/promise.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/must.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <vector>

BOOST_AUTO_TEST_SUITE(reader_pool_test)

using namespace acgs;
using namespace acgs::reader;
using test::must;

namespace {

/// Two readers, of which the first to be asked never finishes verifying.
struct pool_fixture : test::actor_fixture {
  pool_fixture() {
    std::vector<actor_ref<reader_actor>> all;
    for (std::size_t i = 0; i < 2; ++i) {
      readers.push_back(spawn_bounded(system, 8, fake, &asked[i], &stuck[i]));
      all.push_back(actor_ref<reader_actor>::fixed(readers.back()));
    }
    writer = spawn_bounded(system, 8, fake_ledger, &published);
    who = spawn_bounded(system, 8, reader::pool, all,
                        actor_ref<ledger_actor>::fixed(writer), &clock);
    run();
  }

  ~pool_fixture() {
    for (const auto& each : readers)
      self->send_exit(each, caf::exit_reason::user_shutdown);
    self->send_exit(who, caf::exit_reason::user_shutdown);
    self->send_exit(writer, caf::exit_reason::user_shutdown);
    run();
  }

  /// Counts how often it was to publish.
  static ledger_actor::behavior_type fake_ledger(ledger_actor::pointer,
                                                 int* published) {
    return {
        [](const ledger::append&) { return ledger::appended{}; },
        [](const ledger::release&) { return ledger::released{}; },
        [](const ledger::shred&) { return ledger::shredded{}; },
        [](const ledger::archive&) { return ledger::archived{}; },
        [](const ledger::release_many&) { return ledger::released_many{}; },
        [](const ledger::put_blob&) {},
        [published](ledger::publish) { ++*published; },
        [](ledger::settle) {},
        [](ledger::get_head) { return ledger::head{}; },
        [](probe) { return probe_result{}; },
    };
  }

  /// Finishes verifying when it is asked for an entry of index 7 (it verifies)
  /// or 8 (entry 3 does not).
  static reader_actor::behavior_type fake(reader_actor::pointer self,
                                          int* asked, bool* stuck) {
    auto held = std::make_shared<std::vector<promise<verify_result>>>();
    return {
        [=](const query&) { return ++*asked, query_result{}; },
        [=](const get_entry& what) {
          verify_result found;
          found.verified = what.index == 7;
          found.problem = found.verified ? "" : "entry 3 was changed";
          if (what.index == 7 || what.index == 8)
            for (auto& each : std::exchange(*held, {}))
              each.deliver(found);
          return ++*asked, entry_result{};
        },
        [=](const get_receipt&) -> result<text_result> {
          return make_error(ec::not_found, "no such entry");
        },
        [=](const verify&) -> caf::result<verify_result> {
          return held->emplace_back(self);
        },
        [=](const get_resource&) { return ++*asked, text_result{"x"}; },
        [=](const get_sealed&) { return ++*asked, sealed_result{}; },
        [=](get_stats) { return ++*asked, stats{}; },
        [=](probe) -> caf::result<probe_result> {
          if (*stuck)
            return caf::delegated<probe_result>{};
          return probe_result{};
        },
    };
  }

  int asked[2] = {0, 0};
  bool stuck[2] = {false, false};
  int published = 0;
  ledger_actor writer;
  std::vector<reader_actor> readers;
  reader_actor who;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(reader_pool, pool_fixture)

BOOST_AUTO_TEST_CASE(what_takes_long_keeps_nobody_waiting) {
  auto checked = begin<verify_result>(who, verify{});
  run();
  for (int i = 0; i < 5; ++i)
    must(ask<entry_result>(who, get_entry{}));
  must(ask<query_result>(who, query{}));
  must(ask<text_result>(who, get_resource{}));
  must(ask<stats>(who, get_stats{}));
  BOOST_TEST(!checked->has_value());
  BOOST_TEST(asked[0] + asked[1] == 8);
  BOOST_TEST((asked[0] == 0 || asked[1] == 0));
  for (const auto& each : readers)
    caf::anon_send(each, get_entry{7, {}, false});
  run();
  BOOST_TEST(must(**checked).verified);
}

BOOST_AUTO_TEST_CASE(a_log_that_does_not_verify_is_degraded_until_all_does) {
  auto after = [&](verify what, std::uint64_t answer) {
    auto checked = begin<verify_result>(who, what);
    run();
    for (const auto& each : readers)
      caf::anon_send(each, get_entry{answer, {}, false});
    run();
    return must(ask<probe_result>(who, probe{}));
  };
  auto ill = after(verify{}, 8);
  BOOST_TEST((ill.status == health_status::degraded));
  BOOST_TEST(ill.reason == "the log did not verify: entry 3 was changed");
  BOOST_TEST((after(verify{10, {}}, 7).status == health_status::degraded));
  BOOST_TEST((after(verify{}, 7).status == health_status::healthy));
}

BOOST_AUTO_TEST_CASE(a_reader_that_starts_beside_the_pool_is_no_trouble) {
  directory actors{system};
  auto late = actor_key<reader_actor>{"late"};
  std::vector<actor_ref<reader_actor>> all{
      actor_ref<reader_actor>::fixed(readers[0]), actors.find(late)};
  auto pool = spawn_bounded(system, 8, reader::pool, all,
                            actor_ref<ledger_actor>::fixed(writer), &clock);
  auto look = [&] {
    must(ask<probe_result>(pool, probe{}));
    return must(ask<probe_result>(pool, probe{}));
  };
  BOOST_TEST((look().status == health_status::healthy));
  advance(silence_max);
  BOOST_TEST(look().reason == "reader 2: has not answered for more than 2 s");
  actors.put(late.name, caf::actor_cast<caf::strong_actor_ptr>(readers[1]), {});
  BOOST_TEST((look().status == health_status::healthy));
  // Once it was there, it is missed at once.
  actors.put_absent(late.name, {});
  BOOST_TEST(look().reason == "reader 2: the actor 'late' is not running");
  self->send_exit(pool, caf::exit_reason::user_shutdown);
  run();
}

BOOST_AUTO_TEST_CASE(a_stuck_reader_is_seen_whoever_else_answers) {
  must(ask<probe_result>(who, probe{}));
  auto well = must(ask<probe_result>(who, probe{}));
  BOOST_TEST((well.status == health_status::healthy));
  BOOST_TEST(well.facts == R"({"readers":2,"working":2,"under_way":0})");
  stuck[0] = true;
  must(ask<probe_result>(who, probe{}));
  advance(silence_max);
  auto one = must(ask<probe_result>(who, probe{}));
  BOOST_TEST((one.status == health_status::degraded));
  BOOST_TEST(one.reason == "reader 1: has not answered for more than 2 s");
  stuck[1] = true;
  must(ask<probe_result>(who, probe{}));
  advance(silence_max);
  BOOST_TEST((must(ask<probe_result>(who, probe{})).status
              == health_status::unhealthy));
}

BOOST_AUTO_TEST_CASE(a_reader_that_is_down_is_seen_until_it_is_back) {
  must(ask<probe_result>(who, probe{}));
  self->send_exit(readers[1], caf::exit_reason::kill);
  run();
  must(ask<probe_result>(who, probe{}));
  auto found = must(ask<probe_result>(who, probe{}));
  BOOST_TEST((found.status == health_status::degraded));
  BOOST_TEST(found.reason.starts_with("reader 2: "));
}

BOOST_AUTO_TEST_CASE(errors_come_back_and_a_dead_reader_is_an_error) {
  auto missing = ask<text_result>(who, get_receipt{});
  BOOST_REQUIRE(!missing);
  BOOST_TEST((code_of(missing.error()) == ec::not_found));
  auto checked = begin<verify_result>(who, verify{});
  run();
  for (const auto& each : readers)
    self->send_exit(each, caf::exit_reason::kill);
  run();
  BOOST_REQUIRE(checked->has_value());
  BOOST_TEST(!**checked);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
