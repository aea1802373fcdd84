// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Archiving: what LEDGER gives up is nowhere missed. The log goes on and
// verifies, whoever asks for what is gone is told where it is, and an archive
// that is given shows it again.
#include "actors/reader/resources.hpp"
#include "tests/support/archive_fixture.hpp"

#include <merkle/log_audit.hpp>
#include <merkle/proof.hpp>
#include <merkle/receipt.hpp>

BOOST_AUTO_TEST_SUITE(ledger_archive_test)

using namespace acgs;
using namespace acgs::test;
namespace fs = std::filesystem;

BOOST_FIXTURE_TEST_SUITE(ledger_archive, archive_fixture)

BOOST_AUTO_TEST_CASE(an_archive_is_a_log_that_verifies_by_its_key_alone) {
  auto made = must(write(512));
  BOOST_TEST(made.checked == 512u);
  BOOST_TEST(made.what.first == 0u);
  auto found = must(archive::verify(folder, keys(), {}));
  BOOST_TEST((found.what == made.what));
  // Tools that know nothing of archives see a whole log.
  auto note = *archive::read_part(folder, "checkpoint");
  auto head = must(keys().open(as_text(note))).head;
  BOOST_TEST(head.size == 512u);
  auto audited = merkle::audit_log(
      head, [&](const auto& path) { return archive::read_part(folder, path); });
  BOOST_TEST(audited.problem == "");
  BOOST_TEST(audited.checked == 512u);
}

BOOST_AUTO_TEST_CASE(what_is_said_to_be_elsewhere_is_checked_where_it_is_here) {
  must(write(512));
  auto head =
      must(keys().open(as_text(*archive::read_part(folder, "checkpoint"))))
          .head;
  auto audit = [&] {
    return merkle::audit_log(
        head,
        [&](const auto& path) { return archive::read_part(folder, path); }, {},
        256);
  };
  BOOST_TEST(audit().checked == 512u);
  overwrite("tile/entries/000", 700);
  BOOST_TEST(says(audit().problem, "is not what the tile of leaves holds"));
  fs::remove(folder / "tile/entries/000");
  BOOST_TEST(audit().problem == "");
  BOOST_TEST(audit().checked == 256u);
}

BOOST_AUTO_TEST_CASE(what_was_changed_in_an_archive_is_named) {
  must(write(512));
  overwrite("tile/entries/001", 700);
  BOOST_TEST(
      says(refusal(archive::verify(folder, keys(), {}), ec::store_corrupt),
           "is not what the tile of leaves holds"));
  must(write(512));             // and is put right from the log
  overwrite("payload/000", 60); // within the first one
  BOOST_TEST(
      says(refusal(archive::verify(folder, keys(), {}), ec::store_corrupt),
           "payloads are not those"));
  test::sample_signer stranger;
  BOOST_TEST(
      says(refusal(archive::verify(folder,
                                   crypto::key_history{{&stranger.key, 1}}, {}),
                   ec::store_corrupt),
           "checkpoint"));
}

BOOST_AUTO_TEST_CASE(a_folder_that_holds_something_else_is_refused) {
  fs::create_directories(folder);
  std::ofstream{folder / "letters.txt"} << "x";
  BOOST_TEST(says(refusal(write(256), ec::conflict), "is not empty"));
  BOOST_TEST(says(refusal(write(300), ec::invalid_argument), "whole tiles"));
  folder = scratch.path() / "beyond";
  BOOST_TEST(says(refusal(write(768), ec::not_found), "has 600 entries"));
  BOOST_TEST(!fs::exists(folder));
  folder = scratch.path() / "mine";
  must(write(256));
  archive_fixture other;
  other.folder = folder;
  BOOST_TEST(says(refusal(other.write(256), ec::conflict), "another log"));
}

BOOST_AUTO_TEST_CASE(whoever_may_not_have_the_payloads_leaves_nothing) {
  auto refusing = source();
  refusing.payloads = [](std::uint64_t) {
    return result<bytes>{make_error(ec::forbidden, "not yours")};
  };
  BOOST_TEST(refusal(archive::write_archive({folder, 0, 512, {}}, refusing),
                     ec::forbidden)
             == "not yours");
  BOOST_TEST(!fs::exists(folder));
}

BOOST_AUTO_TEST_CASE(a_folder_grows_and_another_one_goes_on) {
  archive_to(256);
  auto grown = must(write(512));
  BOOST_TEST(grown.what.first == 0u);
  BOOST_TEST(grown.checked == 512u);
  folder = scratch.path() / "second";
  auto second = must(write(512));
  BOOST_TEST(second.what.first == 256u);
  BOOST_TEST(second.checked == 256u);
  must(core->archive(order(second)));
  sweep();
  // The first archive, left behind, does not lead up to the log any more.
  folder = scratch.path() / "third";
  BOOST_TEST(says(refusal(write(512), ec::invalid_argument), "more than"));
}

