// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// LEDGER, the actor, on the deterministic scheduler: nobody is answered before
// the commit, a batch is what had queued up, a failed write ends everything.
#include "actors/ledger/ledger.hpp"
#include "actors/ledger/throng.hpp"
#include "runtime/actor/bounded.hpp"
#include "runtime/store/keys.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/ledger_samples.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/memory_wal.hpp"
#include "tests/support/must.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <merkle/checkpoint.hpp>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(ledger_actor_test)

using namespace acgs;
using namespace acgs::ledger;
using test::make_append;
using test::make_pending;
using test::must;
using test::sample;

namespace {

/// Signs as SIGNER does, or refuses where the test says so.
struct fake_signer {
  test::sample_signer keys;
  bool refuses = false;
  unsigned asked = 0;
};

signer_actor::behavior_type signing(signer_actor::pointer,
                                    std::shared_ptr<fake_signer> with) {
  return {
      [with](const signer::sign& what) -> result<signer::signature> {
        ++with->asked;
        if (with->refuses)
          return make_error(ec::unavailable, "no signer");
        return signer::signature{with->keys.sign(as_text(what.message))};
      },
      [](signer::list_keys) { return signer::key_list{}; },
      [](const signer::rotate&) { return signer::keys_changed{}; },
      [](const signer::revoke&) { return signer::keys_changed{}; },
      [](probe) { return probe_result{}; },
  };
}

/// Time that passes when the test says so.
struct driven_time : time_source {
  std::chrono::nanoseconds passed{0};
  void pass(std::chrono::nanoseconds by) { passed += by; }
  wall_time now() const override { return wall_time{passed}; }
  steady_time steady_now() const override { return steady_time{passed}; }
};

struct fixture : test::actor_fixture {
  std::shared_ptr<driven_time> time = std::make_shared<driven_time>();
  test::memory_disk disk;
  std::shared_ptr<store::wal_file> wal;
  std::shared_ptr<fake_signer> signs = std::make_shared<fake_signer>();
  acgs::metrics::registry registry;
  std::shared_ptr<std::vector<ec>> fatal = std::make_shared<std::vector<ec>>();
  std::shared_ptr<std::uint64_t> grown = std::make_shared<std::uint64_t>(0);
  signer_actor signer_handle = system.spawn(signing, signs);
  std::chrono::milliseconds signature_pause{0};
  std::vector<bool> throngs; ///< what LEDGER told of them
  ledger_actor who;

  fixture() { start(); }

  void start() {
    ledger::config cfg;
    cfg.ledger = std::make_shared<test::memory_environment>(disk);
    cfg.wal = wal;
    cfg.origin = test::sample_origin;
    cfg.keys = {signs->keys.key};
    cfg.reserve_bytes = 1000;
    cfg.time = time.get();
    cfg.registry = &registry;
    cfg.signer = actor_ref<signer_actor>::fixed(signer_handle);
    cfg.signature_pause = signature_pause;
    cfg.grown = [seen = grown](std::uint64_t size) { *seen = size; };
    cfg.thronged = [this](bool now) { throngs.push_back(now); };
    cfg.fatal = [seen = fatal](const caf::error& why) {
      seen->push_back(code_of(why));
    };
    who = spawn_bounded(system, queue_max, ledger::ledger, cfg);
    run();
  }

  release make_release(const sample& about = {}) {
    auto made = make_pending(about);
    return {made.decision, made.record,
            std::make_shared<const std::string>(about.decision_id)};
  }

