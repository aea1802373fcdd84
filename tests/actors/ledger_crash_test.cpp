// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// LEDGER's core on LMDB: a process that is killed while it writes loses nothing
// that it acknowledged, and what it leaves verifies from end to end.
#include "actors/reader/state.hpp"
#include "runtime/store/stores.hpp"
#include "tests/support/ledger_samples.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(ledger_crash_test)

using namespace acgs;
using test::must;

namespace {

constexpr std::uint64_t map_bytes = 1u << 28;

/// Both ends of a pipe, closed at the end.
struct channel {
  int ends[2] = {-1, -1};
  channel() { BOOST_REQUIRE(::pipe(ends) == 0); }
  ~channel() {
    ::close(ends[0]);
    ::close(ends[1]);
  }
};

/// Appends for ever and says after each commit how long the log is.
[[noreturn]] void write_until_killed(const std::filesystem::path& folder,
                                     const test::sample_signer& signer,
                                     int tell) {
  auto stores = store::open_stores({folder, map_bytes});
  auto core = ledger::state::open(*stores->ledger,
                                  {test::sample_origin, {signer.key}, 0});
  if (!core)
    ::_exit(1);
  for (std::size_t round = 0;; ++round) {
    ledger::batch what;
    for (std::size_t i = 0; i <= round % 7; ++i)
      what.entries.push_back(test::make_pending({}));
    auto done = core->write(what);
    if (!done)
      ::_exit(1);
    auto size = core->head().size;
    if (::write(tell, &size, sizeof size) != sizeof size)
      ::_exit(1);
    auto text = *core->unsigned_checkpoint();
    core->sign(text, signer.sign(text));
  }
}

/// Lets a child write until so many commits were acknowledged, kills it, and
/// returns the last size that it acknowledged.
std::uint64_t run_and_kill(const std::filesystem::path& folder,
                           const test::sample_signer& signer, int commits) {
  channel pipe;
  auto child = ::fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0)
    write_until_killed(folder, signer, pipe.ends[1]);
  std::uint64_t size = 0;
  for (int i = 0; i < commits; ++i)
    BOOST_REQUIRE(::read(pipe.ends[0], &size, sizeof size) == sizeof size);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  BOOST_REQUIRE(WIFSIGNALED(status));
  ::close(std::exchange(pipe.ends[1], -1));
  // It may have acknowledged more before the signal came.
  std::uint64_t later = 0;
  while (::read(pipe.ends[0], &later, sizeof later) == sizeof later)
    size = later;
  return size;
}

} // namespace

BOOST_FIXTURE_TEST_CASE(loses_nothing_acknowledged_when_it_is_killed,
                        test::scratch_folder) {
  test::sample_signer signer;
  std::uint64_t before = 0;
  for (int round = 0; round < 8; ++round) {
    auto acknowledged = run_and_kill(path(), signer, 3 + 5 * round);
    BOOST_TEST(acknowledged > before);
    auto stores = must(store::open_stores({path(), map_bytes}));
    auto core = must(ledger::state::open(
        *stores.ledger, {test::sample_origin, {signer.key}, 0}));
    // At most the one commit that was under way is there besides.
    BOOST_TEST(core.head().size >= acknowledged);
    BOOST_TEST(core.head().size <= acknowledged + 7);
    before = core.head().size;
    auto reader = must(reader::state::open(
        {stores.ledger, stores.index, test::sample_origin, {signer.key}}));
    auto checked = must(reader.check({}));
    BOOST_TEST(checked.verified, checked.problem);
    BOOST_TEST(checked.checked == before);
  }
}

BOOST_FIXTURE_TEST_CASE(refuses_entries_when_the_map_is_full_and_reads_on,
                        test::scratch_folder) {
  test::sample_signer signer;
  auto stores = must(store::open_stores({path(), 1u << 22}));
  auto core = must(ledger::state::open(
      *stores.ledger, {test::sample_origin, {signer.key}, 1u << 20}));
  test::sample large;
  large.input.assign(100'000, 'x');
  caf::error refused;
  for (int i = 0; i < 100 && !refused; ++i) {
    ledger::batch what;
    what.entries.push_back(test::make_pending(large));
    auto done = must(core.write(what));
    if (!done.entries[0])
      refused = done.entries[0].error();
  }
  BOOST_TEST((code_of(refused) == ec::store_full));
  // The reserve is for what must still be said.
  test::sample vital;
  vital.kind = domain::entry_kind::stop;
  ledger::batch last;
  last.entries.push_back(test::make_pending(vital));
  BOOST_TEST(static_cast<bool>(must(core.write(last)).entries[0]));
  auto reader = must(reader::state::open(
      {stores.ledger, stores.index, test::sample_origin, {signer.key}}));
  BOOST_TEST(must(reader.check({})).verified);
}

BOOST_AUTO_TEST_SUITE_END()
