// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/health_family.hpp"

#include "actors/health/protocol.hpp"
#include "runtime/actor/bounded.hpp"
#include "runtime/metrics/registry.hpp"
#include "tests/support/actor_fixture.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(health_family_test)

using namespace acgs;
using namespace std::chrono_literals;

namespace {

/// The component behind the probes: answers, crashes or keeps silent.
struct far_side {
  bool crashes = false;
  bool silent = false;
  int probes = 0;
};

probed_actor::behavior_type part(probed_actor::pointer self, far_side* at) {
  return {[=](probe) -> caf::result<probe_result> {
    ++at->probes;
    if (at->crashes)
      throw std::runtime_error{"boom"};
    if (!at->silent)
      return probe_result{.facts = R"({"entries":3})"};
    self->make_response_promise();
    return caf::delegated<probe_result>{};
  }};
}

struct fixture : test::actor_fixture {
  fixture() {
    supervisor_config root{.name = "node", .actors = actors};
    root.clock = &clock;
    root.within.restarts_max = 1000;
    root.within.restart_delay = {1ms, 1ms, 1.0, 0.0};
    root.children.push_back(
        make_child(actor_key<probed_actor>{"ledger"}, [this] {
          return spawn_bounded(system, 16, part, &ledger);
        }));
    node::health_family family{.system = &system, .actors = actors};
    family.components = {{"audit", "ledger"}, {"llm", "broker", false}};
    family.clock = &clock;
    family.registry = &registry;
    family.on_breaker = [this](const breaker::change_event& event) {
      breakers.push_back(event.name + " "
                         + std::string{to_string_view(event.what.to)});
    };
    root.children.push_back(make_health_family(std::move(family)));
    tree = spawn_supervisor(system, 16, std::move(root));
    run();
  }

  ~fixture() {
    self->send_exit(tree, caf::exit_reason::user_shutdown);
    run();
  }

  health::report now() {
    return ask<health::report>(actors->find(health::key).get(),
                               health::get_report{})
        .value();
  }

  std::string status(std::size_t component) {
    return std::string{to_string_view(now().components[component].status)};
  }

  void rounds(int count) {
    for (int i = 0; i < count; ++i)
      advance(1s);
  }

  bool opened(const std::string& breaker) {
    return std::find(breakers.begin(), breakers.end(), breaker + " open")
           != breakers.end();
  }

