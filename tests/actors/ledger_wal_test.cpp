// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// LEDGER behind its write-ahead log: a commit is one sync, what was answered
// is there after a loss of power, and others read it once it is published.
#include "actors/ledger/ledger.hpp"
#include "actors/ledger/state.hpp"
#include "runtime/actor/bounded.hpp"
#include "runtime/base/log.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/ledger_samples.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/memory_wal.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(ledger_wal_test)

using namespace acgs;
using namespace acgs::ledger;
using test::make_append;
using test::make_pending;
using test::must;
using test::sample;

namespace {

constexpr std::size_t wal_size = 64 * store::wal_page;

struct core_fixture {
  test::memory_disk disk;
  test::memory_wal file{wal_size};
  test::sample_signer signer;
  std::unique_ptr<test::memory_environment> env =
      std::make_unique<test::memory_environment>(disk);

  result<state> start() {
    env = std::make_unique<test::memory_environment>(disk);
    return state::open(*env, {test::sample_origin, {signer.key}, 1000, &file});
  }

  std::vector<placed> write(state& to, std::size_t count,
                            const sample& about = {}) {
    batch what;
    for (std::size_t i = 0; i < count; ++i)
      what.entries.push_back(make_pending(about));
    std::vector<placed> out;
    for (auto& each : must(to.write(what)).entries)
      out.push_back(must(std::move(each)));
    auto text = to.unsigned_checkpoint();
    if (text)
      BOOST_TEST(to.sign(*text, signer.sign(*text)));
    return out;
  }

