// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The same promises as in actor_test and supervisor_test, with real threads:
// every request is answered, whatever happens to the actor meanwhile. No case
// depends on timing; a missing answer would hang it.

#include "runtime/actor/bounded.hpp"
#include "runtime/actor/supervisor.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(actor_threads_test)

using namespace acgs;

namespace {

using crash_atom = caf::atom_constant<caf::atom("crash")>;

using worker_actor = caf::typed_actor<caf::replies_to<int>::with<int>,
                                      caf::replies_to<crash_atom>::with<int>>;

worker_actor::behavior_type worker(worker_actor::pointer) {
  return {
      [](int x) { return x; },
      [](crash_atom) -> int { throw std::runtime_error{"boom"}; },
  };
}

constexpr actor_key<worker_actor> key{"worker"};

/// Answers by code.
struct tally {
  std::array<std::atomic<unsigned>, ec_names.size()> by{};

  void count(ec code) { ++by[static_cast<std::size_t>(code)]; }
  unsigned of(ec code) const { return by[static_cast<std::size_t>(code)]; }
  unsigned all() const {
    unsigned sum = 0;
    for (const auto& each : by)
      sum += each;
    return sum;
  }
};

struct fixture {
  struct system_config : caf::actor_system_config {
    system_config() {
      set("scheduler.policy", caf::atom("sharing"));
      set("scheduler.max-threads", std::size_t{2});
      set("logger.verbosity", caf::atom("quiet"));
    }
  };

  /// Runs the callers, each on a thread of its own and with its own actor.
  template <class Caller>
  void run(unsigned count, Caller caller) {
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < count; ++i)
      threads.emplace_back([this, caller] {
        caf::scoped_actor self{system};
        caller(self);
      });
    for (auto& each : threads)
      each.join();
  }

  /// Sends requests all at once, then collects the answers.
  void burst(caf::scoped_actor& self, const worker_actor& to, int size) {
    std::vector<decltype(self->request(to, caf::infinite, 1))> sent;
    for (int i = 0; i < size; ++i)
      sent.push_back(self->request(to, caf::infinite, i));
    for (auto& each : sent)
      each.receive([this](int) { answers.count(ec::none); },
                   [this](caf::error& e) { answers.count(code_of(e)); });
  }

  /// Three callers, every eleventh request of whom is one to die of.
  template <class Start>
  void crash_again_and_again(Start start) {
    auto actors = std::make_shared<directory>(system);
    supervisor_config with{.name = "node", .actors = actors};
    with.within.restarts_max = 1000000;
    with.within.restart_delay = {std::chrono::nanoseconds{0},
                                 std::chrono::nanoseconds{0}, 1.0, 0.0};
    with.children.push_back(make_child(key, start));
    auto root = spawn_supervisor(system, 64, std::move(with));
    auto ref = actors->find(key);
    run(3, [this, ref](caf::scoped_actor& self) {
      for (int round = 0; round < 300; ++round) {
        burst(self, ref.get(), 10);
        self->request(ref.get(), caf::infinite, crash_atom::value)
            .receive([](int) { BOOST_FAIL("a crash gave an answer"); },
                     [this](caf::error& e) { answers.count(code_of(e)); });
      }
    });
    BOOST_TEST(answers.all() == 9900u);
    BOOST_TEST(answers.of(ec::none) + answers.of(ec::unavailable)
                   + answers.of(ec::overloaded)
               == 9900u);
    run(1, [ref](caf::scoped_actor& self) {
      int good = 0;
      while (good == 0)
        self->request(ref.get(), caf::infinite, 1)
            .receive([&](int) { ++good; }, [](caf::error&) {});
      BOOST_TEST(good == 1);
    });
    BOOST_TEST(actors->rows()[1].status.restarts > 0u);
    caf::anon_send_exit(root, caf::exit_reason::user_shutdown);
  }

  system_config settings;
  caf::actor_system system{settings};
  tally answers;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(with_threads, fixture)

BOOST_AUTO_TEST_CASE(each_request_is_either_answered_or_refused) {
  auto handle = spawn_bounded(system, 16, worker);
  run(4, [this, handle](caf::scoped_actor& self) {
    for (int round = 0; round < 200; ++round)
      burst(self, handle, 40);
  });
  BOOST_TEST(answers.all() == 32000u);
  BOOST_TEST(answers.of(ec::none) + answers.of(ec::overloaded) == 32000u);
  auto kept = caf::actor_cast<caf::strong_actor_ptr>(handle);
  const auto& meter = *meter_of(kept);
  BOOST_TEST(meter.length() == 0u);
  BOOST_TEST(meter.processed() == answers.of(ec::none));
  BOOST_TEST(meter.refused() == answers.of(ec::overloaded));
  caf::anon_send_exit(handle, caf::exit_reason::user_shutdown);
}

BOOST_AUTO_TEST_CASE(each_request_is_answered_while_the_actor_keeps_crashing) {
  crash_again_and_again([this] { return spawn_bounded(system, 64, worker); });
}

BOOST_AUTO_TEST_CASE(each_request_is_answered_while_one_with_a_thread_crashes) {
  crash_again_and_again(
      [this] { return spawn_bounded<caf::detached>(system, 64, worker); });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
