// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/actor/bounded.hpp"
#include "runtime/actor/supervisor.hpp"
#include "tests/support/actor_fixture.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <random>
#include <stdexcept>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(supervisor_test)

using namespace acgs;
using namespace std::chrono_literals;

namespace {

using crash_atom = caf::atom_constant<caf::atom("crash")>;

/// Tells which start of it this is, counted from 1, and crashes on demand.
using worker_actor = caf::typed_actor<caf::replies_to<int>::with<int>,
                                      caf::replies_to<crash_atom>::with<int>>;

worker_actor::behavior_type worker(worker_actor::pointer self, int generation,
                                   bool stubborn) {
  if (stubborn)
    self->set_exit_handler([](caf::exit_msg&) {
      // Deaf to everything but force.
    });
  return {
      [generation](int) { return generation; },
      [](crash_atom) -> int { throw std::runtime_error{"boom"}; },
  };
}

constexpr actor_key<worker_actor> key_a{"a"};
constexpr actor_key<worker_actor> key_b{"b"};
constexpr actor_key<worker_actor> key_c{"c"};

using lines = std::vector<std::string>;

struct fixture : test::actor_fixture {
  ~fixture() {
    for (auto& handle : spawned)
      self->send_exit(handle, caf::exit_reason::kill);
    run();
  }

  child_spec child(actor_key<worker_actor> key, bool stubborn = false) {
    auto generation = std::make_shared<int>(0);
    return make_child(key, [=, this] {
      starts.push_back(std::string{key.name});
      return spawn_bounded(system, 16, worker, ++*generation, stubborn);
    });
  }

  supervisor_config config(std::vector<child_spec> children) {
    supervisor_config out{.name = "node", .actors = actors};
    out.within = {3, 10s, {100ms, 1s, 2.0, 0.0}};
    out.children = std::move(children);
    out.clock = &clock;
    out.listener = [this](const supervisor_event& event) { note(event); };
    return out;
  }

  supervisor_actor start(supervisor_config with) {
    auto handle = spawn_supervisor(system, 16, std::move(with));
    spawned.push_back(caf::actor_cast<caf::actor>(handle));
    run();
    return handle;
  }

  void note(const supervisor_event& event) {
    static constexpr const char* names[] = {"ended", "restarted", "killed",
                                            "abandoned", "gave up"};
    events.push_back(std::string{names[static_cast<int>(event.what)]} + " "
                     + event.child + ": " + event.reason);
  }

  result<int> generation(actor_key<worker_actor> key) {
    return ask<int>(actors->find(key).get(), 0);
  }

  result<int> crash(actor_key<worker_actor> key) {
    return ask<int>(actors->find(key).get(), crash_atom::value);
  }

  /// The actor's status as `acgs actors` shows it.
  actor_row row(std::string_view name) {
    for (auto& found : actors->rows())
      if (found.name == name)
        return found;
    return {};
  }

  std::string reason_of_end(const supervisor_actor& handle) {
    std::string reason = "still alive";
    self->monitor(handle);
    run();
    self->receive(
        [&](caf::down_msg& down) { reason = sentence_of(down.reason); },
        caf::after(0s) >> [] {});
    return reason;
  }

