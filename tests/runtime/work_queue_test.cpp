// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/actor/bounded.hpp"
#include "runtime/actor/supervisor.hpp"
#include "runtime/actor/work_queue.hpp"
#include "tests/support/actor_fixture.hpp"

#include <caf/make_message.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <array>
#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(work_queue_test)

using namespace acgs;
using namespace std::chrono_literals;

namespace {

using worker_actor = caf::typed_actor<caf::replies_to<int>::with<int>>;

/// Doubles numbers, and then asks for more; -1 is fatal, 0 takes for ever.
worker_actor::behavior_type worker(worker_actor::pointer self,
                                   work_queue* queue, std::size_t place) {
  auto* me = self->ctrl();
  self->attach_functor([=](const caf::error&) { queue->leave(place, me); });
  queue->join(place, caf::strong_actor_ptr{me});
  return {[=](int x) -> caf::result<int> {
    if (x < 0)
      throw std::runtime_error{"boom"};
    if (x == 0)
      return caf::delegated<int>{};
    queue->done(place);
    return 2 * x;
  }};
}

/// Brings the work, as POLICY does; above 1000 it is urgent.
worker_actor::behavior_type front(worker_actor::pointer self,
                                  work_queue* queue) {
  return {[=](int x) -> caf::result<int> {
    auto item = [&] {
      return work_queue::item{held_request{self}, caf::make_message(x)};
    };
    using turn = work_queue::turn;
    auto chosen = queue->give(item, x > 1000 ? turn::urgent : turn::usual);
    if (!chosen)
      return chosen.error();
    if (!*chosen)
      return caf::delegated<int>{};
    return self->delegate(caf::actor_cast<worker_actor>(*chosen), x);
  }};
}

struct fixture : test::actor_fixture {
  explicit fixture(std::size_t waiting_max = 3)
      : queue{2, waiting_max, clock, 5s} {
    asked = spawn_bounded(system, 64, front, &queue);
  }

  ~fixture() {
    for (const auto& each : workers)
      self->send_exit(each, caf::exit_reason::user_shutdown);
    self->send_exit(asked, caf::exit_reason::user_shutdown);
    run();
  }

  void hire(std::size_t place) {
    workers.push_back(spawn_bounded(system, 8, worker, &queue, place));
    run();
  }