BOOST_AUTO_TEST_CASE(a_folder_may_be_named_with_a_slash_at_its_end) {
  auto named = folder;
  folder += "/";
  must(write(256));
  BOOST_TEST(must(archive::verify(named, keys(), {})).checked == 256u);
}

BOOST_AUTO_TEST_CASE(what_no_given_archive_leads_to_is_told_by_its_hash) {
  archive_to(256);
  auto first = folder;
  folder = scratch.path() / "second";
  archive_to(512);
  auto checked = [&](std::vector<fs::path> given) {
    reader::state_options with{log.env, log.index_env, sample_origin,
                               log.keys()};
    with.archive = archive::open_folders(std::move(given));
    auto found = must(must(reader::state::open(std::move(with))).check({}));
    BOOST_TEST(found.problem == "");
    BOOST_TEST(found.checked + found.archived == 602u);
    return found.checked;
  };
  BOOST_TEST(checked({first, folder}) == 602u);
  BOOST_TEST(checked({folder, first}) == 602u);
  BOOST_TEST(checked({folder}) == 602u - 256u);
  BOOST_TEST(checked({first}) == 602u - 512u);
  BOOST_TEST(checked({scratch.path() / "none"}) == 602u - 512u);
}

BOOST_AUTO_TEST_CASE(ledger_gives_up_only_whole_sealed_tiles_of_this_tree) {
  auto good = order(must(write(512)));
  auto wrong = good;
  wrong.size = 500;
  BOOST_TEST(
      says(refusal(core->archive(wrong), ec::invalid_argument), "whole tiles"));
  wrong = good;
  wrong.root[0] ^= std::byte{1};
  BOOST_TEST(says(refusal(core->archive(wrong), ec::conflict), "another root"));
  wrong = good;
  wrong.size = 768;
  BOOST_TEST(says(refusal(core->archive(wrong), ec::conflict),
                  "signed checkpoint covers 600"));
  BOOST_TEST(must(core->archive(good)).index == 600u);
  BOOST_TEST(
      says(refusal(core->archive(good), ec::invalid_argument), "beyond 512"));
}

BOOST_AUTO_TEST_CASE(rows_go_and_hashes_and_keys_stay) {
  archive_to(512);
  auto tables = log.tables();
  BOOST_TEST(rows(tables.entries) == 601u - 512u);
  BOOST_TEST(rows(tables.payloads) == 600u - 512u);
  BOOST_TEST(rows(tables.payload_keys) == 600u);
  auto view = log.view();
  BOOST_TEST(view.archived().size == 512u);
  BOOST_TEST(view.archived().told_by == 600u);
  auto tile = [&](const auto& id) {
    return view.tile_copy(id.level, id.index);
  };
  for (std::uint64_t size : {1u, 255u, 300u, 512u, 601u})
    BOOST_TEST(static_cast<bool>(merkle::root_from_tiles(size, tile)));
}

BOOST_AUTO_TEST_CASE(a_start_takes_up_the_rest_and_goes_on_erasing) {
  auto made = must(write(512));
  must(core->archive(order(made)));
  must(core->sweep(100));
  core.reset();
  core.emplace(log.writer());
  BOOST_TEST(core->archived_so_far().size == 512u);
  sweep();
  BOOST_TEST(rows(log.tables().entries) == 89u);
  BOOST_TEST(core->head().size == 601u);
  log.write(3);
  BOOST_TEST(log.view().head().size == 604u);
  // What the archive was to be is held to the tree.
  core.reset();
  auto key = store::meta::archived_key(test::sample_origin);
  auto part = log.view().archived();
  part.root[0] ^= std::byte{1};
  log.tamper(log.tables().meta, as_byte_view(key),
             store::encode_archived(part));
  auto opened =
      ledger::state::open(*log.env, {test::sample_origin, log.keys(), 0});
  BOOST_TEST(says(refusal(std::move(opened), ec::store_corrupt),
                  "archived are not of this log"));
}

BOOST_AUTO_TEST_CASE(who_reads_while_it_is_erased_sees_all_or_is_told) {
  auto begun = log.view();
  must(core->archive(order(must(write(512)))));
  auto midway = log.view();
  must(core->sweep(100));
  std::uint64_t seen = 0;
  auto count = [&](auto, auto) { return ++seen, true; };
  BOOST_TEST(!begun.for_each_entry(0, 600, count));
  BOOST_TEST(seen == 600u);
  // What is given up is not shown even where it still is.
  BOOST_TEST(must(begun.entry(511)).size() > 0u);
  refusal(midway.entry(511), ec::not_found);
  refusal(log.view().entry(511), ec::not_found);
  BOOST_TEST(static_cast<bool>(log.view().entry(512)));
}