  std::shared_ptr<directory> actors = std::make_shared<directory>(system);
  std::vector<caf::actor> spawned;
  lines starts;
  lines events;
};

std::string outcome(const result<int>& answer) {
  return answer ? "ok" : std::string{to_string_view(code_of(answer.error()))};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(actor, fixture)

BOOST_AUTO_TEST_CASE(starts_children_in_order_and_enters_them) {
  start(config({child(key_a), child(key_b)}));
  BOOST_TEST(starts == (lines{"a", "b"}), boost::test_tools::per_element());
  BOOST_TEST(generation(key_b).value() == 1);
  auto rows = actors->rows();
  BOOST_REQUIRE(rows.size() == 3u);
  BOOST_TEST(rows[0].name == "node");
  BOOST_TEST(rows[1].name == "a");
  BOOST_TEST(rows[1].status.parent == "node");
  BOOST_TEST((rows[1].status.state == actor_state::running));
}

BOOST_AUTO_TEST_CASE(brings_a_crashed_actor_back_without_time_passing) {
  start(config({child(key_a), child(key_b)}));
  BOOST_TEST(outcome(crash(key_a)) == "unavailable");
  BOOST_TEST(generation(key_a).value() == 2);
  BOOST_TEST(generation(key_b).value() == 1);
  BOOST_TEST(row("a").status.restarts == 1u);
  BOOST_TEST(events
                 == (lines{"ended a: uncaught exception: boom",
                           "restarted a: uncaught exception: boom"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(refuses_callers_while_a_restart_is_delayed) {
  start(config({child(key_a)}));
  crash(key_a);
  crash(key_a);
  BOOST_TEST(outcome(generation(key_a)) == "unavailable");
  BOOST_TEST((row("a").status.state == actor_state::restarting));
  BOOST_TEST(row("a").status.last_error == "uncaught exception: boom");
  advance(99ms);
  BOOST_TEST(outcome(generation(key_a)) == "unavailable");
  advance(1ms);
  BOOST_TEST(generation(key_a).value() == 3);
}

BOOST_AUTO_TEST_CASE(gives_up_with_an_error_that_names_the_cause) {
  auto root = start(config({child(key_a), child(key_b)}));
  for (int i = 0; i < 4; ++i) {
    crash(key_a);
    advance(1s);
  }
  BOOST_TEST(reason_of_end(root)
             == "supervisor 'node' gave up: more than 3 restarts within 10 s; "
                "the last to end was 'a': uncaught exception: boom");
  BOOST_TEST(outcome(generation(key_b)) == "unavailable");
  BOOST_TEST((row("node").status.state == actor_state::stopped));
  BOOST_TEST(events.back().starts_with("gave up : more than 3"));
}

BOOST_AUTO_TEST_CASE(gives_up_where_a_child_cannot_be_made_at_first) {
  child_spec broken = make_child(key_b, []() -> result<worker_actor> {
    return make_error(ec::store_corrupt, "page 7 is damaged");
  });
  auto root = start(config({child(key_a), broken, child(key_c)}));
  BOOST_TEST(reason_of_end(root)
             == "supervisor 'node' gave up: could not start 'b': page 7 is "
                "damaged");
  BOOST_TEST(starts == (lines{"a"}), boost::test_tools::per_element());
  BOOST_TEST(outcome(generation(key_a)) == "unavailable");
}

BOOST_AUTO_TEST_CASE(takes_a_start_function_that_throws_for_a_failed_start) {
  child_spec broken = make_child(key_a, []() -> worker_actor {
    throw std::runtime_error{"no such port"};
  });
  auto root = start(config({broken}));
  BOOST_TEST(
      reason_of_end(root).ends_with("could not start 'a': no such port"));
}

BOOST_AUTO_TEST_CASE(restarts_the_rest_with_rest_for_one) {
  auto with = config({child(key_a), child(key_b), child(key_c)});
  with.how = supervision::strategy::rest_for_one;
  start(std::move(with));
  crash(key_b);
  BOOST_TEST(generation(key_a).value() == 1);
  BOOST_TEST(generation(key_b).value() == 2);
  BOOST_TEST(generation(key_c).value() == 2);
}

BOOST_AUTO_TEST_CASE(restarts_a_child_by_name) {
  auto root = start(config({child(key_a)}));
  BOOST_TEST(!!ask<void>(root, supervision::restart_child{"a"}));
  BOOST_TEST(generation(key_a).value() == 2);
  auto unknown = ask<void>(root, supervision::restart_child{"x"});
  BOOST_TEST((code_of(unknown.error()) == ec::not_found));
  BOOST_TEST(sentence_of(unknown.error()) == "'node' supervises no actor 'x'");
}

BOOST_AUTO_TEST_CASE(shows_the_tree_with_waiting_messages) {
  auto root = start(config({child(key_a)}));
  self->send(actors->find(key_a).get(), 1);
  auto waiting = row("a");
  BOOST_TEST(waiting.mailbox_length == 1u);
  BOOST_TEST(waiting.mailbox_bound == 16u);
  auto shown = ask<supervision::tree>(root, supervision::get_tree{});
  BOOST_TEST(shown.value().rows.size() == 2u);
}

BOOST_AUTO_TEST_CASE(stops_children_in_reverse_order_and_answers_then) {
  auto root = start(config({child(key_a), child(key_b, true)}));
  auto done = begin<void>(root, supervision::stop_children{});
  run();
  BOOST_TEST(!done->has_value());
  BOOST_TEST((row("b").status.state == actor_state::stopping));
  BOOST_TEST(generation(key_a).value() == 1);
  advance(1s);
  BOOST_TEST(events.back() == "killed b: missed its deadline");
  BOOST_REQUIRE(done->has_value());
  BOOST_TEST(!!done->value());
  BOOST_TEST(outcome(generation(key_a)) == "unavailable");
  BOOST_TEST(reason_of_end(root) == "no error");
}

BOOST_AUTO_TEST_CASE(takes_its_children_with_it_when_it_is_killed) {
  auto root = start(config({child(key_a, true)}));
  self->send_exit(root, caf::exit_reason::kill);
  run();
  BOOST_TEST(outcome(generation(key_a)) == "unavailable");
}

BOOST_AUTO_TEST_CASE(stops_in_order_when_it_is_told_to_exit) {
  auto root = start(config({child(key_a), child(key_b)}));
  self->send_exit(root, caf::exit_reason::user_shutdown);
  run();
  BOOST_TEST((row("a").status.state == actor_state::stopped));
  BOOST_TEST((row("b").status.state == actor_state::stopped));
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

constexpr actor_key<supervisor_actor> key_inner{"inner"};

struct nested : fixture {
  /// A root whose only child is a supervisor of `a`.
  supervisor_actor start_both() {
    auto inner = make_child(key_inner, [this] {
      auto with = config({child(key_a)});
      with.name = "inner";
      with.parent = "node";
      with.within.restarts_max = 1;
      return spawn_supervisor(system, 16, std::move(with));
    });
    return start(config({inner}));
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(faults, nested)

BOOST_AUTO_TEST_CASE(an_inner_supervisor_that_gives_up_is_started_anew) {
  start_both();
  crash(key_a);
  BOOST_TEST(generation(key_a).value() == 2);
  crash(key_a);
  BOOST_TEST(generation(key_a).value() == 1);
  BOOST_TEST(row("inner").status.restarts == 1u);
  BOOST_TEST(row("a").status.parent == "inner");
}

BOOST_AUTO_TEST_CASE(a_storm_of_crashes_reaches_the_top) {
  auto root = start_both();
  for (int i = 0; i < 20; ++i) {
    crash(key_a);
    advance(500ms);
  }
  BOOST_TEST(reason_of_end(root).starts_with(
      "supervisor 'node' gave up: more than 3 restarts within 10 s; the last "
      "to end was 'inner': supervisor 'inner' gave up: more than 1 restarts"));
  BOOST_TEST(outcome(generation(key_a)) == "unavailable");
}

/// Whatever crashes and whenever: every request is answered, and what stands
/// in the directory as running answers from its newest start.
BOOST_AUTO_TEST_CASE(no_request_is_left_without_an_answer_in_a_storm) {
  const actor_key<worker_actor> keys[] = {key_a, key_b, key_c};
  for (unsigned seed = 1; seed <= 50; ++seed) {
    std::mt19937 random{seed};
    auto with = config({child(key_a), child(key_b), child(key_c)});
    with.within.restarts_max = 1000;
    if (seed % 2 == 0)
      with.how = supervision::strategy::rest_for_one;
    auto root = start(std::move(with));
    std::vector<pending<int>> asked;
    for (int step = 0; step < 60; ++step) {
      auto target = actors->find(keys[random() % 3]).get();
      if (random() % 3 == 0)
        asked.push_back(begin<int>(target, crash_atom::value));
      else
        asked.push_back(begin<int>(target, 0));
      for (auto turns = random() % 4; turns > 0; --turns)
        scheduler.try_run_once();
      if (random() % 10 == 0)
        scheduler.advance_time(50ms);
    }
    run();
    for (int i = 0; i < 10; ++i)
      advance(1s);
    for (auto& answer : asked)
      BOOST_REQUIRE(answer->has_value());
    for (auto key : keys)
      BOOST_REQUIRE(generation(key).value() > 0);
    self->send_exit(root, caf::exit_reason::user_shutdown);
    run();
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
