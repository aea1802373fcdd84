// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/net/kj_loop.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <boost/test/unit_test.hpp>

#include <kj/debug.h>

#include <future>
#include <thread>

BOOST_AUTO_TEST_SUITE(kj_loop_test)

using namespace acgs;
using namespace std::chrono_literals;

namespace {

caf::behavior doubler(caf::event_based_actor* self) {
  return {[](int x) { return 2 * x; },
          [](double) -> caf::result<int> {
            return make_error(ec::not_found, "no such thing");
          },
          [self](const std::string&) -> caf::result<int> {
            self->quit(caf::exit_reason::kill);
            return self->make_response_promise<int>(); // never kept
          }};
}

/// Takes requests and answers none.
caf::behavior silent(caf::event_based_actor* self) {
  return {[self](int) -> caf::result<int> {
    return self->make_response_promise<int>();
  }};
}

/// The test's own thread is the loop's; time for deadlines is driven.
struct fixture {
  template <class T>
  T wait(kj::Promise<T> promise) {
    return promise.wait(io.waitScope);
  }

  /// Lets everything on the loop that can run, run.
  void turn() {
    kj::evalLast([] {}).wait(io.waitScope);
  }

  void advance(std::chrono::milliseconds by) {
    timer.advanceTo(timer.now() + by.count() * kj::MILLISECONDS);
    turn();
  }

