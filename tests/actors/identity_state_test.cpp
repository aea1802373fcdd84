// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/identity/lockouts.hpp"
#include "actors/identity/state.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(identity_state_test)

using namespace acgs;
using namespace std::chrono_literals;
using domain::role;

namespace {

constexpr steady_time start{1000s};

/// A state with one user and one refresh token of hers.
struct fixture {
  fixture() {
    token = identity::make_refresh_token(bytes(32, std::byte{7}));
    id = identity::refresh_id_of(token);
    state.users["alice"].role_ = role::viewer;
    auto& kept = state.tokens[id];
    kept.subject = "alice";
    kept.kind = domain::token_kind::refresh;
    kept.family = "f1";
    kept.expires_nanos = 100;
  }

  identity::refresh_verdict verdict(std::int64_t now = 50) {
    return identity::check_refresh(state, token, from_nanos(now)).verdict;
  }

  domain::control_state state;
  std::string token;
  std::string id;
};

} // namespace

using enum identity::refresh_verdict;

BOOST_AUTO_TEST_SUITE(lockouts)

BOOST_AUTO_TEST_CASE(a_name_is_locked_at_the_last_of_its_attempts) {
  identity::lockouts locks{3, 60s};
  BOOST_TEST(!locks.failed("alice", "a", start));
  BOOST_TEST(!locks.failed("alice", "b", start));
  BOOST_TEST(!locks.locked("alice", "z", start));
  BOOST_TEST(locks.failed("alice", "c", start));
  BOOST_TEST((locks.locked("alice", "z", start + 10s) == 50s));
  BOOST_TEST(!locks.locked("alice", "z", start + 60s));
  BOOST_TEST(!locks.locked("bob", "z", start));
}

BOOST_AUTO_TEST_CASE(a_success_begins_the_row_anew) {
  identity::lockouts locks{2, 60s};
  locks.failed("alice", "a", start);
  locks.succeeded("alice", "a");
  BOOST_TEST(!locks.failed("alice", "a", start));
  BOOST_TEST(locks.failed("alice", "a", start));
}

BOOST_AUTO_TEST_CASE(old_failures_are_no_row) {
  identity::lockouts locks{2, 60s};
  locks.failed("alice", "a", start);
  BOOST_TEST(!locks.failed("alice", "a", start + 60s));
}

BOOST_AUTO_TEST_CASE(a_proof_without_a_name_counts_for_its_address_alone) {
  identity::lockouts locks{2, 60s};
  locks.failed({}, "a", start);
  locks.failed({}, "b", start);
  BOOST_TEST(!locks.locked({}, "c", start));
  BOOST_TEST(locks.failed({}, "a", start));
  BOOST_CHECK(locks.locked({}, "a", start));
  BOOST_TEST(!locks.locked({}, "b", start));
}

BOOST_AUTO_TEST_CASE(all_addresses_of_loopback_are_one) {
  identity::lockouts locks{2, 60s};
  locks.failed({}, "127.0.0.1", start);
  BOOST_TEST(locks.failed({}, "127.0.0.9", start));
  BOOST_CHECK(locks.locked({}, "::1", start));
}

BOOST_AUTO_TEST_CASE(the_number_of_names_is_bounded) {
  identity::lockouts locks{3, 60s, 10};
  for (int i = 0; i < 1000; ++i)
    locks.failed("u" + std::to_string(i), "a" + std::to_string(i), start);
  BOOST_TEST(locks.size() == 10u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(refresh, fixture)

BOOST_AUTO_TEST_CASE(a_token_of_a_user_is_good_until_it_expires) {
  BOOST_TEST((verdict(99) == good));
  BOOST_TEST((verdict(100) == unknown));
}

BOOST_AUTO_TEST_CASE(a_used_one_is_reuse_while_the_family_lives) {
  state.tokens[id].revoked = true;
  BOOST_TEST((verdict() == dead));
  state.tokens["next"].family = "f1";
  BOOST_TEST((verdict() == reused));
  state.tokens["next"].revoked = true;
  BOOST_TEST((verdict() == dead));
}

BOOST_AUTO_TEST_CASE(a_user_who_is_gone_has_no_good_token) {
  state.users["alice"].revoked = true;
  BOOST_TEST((verdict() == reused));
  state.users.clear();
  BOOST_TEST((verdict() == reused));
}

BOOST_AUTO_TEST_CASE(another_kind_of_token_is_none) {
  state.tokens[id].kind = domain::token_kind::access;
  BOOST_TEST((verdict() == unknown));
}

BOOST_AUTO_TEST_CASE(ids_do_not_show_the_token) {
  BOOST_TEST(id.size() == 34u);
  BOOST_TEST(token.find(id.substr(2)) == std::string::npos);
  BOOST_TEST(identity::refresh_id_of("r-" + id).empty());
  BOOST_TEST(identity::refresh_id_of("").empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(ranks)

BOOST_AUTO_TEST_CASE(agent_and_viewer_stand_side_by_side) {
  BOOST_TEST(!identity::is_above(role::agent, role::viewer));
  BOOST_TEST(!identity::is_above(role::viewer, role::agent));
  BOOST_TEST(identity::is_above(role::analyst, role::viewer));
  BOOST_TEST(identity::is_above(role::admin, role::operator_));
  BOOST_TEST(!identity::is_above(role::admin, role::admin));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