  far_side ledger;
  acgs::metrics::registry registry;
  std::vector<std::string> breakers;
  std::shared_ptr<directory> actors = std::make_shared<directory>(system);
  supervisor_actor tree;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(actor, fixture)

BOOST_AUTO_TEST_CASE(probes_actors_of_the_tree_through_their_breakers) {
  BOOST_TEST(status(0) == "healthy");
  BOOST_TEST(now().components[0].facts == R"({"entries":3})");
  BOOST_TEST(status(1) == "unhealthy");
  BOOST_TEST(breakers.empty());
  BOOST_TEST(now().components[1].reason
             == "gives no answer: the actor 'broker' is not running");
  BOOST_TEST(std::string{to_string_view(now().status)} == "degraded");
  BOOST_TEST(now().ready);
}

BOOST_AUTO_TEST_CASE(shows_the_whole_tree) {
  std::vector<std::string> names;
  for (auto& row : actors->rows())
    names.push_back(row.status.parent + "/" + row.name);
  const std::vector<std::string> wanted{"/node",
                                        "node/ledger",
                                        "node/probes",
                                        "probes/breaker.audit",
                                        "probes/breaker.llm",
                                        "probes/health"};
  BOOST_TEST(names == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(
    a_component_that_keeps_crashing_is_unhealthy_until_it_is_back) {
  ledger.crashes = true;
  rounds(1);
  BOOST_TEST(status(0) == "degraded");
  rounds(1);
  BOOST_TEST(status(0) == "unhealthy");
  BOOST_TEST(!now().ready);
  ledger.crashes = false;
  rounds(1);
  BOOST_TEST(status(0) == "healthy");
}

BOOST_AUTO_TEST_CASE(a_silent_component_is_left_alone_and_then_tried_again) {
  ledger.silent = true;
  for (int i = 0; i < 30 && !opened("audit"); ++i)
    rounds(1);
  BOOST_TEST(opened("audit"));
  BOOST_TEST(status(0) == "unhealthy");
  auto probes = ledger.probes;
  rounds(2);
  BOOST_TEST(ledger.probes == probes);
  ledger.silent = false;
  rounds(31);
  BOOST_TEST(status(0) == "healthy");
}

BOOST_AUTO_TEST_CASE(an_actor_that_starts_late_shows_within_moments) {
  auto broker = actors->find(actor_key<probed_actor>{"ledger"}).get();
  actors->put("broker", caf::actor_cast<caf::strong_actor_ptr>(broker),
              {.parent = "node", .state = actor_state::running});
  advance(20ms);
  BOOST_TEST(status(1) == "healthy");
}

BOOST_AUTO_TEST_CASE(a_breaker_tripped_by_hand_opens_for_the_configured_wait) {
  auto audit = breaker::find<breaker_actor>(*actors, "audit");
  BOOST_TEST(!!ask<void>(audit.get(), breaker::trip{"drill"}));
  rounds(2);
  BOOST_TEST(status(0) == "unhealthy");
  rounds(29);
  BOOST_TEST(status(0) == "healthy");
}

BOOST_AUTO_TEST_CASE(a_breaker_that_opens_or_closes_shows_at_once) {
  auto audit = breaker::find<breaker_actor>(*actors, "audit");
  auto shows = [&](const std::string& line) {
    return registry.text().find(line + "\n") != std::string::npos;
  };
  BOOST_TEST(!!ask<void>(audit.get(), breaker::trip{"drill"}));
  BOOST_TEST(status(0) == "degraded");
  BOOST_TEST(now().components[0].reason
             == "gives no answer: its circuit breaker is open: tripped by "
                "hand: drill");
  BOOST_TEST(shows("acgs_component_health{component=\"audit\"} 0.5"));
  BOOST_TEST(shows("acgs_circuit_breaker_state{name=\"audit\"} 1"));
  BOOST_TEST((ask<breaker::status>(audit.get(), breaker::get_status{})
                  .value()
                  .counted.now
              == breaker::mode::open));
  BOOST_TEST(!!ask<void>(audit.get(), breaker::reset{"enough"}));
  BOOST_TEST(status(0) == "healthy");
  BOOST_TEST(shows("acgs_component_health{component=\"audit\"} 1"));
  BOOST_TEST(shows("acgs_circuit_breaker_state{name=\"audit\"} 0"));
}

BOOST_AUTO_TEST_CASE(health_that_crashes_comes_back_and_probes_at_once) {
  auto first = actors->find(health::key).get();
  self->send_exit(first, caf::exit_reason::kill);
  run();
  BOOST_TEST((actors->find(health::key).get() != first));
  BOOST_TEST(status(0) == "healthy");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(the_configuration_becomes_the_rules_of_breakers) {
  config::breakers_settings from;
  from.sliding_window_type = "time";
  from.sliding_window_size = 60;
  from.minimum_number_of_calls = 20;
  from.failure_rate_threshold = 0.25;
  from.slow_call_rate_threshold = 0.75;
  from.slow_call_duration_threshold = 2s;
  from.permitted_number_of_calls_in_half_open_state = 3;
  from.wait_duration_in_open_state = 45s;
  from.wait_duration_in_open_state_max = 5min;
  from.wait_jitter = 0.2;
  auto rules = node::breaker_rules(from);
  BOOST_TEST((rules.sliding_window_type == breaker::window_type::time));
  BOOST_TEST(rules.sliding_window_size == 60u);
  BOOST_TEST(rules.minimum_number_of_calls == 20u);
  BOOST_TEST(rules.failure_rate_threshold == 0.25);
  BOOST_TEST(rules.slow_call_rate_threshold == 0.75);
  BOOST_TEST((rules.slow_call_duration_threshold == 2s));
  BOOST_TEST(rules.permitted_number_of_calls_in_half_open_state == 3u);
  BOOST_TEST((rules.wait_duration_in_open_state == 45s));
  BOOST_TEST((rules.wait_duration_in_open_state_max == 5min));
  BOOST_TEST(rules.wait_jitter == 0.2);
  auto probes = node::probe_rules(rules);
  BOOST_TEST(probes.sliding_window_size == 10u);
  BOOST_TEST(probes.minimum_number_of_calls == 5u);
  BOOST_TEST((probes.wait_duration_in_open_state == 45s));
  BOOST_TEST((probes.wait_duration_in_open_state_max == 1min));
}

BOOST_AUTO_TEST_SUITE_END()
