// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// An environment behind a write-ahead log: what it acknowledged is there after
// a loss of power, published or not, and nothing else is.
#include "runtime/store/lmdb.hpp"
#include "runtime/store/wal_environment.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/memory_wal.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

BOOST_AUTO_TEST_SUITE(wal_environment_test)

using namespace acgs;
using namespace acgs::store;
using test::must;

namespace {

byte_view view(std::string_view text) {
  return as_byte_view(text);
}

/// Everything in a table, as "key=value;".
std::string content_of(environment& in, const std::string& name) {
  auto there = must(in.find_table(name));
  if (!there)
    return {};
  std::string out;
  auto reading = must(in.read());
  auto at = must(reading->walk(*there));
  for (auto more = must(at->first()); more; more = must(at->next()))
    out += std::string{as_text(at->key())} + "="
           + std::string{as_text(at->value())} + ";";
  return out;
}

struct fixture {
  test::memory_disk disk;
  test::memory_wal file;
  std::unique_ptr<environment> beneath;
  std::unique_ptr<wal_environment> env;
  table t;

  fixture() { start(); }

  void start() {
    env.reset();
    beneath = std::make_unique<test::memory_environment>(disk);
    env = must(wal_environment::open(*beneath, file));
    t = must(env->open_table("t"));
  }
  void lose_power() {
    env.reset();
    file.lose_power();
    start();
  }
  caf::error put(std::string_view key, std::string_view value) {
    auto writing = must(env->write());
    if (auto bad = writing->put(t, view(key), view(value)))
      return bad;
    return writing->commit();
  }
  std::string seen() { return content_of(*env, "t"); }
  std::string seen_by_others() { return content_of(*beneath, "t"); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(one_environment, fixture)

BOOST_AUTO_TEST_CASE(a_commit_is_one_sync_and_no_commit_beneath) {
  auto commits = disk.commits;
  auto syncs = file.syncs;
  BOOST_TEST(!put("a", "1"));
  BOOST_TEST(disk.commits == commits);
  BOOST_TEST(file.syncs == syncs + 1);
  BOOST_TEST(!env->published());
  BOOST_TEST(env->unpublished_bytes() > 0u);
}

BOOST_AUTO_TEST_CASE(the_writer_sees_it_at_once_and_others_once_published) {
  BOOST_TEST(!put("a", "1"));
  BOOST_TEST(seen() == "a=1;");
  BOOST_TEST(seen_by_others() == "");
  BOOST_TEST(!env->publish());
  BOOST_TEST(env->published());
  BOOST_TEST(env->unpublished_bytes() == 0u);
  BOOST_TEST(seen_by_others() == "a=1;");
  BOOST_TEST(seen() == "a=1;");
}

BOOST_AUTO_TEST_CASE(power_loss_takes_nothing_that_was_committed) {
  BOOST_TEST(!put("a", "1"));
  lose_power();
  BOOST_TEST(seen() == "a=1;");
  BOOST_TEST(!put("b", "2"));
  BOOST_TEST(!env->publish());
  BOOST_TEST(!put("c", "3"));
  lose_power();
  BOOST_TEST(seen() == "a=1;b=2;c=3;");
  BOOST_TEST(seen_by_others() == "a=1;b=2;");
}

BOOST_AUTO_TEST_CASE(what_was_not_committed_is_forgotten_alone) {
  BOOST_TEST(!put("a", "1"));
  {
    auto writing = must(env->write());
    BOOST_TEST(!writing->put(t, view("a"), view("2")));
    BOOST_TEST(!writing->put(t, view("b"), view("2")));
  }
  BOOST_TEST(seen() == "a=1;");
  BOOST_TEST(!put("c", "3"));
  BOOST_TEST(!env->publish());
  BOOST_TEST(seen_by_others() == "a=1;c=3;");
}

BOOST_AUTO_TEST_CASE(values_grow_and_go) {
  BOOST_TEST(!put("a", "1"));
  BOOST_TEST(!put("a", "12"));
  BOOST_TEST(!put("a", "123"));
  auto writing = must(env->write());
  BOOST_TEST(!writing->append(t, view("b"), view("x")));
  BOOST_TEST(!writing->put(t, view("b"), view("xy")));
  BOOST_TEST(!writing->erase(t, view("a")));
  BOOST_TEST(!writing->commit());
  writing.reset();
  lose_power();
  BOOST_TEST(seen() == "b=xy;");
}

BOOST_AUTO_TEST_CASE(a_value_that_grows_is_logged_by_what_is_new) {
  std::string tile(8000, 'h');
  BOOST_TEST(!put("a", tile));
  auto before = env->unpublished_bytes();
  BOOST_TEST(!put("a", tile + "h"));
  BOOST_TEST(env->unpublished_bytes() - before < 32u);
}

BOOST_AUTO_TEST_CASE(what_the_log_has_no_room_for_is_published) {
  BOOST_TEST(!put("a", "1"));
  std::string large(file.size(), '.');
  BOOST_TEST(!put("b", large));
  BOOST_TEST(env->published());
  BOOST_TEST(seen_by_others() == "a=1;b=" + large + ";");
  lose_power();
  BOOST_TEST(seen() == "a=1;b=" + large + ";");
}

BOOST_AUTO_TEST_CASE(a_large_transaction_is_written_once) {
  BOOST_TEST(!put("a", "1"));
  auto syncs = file.syncs;
  auto many = logged_max / 4096 + 1;
  std::string piece(4096, '.');
  std::string all = "a=2;";
  {
    auto writing = must(env->write());
    BOOST_TEST(!writing->put(t, view("b"), view(piece)));
    for (std::size_t i = 0; i < many; ++i) {
      auto key = "c" + std::to_string(100 + i);
      BOOST_TEST(!writing->put(t, view(key), view(piece)));
      all += key + "=" + piece + ";";
    }
    // Changes of every kind after it has become one.
    BOOST_TEST(!writing->put(t, view("a"), view("2")));
    BOOST_TEST(!writing->erase(t, view("b")));
    BOOST_TEST(!writing->append(t, view("d"), view("3")));
    all += "d=3;";
    disk.fail_commit_after(0, ec::store_full);
    BOOST_TEST((code_of(writing->commit()) == ec::store_full));
  }
  BOOST_TEST(seen() == "a=1;");
  {
    auto writing = must(env->write());
    for (std::size_t i = 0; i < many; ++i)
      BOOST_TEST(
          !writing->put(t, view("c" + std::to_string(100 + i)), view(piece)));
    BOOST_TEST(!writing->put(t, view("a"), view("2")));
    BOOST_TEST(!writing->append(t, view("d"), view("3")));
    BOOST_TEST(!writing->commit());
  }
  BOOST_TEST(env->published());
  BOOST_TEST(file.syncs == syncs);
  BOOST_TEST((seen_by_others() == all));
  lose_power();
  BOOST_TEST((seen() == all));
}

BOOST_AUTO_TEST_CASE(goes_round_its_file_many_times) {
  for (int i = 0; i < 100; ++i)
    BOOST_TEST(!put("a", std::to_string(i)));
  lose_power();
  BOOST_TEST(seen() == "a=99;");
}

BOOST_AUTO_TEST_CASE(a_full_store_keeps_what_was_acknowledged) {
  BOOST_TEST(!put("a", "1"));
  disk.fail_commit_after(0, ec::store_full);
  BOOST_TEST((code_of(env->publish()) == ec::store_full));
  BOOST_TEST(seen() == "a=1;");
  BOOST_TEST(!put("b", "2"));
  BOOST_TEST(!env->publish());
  BOOST_TEST(seen_by_others() == "a=1;b=2;");
}

BOOST_AUTO_TEST_CASE(a_log_that_cannot_be_written_acknowledges_nothing) {
  BOOST_TEST(!put("a", "1"));
  file.fails_to_sync = true;
  BOOST_TEST((code_of(put("b", "2")) == ec::store_io));
  lose_power();
  BOOST_TEST(seen() == "a=1;");
}

BOOST_AUTO_TEST_CASE(a_sync_without_room_refuses_that_commit_alone) {
  BOOST_TEST(!put("a", "1"));
  file.fails_to_sync = true;
  file.how_it_fails = ec::store_full;
  BOOST_TEST((code_of(put("b", "2")) == ec::store_full));
  file.fails_to_sync = false;
  BOOST_TEST(seen() == "a=1;");
  BOOST_TEST(!put("c", "3"));
  lose_power();
  BOOST_TEST(seen() == "a=1;c=3;");
}

BOOST_AUTO_TEST_CASE(what_could_not_be_synced_is_not_taken_up_later) {
  std::string all;
  // As the log's first record, and as one behind another.
  for (std::string key : {"b", "c"}) {
    if (key == "c") {
      BOOST_TEST(!put("a", "1"));
      all = "a=1;" + all;
    }
    file.fails_to_sync = true;
    file.how_it_fails = ec::store_full;
    BOOST_TEST((code_of(put(key, "refused")) == ec::store_full));
    file.fails_to_sync = false;
    BOOST_TEST(!env->published());
    BOOST_TEST(!env->publish());
    BOOST_TEST(env->published());
    start(); // the record is in the file all the same
    BOOST_TEST(seen() == all);
    BOOST_TEST(!put(key, "1"));
    start();
    all += key + "=1;";
    BOOST_TEST(seen() == all);
    BOOST_REQUIRE(!env->publish());
  }
}

BOOST_AUTO_TEST_CASE(a_table_can_be_opened_while_something_waits) {
  BOOST_TEST(!put("a", "1"));
  auto other = must(env->open_table("u"));
  auto writing = must(env->write());
  BOOST_TEST(!writing->put(other, view("x"), view("y")));
  BOOST_TEST(!writing->commit());
  writing.reset();
  lose_power();
  BOOST_TEST(seen() == "a=1;");
  BOOST_TEST(content_of(*env, "u") == "x=y;");
}

BOOST_AUTO_TEST_CASE(a_transaction_that_changed_nothing_costs_nothing) {
  auto syncs = file.syncs;
  auto writing = must(env->write());
  BOOST_TEST(!writing->commit());
  writing.reset();
  BOOST_TEST(file.syncs == syncs);
  BOOST_TEST(env->published());
}

BOOST_AUTO_TEST_CASE(a_log_that_is_gone_or_another_is_refused) {
  BOOST_TEST(!put("a", "1"));
  BOOST_TEST(!env->publish());
  env.reset();
  test::memory_wal other;
  auto opened = wal_environment::open(*beneath, other);
  BOOST_TEST((code_of(opened.error()) == ec::store_corrupt));
}

BOOST_AUTO_TEST_CASE(a_start_publishes_before_anybody_reads) {
  BOOST_TEST(!put("a", "1"));
  env.reset();
  BOOST_TEST(!take_up_wal(*beneath, file));
  BOOST_TEST(seen_by_others() == "a=1;");
  BOOST_TEST(!take_up_wal(*beneath, file));
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

/// Does at random what a writer does, beside a plain map.
class random_walk {
public:
  explicit random_walk(unsigned seed) : chance_{seed} {
    // Begins with an empty store.
  }

  void step() {
    switch (chance_() % 8) {
    case 0:
      BOOST_TEST_REQUIRE(!at_.env->publish());
      break;
    case 1:
      at_.lose_power();
      break;
    case 2:
      write(false);
      break;
    default:
      write(true);
    }
    BOOST_TEST_REQUIRE(at_.seen() == shown());
  }

private:
  void write(bool commits) {
    auto next = model_;
    auto writing = must(at_.env->write());
    for (auto count = chance_() % 4; count-- > 0;) {
      std::string key(1, static_cast<char>('a' + chance_() % 5));
      if (chance_() % 4 == 0) {
        next.erase(key);
        BOOST_TEST_REQUIRE(!writing->erase(at_.t, view(key)));
        continue;
      }
      auto& value = next[key];
      if (chance_() % 2 == 0)
        value.clear();
      value += std::string(1 + chance_() % 3000,
                           static_cast<char>('A' + chance_() % 26));
      if (value.size() > 20'000)
        value.resize(1);
      BOOST_TEST_REQUIRE(!writing->put(at_.t, view(key), view(value)));
    }
    if (!commits)
      return;
    BOOST_TEST_REQUIRE(!writing->commit());
    model_ = next;
  }

  std::string shown() const {
    std::string out;
    for (const auto& [key, value] : model_)
      out += key + "=" + value + ";";
    return out;
  }

  std::mt19937 chance_;
  fixture at_;
  std::map<std::string, std::string> model_;
};

} // namespace

BOOST_AUTO_TEST_CASE(holds_what_a_plain_map_holds) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      random_walk walk{seed};
      for (int i = 0; i < 100; ++i)
        walk.step();
    }
  }
}

BOOST_AUTO_TEST_CASE(works_over_the_store_on_disk) {
  test::scratch_folder folder;
  auto open = [&] { return must(open_lmdb({folder.path() / "s", 1u << 24})); };
  auto file = must(open_wal_file(folder.path() / "wal", 64 * wal_page));
  {
    auto beneath = open();
    auto env = must(wal_environment::open(*beneath, *file));
    auto t = must(env->open_table("t"));
    for (auto each : {"a", "b"}) {
      auto writing = must(env->write());
      BOOST_TEST(!writing->append(t, view(each), view("1")));
      BOOST_TEST(!writing->commit());
    }
    BOOST_TEST(content_of(*env, "t") == "a=1;b=1;");
    BOOST_TEST(content_of(*beneath, "t") == "");
  }
  auto beneath = open();
  BOOST_TEST(!take_up_wal(*beneath, *file));
  BOOST_TEST(content_of(*beneath, "t") == "a=1;b=1;");
}

BOOST_AUTO_TEST_SUITE_END()
