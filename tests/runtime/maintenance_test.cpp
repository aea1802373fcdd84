// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Versions, migrations and compaction of stores that nobody has open.
#include "runtime/store/lmdb.hpp"
#include "runtime/store/lmdb_copy.hpp"
#include "runtime/store/maintenance.hpp"
#include "runtime/store/stores.hpp"
#include "runtime/store/tables.hpp"
#include "runtime/store/wal_environment.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(maintenance_test)

using namespace acgs;
using namespace acgs::store;
using test::must;
namespace fs = std::filesystem;

namespace {

struct fixture : test::scratch_folder {
  fs::path folder = path() / "store";
  fs::path ledger = folder / "ledger";

  /// Stores of version 1, as a first start leaves them.
  fixture() { must(open_stores({folder, 1u << 24})); }

  std::unique_ptr<environment> open(const fs::path& at) {
    lmdb_options options;
    options.folder = at;
    return must(open_lmdb(options));
  }

  void put(environment& in, const std::string& name, std::size_t first,
           std::size_t count, std::size_t size) {
    auto id = must(in.open_table(name));
    auto writing = must(in.write());
    for (std::size_t i = first; i < first + count; ++i)
      BOOST_REQUIRE(!writing->put(id, to_key(i), bytes(size, std::byte{7})));
    BOOST_REQUIRE(!writing->commit());
  }

  std::size_t count(const fs::path& at, const std::string& name) {
    auto env = open(at);
    auto id = must(env->find_table(name));
    if (!id)
      return 0;
    auto reading = must(env->read());
    auto walk = must(reading->walk(*id));
    std::size_t out = 0;
    for (auto found = must(walk->first()); found; found = must(walk->next()))
      ++out;
    return out;
  }

  /// As a crash leaves it: records that are in the write-ahead log alone.
  void leave_in_log(const std::string& name, std::size_t count) {
    auto all = must(open_stores({folder, 1u << 24}));
    auto in = must(wal_environment::open(*all.ledger, *all.wal));
    put(*in, name, 0, count, 100);
    BOOST_TEST(!in->published());
  }

