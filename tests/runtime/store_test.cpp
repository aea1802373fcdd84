// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The store: what it promises, checked on LMDB and on its twin in memory.
#include "runtime/store/lmdb.hpp"
#include "runtime/store/lock.hpp"
#include "runtime/store/tables.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <map>
#include <random>

BOOST_AUTO_TEST_SUITE(store_test)

using namespace acgs;
using namespace acgs::store;
using acgs::test::must;

namespace {

/// Either kind of store, opened again as often as a test likes.
struct any_store {
  test::scratch_folder folder;
  test::memory_disk disk;
  bool on_disk;

  explicit any_store(bool lmdb) : on_disk{lmdb} {
    // Nothing is opened yet.
  }
  std::unique_ptr<environment> open() {
    if (!on_disk)
      return std::make_unique<test::memory_environment>(disk);
    return must(open_lmdb({folder.path() / "s", 1u << 24}));
  }
};

byte_view view(std::string_view text) {
  return as_byte_view(text);
}

void put(environment& in, table to, std::string_view key,
         std::string_view value) {
  auto writing = in.write();
  BOOST_REQUIRE(static_cast<bool>(writing));
  BOOST_TEST(!(*writing)->put(to, view(key), view(value)));
  BOOST_TEST(!(*writing)->commit());
}

std::string get(environment& in, table from, std::string_view key) {
  auto reading = in.read();
  auto found = (*reading)->get(from, view(key));
  BOOST_REQUIRE(static_cast<bool>(found));
  return *found ? std::string{as_text(**found)} : "(none)";
}

const bool kinds[] = {true, false};

schema version(unsigned number) {
  schema out{"test", number, {}};
  for (unsigned from = 1; from < number; ++from)
    out.migrations.push_back([from](environment&, write_transaction& with) {
      return with.put(table{0}, view("never"), view(std::to_string(from)));
    });
  return out;
}

} // namespace

BOOST_DATA_TEST_CASE(keeps_what_was_committed_and_nothing_else, kinds) {
  any_store store{sample};
  {
    auto env = store.open();
    auto t = *env->open_table("t");
    put(*env, t, "kept", "1");
    auto writing = must(env->write());
    BOOST_TEST(!writing->put(t, view("lost"), view("2")));
    BOOST_TEST(!writing->erase(t, view("kept")));
  }
  auto env = store.open();
  BOOST_TEST(!env->fresh());
  auto t = *env->open_table("t");
  BOOST_TEST(get(*env, t, "kept") == "1");
  BOOST_TEST(get(*env, t, "lost") == "(none)");
}

BOOST_DATA_TEST_CASE(shows_a_reader_one_moment, kinds) {
  any_store store{sample};
  auto env = store.open();
  auto t = *env->open_table("t");
  put(*env, t, "k", "old");
  auto reading = must(env->read());
  put(*env, t, "k", "new");
  BOOST_TEST(as_text(**reading->get(t, view("k"))) == "old");
  BOOST_TEST(get(*env, t, "k") == "new");
}

BOOST_DATA_TEST_CASE(walks_keys_in_their_order_both_ways, kinds) {
  any_store store{sample};
  auto env = store.open();
  auto t = *env->open_table("t");
  for (auto key : {"b", "d", "a"})
    put(*env, t, key, key);
  auto reading = must(env->read());
  auto at = must(reading->walk(t));
  BOOST_TEST(*at->first());
  BOOST_TEST(as_text(at->key()) == "a");
  BOOST_TEST(*at->seek(view("c")));
  BOOST_TEST(as_text(at->key()) == "d");
  BOOST_TEST(*at->previous());
  BOOST_TEST(as_text(at->value()) == "b");
  BOOST_TEST(*at->last());
  BOOST_TEST(as_text(at->key()) == "d");
  BOOST_TEST(!*at->next());
  BOOST_TEST(!*at->seek(view("e")));
}

