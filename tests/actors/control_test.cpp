// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/apply.hpp"
#include "actors/control/control.hpp"
#include "actors/control/state.hpp"
#include "runtime/crypto/sha256.hpp"
#include "tests/support/control_fixture.hpp"
#include "tests/support/must.hpp"

#include <caf/typed_event_based_actor.hpp>

BOOST_AUTO_TEST_SUITE(control_test)

using namespace acgs;
using namespace std::chrono_literals;
using kind = domain::command_kind;
using test::good;
using test::must;

namespace {

/// Keeps what it is told.
struct listener {
  explicit listener(caf::actor_system& system)
      : heard{std::make_shared<std::vector<control::published>>()} {
    handle = system.spawn<caf::hidden>([kept = heard](control_listener::pointer)
                                           -> control_listener::behavior_type {
      return {[kept](const control::published& now) { kept->push_back(now); }};
    });
  }
  ~listener() { caf::anon_send_exit(handle, caf::exit_reason::user_shutdown); }

  std::shared_ptr<std::vector<control::published>> heard;
  control_listener handle;
};

} // namespace

BOOST_AUTO_TEST_SUITE(state)

BOOST_AUTO_TEST_CASE(a_command_is_staged_without_changing_anything) {
  control::state core{{}};
  BOOST_TEST(!core.resume(control::initial_state()));
  auto staged = must(test::stage(
      core, test::alices_command(kind::put_policy, "a", good), wall_time{5ns}));
  BOOST_TEST(staged.state->revision == 1u);
  BOOST_TEST(staged.command->time_nanos == 5);
  BOOST_TEST(staged.compiled->revision() == 1u);
  BOOST_TEST(core.head()->revision == 0u);
  core.commit(staged);
  BOOST_TEST(core.head()->revision == 1u);
  BOOST_TEST(!core.present().state);
  core.publish();
  BOOST_TEST(core.present().state->revision == 1u);
}

BOOST_AUTO_TEST_CASE(a_guess_at_a_command_cannot_be_tried_at_its_digest) {
  control::state core{{}};
  BOOST_TEST(!core.resume(control::initial_state()));
  auto secret = test::alices_command(kind::put_data, "people/bob", "\"flu\"");
  auto staged = [&] { return must(test::stage(core, secret, wall_time{5ns})); };
  auto one = staged();
  auto another = staged();
  auto digest_of = [](const control::staged& of) {
    return crypto::sha256_of(of.command.encoded());
  };
  BOOST_TEST((digest_of(one) != digest_of(another)));
  auto record = control::make_record({1, one.command, {}}, nullptr, "node",
                                     crypto::seal_payload);
  auto told = std::string{record.entry.entry->detail};
  BOOST_TEST(told.find(to_hex(digest_of(one))) != told.npos);
  auto guess = crypto::sha256_of(as_byte_view("\"flu\""));
  BOOST_TEST(told.find(to_hex(guess)) == told.npos);
}

