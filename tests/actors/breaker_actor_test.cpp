// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/breaker/breaker.hpp"
#include "tests/support/actor_fixture.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(breaker_actor_test)

using namespace acgs;
using namespace std::chrono_literals;

namespace {

using touch_atom = caf::atom_constant<caf::atom("touch")>;
using pair_atom = caf::atom_constant<caf::atom("pair")>;

/// The actor behind the breaker: doubles even numbers, fails at odd ones.
using target_actor = caf::typed_actor<
    caf::replies_to<int>::with<int>,
    caf::replies_to<pair_atom, std::string>::with<std::string, int>,
    caf::replies_to<touch_atom>::with<void>>;

struct far_side {
  int calls = 0;
  ec code = ec::unavailable;
  std::chrono::nanoseconds retry_after{0};
  bool silent = false;
};

target_actor::behavior_type target(target_actor::pointer self, far_side* far) {
  return {
      [=](int x) -> caf::result<int> {
        ++far->calls;
        if (far->silent) {
          self->make_response_promise<int>();
          return caf::delegated<int>{};
        }
        if (x % 2 == 0)
          return x * 2;
        return make_error(far->code, "odd", far->retry_after);
      },
      [](pair_atom, const std::string& text) -> caf::result<std::string, int> {
        return {text, static_cast<int>(text.size())};
      },
      [](touch_atom) {},
  };
}

struct fixture : test::actor_fixture {
  fixture() {
    auto behind = system.spawn(target, &far);
    breaker::setup with{.name = "far"};
    with.rules.sliding_window_size = 4;
    with.rules.minimum_number_of_calls = 2;
    with.rules.permitted_number_of_calls_in_half_open_state = 1;
    with.rules.wait_jitter = 0;
    with.call_timeout = 1s;
    with.calls_max = 3;
    with.clock = &clock;
    with.registry = &registry;
    with.listener = [this](const breaker::change_event& event) {
      changes.push_back(event.name + " "
                        + std::string{to_string_view(event.what.to)});
    };
    with.target = [behind] {
      return caf::actor_cast<caf::strong_actor_ptr>(behind);
    };
    control = breaker::spawn(system, 16, with);
    guarded = caf::actor_cast<target_actor>(
        caf::actor_cast<caf::strong_actor_ptr>(control));
    all = {caf::actor_cast<caf::actor>(control),
           caf::actor_cast<caf::actor>(behind)};
    run();
  }

  ~fixture() {
    for (auto& handle : all)
      self->send_exit(handle, caf::exit_reason::kill);
    run();
  }

  bool exposes(const std::string& line) {
    return registry.text().find(line + "\n") != std::string::npos;
  }

