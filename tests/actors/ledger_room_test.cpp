// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// A store of LMDB that is full takes entries again once others were archived:
// the pages that those had are room at once, and the reserve is kept as before.
#include "actors/ledger/state.hpp"
#include "runtime/store/stores.hpp"
#include "tests/support/ledger_samples.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(ledger_room_test)

using namespace acgs;
using test::must;

namespace {

constexpr std::uint64_t map_bytes = 1u << 24;
constexpr std::uint64_t reserve_bytes = 1u << 20;

struct fixture {
  test::scratch_folder folder;
  test::sample_signer signer;
  std::optional<store::stores> stores;
  std::optional<ledger::state> core;
  std::vector<digest> roots; ///< of the log of each size

  void start(bool logged) {
    stores =
        must(store::open_stores({folder.path(), map_bytes, false, 1u << 17}));
    core = must(ledger::state::open(*stores->ledger,
                                    {test::sample_origin,
                                     {signer.key},
                                     reserve_bytes,
                                     logged ? stores->wal.get() : nullptr}));
    roots.push_back(core->head().root);
  }

  ec write(const test::sample& about) {
    ledger::batch what;
    what.entries.push_back(test::make_pending(about));
    auto done = core->write(what);
    if (!done)
      return code_of(done.error());
    auto& only = done->entries.front();
    if (!only)
      return code_of(only.error());
    roots.push_back(core->head().root);
    return ec::none;
  }

  ec decide() {
    test::sample about;
    about.input = "\"" + std::string(10'000, 'x') + "\"";
    return write(about);
  }

  std::uint64_t fill() {
    std::uint64_t out = 0;
    ec why;
    while ((why = decide()) == ec::none)
      ++out;
    BOOST_TEST((why == ec::store_full));
    return out;
  }

  void archive(std::uint64_t size) {
    auto text = *core->unsigned_checkpoint();
    BOOST_REQUIRE(core->sign(text, signer.sign(text)));
    test::sample about;
    about.kind = domain::entry_kind::archive;
    about.input.clear();
    must(core->archive({size, roots[size], test::make_append(about)}));
    roots.push_back(core->head().root);
    while (must(core->sweep(64))) {
      // A piece at a time.
    }
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(is_there_again_once_entries_were_archived) {
  for (bool logged : {false, true}) {
    fixture log;
    log.start(logged);
    auto first = log.fill();
    BOOST_TEST(first > 512u);
    log.archive(512);
    auto second = log.fill();
    BOOST_TEST(second > 400u);
    // What is kept for an emergency is still there.
    test::sample vital;
    vital.kind = domain::entry_kind::control;
    vital.input.clear();
    for (int i = 0; i < 100; ++i)
      BOOST_TEST((log.write(vital) == ec::none));
  }
}

BOOST_AUTO_TEST_CASE(is_named_with_what_it_is_for) {
  test::memory_disk disk;
  test::memory_environment env{disk};
  auto core = must(ledger::state::open(env, {test::sample_origin, {}, 0}));
  disk.free_bytes = 0;
  test::sample about;
  for (auto kind :
       {domain::entry_kind::decision, domain::entry_kind::control}) {
    about.kind = kind;
    auto done = must(core.write({{test::make_pending(about)}, {}}));
    BOOST_REQUIRE(!done.entries[0]);
    auto why = sentence_of(done.entries[0].error());
    bool others = kind == domain::entry_kind::decision;
    BOOST_TEST((why.find("but for control entries") != why.npos) == others,
               why);
  }
}

BOOST_AUTO_TEST_SUITE_END()