BOOST_AUTO_TEST_CASE(a_policy_that_does_not_compile_is_refused) {
  control::state core{{}};
  BOOST_TEST(!core.resume(control::initial_state()));
  auto staged = test::stage(core,
                            test::alices_command(kind::put_policy, "bad.rego",
                                                 "package a\n\nallow := x\n"),
                            wall_time{});
  BOOST_REQUIRE(!staged);
  BOOST_TEST((code_of(staged.error()) == ec::policy_invalid));
  BOOST_TEST(sentence_of(staged.error()).find("bad.rego") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_policy_with_a_strange_id_is_refused) {
  control::state core{{}};
  BOOST_TEST(!core.resume(control::initial_state()));
  for (auto* id : {"../a", "a/../b", "a//b", "/a", "a b", "a\\b"}) {
    auto staged =
        test::stage(core, test::alices_command(kind::put_policy, id, good), {});
    BOOST_REQUIRE(!staged);
    BOOST_TEST((code_of(staged.error()) == ec::invalid_argument), id);
    BOOST_TEST(field_of(staged.error()) == "id");
    BOOST_TEST(sentence_of(staged.error()).find("expected 1 to 255 bytes")
               != std::string::npos);
  }
  // One that was put when that was no rule yet is replayed, and can be deleted.
  auto old = test::alices_command(kind::put_policy, "a b", good);
  auto before = must(control::apply(*core.head(), *old));
  BOOST_TEST(!core.resume(before));
  auto gone =
      test::stage(core, test::alices_command(kind::delete_policy, "a b"), {});
  BOOST_REQUIRE(gone);
  BOOST_TEST(gone->state->policies.empty());
}

BOOST_AUTO_TEST_CASE(compiled_policies_are_shared_where_nothing_changed) {
  control::state core{{}};
  BOOST_TEST(!core.resume(control::initial_state()));
  core.commit(must(test::stage(
      core, test::alices_command(kind::put_policy, "a", good), {})));
  auto before = core.head_compiled();
  core.commit(must(
      test::stage(core, test::alices_command(kind::put_data, "x", "1"), {})));
  BOOST_TEST((core.head_compiled()->policies() == before->policies()));
  BOOST_TEST((core.head_compiled()->data() != before->data()));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(actor, test::control_fixture)

BOOST_AUTO_TEST_CASE(a_change_is_durable_recorded_published_and_answered) {
  auto control = start();
  listener policy{system};
  anon_send(control, policy.handle);
  run();
  BOOST_REQUIRE(policy.heard->size() == 1u);
  auto done = must(carry_out(control, kind::put_policy, "a.rego", good));
  BOOST_TEST(done.revision == 1u);
  BOOST_TEST(done.index == 0u);
  BOOST_REQUIRE(policy.heard->size() == 2u);
  BOOST_TEST(policy.heard->back().state->revision == 1u);
  BOOST_TEST(policy.heard->back().compiled->revision() == 1u);
  BOOST_REQUIRE(ledger.what->entries.size() == 1u);
  const auto& entry = *ledger.what->entries[0].entry;
  BOOST_TEST((entry.kind == domain::entry_kind::control));
  BOOST_TEST(entry.event_type == "put_policy");
  BOOST_TEST(entry.path == "a.rego");
  BOOST_TEST(entry.revision == 1u);
  BOOST_TEST(entry.node == "node-1");
  BOOST_TEST(entry.caller.subject == "alice");
  BOOST_TEST(entry.time_nanos == to_nanos(clock.now()));
  BOOST_TEST(entry.policy_digest.size() == 32u);
  BOOST_TEST(entry.detail.find("because") == std::string_view::npos);
  BOOST_TEST(entry.commitments.size() == 1u);
  BOOST_REQUIRE(ledger.what->blobs.size() == 1u);
  BOOST_TEST(as_text(ledger.what->blobs[0].content) == good);
  stop(control);
}

BOOST_AUTO_TEST_CASE(a_policy_that_does_not_compile_leaves_all_as_it_was) {
  auto control = start();
  must(carry_out(control, kind::put_policy, "a.rego", good));
  auto refused = carry_out(control, kind::put_policy, "a.rego", "package");
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::policy_invalid));
  auto now = must(present(control));
  BOOST_TEST(now.state->revision == 1u);
  BOOST_TEST(*now.state->policies.at("a.rego").text == good);
  BOOST_TEST(ledger.what->entries.size() == 1u);
  BOOST_TEST(disk.commits > 0u);
  stop(control);
}

BOOST_AUTO_TEST_CASE(a_restart_finds_everything_and_records_nothing_twice) {
  auto control = start();
  must(carry_out(control, kind::put_policy, "a.rego", good));
  must(carry_out(control, kind::put_data, "x", "1"));
  stop(control);
  control = start();
  auto now = must(present(control));
  BOOST_TEST(now.state->revision == 2u);
  BOOST_TEST(*now.state->data == R"({"x":1})");
  BOOST_TEST(ledger.what->entries.size() == 2u);
  stop(control);
}

BOOST_AUTO_TEST_CASE(an_entry_that_a_crash_swallowed_is_written_at_start) {
  auto control = start();
  must(carry_out(control, kind::put_policy, "a.rego", good));
  ledger.what->refusal = make_error(ec::unavailable, "gone");
  BOOST_CHECK(!carry_out(control, kind::put_data, "x", "1"));
  stop(control);
  ledger.what->refusal = {};
  BOOST_TEST(ledger.what->entries.size() == 1u);
  control = start();
  BOOST_REQUIRE(ledger.what->entries.size() == 2u);
  BOOST_TEST(ledger.what->entries[1].entry->path == "x");
  BOOST_TEST(ledger.what->entries[1].entry->data_digest.size() == 32u);
  BOOST_TEST(must(present(control)).state->revision == 2u);
  stop(control);
}