BOOST_DATA_TEST_CASE(appends_only_beyond_the_last_key, kinds) {
  any_store store{sample};
  auto env = store.open();
  auto t = *env->open_table("t");
  auto writing = must(env->write());
  BOOST_TEST(!writing->append(t, to_key(1), view("1")));
  BOOST_TEST(!writing->append(t, to_key(256), view("2")));
  BOOST_TEST(
      (code_of(writing->append(t, to_key(256), view("3"))) == ec::conflict));
  BOOST_TEST(
      (code_of(writing->append(t, to_key(2), view("3"))) == ec::conflict));
  BOOST_TEST(
      (code_of(writing->put(t, bytes(512), {})) == ec::invalid_argument));
  BOOST_TEST((code_of(writing->put(t, {}, {})) == ec::invalid_argument));
}

// Neighbouring keys and far ones, small values and large, two tables in turn:
// what a transaction writes does not depend on what it wrote before.
BOOST_DATA_TEST_CASE(keeps_changes_in_any_order_as_a_map_does, kinds) {
  any_store store{sample};
  auto env = store.open();
  table tables[] = {*env->open_table("a"), *env->open_table("b")};
  std::map<std::string, std::string> held[2];
  std::mt19937 chance{20261122};
  std::uint64_t beside = 0;
  for (int turn = 0; turn < 30; ++turn) {
    auto writing = must(env->write());
    auto hoped = std::to_array(held);
    for (int i = 0; i < 400; ++i) {
      auto which = chance() % 2;
      beside = chance() % 4 == 0 ? chance() % 4000 : beside + 1;
      auto key = std::string{as_text(to_key(beside))};
      auto value = std::string(chance() % (i % 50 == 0 ? 9000 : 90), 'v');
      if (chance() % 5 == 0) {
        BOOST_REQUIRE(!writing->erase(tables[which], view(key)));
        hoped[which].erase(key);
        continue;
      }
      BOOST_REQUIRE(!writing->put(tables[which], view(key), view(value)));
      hoped[which][key] = value;
      BOOST_REQUIRE(as_text(**writing->get(tables[which], view(key))) == value);
    }
    if (turn % 4 == 3)
      continue; // given up
    BOOST_REQUIRE(!writing->commit());
    held[0] = hoped[0];
    held[1] = hoped[1];
  }
  auto reading = must(env->read());
  for (int which : {0, 1}) {
    auto at = must(reading->walk(tables[which]));
    auto more = must(at->first());
    for (const auto& [key, value] : held[which]) {
      BOOST_REQUIRE(more);
      BOOST_TEST(as_text(at->key()) == key);
      BOOST_TEST((as_text(at->value()) == value));
      more = must(at->next());
    }
    BOOST_TEST(!more);
  }
}

BOOST_DATA_TEST_CASE(finds_a_table_only_where_it_was_made, kinds) {
  any_store store{sample};
  auto env = store.open();
  BOOST_TEST(env->fresh());
  BOOST_TEST(!env->find_table("t")->has_value());
  BOOST_TEST(static_cast<bool>(env->open_table("t")));
  BOOST_TEST(env->find_table("t")->has_value());
}

BOOST_DATA_TEST_CASE(marks_a_fresh_store_and_knows_it_again, kinds) {
  any_store store{sample};
  {
    auto env = store.open();
    BOOST_TEST(*stored_version(*env, version(1)) == 0u);
    BOOST_TEST(!ensure_schema(*env, version(1)));
  }
  auto env = store.open();
  BOOST_TEST(*stored_version(*env, version(1)) == 1u);
  BOOST_TEST(!ensure_schema(*env, version(1)));
}

BOOST_DATA_TEST_CASE(refuses_a_newer_store_and_another_kind, kinds) {
  any_store store{sample};
  BOOST_TEST(!ensure_schema(*store.open(), version(3)));
  auto env = store.open();
  BOOST_TEST((code_of(ensure_schema(*env, version(2))) == ec::conflict));
  BOOST_TEST(
      (code_of(ensure_schema(*env, ledger_schema())) == ec::store_corrupt));
  BOOST_TEST(get(*env, *env->open_table("meta"), "schema") == "test/3");
}

