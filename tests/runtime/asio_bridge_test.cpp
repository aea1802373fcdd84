// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/actor/local_message.hpp"
#include "runtime/net/asio_bridge.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/manual_clock.hpp"

#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <atomic>
#include <future>
#include <thread>

BOOST_AUTO_TEST_SUITE(asio_bridge_test)

using namespace acgs;
using namespace std::chrono_literals;

namespace {

struct square {
  int of = 0;
  using local_message = void;
};

struct squared {
  int value = 0;
  std::thread::id taken_on{};
  using local_message = void;
};

struct note {
  int value = 0;
  using local_message = void;
};

using worker_actor = caf::typed_actor<caf::replies_to<square>::with<squared>,
                                      caf::replies_to<note>::with<void>>;

worker_actor::behavior_type worker(worker_actor::pointer self) {
  return {[self](const square& q) -> caf::result<squared> {
            if (q.of < 0) {
              self->quit();
              return make_error(ec::invalid_argument, "negative");
            }
            return squared{q.of * q.of};
          },
          [](const note&) {}};
}

struct fixture : test::actor_fixture {
  fixture() { make({}); }
  ~fixture() {
    run(); // the system waits for actors that still have mail
    loop.run([this] { bridge.reset(); });
    loop.stop();
  }

  void make(net::asio_bridge::options opts) {
    loop.run([&, this] {
      bridge.reset();
      bridge = std::make_unique<net::asio_bridge>(system, loop, clock, opts);
    });
  }

  /// Asks on the loop; the reply turns up in the future.
  std::future<result<squared>> ask_on_loop(worker_actor to, int of) {
    auto out = std::make_shared<std::promise<result<squared>>>();
    loop.run([&] {
      bridge->request(to, square{of}, 10s, [out](result<squared> reply) {
        if (reply)
          reply->taken_on = std::this_thread::get_id();
        out->set_value(std::move(reply));
      });
    });
    return out->get_future();
  }

  std::thread::id loop_thread() {
    std::thread::id out;
    loop.run([&] { out = std::this_thread::get_id(); });
    return out;
  }

