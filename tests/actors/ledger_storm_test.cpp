// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// LEDGER beneath a real supervisor, killed again and again in the middle of
// its work: whoever asked gets an answer, and what was acknowledged is in the
// log, at its place, when the storm is over.

#include "actors/ledger/ledger.hpp"
#include "runtime/actor/bounded.hpp"
#include "runtime/actor/supervisor.hpp"
#include "runtime/base/log.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/ledger_samples.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/must.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <random>

BOOST_AUTO_TEST_SUITE(ledger_storm_test)

using namespace acgs;
using namespace std::chrono_literals;
using test::must;

namespace {

signer_actor::behavior_type signing(signer_actor::pointer,
                                    std::shared_ptr<test::sample_signer> keys) {
  return {
      [keys](const signer::sign& what) {
        return signer::signature{keys->sign(as_text(what.message))};
      },
      [](signer::list_keys) { return signer::key_list{}; },
      [](const signer::rotate&) { return signer::keys_changed{}; },
      [](const signer::revoke&) { return signer::keys_changed{}; },
      [](probe) { return probe_result{}; },
  };
}

struct fixture : test::actor_fixture {
  explicit fixture(unsigned seed) : random{seed} {
    log::set_level(log::level::error); // each crash of SIGNER is a warning
    supervisor_config with{.name = "node", .actors = actors};
    with.how = supervision::strategy::rest_for_one;
    with.within.restarts_max = 1000;
    with.within.restart_delay = {1ms, 10ms, 2.0, 0.0};
    with.clock = &clock;
    with.children.push_back(make_child(signer::key, [this] {
      return spawn_bounded(system, 64, signing, keys);
    }));
    with.children.push_back(make_child(ledger::key, [this] {
      return ledger_actor{spawn_bounded(system, ledger::queue_max,
                                        ledger::ledger, ledger_config())};
    }));
    tree = spawn_supervisor(system, 64, std::move(with));
    run();
  }

  ~fixture() {
    self->send_exit(tree, caf::exit_reason::user_shutdown);
    run();
  }

  ledger::config ledger_config() {
    ledger::config cfg;
    cfg.ledger = environment;
    cfg.origin = test::sample_origin;
    cfg.keys = {keys->key};
    cfg.reserve_bytes = 1000;
    cfg.signer = actors->find(signer::key);
    cfg.registry = &registry;
    cfg.time = &clock;
    cfg.grown = [](std::uint64_t) {
      // Nobody indexes here.
    };
    cfg.fatal = [this](const caf::error& why) {
      fatal.push_back(sentence_of(why));
    };
    return cfg;
  }

  void ask_for_one(int number) {
    test::sample about;
    about.decision_id = "decision-" + std::to_string(number);
    about.request = "request-" + std::to_string(number);
    asked.push_back(begin<ledger::appended>(actors->find(ledger::key).get(),
                                            test::make_append(about)));
  }

  template <class Handle>
  void kill(actor_key<Handle> which) {
    self->send_exit(actors->find(which).get(), caf::exit_reason::kill);
  }

  void storm(int steps) {
    for (int i = 0; i < steps; ++i) {
      ask_for_one(i);
      if (random() % 8 == 0)
        kill(ledger::key);
      else if (random() % 16 == 0)
        kill(signer::key);
      for (auto turns = random() % 6; turns > 0; --turns)
        scheduler.try_run_once();
      if (random() % 8 == 0)
        scheduler.advance_time(5ms);
    }
    run();
    for (int i = 0; i < 20; ++i)
      advance(10ms);
  }

  /// The decision whose entry stands at a place of the log.
  std::string decision_at(std::uint64_t index) {
    test::memory_environment env{disk};
    auto tables = must(store::log_tables::open(env, test::sample_origin));
    auto view = must(store::log_view::open(env, tables));
    auto entry = must(wire::entry::decode(must(view.entry(index))));
    return std::string{entry->decision_id};
  }

  std::mt19937 random;
  acgs::metrics::registry registry;
  test::memory_disk disk;
  std::shared_ptr<store::environment> environment =
      std::make_shared<test::memory_environment>(disk);
  std::shared_ptr<test::sample_signer> keys =
      std::make_shared<test::sample_signer>();
  std::shared_ptr<directory> actors = std::make_shared<directory>(system);
  std::vector<pending<ledger::appended>> asked;
  std::vector<std::string> fatal;
  supervisor_actor tree;
};

} // namespace

BOOST_AUTO_TEST_CASE(no_acknowledged_entry_is_lost_in_a_storm_of_crashes) {
  std::size_t acknowledged = 0;
  std::size_t refused = 0;
  for (unsigned seed = 1; seed <= 20; ++seed) {
    fixture f{seed};
    f.storm(150);
    for (std::size_t i = 0; i < f.asked.size(); ++i) {
      BOOST_REQUIRE(f.asked[i]->has_value());
      auto& answer = **f.asked[i];
      if (!answer) {
        BOOST_REQUIRE((code_of(answer.error()) == ec::unavailable));
        ++refused;
        continue;
      }
      ++acknowledged;
      BOOST_REQUIRE(f.decision_at(answer->index)
                    == "decision-" + std::to_string(i));
    }
    BOOST_REQUIRE(f.fatal.empty());
    BOOST_REQUIRE(!!f.ask<ledger::appended>(f.actors->find(ledger::key).get(),
                                            test::make_append({})));
  }
  BOOST_TEST(acknowledged > 500u);
  BOOST_TEST(refused > 100u);
}

BOOST_AUTO_TEST_SUITE_END()
