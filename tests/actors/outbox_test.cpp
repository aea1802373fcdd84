// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/outbox.hpp"

#include "actors/node/actor_gauges.hpp"
#include "runtime/actor/work_queue.hpp"
#include "runtime/metrics/registry.hpp"
#include "tests/support/actor_fixture.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <set>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(outbox_test)

using namespace acgs;
using namespace acgs::node;
using namespace std::chrono_literals;

namespace {

/// Stands for LEDGER: writes, refuses or keeps silent, as it is told.
struct far_side {
  ec refuses = ec::none;
  bool silent = false;
  std::vector<std::string> written; ///< event types, in order
  std::vector<std::string> keys;    ///< of all tries
};

appender_actor::behavior_type ledger_double(appender_actor::pointer self,
                                            far_side* at) {
  return {
      [=](const ledger::append& what) -> caf::result<ledger::appended> {
        at->keys.push_back(what.idempotency_key);
        if (at->silent) {
          self->make_response_promise();
          return caf::delegated<ledger::appended>{};
        }
        if (at->refuses != ec::none)
          return make_error(at->refuses, "refused");
        at->written.emplace_back(what.entry->event_type);
        return ledger::appended{at->written.size() - 1, false};
      },
  };
}

ledger::append entry(const std::string& type) {
  domain::entry out;
  out.kind = domain::entry_kind::restart;
  out.event_type = type;
  return {wire::entry{out}, {}, {}};
}

using lines = std::vector<std::string>;

struct fixture : test::actor_fixture {
  fixture() {
    auto behind = system.spawn(ledger_double, &far);
    put_in_directory("ledger", behind);
  }

  ~fixture() {
    for (auto& each : spawned)
      self->send_exit(each, caf::exit_reason::kill);
    run();
  }

  template <class Handle>
  void put_in_directory(std::string_view name, const Handle& handle) {
    spawned.push_back(caf::actor_cast<caf::actor>(handle));
    actors->put(name, caf::actor_cast<caf::strong_actor_ptr>(handle),
                {.state = actor_state::running});
  }

  void start() {
    outbox_config cfg;
    cfg.entries = entries;
    cfg.ledger = actors->find(actor_key<appender_actor>{"ledger"});
    cfg.timeout = 1s;
    cfg.retry.jitter = 0;
    cfg.on_refused = [this](const ledger::append& what, const caf::error&) {
      refused.emplace_back(what.entry->event_type);
    };
    put_in_directory(outbox_key.name, spawn_outbox(system, cfg));
    run();
  }

  void put(const std::string& type) {
    entries->put(entry(type));
    run();
  }

