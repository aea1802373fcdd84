// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/apply.hpp"
#include "actors/control/journal.hpp"
#include "actors/control/past.hpp"
#include "runtime/store/tables.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/must.hpp"

BOOST_AUTO_TEST_SUITE(control_journal_test)

using namespace acgs;
using kind = domain::command_kind;
using test::must;

namespace {

/// A journal on a simulated disk, and the state that its commands led to.
struct fixture {
  fixture() { reopen(); }

  control::recovered reopen() {
    journal.emplace(std::make_shared<test::memory_environment>(disk));
    auto found = must(journal->recover());
    state = found.state;
    return found;
  }

  caf::error add(kind what, std::string_view name, std::string_view body = {},
                 std::uint64_t recorded = 0) {
    domain::command command;
    command.kind = what;
    command.name = name;
    command.body = body;
    command.time_nanos = 77;
    auto next = must(control::apply(*state, command));
    auto wrong = journal->append(wire::command{command}, *next, recorded);
    if (!wrong)
      state = next;
    return wrong;
  }

  void must_add(kind what, std::string_view name, std::string_view body = {},
                std::uint64_t recorded = 0) {
    auto wrong = add(what, name, body, recorded);
    BOOST_REQUIRE_MESSAGE(!wrong, sentence_of(wrong));
  }

  ec recovery_problem() {
    control::journal other{std::make_shared<test::memory_environment>(disk)};
    auto found = other.recover();
    return found ? ec::none : code_of(found.error());
  }

  /// Changes one stored record behind the journal's back.
  void tamper(const std::string& table, byte_view key,
              const std::function<void(bytes&)>& change) {
    auto records = *disk.tables.at(disk.names.at(table));
    auto& value = records.at(bytes(key.begin(), key.end()));
    change(value);
    disk.tables.at(disk.names.at(table)) =
        std::make_shared<test::memory_disk::records>(records);
  }

  void lose(const std::string& table, byte_view key) {
    auto records = *disk.tables.at(disk.names.at(table));
    records.erase(bytes(key.begin(), key.end()));
    disk.tables.at(disk.names.at(table)) =
        std::make_shared<test::memory_disk::records>(records);
  }