BOOST_DATA_TEST_CASE(leaves_a_store_alone_that_is_not_ours, kinds) {
  any_store store{sample};
  {
    auto env = store.open();
    put(*env, *env->open_table("other"), "a", "b");
  }
  auto env = store.open();
  BOOST_TEST((code_of(ensure_schema(*env, version(1))) == ec::store_corrupt));
  BOOST_TEST(!env->find_table("meta")->has_value());
}

BOOST_DATA_TEST_CASE(migrates_step_by_step_in_one_transaction, kinds) {
  any_store store{sample};
  BOOST_TEST(!ensure_schema(*store.open(), version(1)));
  auto env = store.open();
  auto target = version(3);
  std::vector<int> steps;
  auto meta = *env->open_table("meta");
  auto noting = [&steps, meta](int step) -> migration {
    return [&steps, step, meta](environment&, write_transaction& with) {
      steps.push_back(step);
      return with.put(meta, view("step"), view(std::to_string(step)));
    };
  };
  target.migrations = {noting(1), noting(2)};
  BOOST_TEST(!ensure_schema(*env, target));
  BOOST_TEST((steps == std::vector<int>{1, 2}));
  BOOST_TEST(get(*env, meta, "step") == "2");
  BOOST_TEST(*stored_version(*env, target) == 3u);
}

BOOST_DATA_TEST_CASE(changes_nothing_where_a_migration_fails, kinds) {
  any_store store{sample};
  BOOST_TEST(!ensure_schema(*store.open(), version(1)));
  auto env = store.open();
  auto target = version(2);
  auto meta = *env->open_table("meta");
  target.migrations[0] = [meta](environment&, write_transaction& with) {
    BOOST_TEST(!with.put(meta, view("step"), view("1")));
    return make_error(ec::internal, "no");
  };
  BOOST_TEST((code_of(ensure_schema(*env, target)) == ec::internal));
  BOOST_TEST(get(*env, meta, "step") == "(none)");
  BOOST_TEST(*stored_version(*env, target) == 1u);
}

BOOST_FIXTURE_TEST_CASE(says_full_when_the_map_is_full, test::scratch_folder) {
  auto env = must(open_lmdb({path() / "s", 1u << 20}));
  auto t = *env->open_table("t");
  caf::error bad;
  for (std::uint64_t i = 0; !bad && i < 1000; ++i) {
    auto writing = must(env->write());
    bad = writing->append(t, to_key(i), bytes(4096));
    if (!bad)
      bad = writing->commit();
  }
  BOOST_TEST((code_of(bad) == ec::store_full));
  auto now = *env->measure(0);
  BOOST_TEST(now.map_bytes == 1u << 20);
  BOOST_TEST(now.left() < (1u << 17));
  // Reading goes on, and so does writing once there is room.
  BOOST_TEST(static_cast<bool>((*env->read())->get(t, to_key(0))));
  auto larger = must(open_lmdb({path() / "s2", 1u << 22}));
  put(*larger, *larger->open_table("t"), "k", "v");
}

BOOST_FIXTURE_TEST_CASE(counts_what_can_be_used_again, test::scratch_folder) {
  auto env = must(open_lmdb({path() / "s", 1u << 20}));
  auto t = *env->open_table("t");
  auto change = [&](auto each) {
    auto writing = must(env->write());
    for (std::uint64_t i = 0; i < 100; ++i)
      BOOST_REQUIRE(!each(*writing, to_key(i)));
    BOOST_REQUIRE(!writing->commit());
  };
  auto fill = [&](auto& to, auto key) { return to.put(t, key, bytes(4096)); };
  auto empty = [&](auto& to, auto key) { return to.erase(t, key); };
  auto left = [&](std::uint64_t enough) {
    return env->measure(enough)->left();
  };
  change(fill);
  auto never_used = left(0);
  BOOST_TEST(left(1u << 20) < never_used + (1u << 17));
  auto sees_all = must(env->read()); // and so keeps it from being used again
  change(empty);
  put(*env, t, "k", "v");
  BOOST_TEST(left(1u << 20) < never_used + (1u << 17));
  sees_all.reset();
  BOOST_TEST(left(1u << 20) > never_used + 100 * 4096);
  BOOST_TEST(left(0) <= never_used);
  // Nothing is counted where nothing more is asked for.
  BOOST_TEST(left(left(0)) == left(0));
  change(fill);
  BOOST_TEST(left(0) + (1u << 17) > never_used);
}

