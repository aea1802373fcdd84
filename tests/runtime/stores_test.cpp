// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// All stores of a node, opened together, and the index that may be lost.
#include "runtime/store/folder.hpp"
#include "runtime/store/lmdb.hpp"
#include "runtime/store/stores.hpp"
#include "runtime/store/tables.hpp"
#include "runtime/store/wal_environment.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

#include <algorithm>

BOOST_AUTO_TEST_SUITE(stores_test)

using namespace acgs;
using namespace acgs::store;
using test::must;

namespace {

struct fixture : test::scratch_folder {
  std::filesystem::path folder = path() / "store";

  result<stores> open() { return open_stores({folder, 1u << 24}); }

  static void put(environment& in, const char* table, const char* key) {
    auto id = must(in.open_table(table));
    auto writing = must(in.write());
    BOOST_TEST(!writing->put(id, as_byte_view(key), as_byte_view("1")));
    BOOST_TEST(!writing->commit());
  }

  static bool has(environment& in, const char* table, const char* key) {
    auto id = must(in.find_table(table));
    if (!id)
      return false;
    return must(must(in.read())->get(*id, as_byte_view(key))).has_value();
  }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(keeps_every_store_over_a_restart, fixture) {
  {
    auto all = must(open());
    for (auto* env : {&all.ledger, &all.state, &all.index})
      put(**env, "t", "kept");
    BOOST_TEST(std::filesystem::exists(folder / "index" / "session"));
  }
  BOOST_TEST(!std::filesystem::exists(folder / "index" / "session"));
  auto all = must(open());
  for (auto* env : {&all.ledger, &all.state, &all.index})
    BOOST_TEST(has(**env, "t", "kept"));
}

BOOST_FIXTURE_TEST_CASE(lets_one_process_have_the_folder, fixture) {
  auto all = must(open());
  auto refused = open();
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::unavailable));
  BOOST_TEST(sentence_of(refused.error()).find("process") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(belong_to_their_owner_alone, fixture) {
  namespace fs = std::filesystem;
  auto old = ::umask(0);
  must(open());
  ::umask(old);
  // What a start made itself was open to nobody.
  BOOST_TEST(must(close_to_others(folder)).empty());
  fs::permissions(folder, fs::perms{0777});
  fs::permissions(folder / "state" / "data.mdb", fs::perms{0666});
  fs::permissions(folder / "ledger" / "data.mdb", fs::perms{0440});
  auto kept = path() / "elsewhere";
  test::write_file(kept, "");
  fs::permissions(kept, fs::perms{0644});
  fs::create_symlink(kept, folder / "ledger" / "link");
  auto was = must(close_to_others(folder));
  std::ranges::sort(was);
  BOOST_TEST(was
                 == (std::vector<std::string>{
                     folder.string()
                         + " was open to its group (read, write, enter) and "
                           "to everybody (read, write, enter)",
                     (folder / "ledger" / "data.mdb").string()
                         + " was open to its group (read)",
                     (folder / "state" / "data.mdb").string()
                         + " was open to its group (read, write) and to "
                           "everybody (read, write)"}),
             boost::test_tools::per_element());
  BOOST_TEST((fs::status(kept).permissions() == fs::perms{0644}));
  fs::permissions(folder / "ledger" / "data.mdb", fs::perms{0604});
  fs::permissions(folder / "index", fs::perms{0755});
  must(open());
  for (const auto& each : fs::recursive_directory_iterator{folder})
    if (!each.is_symlink())
      BOOST_TEST((each.status().permissions()
                  == fs::perms{each.is_directory() ? 0700U : 0600U}),
                 each.path());
}

BOOST_FIXTURE_TEST_CASE(drops_an_index_that_another_boot_left_open, fixture) {
  {
    auto all = must(open());
    put(*all.index, "t", "torn");
  }
  test::write_file(folder / "index" / "session", "another boot\n");
  auto all = must(open());
  BOOST_TEST(!has(*all.index, "t", "torn"));
}

BOOST_FIXTURE_TEST_CASE(keeps_an_index_that_a_killed_process_left, fixture) {
  std::string session;
  {
    auto all = must(open());
    put(*all.index, "t", "kept");
    session = test::read_file(folder / "index" / "session");
  }
  test::write_file(folder / "index" / "session", session);
  auto all = must(open());
  BOOST_TEST(has(*all.index, "t", "kept"));
}

BOOST_FIXTURE_TEST_CASE(drops_a_damaged_index_and_nothing_else, fixture) {
  must(open());
  test::write_file(folder / "index" / "data.mdb", std::string(9000, 'x'));
  must(open());
  test::write_file(folder / "ledger" / "data.mdb", std::string(9000, 'x'));
  auto refused = open();
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::store_corrupt));
  BOOST_TEST((test::read_file(folder / "ledger" / "data.mdb")
              == std::string(9000, 'x')));
}