  caf::actor_system_config config;
  caf::actor_system system{config};
  kj::AsyncIoContext io = kj::setupAsyncIo();
  kj::TimerImpl timer{kj::origin<kj::TimePoint>()};
  net::kj_bridge bridge{system, io.unixEventPort, timer, {4, 50ms}};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(bridge, fixture)

BOOST_AUTO_TEST_CASE(gives_the_reply_of_an_actor) {
  auto actor = system.spawn(doubler);
  auto out = wait(bridge.call<int>(actor, 1s, 21));
  BOOST_REQUIRE(out);
  BOOST_TEST(*out == 42);
  BOOST_TEST(bridge.pending() == 0u);
}

BOOST_AUTO_TEST_CASE(gives_the_error_of_an_actor_as_a_value) {
  auto actor = system.spawn(doubler);
  auto out = wait(bridge.call<int>(actor, 1s, 1.5));
  BOOST_REQUIRE(!out);
  BOOST_TEST((code_of(out.error()) == ec::not_found));
  BOOST_TEST(sentence_of(out.error()) == "no such thing");
}

BOOST_AUTO_TEST_CASE(answers_for_an_actor_that_is_dead_or_none) {
  auto actor = system.spawn(doubler);
  caf::anon_send_exit(actor, caf::exit_reason::kill);
  system.await_all_actors_done();
  auto dead = wait(bridge.call<int>(actor, 1s, 1));
  BOOST_REQUIRE(!dead);
  BOOST_TEST((code_of(dead.error()) == ec::unavailable));
  auto none = wait(bridge.call<int>(caf::actor{}, 1s, 1));
  BOOST_REQUIRE(!none);
  BOOST_TEST((code_of(none.error()) == ec::unavailable));
}

BOOST_AUTO_TEST_CASE(answers_what_waited_in_the_mailbox_of_a_dying_actor) {
  auto actor = system.spawn(doubler);
  // The first request ends the actor without an answer; the others were sent
  // by then and must hear of it.
  auto first = bridge.call<int>(actor, 1s, std::string{"die"});
  auto second = bridge.call<int>(actor, 1s, 1);
  auto out = wait(kj::mv(second));
  BOOST_TEST((out || code_of(out.error()) == ec::unavailable));
}

BOOST_AUTO_TEST_CASE(a_reply_of_another_type_is_an_error) {
  auto actor = system.spawn(doubler);
  auto out = wait(bridge.call<std::string>(actor, 1s, 1));
  BOOST_REQUIRE(!out);
  BOOST_TEST((code_of(out.error()) == ec::internal));
}

BOOST_AUTO_TEST_CASE(a_call_ends_at_the_tick_after_its_deadline) {
  auto actor = system.spawn(silent);
  auto quick = bridge.call<int>(actor, 60ms, 1);
  auto slow = bridge.call<int>(actor, 10s, 1);
  advance(50ms);
  BOOST_TEST(!quick.poll(io.waitScope));
  advance(50ms);
  BOOST_REQUIRE(quick.poll(io.waitScope));
  auto out = wait(kj::mv(quick));
  BOOST_REQUIRE(!out);
  BOOST_TEST((code_of(out.error()) == ec::timed_out));
  BOOST_TEST(!slow.poll(io.waitScope));
  BOOST_TEST(bridge.pending() == 1u);
}

BOOST_AUTO_TEST_CASE(ticks_again_after_a_pause) {
  auto actor = system.spawn(silent);
  for (int round = 0; round < 3; ++round) {
    auto call = bridge.call<int>(actor, 10ms, 1);
    advance(50ms);
    BOOST_REQUIRE(call.poll(io.waitScope));
    BOOST_TEST(!wait(kj::mv(call)));
    advance(500ms);
  }
}

BOOST_AUTO_TEST_CASE(a_call_may_outlive_the_bridge) {
  // kj destroys what was detached with its event loop, after the bridge.
  auto actor = system.spawn(silent);
  auto call = [&] {
    net::kj_bridge brief{system, io.unixEventPort, timer, {4, 50ms}};
    return brief.call<int>(actor, 1s, 1);
  }();
  BOOST_TEST(!call.poll(io.waitScope));
}

BOOST_AUTO_TEST_CASE(refuses_more_calls_than_may_wait) {
  auto actor = system.spawn(silent);
  kj::Vector<kj::Promise<result<int>>> calls;
  for (int i = 0; i < 4; ++i)
    calls.add(bridge.call<int>(actor, 1s, i));
  auto out = wait(bridge.call<int>(actor, 1s, 5));
  BOOST_REQUIRE(!out);
  BOOST_TEST((code_of(out.error()) == ec::overloaded));
  calls.clear(); // dropping a call makes room
  BOOST_TEST(bridge.pending() == 0u);
  auto working = system.spawn(doubler);
  BOOST_TEST(static_cast<bool>(wait(bridge.call<int>(working, 1s, 5))));
}

BOOST_AUTO_TEST_CASE(a_reply_after_its_call_was_dropped_harms_nobody) {
  auto actor = system.spawn(doubler);
  for (int i = 0; i < 100; ++i)
    (void)bridge.call<int>(actor, 1s, i);
  auto out = wait(bridge.call<int>(actor, 1s, 7));
  BOOST_REQUIRE(out);
  BOOST_TEST(*out == 14);
}

BOOST_AUTO_TEST_CASE(many_calls_in_flight_each_get_their_own_reply) {
  net::kj_bridge wide{system, io.unixEventPort, timer, {10000, 50ms}};
  auto actor = system.spawn(doubler);
  std::vector<kj::Promise<result<int>>> calls;
  for (int i = 0; i < 5000; ++i)
    calls.push_back(wide.call<int>(actor, 1s, i));
  int wrong = 0;
  for (int i = 0; i < 5000; ++i) {
    auto out = wait(kj::mv(calls[static_cast<std::size_t>(i)]));
    wrong += !out || *out != 2 * i;
  }
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(loop)

BOOST_AUTO_TEST_CASE(runs_tasks_on_its_own_thread_and_reports_their_failure) {
  caf::actor_system_config config;
  caf::actor_system system{config};
  net::kj_loop loop{system, "test-loop"};
  std::thread::id first;
  std::thread::id second;
  BOOST_TEST(!loop.execute([&](auto&) { first = std::this_thread::get_id(); }));
  BOOST_TEST(
      !loop.execute([&](auto&) { second = std::this_thread::get_id(); }));
  BOOST_TEST((first == second));
  BOOST_TEST((first != std::this_thread::get_id()));
  auto failed = loop.execute([](auto&) { KJ_FAIL_REQUIRE("no luck"); });
  BOOST_TEST((code_of(failed) == ec::internal));
  BOOST_TEST(sentence_of(failed) == "no luck");
}

BOOST_AUTO_TEST_CASE(stops_while_calls_wait_and_then_refuses_tasks) {
  caf::actor_system_config config;
  caf::actor_system system{config};
  auto actor = system.spawn(silent);
  {
    net::kj_loop loop{system, "test-loop"};
    kj::Maybe<kj::Promise<void>> call;
    BOOST_TEST(!loop.execute([&](net::kj_loop::context& here) {
      call = here.bridge.call<int>(actor, 1h, 1).ignoreResult();
    }));
    BOOST_TEST(!loop.execute([&](auto&) { call = nullptr; }));
    loop.stop();
    loop.stop();
    auto refused = loop.execute([](auto&) {});
    BOOST_TEST((code_of(refused) == ec::unavailable));
  }
  caf::anon_send_exit(actor, caf::exit_reason::kill);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