  test::manual_clock clock;
  net::asio_loop loop{"test"};
  std::unique_ptr<net::asio_bridge> bridge;
};

bool ready(const std::future<result<squared>>& future) {
  return future.wait_for(0s) == std::future_status::ready;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(asio_bridge, fixture)

BOOST_AUTO_TEST_CASE(hands_the_reply_to_the_callback_on_the_loop) {
  auto to = system.spawn(worker);
  auto reply = ask_on_loop(to, 7);
  BOOST_TEST(!ready(reply)); // nobody ran the actor yet
  run();
  auto got = reply.get();
  BOOST_REQUIRE(got);
  BOOST_TEST(got->value == 49);
  BOOST_TEST((got->taken_on == loop_thread()));
}

BOOST_AUTO_TEST_CASE(tells_replies_apart) {
  auto to = system.spawn(worker);
  std::vector<std::future<result<squared>>> replies;
  for (int i = 0; i < 50; ++i)
    replies.push_back(ask_on_loop(to, i));
  run();
  for (int i = 0; i < 50; ++i)
    BOOST_TEST(replies[i].get()->value == i * i);
  loop.run([&] { BOOST_TEST(bridge->pending() == 0u); });
}

BOOST_AUTO_TEST_CASE(hands_on_the_error_of_an_actor) {
  auto to = system.spawn(worker);
  auto reply = ask_on_loop(to, -1);
  run();
  auto got = reply.get();
  BOOST_REQUIRE(!got);
  BOOST_TEST((code_of(got.error()) == ec::invalid_argument));
  BOOST_TEST(sentence_of(got.error()) == "negative");
}

BOOST_AUTO_TEST_CASE(takes_an_answer_without_a_value) {
  auto to = system.spawn(worker);
  std::promise<bool> out;
  loop.run([&] {
    bridge->request(to, note{1}, 10s, [&](result<void> reply) {
      out.set_value(static_cast<bool>(reply));
    });
  });
  run();
  BOOST_TEST(out.get_future().get());
}

BOOST_AUTO_TEST_CASE(fails_when_the_actor_is_dead) {
  auto to = system.spawn(worker);
  self->send_exit(to, caf::exit_reason::kill);
  run();
  auto got = ask_on_loop(to, 3).get();
  BOOST_REQUIRE(!got);
  BOOST_TEST((code_of(got.error()) == ec::unavailable));
}

BOOST_AUTO_TEST_CASE(fails_when_there_is_no_actor) {
  auto got = ask_on_loop(worker_actor{}, 3).get();
  BOOST_REQUIRE(!got);
  BOOST_TEST((code_of(got.error()) == ec::unavailable));
}

BOOST_AUTO_TEST_CASE(fails_when_the_actor_dies_before_it_answers) {
  auto to = system.spawn(worker);
  auto reply = ask_on_loop(to, 3);
  self->send_exit(to, caf::exit_reason::kill);
  auto second = ask_on_loop(to, -1); // ends the actor
  auto third = ask_on_loop(to, 4);
  run();
  reply.get();
  second.get();
  auto got = third.get();
  BOOST_REQUIRE(!got);
  BOOST_TEST((code_of(got.error()) == ec::unavailable));
}

BOOST_AUTO_TEST_CASE(refuses_beyond_the_bound_and_recovers) {
  make({.pending_max = 2});
  auto to = system.spawn(worker);
  auto first = ask_on_loop(to, 1);
  auto second = ask_on_loop(to, 2);
  auto third = ask_on_loop(to, 3).get();
  BOOST_REQUIRE(!third);
  BOOST_TEST((code_of(third.error()) == ec::overloaded));
  run();
  BOOST_TEST(first.get()->value == 1);
  BOOST_TEST(second.get()->value == 4);
  auto fourth = ask_on_loop(to, 4);
  run();
  BOOST_TEST(fourth.get()->value == 16);
}

BOOST_AUTO_TEST_CASE(ends_a_request_at_its_deadline) {
  auto to = system.spawn(worker);
  auto reply = ask_on_loop(to, 5);
  clock.advance(9s);
  loop.run([&] { bridge->expire(); });
  BOOST_TEST(!ready(reply));
  clock.advance(1s);
  auto got = reply.get(); // by the ticker
  BOOST_REQUIRE(!got);
  BOOST_TEST((code_of(got.error()) == ec::timed_out));
}

BOOST_AUTO_TEST_CASE(drops_a_reply_that_comes_after_the_deadline) {
  auto to = system.spawn(worker);
  auto late = ask_on_loop(to, 5);
  clock.advance(10s);
  loop.run([&] { bridge->expire(); });
  BOOST_REQUIRE(!late.get());
  auto next = ask_on_loop(to, 6); // takes over the slot
  run();
  BOOST_TEST(next.get()->value == 36);
  loop.run([&] { BOOST_TEST(bridge->pending() == 0u); });
}

BOOST_AUTO_TEST_CASE(ends_what_waits_when_it_is_destroyed) {
  auto to = system.spawn(worker);
  auto reply = ask_on_loop(to, 5);
  loop.run([&] { bridge.reset(); });
  auto got = reply.get();
  BOOST_REQUIRE(!got);
  BOOST_TEST((code_of(got.error()) == ec::unavailable));
  run(); // the late reply goes nowhere
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(asio_loop)

BOOST_AUTO_TEST_CASE(runs_tasks_in_order_on_one_thread) {
  net::asio_loop loop{"a name that is far too long"};
  std::vector<int> seen;
  for (int i = 0; i < 10; ++i)
    loop.post([&seen, i] { seen.push_back(i); });
  bool on_it = false;
  BOOST_TEST(loop.run([&] { on_it = loop.on_thread(); }));
  BOOST_TEST(on_it);
  BOOST_TEST(!loop.on_thread());
  BOOST_TEST(seen.size() == 10u);
  BOOST_TEST(std::is_sorted(seen.begin(), seen.end()));
}

BOOST_AUTO_TEST_CASE(refuses_to_run_after_its_end) {
  net::asio_loop loop{"test"};
  loop.stop();
  BOOST_TEST(!loop.run([] {}));
  loop.stop();
}

BOOST_AUTO_TEST_CASE(ticks_until_the_ticker_is_gone) {
  net::asio_loop loop{"test"};
  std::promise<void> thrice;
  int count = 0;
  net::ticker ticking;
  loop.run([&] {
    ticking = loop.every(1ms, [&] {
      if (++count == 3) {
        ticking = {};
        thrice.set_value();
      }
    });
  });
  thrice.get_future().get();
  loop.run([] {});
  loop.stop();
  BOOST_TEST(count == 3);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