  test::memory_disk disk;
  std::optional<control::journal> journal;
  domain::control_state_ptr state;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(earlier, fixture)

BOOST_AUTO_TEST_CASE(states_are_made_again_in_any_order) {
  for (int i = 1; i <= 600; ++i)
    must_add(kind::put_data, "n", std::to_string(i));
  control::past past{std::make_shared<test::memory_environment>(disk)};
  for (std::uint64_t revision : {1u, 300u, 299u, 600u, 2u}) {
    auto then = must(past.at(revision));
    BOOST_TEST(then->revision == revision);
    BOOST_TEST(*then->data == "{\"n\":" + std::to_string(revision) + "}");
  }
  BOOST_TEST(must(past.at(0))->revision == 0u);
  BOOST_TEST((code_of(past.at(601).error()) == ec::not_found));
  must_add(kind::put_data, "n", "601"); // what comes later is found as well
  BOOST_TEST(must(past.at(601))->revision == 601u);
}

BOOST_AUTO_TEST_CASE(a_gap_in_the_history_is_named) {
  must_add(kind::put_data, "n", "1");
  must_add(kind::put_data, "n", "2");
  lose(store::state::commands_name, store::to_key(1));
  control::past past{std::make_shared<test::memory_environment>(disk)};
  auto then = past.at(2);
  BOOST_REQUIRE(!then);
  BOOST_TEST(sentence_of(then.error()).find("revision 1") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(recovery, fixture)

BOOST_AUTO_TEST_CASE(a_fresh_store_holds_the_initial_state) {
  auto found = reopen();
  BOOST_TEST(found.state->revision == 0u);
  BOOST_TEST(found.recorded == 0u);
  BOOST_TEST(found.unrecorded.empty());
}

BOOST_AUTO_TEST_CASE(commands_lead_to_the_same_state_again) {
  must_add(kind::put_policy, "a", "package a");
  must_add(kind::put_data, "x/y", "[1,2]");
  must_add(kind::set_lockdown, "on");
  auto found = reopen();
  BOOST_TEST(found.state->revision == 3u);
  BOOST_TEST(*found.state->policies.at("a").text == "package a");
  BOOST_TEST(*found.state->data == R"({"x":{"y":[1,2]}})");
  BOOST_TEST(found.state->lockdown.on);
  BOOST_TEST(found.state->lockdown.since_nanos == 77);
}

BOOST_AUTO_TEST_CASE(tells_which_entries_the_ledger_may_lack) {
  must_add(kind::put_policy, "a", "package a");
  must_add(kind::put_policy, "b", "package b", 1);
  auto found = reopen();
  BOOST_TEST(found.recorded == 1u);
  BOOST_REQUIRE(found.unrecorded.size() == 1u);
  BOOST_TEST(found.unrecorded[0].revision == 2u);
  BOOST_TEST(found.unrecorded[0].command->name == "b");
  BOOST_TEST(!journal->note_recorded(2));
  BOOST_TEST(reopen().unrecorded.empty());
}

BOOST_AUTO_TEST_CASE(a_kept_state_spares_applying_all) {
  for (int i = 0; i < 600; ++i)
    must_add(kind::put_data, "n", std::to_string(i));
  // Without the first commands nothing is missed: the kept state stands for
  // them.
  for (int i = 1; i <= 500; ++i)
    lose("commands", store::to_key(static_cast<std::uint64_t>(i)));
  must_add(kind::put_data, "n", "600", 600);
  auto found = reopen();
  BOOST_TEST(found.state->revision == 601u);
  BOOST_TEST(*found.state->data == R"({"n":600})");
}

BOOST_AUTO_TEST_CASE(entries_before_the_kept_state_are_still_told) {
  for (int i = 0; i < 300; ++i)
    must_add(kind::put_data, "n", std::to_string(i), 200);
  auto found = reopen();
  BOOST_TEST(found.unrecorded.size() == 100u);
  BOOST_TEST(found.unrecorded.front().revision == 201u);
  BOOST_TEST(found.unrecorded.back().revision == 300u);
}

BOOST_AUTO_TEST_CASE(what_was_not_committed_never_happened) {
  must_add(kind::put_policy, "a", "package a");
  disk.fail_commit_after(0, ec::store_full);
  auto wrong = add(kind::put_policy, "b", "package b");
  BOOST_TEST((code_of(wrong) == ec::store_full));
  auto found = reopen();
  BOOST_TEST(found.state->revision == 1u);
  must_add(kind::put_policy, "b", "package b");
  BOOST_TEST(reopen().state->revision == 2u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(corruption, fixture)

BOOST_AUTO_TEST_CASE(a_gap_is_reported) {
  for (int i = 0; i < 5; ++i)
    must_add(kind::put_data, "n", std::to_string(i));
  lose("commands", store::to_key(3));
  BOOST_TEST((recovery_problem() == ec::store_corrupt));
}

BOOST_AUTO_TEST_CASE(a_lost_beginning_is_reported) {
  for (int i = 0; i < 5; ++i)
    must_add(kind::put_data, "n", std::to_string(i));
  lose("commands", store::to_key(1));
  BOOST_TEST((recovery_problem() == ec::store_corrupt));
}

BOOST_AUTO_TEST_CASE(a_lost_end_is_reported) {
  for (int i = 0; i < 300; ++i)
    must_add(kind::put_data, "n", std::to_string(i), 250);
  for (std::uint64_t i = 250; i <= 300; ++i)
    lose("commands", store::to_key(i));
  BOOST_TEST((recovery_problem() == ec::store_corrupt));
}

BOOST_AUTO_TEST_CASE(a_damaged_command_is_reported_and_left_alone) {
  must_add(kind::put_policy, "a", "package a");
  tamper("commands", store::to_key(1),
         [](bytes& value) { value.resize(value.size() - 8); });
  auto before = *disk.tables.at(disk.names.at("commands"));
  BOOST_TEST((recovery_problem() == ec::store_corrupt));
  BOOST_TEST((*disk.tables.at(disk.names.at("commands")) == before));
}

BOOST_AUTO_TEST_CASE(any_damage_to_the_kept_state_is_reported) {
  for (int i = 0; i < 256; ++i)
    must_add(kind::put_data, "n", std::to_string(i));
  std::size_t size = 0;
  tamper("applied", as_byte_view("state"),
         [&](bytes& value) { size = value.size(); });
  for (std::size_t i = 0; i < size; i += 13) {
    tamper("applied", as_byte_view("state"),
           [&](bytes& value) { value[i] ^= std::byte{1}; });
    BOOST_TEST((recovery_problem() == ec::store_corrupt));
    tamper("applied", as_byte_view("state"),
           [&](bytes& value) { value[i] ^= std::byte{1}; });
  }
  BOOST_TEST((recovery_problem() == ec::none));
  tamper("applied", as_byte_view("state"),
         [](bytes& value) { value.resize(10); });
  BOOST_TEST((recovery_problem() == ec::store_corrupt));
}

BOOST_AUTO_TEST_CASE(a_mark_beyond_the_history_is_reported) {
  must_add(kind::put_policy, "a", "package a");
  BOOST_TEST(!journal->note_recorded(9));
  BOOST_TEST((recovery_problem() == ec::store_corrupt));
}

BOOST_AUTO_TEST_CASE(another_kind_of_store_is_refused) {
  test::memory_environment other{disk};
  disk = {};
  test::memory_environment fresh{disk};
  BOOST_TEST(!store::ensure_schema(fresh, store::ledger_schema()));
  BOOST_TEST((recovery_problem() == ec::store_corrupt));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(listing, fixture)

BOOST_AUTO_TEST_CASE(finds_those_of_a_name_without_looking_at_others) {
  must_add(kind::put_policy, "a", "package a");
  for (int i = 0; i < 300; ++i)
    must_add(kind::put_data, "n", std::to_string(i));
  must_add(kind::put_policy, "a", "package a\nx := 1");
  auto long_name = std::string(100, 'p') + "/a";
  must_add(kind::put_data, long_name, "1");
  // What is not about the name may be lost: it is not read.
  for (std::uint64_t i = 2; i <= 301; ++i)
    lose("commands", store::to_key(i));
  auto page = must(journal->list({.before = 0, .limit = 100, .name = "a"}));
  BOOST_REQUIRE(page.items.size() == 2u);
  BOOST_TEST(page.items[0].revision == 302u);
  BOOST_TEST(page.items[1].revision == 1u);
  page = must(journal->list({.before = 302, .limit = 1, .name = "a"}));
  BOOST_REQUIRE(page.items.size() == 1u);
  BOOST_TEST(page.items[0].revision == 1u);
  page = must(journal->list({.before = 0, .limit = 9, .name = long_name}));
  BOOST_TEST(page.items.size() == 1u);
  page = must(journal->list({.before = 0, .limit = 9, .name = "other"}));
  BOOST_TEST(page.items.empty());
}

BOOST_AUTO_TEST_CASE(a_store_without_the_index_of_names_is_given_one) {
  for (int i = 0; i < 2500; ++i)
    must_add(kind::put_data, i % 2 == 0 ? "even" : "odd", "1");
  disk.tables.at(disk.names.at("commands_by_name")) =
      std::make_shared<test::memory_disk::records>();
  lose("applied", as_byte_view("named"));
  reopen();
  auto page = must(journal->list({.before = 0, .limit = 1000, .name = "odd"}));
  BOOST_TEST(page.items.size() == 1000u);
  page = must(journal->list({.before = 6, .limit = 1000, .name = "even"}));
  BOOST_TEST(page.items.size() == 3u);
}

BOOST_AUTO_TEST_CASE(without_room_for_the_index_all_else_goes_on) {
  must_add(kind::put_data, "a", "1");
  lose("applied", as_byte_view("named"));
  disk.fail_commit_after(0, ec::store_full);
  reopen();
  must_add(kind::put_data, "a", "2");
  auto page = journal->list({.before = 0, .limit = 9, .name = "a"});
  BOOST_REQUIRE(!page);
  BOOST_TEST((code_of(page.error()) == ec::store_full));
  BOOST_TEST(
      must(journal->list({.before = 0, .limit = 9, .name = ""})).items.size()
      == 2u);
  reopen();
  auto now = must(journal->list({.before = 0, .limit = 9, .name = "a"}));
  BOOST_TEST(now.items.size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_answer_is_bounded_in_bytes) {
  auto large = '"' + std::string(3u << 20, 'x') + '"';
  for (int i = 0; i < 4; ++i)
    must_add(kind::put_data, "a", large);
  auto page = must(journal->list({.before = 0, .limit = 9, .name = ""}));
  BOOST_REQUIRE(page.items.size() == 2u);
  page = must(journal->list(
      {.before = page.items.back().revision, .limit = 9, .name = ""}));
  BOOST_TEST(page.items.size() == 2u);
}

BOOST_AUTO_TEST_CASE(shows_the_newest_first_in_pages) {
  for (int i = 1; i <= 5; ++i)
    must_add(kind::put_data, "n", std::to_string(i));
  auto page = must(journal->list({.before = 0, .limit = 2, .name = ""}));
  BOOST_REQUIRE(page.items.size() == 2u);
  BOOST_TEST(page.items[0].revision == 5u);
  BOOST_TEST(page.items[0].command->body == "5");
  page = must(journal->list({.before = 4, .limit = 2, .name = ""}));
  BOOST_REQUIRE(page.items.size() == 2u);
  BOOST_TEST(page.items[0].revision == 3u);
  page = must(journal->list({.before = 1, .limit = 2, .name = ""}));
  BOOST_TEST(page.items.empty());
  page = must(journal->list({.before = 99, .limit = 99, .name = ""}));
  BOOST_TEST(page.items.size() == 5u);
}

BOOST_AUTO_TEST_CASE(shows_only_what_is_about_a_name) {
  must_add(kind::put_policy, "a", "package a");
  must_add(kind::put_policy, "b", "package b");
  must_add(kind::delete_policy, "a");
  auto page = must(journal->list({.before = 0, .limit = 100, .name = "a"}));
  BOOST_REQUIRE(page.items.size() == 2u);
  BOOST_TEST((page.items[0].command->kind == kind::delete_policy));
  BOOST_TEST(page.items[1].command->body == "package a");
}

BOOST_AUTO_TEST_CASE(password_hashes_are_left_out) {
  must_add(kind::put_user, "alice",
           R"({"role":"admin","password_hash":"$argon2id$secret"})");
  auto page = must(journal->list({.before = 0, .limit = 1, .name = ""}));
  BOOST_TEST(page.items.at(0).command->body == R"({"role":"admin"})");
  BOOST_TEST(page.items.at(0).command->name == "alice");
  BOOST_TEST(reopen().state->users.at("alice").password_hash
             == "$argon2id$secret");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
