// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/commands.hpp"

BOOST_AUTO_TEST_SUITE(control_identities_test)

using namespace acgs;
using kind = domain::command_kind;

namespace {

const std::string hash = "$argon2id$v=19$m=65536,t=2,p=1$c2FsdA$aGFzaA";

struct fixture : test::commands {
  std::string user(std::string_view role) {
    return R"({"role":")" + std::string{role} + R"(","password_hash":")" + hash
           + "\"}";
  }

  /// A body for a token of alice's that lives for so long.
  std::string token(std::string_view what, std::int64_t lifetime = 900,
                    const std::string& more = "") {
    return R"({"subject":"alice","role":"viewer","kind":")" + std::string{what}
           + R"(","expires_nanos":)"
           + std::to_string(next.time_nanos + lifetime) + more + "}";
  }

  /// A log-in: refresh token and access token of one family.
  std::string pair(const std::string& family, const std::string& access,
                   const std::string& replaces = "") {
    return token(
        "refresh", 10000,
        R"(,"family":")" + family + R"(","access_id":")" + access
            + R"(","access_expires_nanos":)"
            + std::to_string(next.time_nanos + 900)
            + (replaces.empty() ? "" : R"(,"replaces":")" + replaces + "\""));
  }

  bool good(const std::string& id) {
    auto found = state->tokens.find(id);
    return found != state->tokens.end() && !found->second.revoked;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(users, fixture)

BOOST_AUTO_TEST_CASE(are_added_and_changed) {
  must(kind::put_user, "alice", user("viewer"));
  const auto& alice = state->users.at("alice");
  BOOST_TEST((alice.role_ == domain::role::viewer));
  BOOST_TEST(alice.password_hash == hash);
  BOOST_TEST(alice.created_nanos == 1000);
  next.time_nanos = 2000;
  must(kind::put_user, "alice", R"({"role":"admin","tenant":"acme"})");
  const auto& changed = state->users.at("alice");
  BOOST_TEST((changed.role_ == domain::role::admin));
  BOOST_TEST(changed.tenant == "acme");
  BOOST_TEST(changed.password_hash == hash);
  BOOST_TEST(changed.created_nanos == 1000);
}

BOOST_AUTO_TEST_CASE(local_callers_may_be_given_a_role) {
  must(kind::put_user, "uid:1000", R"({"role":"operator"})");
  must(kind::put_user, "cert:node-2", R"({"role":"viewer"})");
  BOOST_TEST(state->users.at("uid:1000").password_hash.empty());
}

BOOST_AUTO_TEST_CASE(malformed_ones_are_refused) {
  for (auto name :
       {"", "a b", "a\n", "a/b", "role:admin", "anonymous", "\xff", "\xc3\xa9"})
    BOOST_TEST(
        (code(kind::put_user, name, user("viewer")) == ec::invalid_argument));
  BOOST_TEST((code(kind::put_user, std::string(256, 'a'), user("viewer"))
              == ec::invalid_argument));
  for (auto body :
       {"", "[]", "1", "{}", R"({"role":"root"})", R"({"role":1})",
        R"({"role":"viewer","password":"secret"})",
        R"({"role":"viewer","password_hash":"plain"})",
        R"({"role":"viewer","password_hash":7})",
        R"({"role":"viewer","tenant":"a\nb"})",
        R"({"role":"viewer","role":"admin"})", R"({"role":"viewer")"})
    BOOST_TEST((code(kind::put_user, "alice", body) == ec::invalid_argument));
  BOOST_TEST(
      (code(kind::put_user, "alice",
            R"({"role":"viewer","tenant":")" + std::string(20000, 'x') + "\"}")
       == ec::too_large));
}

BOOST_AUTO_TEST_CASE(a_message_names_the_member) {
  BOOST_TEST(why(kind::put_user, "alice", R"({"role":"root"})")
             == "the command's body, \"role\": expected one of agent, viewer, "
                "analyst, operator, admin");
}

BOOST_AUTO_TEST_CASE(a_new_password_ends_what_the_old_one_began) {
  must(kind::put_user, "alice", user("viewer"));
  must(kind::issue_token, "r1", pair("f1", "a1"));
  must(kind::put_user, "alice", R"({"role":"viewer"})");
  BOOST_TEST(good("r1"));
  must(kind::put_user, "alice", user("viewer"));
  BOOST_TEST(!good("r1"));
  BOOST_TEST(!good("a1"));
}

