// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/listen.hpp"
#include "actors/rpc_gateway/rpc_gateway.hpp"
#include "actors/rpc_gateway/state.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

#include <fstream>

BOOST_AUTO_TEST_SUITE(rpc_gateway_state_test)

using namespace acgs;
using namespace std::chrono_literals;

namespace {

constexpr steady_time start{1000s};

rpc_gateway::bounds small() {
  rpc_gateway::bounds out;
  out.connections_max = 2;
  out.calls_max = 2;
  out.handshakes_max = 3;
  out.handshakes_of_address_max = 2;
  return out;
}

struct fixture {
  rpc_gateway::state core{small()};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(state, fixture)

BOOST_AUTO_TEST_CASE(bounds_connections_and_takes_new_ones_when_others_go) {
  auto one = core.connected(start);
  BOOST_REQUIRE(one);
  BOOST_TEST(core.connected(start).has_value());
  BOOST_TEST(!core.connected(start).has_value());
  core.gone(*one);
  BOOST_TEST(core.connected(start).has_value());
  BOOST_TEST(core.connections() == 2u);
}

BOOST_AUTO_TEST_CASE(gives_the_place_of_the_longest_silent_stranger_away) {
  auto known = core.connected(start);
  BOOST_TEST(!core.dispensable(start + 1h).has_value()); // there is room
  auto stranger = core.connected(start + 1s);
  BOOST_REQUIRE((known && stranger));
  BOOST_TEST((core.dispensable(start + 1s) == known));
  core.authenticated(*known, domain::role::agent, start + 1s);
  BOOST_TEST(!core.dispensable(start + 2s - 1ns).has_value()); // may yet speak
  BOOST_TEST((core.dispensable(start + 2s) == stranger));
  BOOST_TEST(!core.call_begins(*stranger, start + 2s));
  BOOST_TEST(!core.dispensable(start + 1h).has_value()); // is being answered
  core.call_ends(*stranger, start + 2s);
  BOOST_TEST((core.dispensable(start + 3s) == stranger));
  core.drain();
  BOOST_TEST(!core.dispensable(start + 3s).has_value()); // for nobody
}

BOOST_AUTO_TEST_CASE(gives_the_place_of_the_longest_idle_away_and_admins_last) {
  auto admin = *core.connected(start);
  auto agent = *core.connected(start);
  core.authenticated(admin, domain::role::admin, start);
  core.authenticated(admin, domain::role::agent, start); // is both
  core.authenticated(agent, domain::role::agent, start + 5s);
  BOOST_TEST((core.dispensable(start + 5s) == admin)); // the other just came
  BOOST_TEST((core.dispensable(start + 6s) == agent));
  BOOST_TEST(!core.call_begins(agent, start + 6s));
  BOOST_TEST((core.dispensable(start + 1h) == admin));
  BOOST_TEST(!core.call_begins(admin, start + 1h));
  BOOST_TEST(!core.dispensable(start + 2h).has_value());
  core.call_ends(agent, start + 2h);
  BOOST_TEST(!core.dispensable(start + 2h).has_value());
  BOOST_TEST((core.dispensable(start + 2h + 1s) == agent));
}

BOOST_AUTO_TEST_CASE(lets_strangers_push_out_only_so_many_who_are_known) {
  auto within = small();
  within.connections_max = 8;
  rpc_gateway::state many{within};
  for (int i = 0; i < 8; ++i)
    many.authenticated(*many.connected(start), domain::role::agent, start);
  std::optional<std::uint64_t> least;
  int pushed = 0;
  for (; (least = many.dispensable(start + 1min)); ++pushed) {
    many.gone(*least);
    BOOST_REQUIRE(many.connected(start + 1min).has_value());
  }
  BOOST_TEST(pushed == 2);
  // The strangers are the next to go, once they were silent for a while.
  BOOST_TEST(many.dispensable(start + 1min + 1s).value_or(0) > 8u);
}

BOOST_AUTO_TEST_CASE(bounds_handshakes_in_all_and_of_an_address) {
  auto one = core.handshake_begins("a", start);
  BOOST_REQUIRE(one);
  BOOST_TEST(core.handshake_begins("a", start).has_value());
  BOOST_TEST(!core.handshake_begins("a", start).has_value());
  BOOST_TEST(core.handshake_begins("b", start).has_value());
  BOOST_TEST(!core.handshake_begins("c", start).has_value());
  core.handshake_ends(*one);
  core.handshake_ends(*one);
  BOOST_TEST(core.handshakes() == 2u);
  BOOST_TEST(core.handshake_begins("a", start).has_value());
  BOOST_TEST(!core.handshake_begins("a", start).has_value());
  BOOST_TEST(core.connections() == 0u);
}

BOOST_AUTO_TEST_CASE(ends_handshakes_that_take_too_long) {
  auto early = *core.handshake_begins("a", start);
  auto late = *core.handshake_begins("a", start + 1s);
  auto patience = rpc_gateway::bounds{}.handshake_timeout;
  BOOST_TEST(core.handshakes_due(start + patience - 1ns).empty());
  BOOST_TEST(core.handshakes_due(start + patience)
             == std::vector<std::uint64_t>{early});
  core.handshake_ends(early);
  BOOST_TEST(core.handshakes_due(start + patience + 1s)
             == std::vector<std::uint64_t>{late});
  core.drain();
  BOOST_TEST(!core.handshake_begins("b", start).has_value());
}

BOOST_AUTO_TEST_CASE(bounds_the_calls_of_a_connection) {
  auto one = *core.connected(start);
  auto other = *core.connected(start);
  BOOST_TEST(!core.call_begins(one, start));
  BOOST_TEST(!core.call_begins(one, start));
  BOOST_TEST((code_of(core.call_begins(one, start)) == ec::overloaded));
  BOOST_TEST(!core.call_begins(other, start));
  core.call_ends(one, start);
  BOOST_TEST(!core.call_begins(one, start));
  BOOST_TEST(core.calls() == 3u);
}

BOOST_AUTO_TEST_CASE(forgets_the_calls_of_a_connection_that_goes) {
  auto one = *core.connected(start);
  BOOST_TEST(!core.call_begins(one, start));
  core.gone(one);
  BOOST_TEST(core.calls() == 0u);
  core.call_ends(one, start); // comes late, counts nothing
  BOOST_TEST(core.calls() == 0u);
  BOOST_TEST((code_of(core.call_begins(one, start)) == ec::unavailable));
}

BOOST_AUTO_TEST_CASE(drops_strangers_soon_and_idlers_late) {
  auto stranger = *core.connected(start);
  auto known = *core.connected(start);
  core.authenticated(known, domain::role::agent, start);
  BOOST_TEST(core.due(start + 9s).empty());
  BOOST_TEST(core.due(start + 10s) == std::vector{stranger},
             boost::test_tools::per_element());
  core.gone(stranger);
  BOOST_TEST(core.due(start + 14min).empty());
  BOOST_TEST(core.due(start + 15min) == std::vector{known},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_call_that_waits_keeps_its_connection) {
  auto one = *core.connected(start);
  core.authenticated(one, domain::role::agent, start);
  BOOST_TEST(!core.call_begins(one, start));
  BOOST_TEST(core.due(start + 1h).empty());
  core.call_ends(one, start + 1h);
  BOOST_TEST(core.due(start + 1h + 14min).empty());
  BOOST_TEST(core.due(start + 1h + 15min).size() == 1u);
}

BOOST_AUTO_TEST_CASE(drops_who_guesses_and_who_does_not_read) {
  auto guesser = *core.connected(start);
  auto deaf = *core.connected(start);
  core.authenticated(deaf, domain::role::agent, start);
  for (int i = 0; i < 7; ++i)
    core.refused(guesser);
  BOOST_TEST(core.due(start).empty());
  core.refused(guesser);
  core.stalled(deaf);
  BOOST_TEST(core.due(start).size() == 2u);
  BOOST_TEST((code_of(core.call_begins(deaf, start)) == ec::unavailable));
}

BOOST_AUTO_TEST_CASE(lets_nothing_in_while_it_drains) {
  auto one = *core.connected(start);
  BOOST_TEST(!core.call_begins(one, start));
  core.drain();
  BOOST_TEST((code_of(core.call_begins(one, start)) == ec::unavailable));
  BOOST_TEST(!core.connected(start).has_value());
  core.call_ends(one, start);
  BOOST_TEST(core.calls() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(listening)

BOOST_AUTO_TEST_CASE(replaces_a_stale_socket_and_not_a_live_one) {
  test::scratch_folder folder;
  auto path = folder.path() / "s";
  {
    auto before = ::umask(0077);
    auto live = rpc_gateway::listen_unix(path);
    ::umask(before);
    BOOST_REQUIRE(live);
    struct stat found {};
    BOOST_REQUIRE(::stat(path.c_str(), &found) == 0);
    BOOST_TEST((found.st_mode & 0777) == 0660u);
    auto second = rpc_gateway::listen_unix(path);
    BOOST_REQUIRE(!second);
    BOOST_TEST((code_of(second.error()) == ec::unavailable));
  }
  BOOST_TEST(std::filesystem::exists(path)); // left behind, as by a crash
  BOOST_TEST(static_cast<bool>(rpc_gateway::listen_unix(path)));
}

BOOST_AUTO_TEST_CASE(leaves_a_file_alone_that_is_no_socket) {
  test::scratch_folder folder;
  auto path = folder.path() / "s";
  test::write_file(path, "precious");
  auto out = rpc_gateway::listen_unix(path);
  BOOST_REQUIRE(!out);
  BOOST_TEST((code_of(out.error()) == ec::conflict));
  BOOST_TEST(test::read_file(path) == "precious");
}

BOOST_AUTO_TEST_CASE(refuses_a_path_too_long_for_a_socket) {
  auto out = rpc_gateway::listen_unix("/tmp/" + std::string(200, 'x'));
  BOOST_REQUIRE(!out);
  BOOST_TEST((code_of(out.error()) == ec::invalid_argument));
}

BOOST_AUTO_TEST_CASE(takes_the_next_port_unless_it_is_strict) {
  auto first = rpc_gateway::listen_tcp("127.0.0.1", 0, true);
  BOOST_REQUIRE(first);
  auto strict = rpc_gateway::listen_tcp("127.0.0.1", first->port, true);
  BOOST_REQUIRE(!strict);
  BOOST_TEST((code_of(strict.error()) == ec::unavailable));
  auto next = rpc_gateway::listen_tcp("localhost", first->port, false);
  BOOST_REQUIRE(next);
  BOOST_TEST(next->port > first->port);
}

BOOST_AUTO_TEST_CASE(listens_at_addresses_only) {
  auto out = rpc_gateway::listen_tcp("example.invalid", 0, true);
  BOOST_REQUIRE(!out);
  BOOST_TEST((code_of(out.error()) == ec::invalid_argument));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
