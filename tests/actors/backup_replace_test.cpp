// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// A restore over stores that hold what the backup does not: entries that a
// crash left in their write-ahead log alone, or those of another log.
#include "runtime/backup/restore.hpp"
#include "runtime/store/maintenance.hpp"
#include "runtime/store/stores.hpp"
#include "runtime/store/tables.hpp"
#include "tests/support/backup_world.hpp"

BOOST_AUTO_TEST_SUITE(backup_replace_test)

using namespace acgs;
using namespace acgs::test;

namespace {

struct fixture : backup_world {
  backup::restore_options how;

  fixture() {
    write(70);
    change();
    how.files = {write_backup("all")};
    how.to = folder.path() / "store";
    how.keys = {signer.key};
    how.aside = ".aside";
    must(backup::restore(how));
    how.replace = true;
  }

  store::stores open() { return must(store::open_stores({how.to})); }

  /// One more entry, acknowledged, and the process is gone.
  void write_and_crash(const std::string& origin = sample_origin) {
    auto all = open();
    auto log = must(ledger::state::open(
        *all.ledger, {origin, {signer.key}, 0, all.wal.get()}));
    ledger::batch one;
    one.entries.push_back(make_pending({}));
    must(std::move(must(log.write(one)).entries.front()));
  }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(what_was_acknowledged_last_is_not_replaced, fixture) {
  BOOST_TEST(must(backup::restore(how)).size == 71u);
  how.aside += ".again";
  write_and_crash();
  for (int i = 0; i < 2; ++i) {
    auto refused = backup::restore(how);
    BOOST_REQUIRE(!refused);
    BOOST_TEST((code_of(refused.error()) == ec::conflict));
    auto why = sentence_of(refused.error());
    BOOST_TEST(why.find("a log of 72 entries") != std::string::npos, why);
  }
  auto all = open();
  auto tables = must(store::log_tables::open(*all.ledger, sample_origin));
  BOOST_TEST(must(store::log_view::open(*all.ledger, tables)).head().size
             == 72u);
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_known_is_not_replaced, fixture) {
  write_and_crash();
  std::filesystem::remove(how.to / "ledger" / "wal");
  auto refused = backup::restore(how);
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::store_corrupt));
  auto why = sentence_of(refused.error());
  BOOST_TEST(why.find("move '" + how.to.string() + "' away")
                 != std::string::npos,
             why);
}

BOOST_FIXTURE_TEST_CASE(a_log_without_its_store_is_not_replaced, fixture) {
  write_and_crash();
  std::filesystem::remove(how.to / "ledger" / "data.mdb");
  std::filesystem::remove(how.to / "ledger" / "lock.mdb");
  auto refused = backup::restore(how);
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::store_corrupt));
}

BOOST_FIXTURE_TEST_CASE(a_newer_store_is_not_replaced, fixture) {
  {
    auto ledger = must(store::open_whole(how.to / "ledger"));
    auto newer = must(ledger->write());
    BOOST_REQUIRE(!newer->put(must(ledger->open_table(store::meta::name)),
                              as_byte_view(store::meta::schema_key),
                              as_byte_view(std::string_view{"ledger/9"})));
    BOOST_REQUIRE(!newer->commit());
  }
  auto refused = backup::restore(how);
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::conflict));
  auto why = sentence_of(refused.error());
  BOOST_TEST(why.find("schema version 9") != std::string::npos, why);
}

BOOST_FIXTURE_TEST_CASE(a_log_of_another_origin_is_not_replaced, fixture) {
  const std::string other = std::string{sample_origin} + "0";
  {
    // One that was begun and has no entry: nothing would be lost.
    auto ledger = must(store::open_whole(how.to / "ledger"));
    must(ledger::state::open(*ledger, {other, {signer.key}, 0}));
  }
  must(backup::restore(how));
  how.aside += ".again";
  write_and_crash(other);
  auto refused = backup::restore(how);
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::conflict));
  auto why = sentence_of(refused.error());
  for (const auto& said : {"a log of 1 entries of " + other,
                           "the backup is of " + std::string{sample_origin},
                           "move '" + how.to.string() + "' away",
                           std::string{"acgsd --new-epoch REASON"}})
    BOOST_TEST(why.find(said) != std::string::npos, why);
  // The backup's own log beside it or not.
  std::filesystem::remove_all(how.to);
  write_and_crash(other);
  BOOST_TEST((code_of(backup::restore(how).error()) == ec::conflict));
  auto ledger = must(store::open_whole(how.to / "ledger"));
  BOOST_TEST(must(store::log_view::open(*ledger, other)).head().size == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