  store::log_view view() {
    test::memory_environment env{disk};
    auto tables = must(store::log_tables::open(env, test::sample_origin));
    return must(store::log_view::open(env, tables));
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(ledger_actor_, fixture)

BOOST_AUTO_TEST_CASE(releases_decisions_of_a_batch_by_one_commit) {
  release_many many;
  many.each.push_back(make_release());
  sample other;
  other.decision_id = "decision-2";
  many.each.push_back(make_release(other));
  auto before = disk.commits;
  auto out = must(ask<released_many>(who, many));
  BOOST_REQUIRE(out.each.size() == 2u);
  BOOST_TEST(out.each[0]->index == 0u);
  BOOST_TEST(out.each[1]->index == 1u);
  BOOST_TEST(out.each[1]->decision->decision_id == "decision-2");
  BOOST_TEST(*out.each[1]->recorded == "decision-2"); // as it was handed in
  BOOST_TEST(view().head().size == 2u);
  BOOST_TEST(disk.commits - before <= 2u); // the entries', the checkpoint's
  BOOST_TEST(must(ask<released_many>(who, release_many{})).each.empty());
}

BOOST_AUTO_TEST_CASE(releases_a_decision_with_its_place) {
  auto out = must(ask<released>(who, make_release()));
  BOOST_TEST(out.index == 0u);
  BOOST_TEST(out.decision->decision_id == "decision-1");
  BOOST_TEST(out.durable_nanos >= 0);
  BOOST_TEST(must(ask<appended>(who, make_append({}))).index == 1u);
  BOOST_TEST(*grown == 2u);
  BOOST_TEST(view().head().size == 2u);
}

BOOST_AUTO_TEST_CASE(answers_nobody_before_the_commit) {
  auto waiting = begin<released>(who, make_release());
  scheduler.run_once();
  // The request was taken; the commit comes with the actor's next message.
  BOOST_TEST(!waiting->has_value());
  run();
  BOOST_REQUIRE(waiting->has_value());
  BOOST_TEST(static_cast<bool>(**waiting));
}

BOOST_AUTO_TEST_CASE(writes_what_had_queued_up_in_one_commit) {
  auto before = disk.commits;
  std::vector<actor_fixture::pending<released>> waiting;
  for (int i = 0; i < 100; ++i)
    waiting.push_back(begin<released>(who, make_release()));
  run();
  for (std::size_t i = 0; i < waiting.size(); ++i)
    BOOST_TEST((**waiting[i])->index == i);
  BOOST_TEST(disk.commits - before <= 3u);
}

BOOST_AUTO_TEST_CASE(tells_when_entries_come_in_throngs) {
  auto commit = [this](std::size_t entries) {
    for (std::size_t i = 0; i < entries; ++i)
      begin<released>(who, make_release());
    run();
  };
  commit(throng::from);
  BOOST_TEST(throngs.empty()); // once is no throng
  for (int i = 0; i < 40; ++i)
    commit(2 * throng::from);
  BOOST_TEST(throngs == std::vector{true}, boost::test_tools::per_element());
  for (int i = 0; i < 40; ++i)
    commit(throng::until + 1); // fewer, and still a throng
  BOOST_TEST(throngs.size() == 1u);
  for (int i = 0; i < 40; ++i)
    commit(1);
  std::vector expected{true, false};
  BOOST_TEST(throngs == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(signs_each_head_after_its_commit) {
  must(ask<appended>(who, make_append({})));
  BOOST_TEST(signs->asked == 2u); // the empty log at the start, then this
  must(ask<appended>(who, make_append({})));
  auto note = must(view().checkpoint());
  auto head = merkle::open_checkpoint(note, signs->keys.key);
  BOOST_REQUIRE(static_cast<bool>(head));
  BOOST_TEST(head->size == 1u);
}

BOOST_AUTO_TEST_CASE(signs_once_for_the_commits_of_a_pause) {
  signature_pause = std::chrono::milliseconds{2};
  start();
  auto before = signs->asked; // the start asked for the empty log's
  for (int i = 0; i < 3; ++i)
    must(ask<appended>(who, make_append({})));
  BOOST_TEST(signs->asked == before);
  time->pass(signature_pause);
  scheduler.advance_time(signature_pause);
  run();
  BOOST_TEST(signs->asked == before + 1);
  auto facts = must(ask<probe_result>(who, probe{})).facts;
  BOOST_TEST(facts.find("\"signed_size\":3") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(does_not_pause_where_the_log_is_to_be_settled) {
  signature_pause = std::chrono::milliseconds{2};
  start();
  must(ask<appended>(who, make_append({})));
  auto before = signs->asked;
  auto settled = begin<void>(who, settle{});
  run();
  BOOST_REQUIRE(settled->has_value());
  BOOST_TEST(signs->asked == before + 1);
  scheduler.advance_time(signature_pause); // its end holds the actor
  run();
}

BOOST_AUTO_TEST_CASE(goes_on_without_a_signer_and_signs_later) {
  signs->refuses = true;
  must(ask<appended>(who, make_append({})));
  must(ask<appended>(who, make_append({})));
  BOOST_TEST(registry.text().find("acgs_ledger_signature_failures_total 2")
             != std::string::npos);
  auto health = must(ask<probe_result>(who, probe{}));
  BOOST_TEST((health.status == health_status::healthy));
  time->pass(std::chrono::seconds{11});
  health = must(ask<probe_result>(who, probe{}));
  BOOST_TEST((health.status == health_status::degraded));
  signs->refuses = false;
  must(ask<appended>(who, make_append({})));
  health = must(ask<probe_result>(who, probe{}));
  BOOST_TEST(health.facts.find("\"signed_size\":3") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(settles_with_the_last_head_signed_and_stored) {
  must(ask<appended>(who, make_append({})));
  BOOST_TEST(static_cast<bool>(ask<void>(who, settle{})));
  auto head =
      merkle::open_checkpoint(must(view().checkpoint()), signs->keys.key);
  BOOST_REQUIRE(static_cast<bool>(head));
  BOOST_TEST(head->size == 1u);
  signs->refuses = true;
  must(ask<appended>(who, make_append({})));
  BOOST_TEST(!ask<void>(who, settle{}));
}

BOOST_AUTO_TEST_CASE(stops_with_what_was_queued_durable_and_signed) {
  auto waiting = begin<appended>(who, make_append({}));
  caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
  run();
  BOOST_REQUIRE(waiting->has_value());
  BOOST_TEST(static_cast<bool>(**waiting));
  auto head =
      merkle::open_checkpoint(must(view().checkpoint()), signs->keys.key);
  BOOST_REQUIRE(static_cast<bool>(head));
  BOOST_TEST(head->size == 1u);
  auto gone = ask<appended>(who, make_append({}));
  BOOST_REQUIRE(!gone);
  BOOST_TEST((code_of(gone.error()) == ec::unavailable));
}

BOOST_AUTO_TEST_CASE(tells_whoever_waits_when_it_is_killed) {
  auto waiting = begin<appended>(who, make_append({}));
  scheduler.run_once(); // takes the request, and has not written it
  caf::anon_send_exit(who, caf::exit_reason::kill);
  run();
  BOOST_REQUIRE(waiting->has_value());
  start();
  auto health = must(ask<probe_result>(who, probe{}));
  auto size = static_cast<bool>(**waiting) ? "\"size\":1" : "\"size\":0";
  BOOST_TEST(health.facts.find(size) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(stops_without_a_signer_too) {
  signs->refuses = true;
  must(ask<appended>(who, make_append({})));
  caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
  run();
  BOOST_TEST(!ask<appended>(who, make_append({})));
  signs->refuses = false;
  start();
  auto health = must(ask<probe_result>(who, probe{}));
  BOOST_TEST(health.facts.find("\"signed_size\":1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(leaves_to_the_next_start_what_a_full_disk_does_not_take) {
  caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
  run();
  wal = std::make_shared<test::memory_wal>();
  start();
  must(ask<appended>(who, make_append({})));
  disk.fail_commit_after(0, ec::store_full);
  caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
  run();
  BOOST_TEST(!ask<appended>(who, make_append({})));
  BOOST_TEST(fatal->empty());
  BOOST_TEST(view().head().size == 0u);
  start();
  BOOST_TEST(must(ask<appended>(who, make_append({}))).index == 1u);
  advance(std::chrono::seconds{1});
  BOOST_TEST(view().head().size == 2u);
}

BOOST_AUTO_TEST_CASE(says_what_can_no_longer_be_opened) {
  must(ask<released>(who, make_release()));
  must(ask<released>(who, make_release()));
  caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
  run();
  disk.secrets.resize(1);
  start();
  auto health = must(ask<probe_result>(who, probe{}));
  BOOST_TEST((health.status == health_status::degraded));
  BOOST_TEST(health.reason.find("entries 1 to 1") != std::string::npos,
             health.reason);
}

BOOST_AUTO_TEST_CASE(refuses_while_the_store_is_full_and_says_so) {
  disk.free_bytes = 500;
  auto refused = ask<released>(who, make_release());
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::store_full));
  auto health = must(ask<probe_result>(who, probe{}));
  BOOST_TEST((health.status == health_status::unhealthy));
  disk.free_bytes = 1u << 30;
  BOOST_TEST(must(ask<released>(who, make_release())).index == 0u);
  BOOST_TEST(
      (must(ask<probe_result>(who, probe{})).status == health_status::healthy));
  BOOST_TEST(fatal->empty());
}

BOOST_AUTO_TEST_CASE(ends_the_process_when_a_commit_fails) {
  must(ask<appended>(who, make_append({})));
  disk.fail_commit_after(0, ec::store_io);
  auto lost = ask<released>(who, make_release());
  BOOST_REQUIRE(!lost);
  BOOST_REQUIRE(fatal->size() == 1u);
  BOOST_TEST((fatal->front() == ec::store_io));
  // The actor is gone: nothing is acknowledged any more.
  BOOST_TEST(!ask<appended>(who, make_append({})));
  start();
  BOOST_TEST(must(ask<appended>(who, make_append({}))).index == 1u);
}

BOOST_AUTO_TEST_CASE(refuses_to_start_on_a_log_that_was_changed) {
  must(ask<appended>(who, make_append({})));
  {
    test::memory_environment env{disk};
    auto tables = must(store::log_tables::open(env, test::sample_origin));
    auto writing = must(env.write());
    BOOST_TEST(!writing->put(tables.entries, store::to_key(0),
                             as_byte_view("changed")));
    BOOST_TEST(!writing->commit());
  }
  start();
  BOOST_REQUIRE(fatal->size() == 1u);
  BOOST_TEST((fatal->front() == ec::store_corrupt));
}

BOOST_AUTO_TEST_CASE(keeps_a_bundle_and_refuses_a_wrong_digest) {
  auto content = as_byte_view("bundle");
  put_blob blob{crypto::sha256_of(content), {content.begin(), content.end()}};
  BOOST_TEST(static_cast<bool>(ask<void>(who, blob)));
  blob.key[0] ^= std::byte{1};
  auto refused = ask<void>(who, blob);
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::invalid_argument));
}

BOOST_AUTO_TEST_CASE(answers_a_retry_with_the_first_decision) {
  sample about;
  about.key = "key-1";
  must(ask<released>(who, make_release(about)));
  about.decision_id = "decision-2";
  auto again = must(ask<released>(who, make_release(about)));
  BOOST_TEST(again.index == 0u);
  BOOST_TEST(again.decision->decision_id == "decision-1");
  BOOST_TEST(!again.recorded); // of another evaluation
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
