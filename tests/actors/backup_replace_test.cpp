// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// A restore over stores that a crash left with entries in their write-ahead
// log alone.
#include "runtime/backup/restore.hpp"
#include "runtime/store/stores.hpp"
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
  void write_and_crash() {
    auto all = open();
    auto log = must(ledger::state::open(
        *all.ledger, {sample_origin, {signer.key}, 0, all.wal.get()}));
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
}

BOOST_AUTO_TEST_SUITE_END()