BOOST_AUTO_TEST_CASE(who_asks_before_it_is_ready_waits_for_the_present) {
  auto control = start();
  ledger.what->refusal = make_error(ec::unavailable, "gone");
  BOOST_CHECK(!carry_out(control, kind::put_data, "x", "1"));
  stop(control);
  control = start();
  std::vector<pending<control::published>> early;
  for (int i = 0; i < 4; ++i)
    early.push_back(
        begin<control::published>(control, control::get_published{}));
  run();
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(!early[static_cast<std::size_t>(i)]->has_value());
  BOOST_REQUIRE(early[3]->has_value());
  BOOST_TEST((code_of((*early[3])->error()) == ec::overloaded));
  ledger.what->refusal = {};
  advance(250ms);
  for (std::size_t i = 0; i < 3; ++i) {
    BOOST_REQUIRE(early[i]->has_value());
    BOOST_TEST(must(**early[i]).state->revision == 1u);
  }
  stop(control);
}

BOOST_AUTO_TEST_CASE(who_waits_for_the_present_learns_that_it_ended) {
  auto control = start();
  ledger.what->refusal = make_error(ec::unavailable, "gone");
  BOOST_CHECK(!carry_out(control, kind::put_data, "x", "1"));
  stop(control);
  control = start();
  auto early = begin<control::published>(control, control::get_published{});
  run();
  stop(control);
  BOOST_REQUIRE(early->has_value());
  BOOST_TEST((code_of((*early)->error()) == ec::unavailable));
}

BOOST_AUTO_TEST_CASE(what_the_ledger_did_not_take_is_not_in_force) {
  listener policy{system};
  known = policy.handle;
  auto control = start();
  BOOST_TEST(policy.heard->size() == 1u);
  ledger.what->refusal = make_error(ec::store_full, "the disk is full");
  auto refused = carry_out(control, kind::set_lockdown, "on");
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::unavailable));
  BOOST_TEST(sentence_of(refused.error()).find("the disk is full")
             != std::string::npos);
  BOOST_TEST(!must(present(control)).state->lockdown.on);
  auto probed = must(ask<probe_result>(control, probe{}));
  BOOST_TEST((probed.status == health_status::degraded));
  // Others are refused at once meanwhile.
  auto next = carry_out(control, kind::put_data, "x", "1");
  BOOST_REQUIRE(!next);
  BOOST_TEST((code_of(next.error()) == ec::unavailable));
  // As soon as the ledger can, it is recorded and in force.
  ledger.what->refusal = {};
  advance(250ms);
  BOOST_TEST(must(present(control)).state->lockdown.on);
  BOOST_TEST(policy.heard->back().state->lockdown.on);
  BOOST_TEST(ledger.what->entries.size() == 1u);
  must(carry_out(control, kind::put_data, "x", "1"));
  known = nullptr;
  stop(control);
}

BOOST_AUTO_TEST_CASE(the_ledger_is_tried_again_and_again) {
  auto control = start();
  ledger.what->refusal = make_error(ec::unavailable, "restarting");
  BOOST_CHECK(!carry_out(control, kind::put_data, "x", "1"));
  auto asked = ledger.what->asked;
  for (int i = 0; i < 5; ++i)
    advance(250ms);
  BOOST_TEST(ledger.what->asked == asked + 5);
  BOOST_TEST(must(present(control)).state->revision == 0u);
  stop(control);
}

BOOST_AUTO_TEST_CASE(a_full_store_refuses_and_goes_on) {
  auto control = start();
  disk.fail_commit_after(0, ec::store_full);
  auto refused = carry_out(control, kind::put_data, "x", "1");
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::store_full));
  BOOST_TEST(!fatal);
  must(carry_out(control, kind::put_data, "x", "1"));
  stop(control);
}

BOOST_AUTO_TEST_CASE(room_is_kept_for_lockdown) {
  auto control = start();
  disk.free_bytes = 500;
  auto refused = carry_out(control, kind::put_data, "x", "1");
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::store_full));
  must(carry_out(control, kind::set_lockdown, "on"));
  auto probed = must(ask<probe_result>(control, probe{}));
  BOOST_TEST((probed.status == health_status::degraded));
  stop(control);
}