BOOST_FIXTURE_TEST_CASE(reports_a_file_that_is_not_a_store,
                        test::scratch_folder) {
  std::filesystem::create_directories(path() / "s");
  auto file = path() / "s" / "data.mdb";
  for (auto text : {std::string(100, 'x'), std::string(100000, 'x')}) {
    test::write_file(file, text);
    auto opened = open_lmdb({path() / "s", 1u << 20});
    BOOST_REQUIRE(!opened);
    BOOST_TEST((code_of(opened.error()) == ec::store_corrupt));
    BOOST_TEST((test::read_file(file) == text));
  }
}

BOOST_FIXTURE_TEST_CASE(names_the_table_and_the_folder_in_errors,
                        test::scratch_folder) {
  auto env = must(open_lmdb({path() / "s", 1u << 20}));
  auto t = must(env->open_table("entries/a"));
  auto where = " the table entries/a of " + (path() / "s").string() + ": ";
  auto has = [&](const caf::error& why, const std::string& doing) {
    return sentence_of(why).starts_with("cannot " + doing + where);
  };
  bytes endless(key_size_max + 1);
  auto writing = must(env->write());
  BOOST_TEST(has(writing->put(t, endless, {}), "write to"));
  BOOST_TEST(has(writing->get(t, {}).error(), "read from"));
  writing.reset();
  auto reading = must(env->read());
  BOOST_TEST(sentence_of(reading->walk(table{99}).error())
                 .starts_with("cannot walk the table 99 of "));
}

BOOST_FIXTURE_TEST_CASE(makes_files_that_others_cannot_read,
                        test::scratch_folder) {
  auto env = must(open_lmdb({path() / "s", 1u << 20}));
  using std::filesystem::perms;
  BOOST_TEST((std::filesystem::status(path() / "s").permissions()
              == perms::owner_all));
  BOOST_TEST((std::filesystem::status(path() / "s" / "data.mdb").permissions()
              == (perms::owner_read | perms::owner_write)));
}

BOOST_FIXTURE_TEST_CASE(names_the_process_that_has_the_lock,
                        test::scratch_folder) {
  {
    auto mine = folder_lock::take(path() / "data");
    BOOST_REQUIRE(static_cast<bool>(mine));
    auto refused = folder_lock::take(path() / "data");
    BOOST_REQUIRE(!refused);
    BOOST_TEST((code_of(refused.error()) == ec::unavailable));
    BOOST_TEST(sentence_of(refused.error())
                   .ends_with("process " + std::to_string(::getpid())));
  }
  BOOST_TEST(static_cast<bool>(folder_lock::take(path() / "data")));
}

BOOST_FIXTURE_TEST_CASE(keeps_commits_of_a_process_that_was_killed,
                        test::scratch_folder) {
  auto child = ::fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) {
    auto env = open_lmdb({path() / "s", 1u << 24});
    auto t = (*env)->open_table("t");
    auto first = (*env)->write();
    (void)(*first)->put(*t, view("kept"), view("1"));
    (void)(*first)->commit();
    auto second = (*env)->write();
    (void)(*second)->put(*t, view("lost"), view("2"));
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  BOOST_TEST(WIFSIGNALED(status));
  auto env = must(open_lmdb({path() / "s", 1u << 24}));
  auto t = *env->open_table("t");
  BOOST_TEST(get(*env, t, "kept") == "1");
  BOOST_TEST(get(*env, t, "lost") == "(none)");
  put(*env, t, "next", "3");
}

BOOST_AUTO_TEST_SUITE_END()