  /// A ledger of version 2, to which the migration adds a table's records.
  schema newer(migration how) {
    auto out = ledger_schema();
    out.version = 2;
    out.migrations = {std::move(how)};
    return out;
  }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(shows_the_versions_also_while_a_node_runs, fixture) {
  auto all = must(read_versions(folder));
  BOOST_REQUIRE(all.size() == 3u);
  for (const auto& each : all) {
    BOOST_TEST(each.stored == each.known);
    BOOST_TEST(each.bytes > 0u);
  }
  BOOST_TEST(
      (code_of(read_versions(path() / "none").error()) == ec::not_found));
  BOOST_TEST(!fs::exists(path() / "none"));
}

BOOST_FIXTURE_TEST_CASE(keeps_what_was_before_a_migration_beside_it, fixture) {
  put(*open(ledger), "old", 0, 10, 100);
  auto to = newer([](environment& in, write_transaction& with) {
    auto meta = must(in.find_table(meta::name));
    return with.put(*meta, as_byte_view("migrated"), as_byte_view("1"));
  });
  BOOST_TEST(!migrate_environment(ledger, to));
  BOOST_TEST(must(stored_version(*open(ledger), to)) == 2u);
  auto before = ledger;
  before += ".v1";
  BOOST_TEST(must(stored_version(*open(before), to)) == 1u);
  BOOST_TEST(count(before, "old") == 10u);
  // A second time nothing is to be done.
  BOOST_TEST(!migrate_environment(ledger, to));
}

BOOST_FIXTURE_TEST_CASE(a_migration_that_fails_leaves_the_store_as_it_was,
                        fixture) {
  auto to = newer([](environment&, write_transaction&) {
    return make_error(ec::internal, "no such luck");
  });
  BOOST_TEST((code_of(migrate_environment(ledger, to)) == ec::internal));
  BOOST_TEST(must(stored_version(*open(ledger), to)) == 1u);
  BOOST_TEST(!migrate_stores(folder));
  must(open_stores({folder, 1u << 24}));
}

BOOST_FIXTURE_TEST_CASE(a_store_of_a_newer_program_is_refused_at_start,
                        fixture) {
  auto to =
      newer([](environment&, write_transaction&) { return caf::error{}; });
  BOOST_REQUIRE(!migrate_environment(ledger, to));
  auto refused = open_stores({folder, 1u << 24});
  BOOST_TEST((code_of(refused.error()) == ec::conflict));
  auto why = sentence_of(refused.error());
  BOOST_TEST(why.find("version 2") != std::string::npos, why);
  BOOST_TEST((code_of(migrate_stores(folder)) == ec::conflict));
  auto untouched = test::read_file(ledger / "data.mdb");
  auto compacted = compact_stores(folder);
  BOOST_REQUIRE(!compacted);
  BOOST_TEST((code_of(compacted.error()) == ec::conflict));
  BOOST_TEST((test::read_file(ledger / "data.mdb") == untouched));
  auto all = must(read_versions(folder));
  BOOST_TEST(all.front().stored == 2u);
  BOOST_TEST(all.front().known == 1u);
}

BOOST_FIXTURE_TEST_CASE(compaction_gives_back_what_is_free, fixture) {
  put(*open(ledger), "t", 0, 2000, 1000);
  {
    auto env = open(ledger);
    auto id = must(env->open_table("t"));
    auto writing = must(env->write());
    for (std::size_t i = 100; i < 2000; ++i)
      BOOST_REQUIRE(!writing->erase(id, to_key(i)));
    BOOST_REQUIRE(!writing->commit());
  }
  auto won = must(compact_stores(folder));
  BOOST_TEST(won.front().name == "ledger");
  BOOST_TEST(won.front().after < won.front().before / 2);
  BOOST_TEST(won.front().after == size_of_lmdb(ledger));
  BOOST_TEST(count(ledger, "t") == 100u);
  BOOST_TEST(
      (fs::status(ledger / "data.mdb").permissions() == fs::perms{0600}));
  must(open_stores({folder, 1u << 24}));
}

BOOST_FIXTURE_TEST_CASE(stores_that_a_node_has_are_left_alone, fixture) {
  auto all = must(open_stores({folder, 1u << 24}));
  BOOST_TEST((code_of(compact_stores(folder).error()) == ec::unavailable));
  BOOST_TEST((code_of(migrate_stores(folder)) == ec::unavailable));
}

BOOST_FIXTURE_TEST_CASE(a_copy_never_replaces_a_file, fixture) {
  auto to = path() / "copy";
  BOOST_TEST(!copy_lmdb(ledger, to));
  BOOST_TEST((code_of(copy_lmdb(ledger, to)) == ec::conflict));
  BOOST_TEST(must(stored_version(*open(to), ledger_schema())) == 1u);
  BOOST_TEST(
      (code_of(copy_lmdb(path() / "none", path() / "other")) != ec::none));
}

BOOST_FIXTURE_TEST_CASE(what_only_the_write_ahead_log_holds_is_taken_up,
                        fixture) {
  leave_in_log("t", 5);
  BOOST_TEST(count(ledger, "t") == 0u);
  must(open_whole(ledger));
  BOOST_TEST(count(ledger, "t") == 5u);
  must(open_whole(ledger)); // once
  BOOST_TEST(count(ledger, "t") == 5u);
  must(open_stores({folder, 1u << 24}));
  must(open_whole(folder / "state")); // has no such log
}

BOOST_FIXTURE_TEST_CASE(a_store_without_its_write_ahead_log_is_refused,
                        fixture) {
  leave_in_log("t", 5);
  fs::rename(ledger / "wal", path() / "wal");
  auto check = [&](const auto& refused) {
    BOOST_REQUIRE(!refused);
    BOOST_TEST((code_of(refused.error()) == ec::store_corrupt));
    auto why = sentence_of(refused.error());
    BOOST_TEST(why.starts_with(ledger.string()), why);
    BOOST_TEST(why.find("write-ahead log is gone") != std::string::npos, why);
  };
  check(open_whole(ledger));
  check(compact_stores(folder));
  BOOST_TEST(!fs::exists(ledger / "wal")); // none is made
  fs::rename(path() / "wal", ledger / "wal");
  must(open_whole(ledger));
  BOOST_TEST(count(ledger, "t") == 5u);
}

BOOST_FIXTURE_TEST_CASE(a_store_whose_write_ahead_log_was_cut_is_refused,
                        fixture) {
  leave_in_log("t", 5);
  fs::resize_file(ledger / "wal", 4096);
  for (int i = 0; i < 2; ++i) {
    auto refused = open_whole(ledger);
    BOOST_REQUIRE(!refused);
    BOOST_TEST((code_of(refused.error()) == ec::store_corrupt));
    auto why = sentence_of(refused.error());
    BOOST_TEST(why.starts_with(ledger.string()), why);
    BOOST_TEST(why.find("has 4096 bytes; it was made with 8388608")
                   != std::string::npos,
               why);
  }
}

BOOST_FIXTURE_TEST_CASE(a_record_that_is_dropped_as_unfinished_is_told_of,
                        fixture) {
  leave_in_log("t", 5);
  auto content = test::read_file(ledger / "wal");
  content[4096 + 100] ^= 1;
  test::write_file(ledger / "wal", content);
  std::vector<unfinished_record> told;
  auto tell = [&](const auto& dropped) { told.push_back(dropped); };
  must(open_whole(ledger, tell));
  BOOST_TEST_REQUIRE(told.size() == 1u);
  BOOST_TEST(told[0].at == 4096u);
  BOOST_TEST(told[0].size > 500u);
  BOOST_TEST(count(ledger, "t") == 0u);
}

BOOST_FIXTURE_TEST_CASE(compaction_takes_the_write_ahead_log_up, fixture) {
  leave_in_log("t", 5);
  must(compact_stores(folder));
  BOOST_TEST(count(ledger, "t") == 5u);
  auto all = must(open_stores({folder, 1u << 24}));
  auto in = must(wal_environment::open(*all.ledger, *all.wal));
  BOOST_TEST(in->published());
}

BOOST_FIXTURE_TEST_CASE(a_migration_takes_the_write_ahead_log_up_first,
                        fixture) {
  leave_in_log("old", 5);
  auto to =
      newer([](environment&, write_transaction&) { return caf::error{}; });
  BOOST_REQUIRE(!migrate_environment(ledger, to));
  BOOST_TEST(count(ledger, "old") == 5u);
  // What is kept is a whole store as well, with the log that it names.
  auto before = ledger;
  before += ".v1";
  BOOST_TEST(count(before, "old") == 5u);
  must(open_whole(before));
  BOOST_TEST(count(before, "old") == 5u);
}

BOOST_FIXTURE_TEST_CASE(the_log_of_a_newer_program_is_left_alone, fixture) {
  auto to =
      newer([](environment&, write_transaction&) { return caf::error{}; });
  BOOST_REQUIRE(!migrate_environment(ledger, to));
  test::write_file(ledger / "wal", "a form that nobody here knows");
  BOOST_TEST(
      (code_of(open_stores({folder, 1u << 24}).error()) == ec::conflict));
  BOOST_TEST((code_of(migrate_stores(folder)) == ec::conflict));
  BOOST_TEST(test::read_file(ledger / "wal")
             == "a form that nobody here knows");
}

BOOST_AUTO_TEST_SUITE_END()