BOOST_FIXTURE_TEST_CASE(refuses_secrets_that_are_something_else, fixture) {
  must(open());
  auto file = folder / "ledger" / "secrets";
  test::write_file(file, std::string(200, 'x'));
  auto refused = open();
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::store_corrupt));
  BOOST_TEST(sentence_of(refused.error()).find(file.string())
             != std::string::npos);
  BOOST_TEST(test::read_file(file) == std::string(200, 'x'));
}

BOOST_FIXTURE_TEST_CASE(refuses_stores_that_were_exchanged, fixture) {
  must(open());
  std::filesystem::remove_all(folder / "ledger");
  std::filesystem::rename(folder / "state", folder / "ledger");
  auto refused = open();
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::store_corrupt));
}

// A node that went on would forget policies, users and revocations, or begin a
// second log under the name of the first.
BOOST_FIXTURE_TEST_CASE(refuses_a_store_that_is_gone_while_another_is_there,
                        fixture) {
  for (auto* gone : {"state", "ledger"}) {
    std::filesystem::remove_all(folder);
    put(*must(open()).ledger, blobs::name, "used");
    std::filesystem::remove_all(folder / gone);
    // Refusing must not make it look used the second time.
    for (int i = 0; i < 2; ++i) {
      auto refused = open();
      BOOST_REQUIRE(!refused);
      BOOST_TEST((code_of(refused.error()) == ec::store_corrupt));
      BOOST_TEST(sentence_of(refused.error()).find("was lost")
                 != std::string::npos);
    }
  }
}

BOOST_FIXTURE_TEST_CASE(goes_on_with_a_first_start_that_was_cut_off, fixture) {
  (void)must(open());
  std::filesystem::remove_all(folder / "state");
  (void)must(open());
}

BOOST_FIXTURE_TEST_CASE(goes_on_without_the_write_ahead_log_only_when_told_to,
                        fixture) {
  auto wal = folder / "ledger" / "wal";
  for (bool gone : {true, false}) {
    auto* key = gone ? "gone" : "spoilt";
    {
      auto all = must(open());
      auto in = must(wal_environment::open(*all.ledger, *all.wal));
      put(*in, "t", "published");
      BOOST_TEST(!in->publish());
      put(*in, "t", key);
    }
    if (gone)
      std::filesystem::remove(wal);
    else
      test::write_file(wal, std::string(8192, 'x'));
    for (int i = 0; i < 2; ++i) {
      auto refused = open();
      BOOST_REQUIRE(!refused);
      BOOST_TEST((code_of(refused.error()) == ec::store_corrupt));
    }
    {
      auto all = must(open_stores({folder, 1u << 24, true}));
      BOOST_TEST(has(*all.ledger, "t", "published"));
      BOOST_TEST(!has(*all.ledger, "t", key));
    }
    auto all = must(open());
    auto in = must(wal_environment::open(*all.ledger, *all.wal));
    put(*in, "t", "later");
    BOOST_TEST(!in->published());
  }
  BOOST_TEST(has(*must(open()).ledger, "t", "later"));
  BOOST_TEST(test::read_file(folder / "ledger" / "wal.lost-2")
             == std::string(8192, 'x'));
}

BOOST_AUTO_TEST_SUITE_END()
