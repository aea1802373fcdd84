// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/backup/store_check.hpp"
#include "runtime/store/log_mark.hpp"
#include "tests/support/backup_world.hpp"

BOOST_AUTO_TEST_SUITE(store_check_test)

using namespace acgs;
using namespace acgs::test;

namespace {

/// A history of three commands, the last of which has no entry yet.
struct told_world : backup_world {
  told_world() {
    change();
    change();
    change(false);
  }

  /// What is wrong with the stores; empty: nothing.
  std::string why() {
    auto found = backup::check_stores(*env, *state, {}, {});
    return found ? "" : sentence_of(found.error());
  }

  /// Puts another value in the place of a record of control state.
  void put(const std::string& table, byte_view key, byte_view value) {
    auto in = must(state->open_table(table));
    auto writing = must(state->write());
    BOOST_REQUIRE(!writing->put(in, key, value));
    BOOST_REQUIRE(!writing->commit());
  }

  /// A well-formed command that was never given.
  bytes another() {
    domain::command what;
    what.kind = domain::command_kind::put_data;
    what.name = "number";
    what.body = "9";
    wire::command out{what};
    return {out.encoded().begin(), out.encoded().end()};
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(the_history_of_control_state)

BOOST_AUTO_TEST_CASE(holds_though_its_end_is_not_told_of_yet) {
  told_world world;
  BOOST_TEST(world.why() == "");
}

BOOST_AUTO_TEST_CASE(is_what_the_log_tells_of) {
  told_world world;
  world.put(store::state::commands_name, store::to_key(2), world.another());
  BOOST_TEST(world.why()
             == "revision 2 of the history is not the command that the log "
                "tells of");
}

BOOST_AUTO_TEST_CASE(does_not_end_before_what_the_log_tells_of) {
  told_world world;
  auto in = must(world.state->open_table(store::state::commands_name));
  auto writing = must(world.state->write());
  for (std::uint64_t revision : {3, 2})
    BOOST_REQUIRE(!writing->erase(in, store::to_key(revision)));
  BOOST_REQUIRE(!writing->commit());
  world.put(store::state::applied_name, store::state::head_key,
            store::to_key(1));
  BOOST_TEST(world.why()
             == "the log tells of revision 2 of control state, the history "
                "ends at 1");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(the_mark_beside_the_keys)

namespace {

struct marked_world : told_world {
  std::vector<backup::checked_log> logs =
      must(backup::check_stores(*env, *state, {}, {})).logs;
  std::filesystem::path file =
      store::log_mark_path(folder.path(), "acgs", "node-1");

  /// What is wrong with the log by a mark of it.
  std::string why(const store::log_mark& mark) {
    must(store::log_mark_file::begin(file, mark));
    auto bad = backup::check_marks(*env, folder.path(), logs);
    return bad ? sentence_of(bad) : "";
  }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(need_not_be_there, marked_world) {
  BOOST_TEST(!backup::check_marks(*env, folder.path(), logs));
  BOOST_TEST(!logs.at(0).was_signed.has_value());
}

BOOST_FIXTURE_TEST_CASE(says_how_much_was_signed, marked_world) {
  auto head = view().head();
  BOOST_TEST(why({sample_origin, head}) == "");
  BOOST_TEST_REQUIRE(logs.at(0).was_signed.has_value());
  BOOST_TEST(*logs.at(0).was_signed == head.size);
}

BOOST_FIXTURE_TEST_CASE(knows_of_entries_that_are_gone, marked_world) {
  auto said = why({sample_origin, {17, {}}});
  BOOST_TEST(said.starts_with("the log acgs/node-1/1 has 2 entries; 17 were "
                              "signed, as "
                              + file.string()),
             said);
}

BOOST_FIXTURE_TEST_CASE(knows_another_history, marked_world) {
  auto said = why({sample_origin, {view().head().size, {}}});
  BOOST_TEST(said.find("has another history") != said.npos, said);
}

BOOST_FIXTURE_TEST_CASE(knows_of_an_epoch_that_is_gone, marked_world) {
  BOOST_TEST(why({"acgs/node-1/2", {}}) == ""); // was not written to yet
  auto said = why({"acgs/node-1/2", {3, {}}});
  BOOST_TEST(said.starts_with("the log acgs/node-1/2 is not there; 3 entries "
                              "of it were signed"),
             said);
}

BOOST_FIXTURE_TEST_CASE(of_an_epoch_before_says_nothing, marked_world) {
  BOOST_TEST(why({"acgs/node-1/0", {17, {}}}) == "");
}

BOOST_FIXTURE_TEST_CASE(is_refused_where_it_cannot_be_read, marked_world) {
  why({sample_origin, view().head()});
  write_file(file, "nonsense");
  std::filesystem::permissions(file, std::filesystem::perms{0600});
  BOOST_TEST((code_of(backup::check_marks(*env, folder.path(), logs))
              == ec::store_corrupt));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