  far_side far;
  int keys = 0;
  lines refused;
  std::vector<caf::actor> spawned;
  std::shared_ptr<directory> actors = std::make_shared<directory>(system);
  std::shared_ptr<outbox> entries = std::make_shared<outbox>(
      3, [this] { return "key-" + std::to_string(++keys); },
      actors->find(outbox_key));
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(actor, fixture)

BOOST_AUTO_TEST_CASE(hands_entries_over_in_order) {
  start();
  put("a");
  entries->put(entry("b"));
  entries->put(entry("c"));
  run();
  BOOST_TEST(far.written == (lines{"a", "b", "c"}),
             boost::test_tools::per_element());
  BOOST_TEST(entries->size() == 0u);
}

BOOST_AUTO_TEST_CASE(keeps_what_came_before_the_actor_started) {
  put("early");
  BOOST_TEST(entries->size() == 1u);
  start();
  BOOST_TEST(far.written == (lines{"early"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(tries_again_with_growing_delays_and_the_same_key) {
  start();
  far.refuses = ec::overloaded;
  put("a");
  put("b");
  BOOST_TEST(far.keys.size() == 1u);
  advance(10ms);
  BOOST_TEST(far.keys.size() == 2u);
  advance(19ms);
  BOOST_TEST(far.keys.size() == 2u);
  far.refuses = ec::none;
  advance(1ms);
  BOOST_TEST(far.written == (lines{"a", "b"}),
             boost::test_tools::per_element());
  BOOST_TEST(far.keys == (lines{"key-1", "key-1", "key-1", "key-2"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(tries_again_after_a_silence) {
  start();
  far.silent = true;
  put("a");
  far.silent = false;
  advance(1s);
  advance(10ms);
  BOOST_TEST(far.written == (lines{"a"}), boost::test_tools::per_element());
  BOOST_TEST(std::set<std::string>(far.keys.begin(), far.keys.end()).size()
             == 1u);
}

BOOST_AUTO_TEST_CASE(waits_for_a_ledger_that_is_not_running) {
  start();
  actors->put_absent("ledger", {});
  put("a");
  BOOST_TEST(entries->size() == 1u);
  put_in_directory("ledger", system.spawn(ledger_double, &far));
  advance(10ms);
  BOOST_TEST(far.written == (lines{"a"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(goes_on_after_its_own_crash_where_it_stopped) {
  start();
  far.refuses = ec::unavailable;
  put("a");
  self->send_exit(spawned.back(), caf::exit_reason::kill);
  run();
  far.refuses = ec::none;
  start();
  BOOST_TEST(far.written == (lines{"a"}), boost::test_tools::per_element());
  BOOST_TEST(far.keys == (lines{"key-1", "key-1"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(lets_go_of_an_entry_that_is_refused_for_good) {
  start();
  far.refuses = ec::too_large;
  put("a");
  far.refuses = ec::none;
  put("b");
  BOOST_TEST(refused == (lines{"a"}), boost::test_tools::per_element());
  BOOST_TEST(far.written == (lines{"b"}), boost::test_tools::per_element());
  BOOST_TEST(entries->lost() == 1u);
}

BOOST_AUTO_TEST_CASE(loses_and_counts_what_it_has_no_room_for) {
  for (auto* type : {"a", "b", "c", "d"})
    entries->put(entry(type));
  BOOST_TEST(entries->lost() == 1u);
  start();
  BOOST_TEST(far.written == (lines{"a", "b", "c"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(answers_a_flush_when_nothing_waits_any_more) {
  start();
  auto handle = actors->find(outbox_key).get();
  BOOST_TEST(!!ask<void>(handle, outbox_flush{}));
  far.refuses = ec::overloaded;
  put("a");
  auto flush = begin<void>(handle, outbox_flush{});
  run();
  BOOST_TEST(!flush->has_value());
  far.refuses = ec::none;
  advance(10ms);
  BOOST_REQUIRE(flush->has_value());
  BOOST_TEST(!!flush->value());
}

BOOST_AUTO_TEST_CASE(ends_a_flush_at_once_where_there_is_no_room) {
  start();
  auto handle = actors->find(outbox_key).get();
  far.refuses = ec::store_full;
  put("a");
  put("b");
  auto flush = begin<void>(handle, outbox_flush{});
  run();
  BOOST_REQUIRE(flush->has_value());
  BOOST_TEST((code_of(flush->value().error()) == ec::store_full));
  BOOST_TEST(entries->names() == "a, b");
  // They wait all the same, and each is written once.
  far.refuses = ec::none;
  advance(1s);
  BOOST_TEST(far.written == (lines{"a", "b"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_metrics_show_how_many_messages_wait) {
  acgs::metrics::registry registry;
  show_actors(registry, actors);
  start();
  self->send(actors->find(outbox_key).get(), outbox_wake{});
  auto text = registry.text();
  auto shows = [&](const std::string& line) {
    return text.find(line + "\n") != std::string::npos;
  };
  BOOST_TEST(shows("acgs_actor_mailbox_length{actor=\"outbox\"} 1"));
  BOOST_TEST(shows("acgs_actor_mailbox_refused{actor=\"outbox\"} 0"));
  BOOST_TEST(shows("acgs_actor_up{actor=\"ledger\"} 1"));
  BOOST_TEST(shows("acgs_actor_restarts_total{actor=\"ledger\"} 0"));
  BOOST_TEST(!shows("acgs_actor_queue_length{actor=\"ledger\"} 0"));
  auto queue = std::make_shared<work_queue>(1, 4, clock);
  actors->put_queue("ledger", queue);
  text = registry.text();
  BOOST_TEST(shows("acgs_actor_queue_length{actor=\"ledger\"} 0"));
  actors->put_absent("ledger", {.state = actor_state::restarting});
  restarts_of(registry, "ledger").increment();
  text = registry.text();
  BOOST_TEST(shows("acgs_actor_up{actor=\"ledger\"} 0"));
  BOOST_TEST(shows("acgs_actor_restarts_total{actor=\"ledger\"} 1"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