BOOST_AUTO_TEST_CASE(reader_says_where_what_is_gone_is) {
  archive_to(512);
  auto reader = log.reader();
  BOOST_TEST(says(refusal(reader.show({5, {}, false}), ec::not_found),
                  "entry 5 was archived: the entries before 512 are in an "
                  "archive, as entry 600 tells"));
  BOOST_TEST(must(reader.show({512, {}, true})).payloads[0].text
             == input_of(512));
  BOOST_TEST(
      says(refusal(reader.resource({{}, "tile/entries/001"}), ec::not_found),
           "archived"));
  BOOST_TEST(must(reader.resource({{}, "tile/0/001"})).size() == 8192u);
  BOOST_TEST(says(refusal(reader.place_of({0, "decision-5"}), ec::not_found),
                  "the entries before 512 are archived"));
  auto figures = must(reader.measure());
  BOOST_TEST(figures.archived == 512u);
  BOOST_TEST(figures.by_kind[0] == 88u);
  BOOST_TEST(figures.first_nanos == sample{}.time_nanos + 512);
}

BOOST_AUTO_TEST_CASE(queries_find_the_rest_and_say_what_they_left_out) {
  archive_to(512);
  auto reader = log.reader();
  reader::query all;
  all.agent = "even";
  all.limit = 1000;
  for (bool anew : {false, true}) {
    if (anew) { // an index that is made again knows nothing of the archived
      log.index_disk = {};
      log.index_env =
          std::make_shared<test::memory_environment>(log.index_disk);
      auto by = log.indexer();
      must(by.advance(1000));
      BOOST_TEST(!must(by.sweep(1'000'000)));
    }
    reader = log.reader();
    auto found = must(reader.find(all));
    BOOST_TEST(found.total == 44u);
    BOOST_TEST(found.entries.front().index == 598u);
    BOOST_TEST(found.entries.back().index == 512u);
    BOOST_TEST(found.archived == 512u);
    auto timed = all;
    timed.agent.clear();
    timed.from_nanos = sample{}.time_nanos + 520;
    timed.to_nanos = sample{}.time_nanos + 530;
    BOOST_TEST(must(reader.find(timed)).total == 10u);
    timed.from_nanos = 0;
    timed.to_nanos = sample{}.time_nanos + 100;
    timed.oldest_first = true;
    found = must(reader.find(timed));
    BOOST_TEST(found.total == 1u); // of the entry that tells of the archive
    BOOST_TEST(found.archived == 512u);
    BOOST_TEST(must(reader.measure()).by_kind[0] == 88u);
  }
}

BOOST_AUTO_TEST_CASE(the_log_verifies_by_what_is_kept_and_by_the_archive) {
  archive_to(512);
  auto found = must(log.reader().check({}));
  BOOST_TEST(found.problem == "");
  BOOST_TEST(found.checked == 89u);
  BOOST_TEST(found.archived == 512u);
  auto part = must(log.reader().check({10, 530}));
  BOOST_TEST(part.problem == "");
  BOOST_TEST(part.archived == 502u);
  auto whole = must(reader_with_archive().check({}));
  BOOST_TEST(whole.problem == "");
  BOOST_TEST(whole.checked == 601u);
  BOOST_TEST(whole.archived == 0u);
  overwrite("tile/entries/001", 700);
  whole = must(reader_with_archive().check({}));
  BOOST_TEST(says(whole.problem, "is not what the tree holds"));
  auto tile = must(log.reader().resource({{}, "tile/0/000"}));
  bytes changed(as_byte_view(tile).begin(), as_byte_view(tile).end());
  changed[7] ^= std::byte{1};
  log.tamper(log.tables().tiles, store::tiles::key(0, 0), changed);
  BOOST_TEST(!must(log.reader().check({})).verified);
}

/// Where an entry's bytes begin in the file of its bundle, after its length.
std::size_t place_in(const bytes& bundle, std::size_t number) {
  auto all = *merkle::parse_bundle(bundle);
  return static_cast<std::size_t>(all.at(number).data() - bundle.data());
}