BOOST_AUTO_TEST_CASE(a_failed_sync_ends_the_process) {
  auto control = start();
  disk.fail_commit_after(0, ec::store_io);
  auto refused = carry_out(control, kind::put_data, "x", "1");
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(fatal) == ec::store_io));
  BOOST_CHECK(!present(control));
}

BOOST_AUTO_TEST_CASE(a_corrupt_store_is_not_taken_up) {
  auto control = start();
  must(carry_out(control, kind::put_data, "x", "1"));
  stop(control);
  auto commands = std::make_shared<test::memory_disk::records>();
  disk.tables.at(disk.names.at("commands")) = commands;
  advance(1s);
  control = start();
  BOOST_TEST((code_of(fatal) == ec::store_corrupt));
  BOOST_CHECK(!present(control));
}

BOOST_AUTO_TEST_CASE(callers_wait_their_turn_and_too_many_are_refused) {
  auto control = start();
  std::vector<pending<control::applied>> answers;
  std::vector<caf::actor> keep;
  for (int i = 0; i < 6; ++i)
    anon_send(control, control::get_published{});
  for (int i = 0; i < 6; ++i)
    answers.push_back(begin<control::applied>(
        control, test::alices_command(kind::put_data, "n", std::to_string(i))));
  run();
  int done = 0;
  int overloaded = 0;
  for (const auto& answer : answers) {
    BOOST_REQUIRE(*answer);
    done += **answer ? 1 : 0;
    overloaded +=
        !**answer && code_of((**answer).error()) == ec::overloaded ? 1 : 0;
  }
  BOOST_TEST(done + overloaded == 6);
  BOOST_TEST(done >= 4);
  BOOST_TEST(must(present(control)).state->revision
             == static_cast<std::uint64_t>(done));
  stop(control);
}

BOOST_AUTO_TEST_CASE(an_expected_revision_guards_against_others) {
  auto control = start();
  must(carry_out(control, kind::put_data, "x", "1"));
  must(carry_out(control, kind::put_data, "x", "2"));
  auto refused = ask<control::applied>(
      control, test::alices_command(kind::put_data, "x", "3", 1));
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::conflict));
  stop(control);
}

BOOST_AUTO_TEST_CASE(a_listener_that_ended_is_forgotten) {
  auto control = start();
  {
    listener policy{system};
    anon_send(control, policy.handle);
    run();
    BOOST_TEST(policy.heard->size() == 1u);
  }
  run();
  must(carry_out(control, kind::put_data, "x", "1"));
  stop(control);
}

BOOST_AUTO_TEST_CASE(the_history_tells_who_did_what) {
  auto control = start();
  must(carry_out(control, kind::put_policy, "a.rego", good));
  must(carry_out(control, kind::set_lockdown, "on"));
  auto page = must(ask<control::history>(control, control::get_history{}));
  BOOST_REQUIRE(page.items.size() == 2u);
  BOOST_TEST((page.items[0].command->kind == kind::set_lockdown));
  BOOST_TEST(page.items[0].command->caller.subject == "alice");
  BOOST_TEST(page.items[0].command->reason == "because");
  BOOST_TEST(page.items[1].command->body == good);
  stop(control);
}

BOOST_AUTO_TEST_CASE(what_the_ledger_holds_is_noted_when_it_is_quiet) {
  auto control = start();
  must(carry_out(control, kind::put_data, "x", "1"));
  auto before = disk.commits;
  advance(1s);
  BOOST_TEST(disk.commits == before + 1);
  advance(10s);
  BOOST_TEST(disk.commits == before + 1);
  stop(control);
  // A new start has nothing to ask the ledger for.
  auto asked = ledger.what->asked;
  control = start();
  BOOST_TEST(ledger.what->asked == asked);
  stop(control);
}

BOOST_AUTO_TEST_CASE(a_probe_shows_figures) {
  auto control = start();
  must(carry_out(control, kind::put_data, "x", "1"));
  auto probed = must(ask<probe_result>(control, probe{}));
  BOOST_TEST((probed.status == health_status::healthy));
  BOOST_TEST(probed.facts.find("\"revision\":1") != std::string::npos);
  stop(control);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
