// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Shredding on LMDB: neither the files of the store nor a copy of the tables
// from before lead to the text any more, and the log verifies as ever.
#include "actors/reader/state.hpp"
#include "runtime/store/stores.hpp"
#include "tests/support/ledger_samples.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(ledger_shred_test)

using namespace acgs;
using test::must;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t map_bytes = 1u << 28;

/// The entry that tells of it, as a gateway makes it.
ledger::shred shred_of(std::uint64_t index) {
  test::sample about;
  about.kind = domain::entry_kind::shred;
  about.input.clear();
  about.decision_id = "decision-" + std::to_string(index);
  ledger::shred out{index, test::make_append(about)};
  auto entry = *out.record.entry;
  entry.detail = R"({"entry":5,"reason":"request 7"})";
  out.record.entry = wire::entry{entry};
  return out;
}

std::string input_of(std::size_t i) {
  return "{\"patient\":\"No. " + std::to_string(1'000'000 + i) + "\"}";
}

struct fixture {
  test::scratch_folder folder;
  test::sample_signer signer;
  std::optional<store::stores> stores;
  std::optional<ledger::state> core;
  std::vector<bytes> keys;

  fixture() { start(); }

  void start() {
    core.reset();
    stores.reset();
    stores = must(store::open_stores({folder.path(), map_bytes}));
    core = must(ledger::state::open(*stores->ledger,
                                    {test::sample_origin, {signer.key}, 0}));
  }

  reader::state reader() {
    return must(reader::state::open(
        {stores->ledger, stores->index, test::sample_origin, {signer.key}}));
  }

