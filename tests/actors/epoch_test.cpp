// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include <boost/test/unit_test.hpp>

#include "actors/ledger/state.hpp"
#include "actors/node/epoch.hpp"
#include "actors/node/stores.hpp"
#include "tests/support/ledger_samples.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

BOOST_AUTO_TEST_SUITE(epoch_test)

using namespace acgs;
using namespace acgs::node;
using test::must;
namespace fs = std::filesystem;

namespace {

bool has(const caf::error& error, std::string_view word) {
  return sentence_of(error).find(word) != std::string::npos;
}

/// The folders of a node that starts, writes and ends.
struct world : test::scratch_folder {
  config::settings settings;

  world() {
    settings.cluster.name = "local";
    settings.node.name = "node-1";
    settings.node.data_dir = path() / "data";
    settings.keys.dir = path() / "data" / "keys";
    settings.ledger.map_size = std::uint64_t{1} << 26;
  }

  fs::path store() const { return settings.node.data_dir / "store"; }
  fs::path mark() const { return settings.keys.dir / "log.local.node-1"; }

  /// One life, which writes so many entries and has each signed; the origin.
  /// Ends by a crash where `crash`: the last of them, signed and
  /// acknowledged, are in the write-ahead log alone.
  result<std::string> live(int entries, const std::string& say = "",
                           bool crash = false) {
    auto opened = open_stores(settings);
    if (!opened)
      return opened.error();
    auto choice = choose_log(settings, *opened->ledger);
    if (!choice)
      return choice.error();
    auto* wal = crash ? opened->wal.get() : nullptr;
    auto log = must(
        ledger::state::open(*opened->ledger, {choice->origin, {}, 0, wal}));
    for (int i = 0; i < entries; ++i) {
      test::sample about;
      about.decision_id = say + std::to_string(i);
      ledger::batch one;
      one.entries.push_back(test::make_pending(about));
      must(log.write(one));
      BOOST_TEST(!choice->mark->advance(log.head()));
    }
    return choice->origin;
  }

