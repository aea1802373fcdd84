// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/auth/authenticator.hpp"
#include "runtime/auth/local_identity.hpp"
#include "runtime/auth/permissions.hpp"
#include "runtime/crypto/base64.hpp"
#include "tests/support/manual_clock.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

BOOST_AUTO_TEST_SUITE(auth_test)

using namespace acgs;
using namespace std::chrono_literals;
using domain::role;

namespace {

/// An authenticator with one key and whatever tokens a case issues.
struct fixture {
  fixture() : key{crypto::signing_key::generate()} {
    own.key = key.public_part();
    clock.set(wall_time{1800000000s});
    guard.set_keys({own});
  }

  std::string issue(const std::string& id, role as,
                    domain::token_kind kind = domain::token_kind::access) {
    auth::claims of;
    of.token_id = id;
    of.subject = "alice";
    of.role_ = as;
    of.kind = kind;
    of.issued = of.not_before = clock.now();
    of.expires = clock.now() + 900s;
    domain::token kept;
    kept.subject = of.subject;
    kept.role_ = as;
    kept.kind = kind;
    kept.expires_nanos = to_nanos(of.expires);
    state.tokens[id] = kept;
    publish();
    auto input = auth::signing_input(of, own);
    auto by = key.sign(as_byte_view(input));
    return auth::with_signature(std::move(input), by);
  }

  void publish() {
    guard.update(std::make_shared<const domain::control_state>(state));
  }

  std::string why(std::string_view token) {
    auto got = guard.check(token, "127.0.0.1");
    return got ? "taken" : sentence_of(got.error());
  }

