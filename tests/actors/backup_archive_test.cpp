// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Backups of a log whose first entries were archived: their hashes are in them,
// and a restored node has what the other had.
#include "runtime/backup/restore.hpp"
#include "runtime/backup/store_check.hpp"
#include "runtime/store/lmdb.hpp"
#include "tests/support/backup_world.hpp"

#include <merkle/proof.hpp>

BOOST_AUTO_TEST_SUITE(backup_archive_test)

using namespace acgs;
using namespace acgs::test;
namespace fs = std::filesystem;

namespace {

struct archived_world : backup_world {
  archived_world() {
    write(100);
    change();
    write(499);
    archive_to(512);
  }

  /// LEDGER's part of it.
  void archive_to(std::uint64_t size) {
    auto to = writer();
    auto log = view();
    auto root = *merkle::root_from_tiles(size, [&](const auto& id) {
      return log.tile_copy(id.level, id.index);
    });
    sample about;
    about.kind = domain::entry_kind::archive;
    about.type = "archive";
    about.input.clear();
    must(to.archive({size, root, make_append(about)}));
    while (must(to.sweep(1000))) {
      // All of it.
    }
    auto text = *to.unsigned_checkpoint();
    BOOST_REQUIRE(to.sign(text, signer.sign(text)));
    BOOST_REQUIRE(!to.store_checkpoint());
  }

  backup::restore_options into(std::vector<fs::path> files) const {
    backup::restore_options out;
    out.files = std::move(files);
    out.to = folder.path() / "store";
    out.keys = {signer.key};
    return out;
  }

  std::unique_ptr<store::environment> restored(const char* name) const {
    store::lmdb_options options;
    options.folder = folder.path() / "store" / name;
    return must(store::open_lmdb(options));
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_backup_holds_the_hashes_and_the_rest) {
  archived_world world;
  auto file = world.write_backup("whole");
  auto what = must(backup::file_reader::open(file)).what();
  BOOST_TEST(what.of.archived.size == 512u);
  BOOST_TEST(what.of.archived.told_by == 600u);
  BOOST_TEST(what.of.archived.revision == 1u);
  BOOST_TEST(!what.of.incremental());
  auto done = must(backup::restore(world.into({file})));
  BOOST_TEST(done.size == 601u);
  auto ledger = world.restored("ledger");
  auto state = world.restored("state");
  auto tables = must(store::log_tables::open(*ledger, sample_origin));
  auto log = must(store::log_view::open(*ledger, tables));
  BOOST_TEST((log.archived() == world.view().archived()));
  auto there = world.view();
  for (std::uint64_t n = 0; n < 3; ++n)
    BOOST_TEST((log.tile_copy(0, n) == there.tile_copy(0, n)));
  auto keys = world.keys().now();
  auto found = must(reader::verify_log({}, *ledger, tables, keys));
  BOOST_TEST(found.problem == "");
  BOOST_TEST(found.checked == 89u);
  BOOST_TEST(found.archived == 512u);
  auto checked = must(backup::check_stores(*ledger, *state, *keys, {}));
  BOOST_TEST(checked.logs.at(0).archived == 512u);
  auto core = must(
      ledger::state::open(*ledger, {sample_origin, {world.signer.key}, 0}));
  BOOST_TEST(core.archived_so_far().size == 512u);
  // The change of control state that only an archived entry tells of counts.
  BOOST_TEST(must(control::journal{
                      std::shared_ptr<store::environment>{std::move(state)}}
                      .recover())
                 .unrecorded.empty());
}

BOOST_AUTO_TEST_CASE(increments_go_on_only_from_behind_what_is_archived) {
  archived_world world;
  auto first = world.write_backup("first");
  auto from = world.end();
  world.write(300);
  auto second = world.write_backup("second", from);
  auto done = must(backup::restore(world.into({first, second})));
  BOOST_TEST(done.size == 901u);
  world.archive_to(768);
  auto early = world.source().begin(must(world.view().checkpoint()), from);
  BOOST_REQUIRE(!early);
  BOOST_TEST((code_of(early.error()) == ec::conflict));
  BOOST_TEST(sentence_of(early.error()).find("take a whole one")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_moment_before_what_is_there_is_refused) {
  archived_world world;
  auto file = world.write_backup("whole");
  auto how = world.into({file});
  how.until.size = 300;
  auto done = backup::restore(how);
  BOOST_REQUIRE(!done);
  BOOST_TEST((code_of(done.error()) == ec::invalid_argument));
  BOOST_TEST(sentence_of(done.error()).find("from 512 on")
             != std::string::npos);
  how.until.size = 550;
  BOOST_TEST(must(backup::restore(how)).size == 550u);
}

BOOST_AUTO_TEST_CASE(what_is_archived_meanwhile_ends_a_backup) {
  archived_world world;
  world.write(300);
  auto in = world.source();
  auto plan = must(in.begin(must(world.view().checkpoint()), {}));
  world.archive_to(768);
  auto piece = in.read(plan, {backup::block_kind::entries, {}});
  BOOST_REQUIRE(!piece);
  BOOST_TEST((code_of(piece.error()) == ec::conflict));
}

BOOST_AUTO_TEST_CASE(a_history_behind_what_archived_entries_told_is_found) {
  archived_world world;
  auto part = world.view().archived();
  part.revision = 9;
  world.tamper(world.tables().meta,
               as_byte_view(store::meta::archived_key(sample_origin)),
               store::encode_archived(part));
  auto expected = [](const auto& done) {
    BOOST_REQUIRE(!done);
    BOOST_TEST((code_of(done.error()) == ec::store_corrupt));
    BOOST_TEST(sentence_of(done.error()).find("the log tells of revision 9")
               != std::string::npos);
  };
  expected(backup::check_stores(*world.env, *world.state, {}, {}));
  expected(backup::restore(world.into({world.write_backup("behind")})));
}

BOOST_AUTO_TEST_CASE(hashes_that_were_changed_are_found) {
  archived_world world;
  auto tile = *world.view().tile_copy(0, 0);
  tile[3] ^= std::byte{1};
  world.tamper(world.tables().tiles, store::tiles::key(0, 0), tile);
  auto file = world.write_backup("wrong");
  auto done = backup::restore(world.into({file}));
  BOOST_REQUIRE(!done);
  BOOST_TEST(sentence_of(done.error()).find("lead to another root")
             != std::string::npos);
  auto checked = backup::check_stores(*world.env, *world.state, {}, {});
  BOOST_REQUIRE(!checked);
  BOOST_TEST((code_of(checked.error()) == ec::store_corrupt));
}

BOOST_AUTO_TEST_SUITE_END()