  /// In small batches, each of which leaves copies of pages behind.
  void write(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      test::sample about;
      about.input = input_of(keys.size());
      about.decision_id = "decision-" + std::to_string(keys.size());
      ledger::batch what;
      what.entries.push_back(test::make_pending(about));
      keys.push_back(what.entries[0].record.payloads[0].key);
      must(std::move(must(core->write(what)).entries[0]));
    }
  }

  std::string everything() const {
    std::string out;
    for (const auto& at : fs::recursive_directory_iterator{folder.path()})
      if (at.is_regular_file())
        out += test::read_file(at.path());
    return out;
  }

  reader::entry_result shown(std::uint64_t index) {
    return must(reader().show({index, {}, true}));
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(ledger_shred, fixture)

BOOST_AUTO_TEST_CASE(no_file_holds_a_key_or_a_text) {
  write(100);
  must(core->shred(shred_of(5)));
  auto all = everything();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    BOOST_TEST(all.find(as_text(keys[i])) == std::string::npos);
    BOOST_TEST(all.find(std::to_string(1'000'000 + i)) == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(says_when_and_why_and_leaves_the_others_alone) {
  write(100);
  auto done = must(core->shred(shred_of(5)));
  BOOST_TEST(done.index == 100u);
  auto gone = shown(5);
  BOOST_REQUIRE(gone.payloads.size() == 1u);
  BOOST_TEST(gone.payloads[0].shredded);
  BOOST_TEST(!gone.payloads[0].lost);
  BOOST_TEST(gone.payloads[0].text.empty());
  BOOST_REQUIRE(gone.shredded.has_value());
  BOOST_TEST(gone.shredded->index == 100u);
  BOOST_TEST(gone.shredded->reason == "request 7");
  BOOST_TEST(gone.shredded->by == "alice");
  BOOST_TEST(gone.shredded->time_nanos == test::sample{}.time_nanos);
  for (std::size_t i : {0u, 4u, 6u, 99u}) {
    BOOST_TEST(shown(i).payloads[0].text == input_of(i));
    BOOST_TEST(!shown(i).shredded);
  }
  auto checked = must(reader().check({}));
  BOOST_TEST(checked.verified, checked.problem);
  BOOST_TEST(checked.checked == 101u);
}

BOOST_AUTO_TEST_CASE(a_copy_from_before_opens_all_but_what_was_shredded) {
  write(100);
  core.reset();
  stores.reset();
  auto copy = test::read_file(folder.path() / "ledger" / "data.mdb");
  start();
  write(1);
  must(core->shred(shred_of(5)));
  core.reset();
  stores.reset();
  test::write_file(folder.path() / "ledger" / "data.mdb", copy);
  start();
  auto gone = shown(5);
  BOOST_TEST(gone.payloads[0].lost);
  BOOST_TEST(gone.payloads[0].text.empty());
  BOOST_TEST(shown(6).payloads[0].text == input_of(6));
  BOOST_TEST(must(reader().check({})).verified);
}

BOOST_AUTO_TEST_CASE(a_copy_without_the_secrets_opens_nothing_and_verifies) {
  write(20);
  core.reset();
  stores.reset();
  fs::remove(folder.path() / "ledger" / "secrets");
  start();
  BOOST_TEST(shown(3).payloads[0].lost);
  BOOST_TEST(must(reader().check({})).verified);
  write(1); // and goes on with secrets of its own
  BOOST_TEST(shown(20).payloads[0].text == input_of(20));
  BOOST_TEST(shown(3).payloads[0].lost);
}

BOOST_AUTO_TEST_CASE(knows_what_lost_its_secrets_also_after_later_entries) {
  write(20);
  BOOST_TEST(core->lost_so_far().empty());
  auto secrets = folder.path() / "ledger" / "secrets";
  auto whole = test::read_file(secrets);
  auto lost = [&] {
    core.reset();
    start();
    std::string out;
    for (const auto& each : core->lost_so_far())
      out += each.origin + ' ' + std::to_string(each.first) + '-'
             + std::to_string(each.last);
    return out;
  };
  auto origin = std::string{test::sample_origin} + ' ';
  BOOST_TEST(lost() == "");
  fs::resize_file(secrets, 64 + 32 * 5);
  BOOST_TEST(lost() == origin + "5-19");
  // What is written from here on takes no secret of those that were cut off.
  write(3);
  BOOST_TEST(lost() == origin + "5-19");
  must(core->shred(shred_of(7)));
  BOOST_TEST(shown(21).payloads[0].text == input_of(21));
  BOOST_TEST(shown(4).payloads[0].text == input_of(4));
  BOOST_TEST(shown(8).payloads[0].lost);
  fs::remove(secrets);
  BOOST_TEST(lost() == origin + "0-22");
  BOOST_TEST(must(reader().check({})).verified);
  // Put back, it opens what it did.
  test::write_file(secrets, whole);
  fs::permissions(secrets, fs::perms::owner_read | fs::perms::owner_write);
  BOOST_TEST(shown(8).payloads[0].text == input_of(8));
}

// CONTROL hands in again at a start what it does not know to be written.
BOOST_AUTO_TEST_CASE(a_change_is_known_again_without_its_secret) {
  test::sample about;
  about.key = "change-1";
  about.kind = domain::entry_kind::control;
  auto write_change = [&] {
    ledger::batch what;
    what.entries.push_back(test::make_pending(about));
    what.entries[0].decision = {};
    return must(std::move(must(core->write(what)).entries[0]));
  };
  BOOST_TEST(!write_change().repeated);
  core.reset();
  stores.reset();
  fs::remove(folder.path() / "ledger" / "secrets");
  start();
  auto again = write_change();
  BOOST_TEST(again.repeated);
  BOOST_TEST(again.index == 0u);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_shredded_is_refused_and_nothing_written) {
  write(10);
  auto before = core->head();
  BOOST_TEST((code_of(core->shred(shred_of(10)).error()) == ec::not_found));
  must(core->shred(shred_of(5)));
  auto after = core->head();
  auto twice = core->shred(shred_of(5));
  BOOST_TEST((code_of(twice.error()) == ec::conflict));
  BOOST_TEST(sentence_of(twice.error()).find("entry 10") != std::string::npos);
  // The entry about it commits to nothing.
  BOOST_TEST((code_of(core->shred(shred_of(10)).error()) == ec::not_found));
  BOOST_TEST((core->head() == after));
  BOOST_TEST(after.size == before.size + 1);
  write(3);
  BOOST_TEST(must(reader().check({})).verified);
}

BOOST_AUTO_TEST_CASE(a_decision_that_was_remembered_can_not_be_shown_again) {
  test::sample about;
  about.key = "once";
  ledger::batch what;
  what.entries.push_back(test::make_pending(about));
  must(std::move(must(core->write(what)).entries[0]));
  must(core->shred(shred_of(0)));
  auto again = must(core->write(what));
  BOOST_TEST((code_of(again.entries[0].error()) == ec::conflict));
}

BOOST_AUTO_TEST_CASE(a_start_destroys_what_a_crash_left) {
  test::memory_disk disk;
  {
    test::memory_environment env{disk};
    auto first =
        must(ledger::state::open(env, {test::sample_origin, {signer.key}, 0}));
    ledger::batch what;
    what.entries.push_back(test::make_pending({}));
    must(first.write(what));
  }
  auto secrets = disk.secrets; // as they are when the crash comes
  {
    test::memory_environment env{disk};
    auto second =
        must(ledger::state::open(env, {test::sample_origin, {signer.key}, 0}));
    must(second.shred(shred_of(0)));
  }
  BOOST_TEST(!disk.secrets[0].has_value());
  std::copy(secrets.begin(), secrets.end(), disk.secrets.begin());
  test::memory_environment env{disk};
  auto third =
      must(ledger::state::open(env, {test::sample_origin, {signer.key}, 0}));
  BOOST_TEST(!disk.secrets[0].has_value());
  BOOST_TEST(disk.secrets[1].has_value());
  // The same where the start is that of a new epoch, and only until the next
  // commit.
  for (bool noted : {true, false}) {
    std::copy(secrets.begin(), secrets.end(), disk.secrets.begin());
    auto next = must(ledger::state::open(env, {"acgs/node-1/2", {}, 0}));
    BOOST_TEST(disk.secrets[0].has_value() == !noted);
    ledger::batch what;
    what.entries.push_back(test::make_pending({}));
    must(std::move(must(next.write(what)).entries[0]));
  }
}

BOOST_FIXTURE_TEST_CASE(knows_a_query_whose_entry_had_its_text, fixture) {
  test::sample about;
  about.key = "key-1\none body";
  for (auto path : {"x := 1", ""}) { // as earlier versions did, and as now
    about.path = path;
    ledger::batch what;
    what.entries.push_back(test::make_pending(about));
    auto done = must(std::move(must(core->write(what)).entries[0]));
    BOOST_TEST(done.repeated == about.path.empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
