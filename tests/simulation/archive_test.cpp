// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// A process killed, or a disk error, at each call by which entries are archived
// and given up: either nothing is gone from the store, or the archive is whole
// and the store holds the rest. What was cut off can be done again.
#define BOOST_TEST_MODULE archive
#include "actors/reader/state.hpp"
#include "runtime/archive/writer.hpp"
#include "tests/simulation/breaking_call.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>

using namespace acgs;
using test::breaking_call;
using test::fault;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t archived_size = 256;

/// A node's stores, opened as a start would, and the archive beside them.
struct opened {
  store::stores stores;
  ledger::state core;

  static result<opened> at(const fs::path& folder,
                           const test::sample_signer& signer) {
    auto stores = store::open_stores(
        {folder / "store", std::uint64_t{1} << 28, false, 1u << 16});
    if (!stores)
      return stores.error();
    auto core = ledger::state::open(
        *stores->ledger,
        {test::sample_origin, {signer.key}, 0, stores->wal.get()});
    if (!core)
      return core.error();
    return opened{std::move(*stores), std::move(*core)};
  }

  result<reader::state> reader(const test::sample_signer& signer,
                               const fs::path& archive = {}) {
    reader::state_options with{
        stores.ledger, stores.index, test::sample_origin, {signer.key}};
    if (!archive.empty())
      with.archive = archive::open_folders({archive});
    return reader::state::open(std::move(with));
  }
};

archive::source source_of(reader::state& log,
                          const test::sample_signer& signer) {
  return {[&](const std::string& path) -> result<std::string> {
            if (!path.starts_with("checkpoint/"))
              return log.resource({{}, path});
            auto text = log.older_checkpoint(archived_size);
            return text ? log.note_of(*text, signer.sign(*text))
                        : std::move(text);
          },
          [&](std::uint64_t bundle) -> result<bytes> {
            auto piece = log.sealed({bundle, 0, 0, 0});
            if (!piece)
              return piece.error();
            return std::move(piece->content);
          }};
}

/// Archives, as `acgs audit archive` and LEDGER do together.
caf::error archive_once(opened& node, const test::sample_signer& signer,
                        const fs::path& to, bool& acknowledged) {
  if (node.core.archived_so_far().size == 0) {
    auto log = node.reader(signer);
    if (!log)
      return log.error();
    auto made = archive::write_archive({to, 0, archived_size, {}},
                                       source_of(*log, signer));
    if (!made)
      return made.error();
    test::sample about;
    about.kind = domain::entry_kind::archive;
    about.type = "archive";
    about.input.clear();
    auto done = node.core.archive(
        {made->what.size, made->root, test::make_append(about)});
    if (!done)
      return done.error();
    acknowledged = true;
  }
  for (;;) {
    auto more = node.core.sweep(64);
    if (!more)
      return more.error();
    if (!*more)
      return node.core.publish();
  }
}

struct world {
  test::shared_memory shared;
  test::sample_signer signer;
  test::scratch_folder before; ///< what each life begins with
  std::uint64_t entries = 0;

  world() {
    auto book = std::make_unique<test::promises>();
    auto bad = test::run_node(before.path() / "store", signer, *book, {110, 2});
    BOOST_REQUIRE_MESSAGE(!bad, sentence_of(bad));
    entries = book->entries;
    BOOST_REQUIRE(entries > archived_size);
  }

  /// What is wrong with what a life left, or nothing.
  std::string check(const fs::path& folder, bool acknowledged) {
    auto to = folder / "archive";
    auto node = opened::at(folder, signer);
    if (!node)
      return "it does not start: " + sentence_of(node.error());
    auto gone = node->core.archived_so_far().size;
    if (gone != (acknowledged ? archived_size : gone)
        || (gone != 0 && gone != archived_size))
      return std::to_string(gone) + " entries are archived";
    crypto::key_history keys{{&signer.key, 1}};
    auto whole = archive::verify(to, keys, {});
    if (gone != 0 && !whole)
      return "the archive: " + sentence_of(whole.error());
    if (auto wrong = check_log(*node, {}, entries - gone); !wrong.empty())
      return wrong;
    // Done again, it is done.
    if (auto bad = archive_once(*node, signer, to, acknowledged))
      return "again: " + sentence_of(bad);
    if (auto bad = archive::verify(to, keys, {}); !bad)
      return "the archive made again: " + sentence_of(bad.error());
    return check_log(*node, to, entries);
  }

  std::string check_log(opened& node, const fs::path& archive,
                        std::uint64_t expected) {
    auto log = node.reader(signer, archive);
    auto found =
        log ? log->check({}) : result<reader::verify_result>{log.error()};
    if (!found)
      return "reading: " + sentence_of(found.error());
    if (!found->verified)
      return "the log does not verify: " + found->problem;
    return found->checked >= expected
               ? std::string{}
               : std::to_string(found->checked) + " entries are there, not "
                     + std::to_string(expected);
  }

  std::string run(fault how, std::uint64_t at) {
    test::scratch_folder scratch;
    fs::copy(before.path(), scratch.path(),
             fs::copy_options::recursive
                 | fs::copy_options::overwrite_existing);
    auto& book = shared.book() = {};
    breaking_call disk{scratch.path().string(), how, at, book.counted};
    auto ended = test::run_child(book, [&]() -> caf::error {
      auto node = opened::at(scratch.path(), signer);
      if (!node)
        return node.error();
      test::faults::watch(&disk);
      bool done = false;
      auto bad = archive_once(*node, signer, scratch.path() / "archive", done);
      book.kept.revision = done ? 1 : 0;
      return bad;
    });
    auto wrong = test::check_broken(how, ended, book);
    return wrong.empty() ? check(scratch.path(), book.kept.revision == 1)
                         : wrong;
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(nothing_is_lost_wherever_an_archiving_breaks_off) {
  world each;
  BOOST_TEST(each.run(fault::none, 0) == "");
  BOOST_TEST(each.shared.book().kept.revision == 1u);
  test::break_at_every_call(
      [&](fault how, std::uint64_t at) { return each.run(how, at); },
      each.shared.book().counted, 50u, 10u);
}