  /// The entry at an index of a log, decoded.
  wire::entry entry_of(const std::string& origin, std::uint64_t index) {
    auto opened = must(open_stores(settings));
    auto tables = must(store::log_tables::open(*opened.ledger, origin));
    auto log = must(store::log_view::open(*opened.ledger, tables));
    return must(wire::entry::decode(must(log.entry(index))));
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(epoch, world)

BOOST_AUTO_TEST_CASE(the_first_epoch_is_one_and_stays) {
  BOOST_TEST(must(live(3)) == "local/node-1/1");
  BOOST_TEST(must(live(2)) == "local/node-1/1");
  BOOST_TEST(must(store::read_log_mark(mark()))->head.size == 5u);
}

BOOST_AUTO_TEST_CASE(refuses_to_begin_again_where_the_store_is_gone) {
  must(live(3));
  fs::remove_all(store());
  auto again = live(1);
  BOOST_REQUIRE(!again);
  BOOST_TEST((code_of(again.error()) == ec::store_corrupt));
  BOOST_TEST(has(again.error(), "local/node-1/1 has 0 entries; 3 were signed"));
  BOOST_TEST(has(again.error(), "local/node-1/2 by acgsd --new-epoch"));
  BOOST_TEST(!live(0));
}

BOOST_AUTO_TEST_CASE(refuses_a_store_that_was_rolled_back) {
  must(live(3));
  fs::copy(store(), path() / "older", fs::copy_options::recursive);
  must(live(2));
  fs::remove_all(store());
  fs::rename(path() / "older", store());
  auto again = live(0);
  BOOST_REQUIRE(!again);
  BOOST_TEST(has(again.error(), "has 3 entries; 5 were signed"));
}

BOOST_AUTO_TEST_CASE(refuses_another_history_of_the_same_length) {
  must(live(3));
  fs::copy(store(), path() / "older", fs::copy_options::recursive);
  must(live(2));
  auto kept = test::read_file(mark());
  fs::remove_all(store());
  fs::remove(mark());
  fs::rename(path() / "older", store());
  must(live(4, "forged-"));
  test::write_file(mark(), kept);
  fs::permissions(mark(), fs::perms::owner_read | fs::perms::owner_write);
  auto again = live(0);
  BOOST_REQUIRE(!again);
  BOOST_TEST(has(again.error(), "has another history"));
}

BOOST_AUTO_TEST_CASE(a_log_that_is_longer_than_remembered_goes_on) {
  must(live(3));
  auto older = test::read_file(mark());
  must(live(2));
  test::write_file(mark(), older);
  BOOST_TEST(must(live(1)) == "local/node-1/1");
  BOOST_TEST(must(store::read_log_mark(mark()))->head.size == 6u);
}

BOOST_AUTO_TEST_CASE(a_store_without_a_mark_is_taken_as_it_is) {
  must(live(3));
  fs::remove(mark());
  BOOST_TEST(must(live(0)) == "local/node-1/1");
  BOOST_TEST(must(store::read_log_mark(mark()))->head.size == 3u);
}

BOOST_AUTO_TEST_CASE(a_new_epoch_says_what_it_follows_in_its_first_entry) {
  must(live(3));
  fs::remove_all(store());
  auto said = must(begin_epoch(settings, "the disk was lost"));
  BOOST_TEST(said.find("local/node-1/2") != std::string::npos);
  auto first = entry_of("local/node-1/2", 0);
  BOOST_TEST((first->kind == domain::entry_kind::start));
  BOOST_TEST(first->event_type == "epoch_started");
  BOOST_TEST(first->path == "local/node-1/2");
  std::string detail{first->detail};
  for (auto word :
       {"\"previous_origin\":\"local/node-1/1\"", "\"previous_signed_size\":3",
        "\"previous_size_found\":0", "\"reason\":\"the disk was lost\""})
    BOOST_TEST(detail.find(word) != std::string::npos, detail);
  BOOST_TEST(must(live(2)) == "local/node-1/2");
}

BOOST_AUTO_TEST_CASE(what_is_left_of_the_old_log_stays_beside_the_new_one) {
  must(live(2, "kept-"));
  fs::copy(store(), path() / "older", fs::copy_options::recursive);
  must(live(2));
  fs::remove_all(store());
  fs::rename(path() / "older", store());
  must(begin_epoch(settings, "restored"));
  BOOST_TEST(must(live(1, "new-")) == "local/node-1/2");
  BOOST_TEST(entry_of("local/node-1/1", 1)->decision_id == "kept-1");
  BOOST_TEST(entry_of("local/node-1/2", 1)->decision_id == "new-0");
}

BOOST_AUTO_TEST_CASE(a_new_epoch_follows_what_the_write_ahead_log_holds) {
  must(live(2));
  must(live(3, "crash-", true));
  BOOST_TEST(must(store::read_log_mark(mark()))->head.size == 5u);
  must(begin_epoch(settings, "begun after a crash"));
  auto first = entry_of("local/node-1/2", 0);
  std::string detail{first->detail};
  for (auto word : {"\"previous_signed_size\":5", "\"previous_size_found\":5"})
    BOOST_TEST(detail.find(word) != std::string::npos, detail);
  BOOST_TEST(must(live(1, "new-", true)) == "local/node-1/2");
  BOOST_TEST(entry_of("local/node-1/1", 4)->decision_id == "crash-2");
  BOOST_TEST(entry_of("local/node-1/2", 1)->decision_id == "new-0");
}

BOOST_AUTO_TEST_CASE(goes_on_with_the_write_ahead_log_alone_lost) {
  must(live(2));
  must(live(1, "crash-", true));
  fs::remove(store() / "ledger" / "wal");
  auto again = live(0);
  BOOST_REQUIRE(!again);
  BOOST_TEST(has(again.error(), "write-ahead log is gone"));
  BOOST_TEST(has(again.error(), "--new-epoch"));
  must(begin_epoch(settings, "the write-ahead log was lost"));
  std::string detail{entry_of("local/node-1/2", 0)->detail};
  for (auto word : {"\"previous_signed_size\":3", "\"previous_size_found\":2"})
    BOOST_TEST(detail.find(word) != std::string::npos, detail);
  BOOST_TEST(must(live(1)) == "local/node-1/2");
}

BOOST_AUTO_TEST_CASE(goes_on_with_the_ledger_alone_lost) {
  must(live(2));
  fs::remove_all(store() / "ledger");
  auto again = live(0);
  BOOST_REQUIRE(!again);
  BOOST_TEST(has(again.error(), "--new-epoch"));
  must(begin_epoch(settings, "the ledger was lost"));
  BOOST_TEST(must(live(1)) == "local/node-1/2");
}

BOOST_AUTO_TEST_CASE(a_beginning_that_was_cut_off_after_its_entry_goes_on) {
  must(live(2));
  auto before = test::read_file(mark());
  must(begin_epoch(settings, "first try"));
  test::write_file(mark(), before); // the store alone knows of the new epoch
  BOOST_TEST(must(live(1)) == "local/node-1/2");
  BOOST_TEST(must(store::read_log_mark(mark()))->origin == "local/node-1/2");
}

BOOST_AUTO_TEST_CASE(refuses_a_new_epoch_of_a_node_that_never_was) {
  auto begun = begin_epoch(settings, "why not");
  BOOST_REQUIRE(!begun);
  BOOST_TEST((code_of(begun.error()) == ec::invalid_argument));
  BOOST_TEST(must(live(1)) == "local/node-1/1");
}

BOOST_AUTO_TEST_CASE(a_node_of_another_name_has_a_log_of_its_own) {
  must(live(2));
  settings.node.name = "node-2";
  BOOST_TEST(must(live(1)) == "local/node-2/1");
  settings.node.name = "node-1";
  BOOST_TEST(must(live(1)) == "local/node-1/1");
  BOOST_TEST(must(store::read_log_mark(mark()))->head.size == 3u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