BOOST_AUTO_TEST_CASE(the_entry_that_an_archive_has_wrong_is_named) {
  archive_to(512);
  const std::string path = "tile/entries/001";
  auto good = *archive::read_part(folder, path);
  auto verified = [&](reader::verify what) {
    return must(reader_with_archive().check(what));
  };
  for (std::size_t number : {0, 120, 255}) {
    auto at = 256 + number;
    for (auto place : {place_in(good, number), place_in(good, number) - 1}) {
      std::ofstream{folder / path, std::ios::binary} << as_text(good);
      overwrite(path, place); // of the entry, then of its length
      auto found = verified({});
      BOOST_TEST(found.first_wrong.value() == at);
      BOOST_TEST(found.checked == at);
      BOOST_TEST(verified({at, at}).first_wrong.value() == at);
      if (number > 0)
        BOOST_TEST(verified({256, at - 1}).problem == "");
    }
  }
  // What stands behind an entry that is wrong may be right.
  std::ofstream{folder / path, std::ios::binary} << as_text(good);
  overwrite(path, place_in(good, 120));
  BOOST_TEST(verified({377, 511}).problem == "");
  refusal(reader_with_archive().show({376, {}, false}), ec::store_corrupt);
  std::ofstream{folder / path, std::ios::binary} << as_text(good) << 'x';
  BOOST_TEST(verified({}).first_wrong.value() == 511u);
}

BOOST_AUTO_TEST_CASE(a_missing_file_of_an_archive_is_told_by_its_hashes) {
  archive_to(512);
  auto reader = reader_with_archive();
  fs::remove(folder / "tile/entries/001");
  auto found = must(reader.check({}));
  BOOST_TEST(found.problem == "");
  BOOST_TEST(found.first_unread.value() == 256u);
  BOOST_TEST(found.archived == 256u);
  BOOST_TEST(found.checked == 345u);
  auto part = must(reader.check({250, 520}));
  BOOST_TEST(part.problem == "");
  BOOST_TEST(part.archived == 256u);
  BOOST_TEST(part.checked == 15u);
  fs::remove(folder / "payload/000");
  found = must(reader.check({}));
  BOOST_TEST(found.problem == "");
  BOOST_TEST(found.first_unread.value() == 0u);
  BOOST_TEST(found.archived == 512u);
  BOOST_TEST(found.checked == 89u);
  // The hashes are held to the root all the same.
  auto tile = must(log.reader().resource({{}, "tile/0/001"}));
  bytes changed(as_byte_view(tile).begin(), as_byte_view(tile).end());
  changed[7] ^= std::byte{1};
  log.tamper(log.tables().tiles, store::tiles::key(0, 1), changed);
  BOOST_TEST(!must(reader.check({})).verified);
  BOOST_TEST(!must(reader.check({256, 300})).verified);
}

BOOST_AUTO_TEST_CASE(an_archive_that_is_given_shows_entries_and_payloads) {
  archive_to(512);
  auto reader = reader_with_archive();
  auto shown = must(reader.show({5, {}, true}));
  BOOST_TEST(shown.found.entry->decision_id == "decision-5");
  BOOST_REQUIRE(shown.payloads.size() == 1u);
  BOOST_TEST(shown.payloads[0].text == input_of(5));
  BOOST_TEST(shown.payloads[0].matches);
  auto bundle = must(reader.resource({{}, "tile/entries/001"}));
  BOOST_TEST(bundle
             == as_text(*archive::read_part(folder, "tile/entries/001")));
  auto text = must(reader.unsigned_checkpoint());
  auto note = must(reader.note_of(text, log.signer.sign(text)));
  auto receipt = *merkle::parse_receipt(must(reader.receipt(5, note)));
  BOOST_TEST(static_cast<bool>(
      merkle::verify_receipt(receipt, shown.found.leaf_hash, log.signer.key)));
}

BOOST_AUTO_TEST_CASE(a_folder_of_another_log_is_passed_over) {
  archive_to(512);
  auto other = scratch.path() / "none"; // the first that the reader looks in
  fs::copy(folder, other, fs::copy_options::recursive);
  auto what = must(archive::read_description(other, "archive")).value();
  what.origin = "acgs/node-1/0";
  std::ofstream{other / "archive"} << archive::format_description(what);
  fs::remove(other / "tile/entries/000");
  fs::copy(folder / "tile/entries/001", other / "tile/entries/000");
  auto shown = must(reader_with_archive().show({5, {}, true}));
  BOOST_TEST(shown.payloads.at(0).text == input_of(5));
}

BOOST_AUTO_TEST_CASE(what_is_archived_can_still_be_shredded) {
  archive_to(512);
  sample about;
  about.kind = domain::entry_kind::shred;
  about.input.clear();
  auto done = must(core->shred({5, test::make_append(about)}));
  auto shown = must(reader_with_archive().show({5, {}, true}));
  BOOST_TEST(shown.payloads[0].shredded);
  BOOST_TEST(shown.payloads[0].text == "");
  BOOST_TEST(shown.shredded->index == done.index);
  BOOST_TEST(must(reader_with_archive().check({})).problem == "");
  reader::get_entry place{5, {}, false};
  place.place_is_enough = true;
  BOOST_TEST(must(log.reader().show(place)).archived);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