BOOST_AUTO_TEST_CASE(revoking_one_ends_its_tokens_and_putting_it_again_helps) {
  must(kind::put_user, "alice", user("viewer"));
  must(kind::issue_token, "t1", token("access"));
  must(kind::revoke_user, "alice");
  BOOST_TEST(state->users.at("alice").revoked);
  BOOST_TEST(!good("t1"));
  must(kind::put_user, "alice", user("viewer"));
  BOOST_TEST(!state->users.at("alice").revoked);
  BOOST_TEST(!good("t1"));
  BOOST_TEST((code(kind::revoke_user, "bob") == ec::not_found));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(tokens, fixture)

BOOST_AUTO_TEST_CASE(are_issued_and_revoked) {
  must(kind::issue_token, "t1", token("api_key"));
  BOOST_TEST(good("t1"));
  BOOST_TEST((state->tokens.at("t1").kind == domain::token_kind::api_key));
  BOOST_TEST(state->tokens.at("t1").issued_nanos == 1000);
  must(kind::revoke_token, "t1");
  BOOST_TEST(!good("t1"));
  must(kind::revoke_token, "t1");
  BOOST_TEST((code(kind::revoke_token, "t2") == ec::not_found));
}

BOOST_AUTO_TEST_CASE(an_id_serves_once) {
  must(kind::issue_token, "t1", token("access"));
  BOOST_TEST((code(kind::issue_token, "t1", token("access")) == ec::conflict));
  BOOST_TEST((code(kind::issue_token, "r1", pair("f", "t1")) == ec::conflict));
  BOOST_TEST((code(kind::issue_token, "r1", pair("f", "r1")) == ec::conflict));
}

BOOST_AUTO_TEST_CASE(expired_ones_are_forgotten) {
  must(kind::issue_token, "t1", token("access", 900));
  next.time_nanos = 1900;
  must(kind::issue_token, "t2", token("access"));
  BOOST_TEST(!state->tokens.contains("t1"));
  BOOST_TEST((code(kind::issue_token, "t3", token("access", 0))
              == ec::invalid_argument));
}

BOOST_AUTO_TEST_CASE(revoked_ones_are_forgotten_once_nothing_hangs_on_them) {
  must(kind::issue_token, "t1", token("access"));
  must(kind::revoke_token, "t1");
  must(kind::issue_token, "r1", pair("f1", "a1"));
  BOOST_TEST(!state->tokens.contains("t1"));
  must(kind::issue_token, "r2", pair("f1", "a2", "r1"));
  must(kind::issue_token, "t2", token("access"));
  // Used up, but its family lives: a second use must be noticed.
  BOOST_TEST(state->tokens.contains("r1"));
  must(kind::revoke_token, "f1");
  must(kind::issue_token, "t3", token("access"));
  for (auto id : {"r1", "r2", "a1", "a2"})
    BOOST_TEST(!state->tokens.contains(id));
}

BOOST_AUTO_TEST_CASE(one_subject_cannot_use_up_what_is_there_for_all) {
  const auto most = control::bounds::tokens_of_one_subject;
  for (std::size_t i = 0; i < most + 5; ++i) {
    ++next.time_nanos;
    must(kind::issue_token, "t" + std::to_string(i), token("access", 100000));
  }
  BOOST_TEST(state->tokens.size() == most);
  BOOST_TEST(!good("t4"));
  BOOST_TEST(good("t5"));
  BOOST_TEST(good("t" + std::to_string(most + 4)));
}

BOOST_AUTO_TEST_CASE(a_refresh_token_serves_once) {
  must(kind::issue_token, "r1", pair("f1", "a1"));
  must(kind::issue_token, "r2", pair("f1", "a2", "r1"));
  BOOST_TEST(!good("r1"));
  BOOST_TEST(good("r2"));
  BOOST_TEST(good("a1"));
  BOOST_TEST(
      (code(kind::issue_token, "r3", pair("f1", "a3", "r1")) == ec::conflict));
  BOOST_TEST((code(kind::issue_token, "r3", pair("f1", "a3", "none"))
              == ec::not_found));
  BOOST_TEST(
      (code(kind::issue_token, "r3", pair("f1", "a3", "a1")) == ec::not_found));
  BOOST_TEST((code(kind::issue_token, "r3", pair("f2", "a3", "r2"))
              == ec::invalid_argument));
}

BOOST_AUTO_TEST_CASE(a_family_is_revoked_by_its_name_or_by_any_member) {
  must(kind::issue_token, "r1", pair("f1", "a1"));
  must(kind::issue_token, "r2", pair("f1", "a2", "r1"));
  must(kind::issue_token, "r9", pair("f9", "a9"));
  must(kind::revoke_token, "f1");
  for (auto id : {"r1", "r2", "a1", "a2"})
    BOOST_TEST(!good(id));
  BOOST_TEST(good("a9"));
  must(kind::revoke_token, "a9");
  BOOST_TEST(!good("r9"));
}

BOOST_AUTO_TEST_CASE(revoking_a_token_without_family_leaves_others_alone) {
  must(kind::issue_token, "t1", token("access"));
  must(kind::issue_token, "t2", token("access"));
  must(kind::revoke_token, "t1");
  BOOST_TEST(good("t2"));
}

BOOST_AUTO_TEST_CASE(malformed_ones_are_refused) {
  for (auto id : {"", "a b", "a/b", "\xff"})
    BOOST_TEST(
        (code(kind::issue_token, id, token("access")) == ec::invalid_argument));
  BOOST_TEST((code(kind::issue_token, std::string(65, 'a'), token("access"))
              == ec::invalid_argument));
  for (
      auto body : {
          R"({})",
          R"({"subject":"a","role":"agent","kind":"access"})",
          R"({"subject":"","role":"agent","kind":"access","expires_nanos":9999})",
          R"({"subject":"a b","role":"agent","kind":"access",)"
          R"("expires_nanos":9999})",
          R"({"subject":"a","role":"agent","kind":"id","expires_nanos":9999})",
          R"({"subject":"a","role":"agent","kind":"access",)"
          R"("expires_nanos":-1})",
          R"({"subject":"a","role":"agent","kind":"access",)"
          R"("expires_nanos":1.5})",
          R"({"subject":"a","role":"agent","kind":"access",)"
          R"("expires_nanos":1e30})",
          R"({"subject":"a","role":"agent","kind":"refresh",)"
          R"("expires_nanos":9999,"access_id":"x"})",
      })
    BOOST_TEST((code(kind::issue_token, "t", body) == ec::invalid_argument));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