  far_side far;
  acgs::metrics::registry registry;
  std::vector<std::string> changes;
  breaker_actor control;
  target_actor guarded;
  std::vector<caf::actor> all;
};

std::string outcome(const result<int>& answer) {
  return answer ? "ok" : std::string{to_string_view(code_of(answer.error()))};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(actor, fixture)

BOOST_AUTO_TEST_CASE(passes_requests_on_and_answers_back) {
  BOOST_TEST(ask<int>(guarded, 4).value() == 8);
  BOOST_TEST(!!ask<void>(guarded, touch_atom::value));
  BOOST_TEST(exposes("acgs_circuit_breaker_calls_total{name=\"far\",outcome="
                     "\"succeeded\"} 2"));
}

BOOST_AUTO_TEST_CASE(passes_answers_of_several_values) {
  std::string text;
  int size = 0;
  system.spawn<caf::hidden>([&](caf::event_based_actor* asker) {
    asker->request(guarded, caf::infinite, pair_atom::value, std::string{"abc"})
        .then([&](std::string& x, int y) {
          text = x;
          size = y;
        });
  });
  run();
  BOOST_TEST(text == "abc");
  BOOST_TEST(size == 3);
}

BOOST_AUTO_TEST_CASE(relays_errors_as_they_came) {
  auto answer = ask<int>(guarded, 1);
  BOOST_TEST(outcome(answer) == "unavailable");
  BOOST_TEST(sentence_of(answer.error()) == "odd");
}

BOOST_AUTO_TEST_CASE(refuses_at_once_when_open_and_says_for_how_long) {
  ask<int>(guarded, 1);
  ask<int>(guarded, 1);
  BOOST_TEST(changes == (std::vector<std::string>{"far open"}),
             boost::test_tools::per_element());
  advance(10s);
  auto answer = ask<int>(guarded, 2);
  BOOST_TEST(outcome(answer) == "unavailable");
  BOOST_TEST(sentence_of(answer.error())
             == "the circuit breaker of 'far' is open");
  BOOST_TEST((retry_after_of(answer.error()) == 20s));
  BOOST_TEST(far.calls == 2);
  BOOST_TEST(exposes("acgs_circuit_breaker_state{name=\"far\"} 1"));
  BOOST_TEST(exposes(
      "acgs_circuit_breaker_calls_total{name=\"far\",outcome=\"refused\"} 1"));
}

BOOST_AUTO_TEST_CASE(closes_again_after_a_trial_that_went_well) {
  ask<int>(guarded, 1);
  ask<int>(guarded, 1);
  advance(30s);
  BOOST_TEST(ask<int>(guarded, 2).value() == 4);
  BOOST_TEST(changes
                 == (std::vector<std::string>{"far open", "far half_open",
                                              "far closed"}),
             boost::test_tools::per_element());
  BOOST_TEST(exposes("acgs_circuit_breaker_state{name=\"far\"} 0"));
}

BOOST_AUTO_TEST_CASE(shows_half_open_in_the_gauge_while_it_tries) {
  ask<int>(guarded, 1);
  ask<int>(guarded, 1);
  advance(30s);
  far.silent = true;
  auto trial = begin<int>(guarded, 2);
  run();
  BOOST_TEST(exposes("acgs_circuit_breaker_state{name=\"far\"} 2"));
  BOOST_TEST(outcome(ask<int>(guarded, 2)) == "unavailable");
}

BOOST_AUTO_TEST_CASE(takes_a_call_without_an_answer_for_a_failure) {
  far.silent = true;
  auto first = begin<int>(guarded, 2);
  auto second = begin<int>(guarded, 2);
  run();
  BOOST_TEST(!first->has_value());
  advance(1s);
  BOOST_TEST(outcome(first->value()) == "timed_out");
  BOOST_TEST(outcome(second->value()) == "timed_out");
  BOOST_TEST(changes.size() == 1u);
}

BOOST_AUTO_TEST_CASE(stays_closed_for_errors_that_are_the_callers_own) {
  far.code = ec::invalid_argument;
  for (int i = 0; i < 10; ++i)
    BOOST_TEST(outcome(ask<int>(guarded, 1)) == "invalid_argument");
  BOOST_TEST(changes.empty());
}

BOOST_AUTO_TEST_CASE(pauses_without_opening_when_the_far_side_throttles) {
  far.code = ec::rate_limited;
  far.retry_after = 5s;
  BOOST_TEST(outcome(ask<int>(guarded, 1)) == "rate_limited");
  auto answer = ask<int>(guarded, 2);
  BOOST_TEST(outcome(answer) == "rate_limited");
  BOOST_TEST(sentence_of(answer.error()) == "'far' asked for a pause");
  BOOST_TEST(far.calls == 1);
  BOOST_TEST(changes.empty());
  advance(5s);
  BOOST_TEST(ask<int>(guarded, 2).value() == 4);
}

BOOST_AUTO_TEST_CASE(bounds_the_calls_under_way) {
  far.silent = true;
  auto one = begin<int>(guarded, 2);
  auto two = begin<int>(guarded, 2);
  auto three = begin<int>(guarded, 2);
  run();
  BOOST_TEST(outcome(ask<int>(guarded, 2)) == "overloaded");
  BOOST_TEST(far.calls == 3);
}

BOOST_AUTO_TEST_CASE(answers_calls_under_way_when_it_dies_itself) {
  far.silent = true;
  auto waiting = begin<int>(guarded, 2);
  run();
  self->send_exit(control, caf::exit_reason::user_shutdown);
  run();
  BOOST_TEST(outcome(waiting->value()) == "unavailable");
}

BOOST_AUTO_TEST_CASE(is_tripped_forced_and_reset_by_hand) {
  BOOST_TEST(!!ask<void>(control, breaker::trip{"test"}));
  BOOST_TEST(outcome(ask<int>(guarded, 2)) == "unavailable");
  BOOST_TEST(!!ask<void>(control, breaker::force_open{"test"}));
  advance(1h);
  BOOST_TEST(outcome(ask<int>(guarded, 2)) == "unavailable");
  BOOST_TEST(!!ask<void>(control, breaker::reset{"test"}));
  BOOST_TEST(ask<int>(guarded, 2).value() == 4);
  auto status = ask<breaker::status>(control, breaker::get_status{}).value();
  BOOST_TEST(status.name == "far");
  BOOST_TEST(status.counted.refused == 2u);
  BOOST_TEST(status.counted.opened == 2u);
  BOOST_TEST(status.counted.counted.calls == 1u);
}

BOOST_AUTO_TEST_CASE(is_found_in_the_directory_under_both_interfaces) {
  directory actors{system};
  actors.put(breaker::directory_name("far"),
             caf::actor_cast<caf::strong_actor_ptr>(control), {});
  actors.put("policy", caf::actor_cast<caf::strong_actor_ptr>(control), {});
  BOOST_TEST(breaker::names(actors) == (std::vector<std::string>{"far"}),
             boost::test_tools::per_element());
  auto through = breaker::find<target_actor>(actors, "far");
  BOOST_TEST(ask<int>(through.get(), 2).value() == 4);
  auto itself = breaker::find<breaker_actor>(actors, "far");
  BOOST_TEST(!!ask<breaker::status>(itself.get(), breaker::get_status{}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