  work_queue queue;
  worker_actor asked;
  std::vector<worker_actor> workers;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(waiting, fixture)

BOOST_AUTO_TEST_CASE(work_waits_for_the_first_who_joins) {
  auto answer = begin<int>(asked, 21);
  run();
  BOOST_TEST(!answer->has_value());
  BOOST_TEST(queue.waiting() == 1u);
  hire(1);
  BOOST_REQUIRE(answer->has_value());
  BOOST_TEST((*answer)->value() == 42);
  BOOST_TEST(queue.waiting() == 0u);
  BOOST_TEST(ask<int>(asked, 2).value() == 4);
}

BOOST_AUTO_TEST_CASE(the_directory_shows_what_waits_as_long_as_it_is_kept) {
  directory actors{system};
  actors.put("team", caf::actor_cast<caf::strong_actor_ptr>(asked),
             {"node", actor_state::running});
  std::shared_ptr<work_queue> own{&queue, [](work_queue*) {}};
  actors.put_queue("team", own);
  auto answer = begin<int>(asked, 21);
  run();
  BOOST_TEST(!answer->has_value());
  BOOST_TEST(actors.rows()[0].queue_length == 1u);
  BOOST_TEST(actors.rows()[0].queue_bound == 3u);
  hire(0);
  BOOST_TEST(actors.rows()[0].queue_length == 0u);
  own.reset();
  BOOST_TEST(actors.rows()[0].queue_bound == 0u);
}

BOOST_AUTO_TEST_CASE(too_much_is_refused_at_once) {
  std::vector<pending<int>> answers;
  for (int i = 1; i <= 4; ++i)
    answers.push_back(begin<int>(asked, i));
  run();
  BOOST_REQUIRE(answers[3]->has_value());
  BOOST_TEST((code_of((*answers[3])->error()) == ec::overloaded));
  hire(0);
  for (std::size_t i = 0; i < 3; ++i)
    BOOST_TEST((*answers[i])->value() == 2 * (static_cast<int>(i) + 1));
}

BOOST_AUTO_TEST_CASE(urgent_work_is_taken_first_and_has_room_of_its_own) {
  std::vector<pending<int>> answers;
  for (int i = 1; i <= 3; ++i)
    answers.push_back(begin<int>(asked, i));
  auto urgent = begin<int>(asked, 1001);
  run();
  BOOST_TEST(queue.waiting() == 4u);
  auto next = spawn_bounded(system, 8, worker, &queue, 0);
  workers.push_back(next);
  while (!urgent->has_value() && scheduler.try_run_once())
    BOOST_TEST(!answers[0]->has_value());
  BOOST_REQUIRE(urgent->has_value());
  BOOST_TEST((*urgent)->value() == 2002);
  run();
  BOOST_TEST((*answers[2])->value() == 6);
}

BOOST_AUTO_TEST_CASE(what_waited_too_long_is_refused_and_not_done) {
  auto late = begin<int>(asked, 1);
  run();
  advance(3s);
  auto recent = begin<int>(asked, 2);
  run();
  advance(2s + 1ms);
  hire(0);
  BOOST_REQUIRE(late->has_value());
  BOOST_TEST((code_of((*late)->error()) == ec::overloaded));
  BOOST_TEST(sentence_of((*late)->error())
             == "the request waited longer than 5000 ms in the queue; nothing "
                "was done; try again later");
  BOOST_TEST((*recent)->value() == 4);
}

BOOST_AUTO_TEST_CASE(nothing_waits_behind_one_who_is_slow) {
  hire(0);
  hire(1);
  begin<int>(asked, 0);
  run();
  for (int i = 1; i < 10; ++i)
    BOOST_TEST(ask<int>(asked, i).value() == 2 * i);
  advance(7s);
  auto busy = queue.busy_for();
  BOOST_TEST(((busy[0] == 7s) != (busy[1] == 7s)));
  BOOST_TEST((busy[0] + busy[1] == 7s));
}

BOOST_AUTO_TEST_CASE(who_died_gets_no_work_and_its_successor_does) {
  hire(0);
  auto first = begin<int>(asked, -1);
  run();
  BOOST_REQUIRE(first->has_value());
  BOOST_TEST(!**first);
  auto answer = begin<int>(asked, 5);
  run();
  BOOST_TEST(!answer->has_value());
  hire(0);
  BOOST_REQUIRE(answer->has_value());
  BOOST_TEST((*answer)->value() == 10);
}

BOOST_AUTO_TEST_CASE(a_late_farewell_does_not_touch_the_successor) {
  hire(0);
  auto old = caf::actor_cast<caf::strong_actor_ptr>(workers[0]);
  hire(0);
  queue.leave(0, old.get());
  BOOST_TEST(ask<int>(asked, 5).value() == 10);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(who_still_waits_at_the_end_is_told) {
  test::actor_fixture f;
  test::actor_fixture::pending<int> answer;
  {
    work_queue queue{1, 3, f.clock};
    auto asked = spawn_bounded(f.system, 8, front, &queue);
    answer = f.begin<int>(asked, 1);
    f.run();
    f.self->send_exit(asked, caf::exit_reason::user_shutdown);
    f.run();
    BOOST_TEST(!answer->has_value());
  }
  f.run();
  BOOST_REQUIRE(answer->has_value());
  BOOST_TEST((code_of((*answer)->error()) == ec::unavailable));
}

/// Real threads: workers that crash, and many who ask; a missing answer would
/// hang it.
BOOST_AUTO_TEST_CASE(every_request_is_answered_while_workers_crash) {
  caf::actor_system_config settings;
  settings.set("scheduler.policy", caf::atom("sharing"));
  settings.set("logger.verbosity", caf::atom("quiet"));
  caf::actor_system system{settings};
  work_queue queue{3, 100'000, system_clock()};
  auto actors = std::make_shared<directory>(system);
  supervisor_config team{.name = "team", .actors = actors};
  team.within.restarts_max = 1'000'000;
  team.within.restart_delay = {1us, 1us, 1.0, 0.0};
  const std::array<std::string, 3> names{"a", "b", "c"};
  for (std::size_t i = 0; i < names.size(); ++i)
    team.children.push_back(
        make_child(actor_key<worker_actor>{names[i]}, [&system, &queue, i] {
          return worker_actor{
              spawn_bounded<caf::detached>(system, 100'000, worker, &queue, i)};
        }));
  auto boss = spawn_supervisor(system, 64, std::move(team));
  auto asked = spawn_bounded(system, 100'000, front, &queue);
  std::atomic<int> good{0};
  std::atomic<int> bad{0};
  std::vector<std::thread> callers;
  for (int c = 0; c < 4; ++c)
    callers.emplace_back([&] {
      caf::scoped_actor self{system};
      for (int i = 1; i <= 300; ++i)
        self->request(asked, caf::infinite, i % 100 == 0 ? -1 : i)
            .receive([&](int) { ++good; }, [&](caf::error&) { ++bad; });
    });
  for (auto& each : callers)
    each.join();
  BOOST_TEST(good + bad == 4 * 300);
  BOOST_TEST(bad >= 4 * 3);
  BOOST_TEST(good >= 4 * 300 / 2);
  {
    caf::scoped_actor self{system};
    self->request(boss, caf::infinite, supervision::stop_children{})
        .receive([] {}, [](caf::error&) {});
    self->send_exit(asked, caf::exit_reason::user_shutdown);
  }
  system.await_all_actors_done(); // the queue goes before the system
}

BOOST_AUTO_TEST_SUITE_END()