  crypto::signing_key key;
  auth::token_key own;
  test::manual_clock clock;
  domain::control_state state;
  auth::authenticator guard{clock, 3};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(authenticator, fixture)

BOOST_AUTO_TEST_CASE(tells_who_holds_a_token) {
  auto token = issue("t-1", role::analyst);
  auto who = guard.check(token, "10.0.0.9");
  BOOST_REQUIRE(who);
  BOOST_TEST(who->subject == "alice");
  BOOST_TEST((who->role_ == role::analyst));
  BOOST_TEST((who->method == domain::auth_method::token));
  BOOST_TEST(who->token_id == "t-1");
  BOOST_TEST(who->address == "10.0.0.9");
}

BOOST_AUTO_TEST_CASE(knows_nobody_before_the_first_state) {
  auth::authenticator fresh{clock};
  auto who = fresh.check("a.b.c", "127.0.0.1");
  BOOST_REQUIRE(!who);
  BOOST_TEST((code_of(who.error()) == ec::unavailable));
}

BOOST_AUTO_TEST_CASE(checks_each_signature_once_while_it_is_remembered) {
  auto token = issue("t-1", role::viewer);
  for (int i = 0; i < 10; ++i)
    BOOST_CHECK(guard.check(token, ""));
  BOOST_TEST(guard.signatures_checked() == 1u);
  // Three are kept, the least recently used goes.
  std::vector<std::string> others;
  for (auto id : {"t-2", "t-3", "t-4"})
    others.push_back(issue(id, role::viewer));
  for (const auto& other : others)
    BOOST_CHECK(guard.check(other, ""));
  BOOST_TEST(guard.signatures_checked() == 4u);
  BOOST_CHECK(guard.check(others[1], ""));
  BOOST_TEST(guard.signatures_checked() == 4u);
  BOOST_CHECK(guard.check(token, ""));
  BOOST_TEST(guard.signatures_checked() == 5u);
}

BOOST_AUTO_TEST_CASE(a_wrong_token_is_not_remembered) {
  auto token = issue("t-1", role::viewer);
  token[token.size() - 20] = token[token.size() - 20] == 'A' ? 'B' : 'A';
  BOOST_CHECK(!guard.check(token, ""));
  BOOST_CHECK(!guard.check(token, ""));
  BOOST_TEST(guard.signatures_checked() == 2u);
}

BOOST_AUTO_TEST_CASE(a_remembered_token_still_expires) {
  auto token = issue("t-1", role::viewer);
  BOOST_CHECK(guard.check(token, ""));
  clock.advance(900s);
  BOOST_TEST(why(token).find("expired") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_revocation_holds_from_the_next_call_on) {
  auto token = issue("t-1", role::viewer);
  BOOST_CHECK(guard.check(token, ""));
  state.tokens["t-1"].revoked = true;
  publish();
  BOOST_TEST(why(token) == "the token was revoked");
}

BOOST_AUTO_TEST_CASE(an_earlier_state_that_comes_late_changes_nothing) {
  auto token = issue("t-1", role::viewer);
  auto earlier = std::make_shared<const domain::control_state>(state);
  state.revision = 1;
  state.tokens["t-1"].revoked = true;
  auto later = issue("t-2", role::viewer);
  guard.update(earlier);
  BOOST_TEST(why(token) == "the token was revoked");
  BOOST_TEST(why(later) == "taken");
}

BOOST_AUTO_TEST_CASE(a_signed_token_that_was_never_issued_is_refused) {
  auto token = issue("t-1", role::viewer);
  state.tokens.clear();
  publish();
  BOOST_TEST(why(token) == "the token is not one that was issued here");
}

BOOST_AUTO_TEST_CASE(a_signed_token_may_not_claim_another_role) {
  auto token = issue("t-1", role::admin);
  state.tokens["t-1"].role_ = role::viewer;
  publish();
  BOOST_TEST(why(token) == "the token does not say what was issued");
}

BOOST_AUTO_TEST_CASE(a_refresh_token_is_no_proof_for_calls) {
  auto token = issue("t-1", role::admin, domain::token_kind::refresh);
  BOOST_TEST(why(token).find("exchange it first") != std::string::npos);
  BOOST_TEST(why(issue("t-2", role::admin, domain::token_kind::api_key))
             == "taken");
}

BOOST_AUTO_TEST_CASE(a_user_who_lost_rights_has_to_log_in_again) {
  auto token = issue("t-1", role::operator_);
  state.users["alice"].role_ = role::admin;
  publish();
  BOOST_TEST(why(token) == "taken");
  state.users["alice"].role_ = role::viewer;
  publish();
  BOOST_TEST(why(token).find("lowered") != std::string::npos);
  state.users["alice"].role_ = role::operator_;
  state.users["alice"].revoked = true;
  publish();
  BOOST_TEST(why(token) == "the user was revoked");
}

BOOST_AUTO_TEST_CASE(a_key_that_is_no_longer_in_use_takes_its_tokens_along) {
  auto token = issue("t-1", role::viewer);
  BOOST_CHECK(guard.check(token, ""));
  guard.set_keys({});
  BOOST_CHECK(!guard.check(token, ""));
}

BOOST_AUTO_TEST_CASE(control_state_adds_and_revokes_keys) {
  auto token = issue("t-1", role::viewer);
  guard.set_keys({});
  bytes raw{std::byte{1}};
  raw.insert(raw.end(), own.key.begin(), own.key.end());
  auto& record = state.keys["node-2/token"];
  record.purpose = "token";
  record.verifier_key = "node-2/token+00000000+" + crypto::to_base64(raw);
  publish();
  BOOST_TEST(why(token) == "taken");
  record.revoked = true;
  publish();
  BOOST_TEST(why(token) != "taken");
  guard.set_keys({own});
  BOOST_TEST(why(token) != "taken");
  record.revoked = false;
  record.purpose = "bundle";
  guard.set_keys({});
  publish();
  BOOST_TEST(why(token) != "taken");
}

BOOST_AUTO_TEST_CASE(many_threads_may_ask_at_once) {
  auto token = issue("t-1", role::viewer);
  std::atomic<int> taken = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        taken += guard.check(token, "") ? 1 : 0;
        publish();
      }
    });
  for (auto& thread : threads)
    thread.join();
  BOOST_TEST(taken == 800);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(local_identity)

BOOST_AUTO_TEST_CASE(the_own_user_and_root_are_admin_on_the_socket) {
  BOOST_TEST((auth::peer_identity(0, 1000, nullptr)->role_ == role::admin));
  auto own = auth::peer_identity(1000, 1000, nullptr);
  BOOST_TEST((own->role_ == role::admin));
  BOOST_TEST(own->subject == "uid:1000");
  BOOST_TEST(own->address == "unix");
  BOOST_TEST((auth::peer_identity(1001, 1000, nullptr)->role_ == role::agent));
}

BOOST_AUTO_TEST_CASE(control_state_gives_local_callers_a_role) {
  domain::control_state state;
  state.users["uid:1001"].role_ = role::viewer;
  state.users["cert:ops"].role_ = role::operator_;
  state.users["cert:ops"].tenant = "acme";
  BOOST_TEST((auth::peer_identity(1001, 1, &state)->role_ == role::viewer));
  auto ops = auth::certificate_identity("ops", "10.0.0.1", &state);
  BOOST_TEST((ops->role_ == role::operator_));
  BOOST_TEST(ops->tenant == "acme");
  BOOST_TEST((ops->method == domain::auth_method::certificate));
  BOOST_TEST(
      (auth::certificate_identity("else", "", &state)->role_ == role::agent));
  BOOST_CHECK(!auth::certificate_identity("", "", &state));
  state.users["cert:ops"].revoked = true;
  BOOST_CHECK(!auth::certificate_identity("ops", "", &state));
  state.users["uid:1"].revoked = true;
  BOOST_TEST((auth::peer_identity(1, 1, &state)->role_ == role::admin));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(permissions)

BOOST_AUTO_TEST_CASE(a_caller_without_a_token_may_what_the_contract_says) {
  using auth::verb;
  for (auto what :
       {verb::decide, verb::health, verb::metrics, verb::read_own_entries})
    BOOST_TEST(auth::may(role::agent, what));
  for (auto what :
       {verb::read_ledger, verb::read_policies, verb::write_policies,
        verb::read_data, verb::write_data, verb::query, verb::manage_cache,
        verb::manage_modes, verb::manage_identities, verb::read_payloads})
    BOOST_TEST(!auth::may(role::agent, what));
}

BOOST_AUTO_TEST_CASE(an_admin_may_everything) {
  for (std::size_t i = 0; i < auth::verb_names.size(); ++i)
    BOOST_TEST(auth::may(role::admin, static_cast<auth::verb>(i)));
}

BOOST_AUTO_TEST_CASE(rights_rise_from_viewer_to_admin) {
  for (std::size_t i = 0; i < auth::verb_names.size(); ++i) {
    auto what = static_cast<auth::verb>(i);
    if (auth::may(role::viewer, what))
      BOOST_TEST(auth::may(role::analyst, what));
    bool sees_inputs =
        what == auth::verb::read_payloads || what == auth::verb::replay;
    if (auth::may(role::analyst, what) && !sees_inputs)
      BOOST_TEST(auth::may(role::operator_, what));
  }
  BOOST_TEST(!auth::may(role::viewer, auth::verb::decide));
}

BOOST_AUTO_TEST_CASE(a_refusal_names_the_verb_and_who_may) {
  auto refused = auth::authorise(auth::anonymous_identity("127.0.0.1"),
                                 auth::verb::manage_modes);
  BOOST_TEST((code_of(refused) == ec::forbidden));
  BOOST_TEST(sentence_of(refused)
             == "the role agent may not manage_modes; it takes admin");
}

BOOST_AUTO_TEST_CASE(lockdown_leaves_health_reading_and_admins) {
  using auth::verb;
  domain::identity admin;
  admin.role_ = role::admin;
  domain::identity analyst;
  analyst.role_ = role::analyst;
  BOOST_TEST(!auth::authorise_in_lockdown(admin, verb::manage_modes));
  BOOST_TEST(!auth::authorise_in_lockdown(analyst, verb::health));
  BOOST_TEST(!auth::authorise_in_lockdown(analyst, verb::read_ledger));
  BOOST_TEST((code_of(auth::authorise_in_lockdown(analyst, verb::decide))
              == ec::forbidden));
  BOOST_TEST((code_of(auth::authorise_in_lockdown(analyst, verb::query))
              == ec::forbidden));
  BOOST_TEST((code_of(auth::authorise_in_lockdown(analyst, verb::manage_modes))
              == ec::forbidden));
}

BOOST_AUTO_TEST_CASE(what_changes_the_node_is_put_to_policy_too) {
  BOOST_TEST(auth::asks_admin_policy(auth::verb::manage_modes));
  BOOST_TEST(auth::asks_admin_policy(auth::verb::write_policies));
  BOOST_TEST(!auth::asks_admin_policy(auth::verb::decide));
  BOOST_TEST(!auth::asks_admin_policy(auth::verb::read_policies));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