  /// What anybody but LEDGER finds in the store.
  std::uint64_t readable() {
    test::memory_environment other{disk};
    auto tables = must(store::log_tables::open(other, test::sample_origin));
    return must(store::log_view::open(other, tables)).head().size;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(the_core, core_fixture)

BOOST_AUTO_TEST_CASE(commits_by_one_sync_and_publishes_later) {
  auto core = must(start());
  auto commits = disk.commits;
  auto syncs = file.syncs;
  write(core, 3);
  write(core, 2);
  BOOST_TEST(file.syncs == syncs + 2);
  BOOST_TEST(disk.commits == commits);
  BOOST_TEST(core.head().size == 5u);
  BOOST_TEST(readable() == 0u);
  BOOST_TEST(!core.publish());
  BOOST_TEST(readable() == 5u);
}

BOOST_AUTO_TEST_CASE(takes_up_after_a_loss_of_power_where_it_was) {
  store::log_head before;
  {
    auto core = must(start());
    write(core, 300); // a whole tile and a part
    write(core, 1);
    before = core.head();
  }
  file.lose_power();
  auto core = must(start());
  BOOST_TEST((core.head() == before));
  BOOST_TEST(write(core, 1).front().index == 301u);
}

BOOST_AUTO_TEST_CASE(knows_an_idempotency_key_that_is_not_published) {
  auto core = must(start());
  sample about;
  about.key = "once";
  write(core, 1, about);
  auto again = write(core, 1, about).front();
  BOOST_TEST(again.repeated);
  BOOST_TEST(again.index == 0u);
  BOOST_TEST(readable() == 0u);
}

BOOST_AUTO_TEST_CASE(refuses_a_batch_on_a_full_disk_and_keeps_the_others) {
  auto core = must(start());
  write(core, 2);
  disk.fail_commit_after(0, ec::store_full);
  BOOST_TEST((code_of(core.publish()) == ec::store_full));
  BOOST_TEST(write(core, 1).front().index == 2u);
  BOOST_TEST(!core.publish());
  BOOST_TEST(readable() == 3u);
}

BOOST_AUTO_TEST_CASE(goes_round_a_small_log_without_losing_an_entry) {
  auto core = must(start());
  for (std::uint64_t i = 0; i < 200; ++i)
    BOOST_TEST_REQUIRE(write(core, 1).front().index == i);
  file.lose_power();
  BOOST_TEST(must(start()).head().size == 200u);
}

BOOST_AUTO_TEST_CASE(stops_with_everything_published) {
  auto core = must(start());
  write(core, 1);
  BOOST_TEST(!core.store_checkpoint());
  BOOST_TEST(core.published());
  BOOST_TEST(readable() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct fake_signer {
  test::sample_signer keys;
};

signer_actor::behavior_type signing(signer_actor::pointer,
                                    std::shared_ptr<fake_signer> with) {
  return {
      [with](const signer::sign& what) {
        return signer::signature{with->keys.sign(as_text(what.message))};
      },
      [](signer::list_keys) { return signer::key_list{}; },
      [](const signer::rotate&) { return signer::keys_changed{}; },
      [](const signer::revoke&) { return signer::keys_changed{}; },
      [](probe) { return probe_result{}; },
  };
}

struct actor_fixture : test::actor_fixture {
  test::memory_disk disk;
  std::shared_ptr<test::memory_wal> file =
      std::make_shared<test::memory_wal>(wal_size);
  std::shared_ptr<fake_signer> signs = std::make_shared<fake_signer>();
  acgs::metrics::registry registry;
  std::uint64_t grown = 0;
  signer_actor signer_handle = system.spawn(signing, signs);
  ledger_actor who;

  actor_fixture() {
    ledger::config cfg;
    cfg.ledger = std::make_shared<test::memory_environment>(disk);
    cfg.wal = file;
    cfg.origin = test::sample_origin;
    cfg.keys = {signs->keys.key};
    cfg.reserve_bytes = 1000;
    cfg.registry = &registry;
    cfg.signer = actor_ref<signer_actor>::fixed(signer_handle);
    cfg.publish_pause = std::chrono::milliseconds{500};
    cfg.grown = [this](std::uint64_t size) { grown = size; };
    cfg.fatal = [](const caf::error& why) {
      BOOST_ERROR("fatal: " + sentence_of(why));
    };
    who = spawn_bounded(system, queue_max, ledger::ledger, cfg);
    run();
  }
  ~actor_fixture() {
    self->send_exit(who, caf::exit_reason::user_shutdown);
    self->send_exit(signer_handle, caf::exit_reason::user_shutdown);
    run();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(the_actor, actor_fixture)

BOOST_AUTO_TEST_CASE(tells_of_growth_once_it_can_be_read) {
  must(ask<appended>(who, make_append({})));
  must(ask<appended>(who, make_append({})));
  BOOST_TEST(grown == 0u);
  scheduler.advance_time(std::chrono::milliseconds{500});
  run();
  BOOST_TEST(grown == 2u);
}

BOOST_AUTO_TEST_CASE(publishes_at_once_for_who_asks) {
  must(ask<appended>(who, make_append({})));
  BOOST_TEST(static_cast<bool>(ask<void>(who, publish{})));
  BOOST_TEST(grown == 1u);
  auto commits = disk.commits;
  BOOST_TEST(static_cast<bool>(ask<void>(who, publish{})));
  BOOST_TEST(disk.commits == commits);
  scheduler.advance_time(std::chrono::milliseconds{500});
  run();
  BOOST_TEST(disk.commits == commits);
}

BOOST_AUTO_TEST_CASE(tries_again_where_there_was_no_room) {
  must(ask<appended>(who, make_append({})));
  disk.fail_commit_after(0, ec::store_full);
  BOOST_TEST(!ask<void>(who, publish{}));
  BOOST_TEST(grown == 0u);
  scheduler.advance_time(std::chrono::milliseconds{500});
  run();
  BOOST_TEST(grown == 1u);
}

BOOST_AUTO_TEST_CASE(says_once_that_there_is_no_room_and_once_that_there_is) {
  test::scratch_folder folder;
  auto path = folder.path() / "log";
  BOOST_REQUIRE(!log::start({.file = path}));
  must(ask<appended>(who, make_append({})));
  for (int round = 0; round < 3; ++round) {
    disk.fail_commit_after(0, ec::store_full);
    scheduler.advance_time(std::chrono::milliseconds{500});
    run();
  }
  BOOST_TEST(grown == 0u);
  scheduler.advance_time(std::chrono::milliseconds{500});
  run();
  BOOST_TEST(grown == 1u);
  BOOST_REQUIRE(!log::start({log::level::warning, {}}));
  auto said = test::read_file(path);
  for (auto* event : {"publish_failed", "publish_mended"}) {
    auto at = said.find(event);
    BOOST_REQUIRE(at != said.npos);
    BOOST_TEST(said.find(event, at + 1) == said.npos, said);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
