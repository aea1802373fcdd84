// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The journal on a real disk, and when its writer is killed.

#include "actors/control/apply.hpp"
#include "actors/control/journal.hpp"
#include "runtime/store/lmdb.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(control_disk_test)

using namespace acgs;
using kind = domain::command_kind;
using test::must;

namespace {

std::shared_ptr<store::environment> open(const std::filesystem::path& folder,
                                         std::uint64_t bytes = 1u << 26) {
  store::lmdb_options options;
  options.folder = folder;
  options.map_bytes = bytes;
  return std::shared_ptr{must(store::open_lmdb(options))};
}

/// Carries out one more command that puts the new revision into data.
caf::error add(control::journal& to, domain::control_state_ptr& state,
               std::string_view name = "n") {
  auto body = std::to_string(state->revision + 1);
  domain::command command;
  command.kind = kind::put_data;
  command.name = name;
  command.body = body;
  auto next = must(control::apply(*state, command));
  auto wrong = to.append(wire::command{command}, *next, state->revision);
  if (!wrong)
    state = next;
  return wrong;
}

/// Writes commands for ever and says on `to` which are durable.
[[noreturn]] void write_until_killed(const std::filesystem::path& folder,
                                     int to) {
  control::journal journal{open(folder)};
  auto state = must(journal.recover()).state;
  for (;;) {
    if (add(journal, state))
      ::_exit(1);
    auto revision = state->revision;
    if (::write(to, &revision, sizeof revision) != sizeof revision)
      ::_exit(1);
  }
}

} // namespace

BOOST_AUTO_TEST_CASE(a_history_is_found_again) {
  test::scratch_folder folder;
  {
    control::journal journal{open(folder.path())};
    auto state = must(journal.recover()).state;
    for (int i = 0; i < 300; ++i)
      BOOST_REQUIRE(!add(journal, state));
  }
  control::journal journal{open(folder.path())};
  auto found = must(journal.recover());
  BOOST_TEST(found.state->revision == 300u);
  BOOST_TEST(*found.state->data == R"({"n":300})");
  BOOST_TEST(found.recorded == 299u);
  auto page = must(journal.list({.before = 0, .limit = 1, .name = "n"}));
  BOOST_TEST(page.items.at(0).revision == 300u);
}

BOOST_AUTO_TEST_CASE(a_full_map_refuses_and_loses_nothing) {
  test::scratch_folder folder;
  control::journal journal{open(folder.path(), 256u << 10)};
  auto state = must(journal.recover()).state;
  caf::error wrong;
  for (int i = 0; i < 10000 && !wrong; ++i)
    wrong = add(journal, state);
  BOOST_TEST((code_of(wrong) == ec::store_full));
  auto revision = state->revision;
  BOOST_TEST(revision > 10u);
  auto found = must(journal.recover());
  BOOST_TEST(found.state->revision == revision);
}

BOOST_AUTO_TEST_CASE(no_acknowledged_command_is_lost_by_a_kill) {
  test::scratch_folder folder;
  std::uint64_t acknowledged = 0;
  for (int round = 0; round < 5; ++round) {
    int ends[2];
    BOOST_REQUIRE(::pipe(ends) == 0);
    auto child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0)
      write_until_killed(folder.path(), ends[1]);
    ::close(ends[1]);
    std::uint64_t revision = 0;
    for (int i = 0; i < 20 + 13 * round; ++i)
      if (::read(ends[0], &revision, sizeof revision) == sizeof revision)
        acknowledged = revision;
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    while (::read(ends[0], &revision, sizeof revision) == sizeof revision)
      acknowledged = revision;
    ::close(ends[0]);
    BOOST_REQUIRE(WIFSIGNALED(status));
    control::journal journal{open(folder.path())};
    auto found = must(journal.recover());
    BOOST_TEST(found.state->revision >= acknowledged);
    BOOST_TEST(*found.state->data
               == "{\"n\":" + std::to_string(found.state->revision) + "}");
  }
  BOOST_TEST(acknowledged >= 100u);
}

BOOST_AUTO_TEST_SUITE_END()
