// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/identity/identity.hpp"
#include "runtime/auth/authenticator.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/fake_control.hpp"
#include "tests/support/fake_ledger.hpp"
#include "tests/support/fake_signer.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/must.hpp"

BOOST_AUTO_TEST_SUITE(identity_test)

using namespace acgs;
using namespace std::chrono_literals;
using domain::role;
using test::must;

namespace {

constexpr auto password = "correct horse battery";

struct fixture : test::actor_fixture {
  fixture() {
    start();
    admin.subject = "uid:0";
    admin.role_ = role::admin;
  }

  void start() {
    identity::config cfg;
    cfg.node = "node-1";
    cfg.control = actor_ref<control_actor>::fixed(control.handle);
    cfg.signer = actor_ref<signer_actor>::fixed(signer.handle);
    cfg.ledger = actor_ref<ledger_actor>::fixed(ledger.handle);
    cfg.registry = &registry;
    cfg.time = &clock;
    cfg.ids = &ids;
    cfg.login_attempts = 3;
    cfg.cost = {1, 8192};
    who = system.spawn(identity::identity, std::move(cfg));
    run();
  }

  /// As its supervisor does, or a start of the node.
  void restart() {
    caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
    run();
    start();
  }

  ~fixture() {
    control.what->listeners.clear();
    caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
    run();
  }

  result<void> put(const std::string& name, const std::string& secret,
                   role as = role::analyst) {
    return ask<void>(
        who, identity::put_user{name, secret, as, "acme", admin, "r-1"});
  }

  result<identity::token_pair> log_in(const std::string& name,
                                      const std::string& secret,
                                      const std::string& from = "10.0.0.1") {
    return ask<identity::token_pair>(
        who, identity::login{name, secret, from, "r-2"});
  }

  result<identity::token_pair> exchange(const std::string& token,
                                        const std::string& from = "10.0.0.1") {
    return ask<identity::token_pair>(who,
                                     identity::refresh{token, from, "r-3"});
  }

  result<domain::identity> check(const std::string& token) {
    auth::authenticator guard{clock};
    guard.set_keys({signer.key()});
    guard.update(control.what->state);
    return guard.check(token, "10.0.0.1");
  }

  template <class T>
  static ec code(const result<T>& of) {
    return of ? ec::none : code_of(of.error());
  }

  std::vector<wire::entry> refusals() const {
    return ledger.of_kind(domain::entry_kind::refused_login);
  }

  double metric(const std::string& name, const acgs::metrics::labels& with) {
    return registry.make_counter(name, "", with).value();
  }

  test::manual_clock clock;
  acgs::metrics::registry registry;
  id_maker ids{clock, crypto::random_fill};
  test::fake_control control{system, clock};
  test::fake_signer signer{system};
  test::fake_ledger ledger{system};
  identity_actor who;
  domain::identity admin;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(actor, fixture)

BOOST_AUTO_TEST_CASE(a_user_logs_in_and_the_token_is_good) {
  BOOST_CHECK(put("alice", password));
  auto pair = must(log_in("alice", password));
  BOOST_TEST((pair.role_ == role::analyst));
  BOOST_TEST(pair.expires_nanos == to_nanos(clock.now()) + 900'000'000'000);
  auto caller = must(check(pair.access_token));
  BOOST_TEST(caller.subject == "alice");
  BOOST_TEST((caller.role_ == role::analyst));
  BOOST_TEST(caller.tenant == "acme");
  BOOST_TEST(caller.token_id == pair.token_id);
  // A refresh token opens nothing by itself.
  BOOST_CHECK(!check(pair.refresh_token));
  BOOST_TEST(metric("acgs_auth_attempts_total", {{"result", "success"}}) == 1);
  clock.advance(900s);
  BOOST_CHECK(!check(pair.access_token));
}

BOOST_AUTO_TEST_CASE(neither_password_nor_refresh_token_is_kept_anywhere) {
  BOOST_CHECK(put("alice", password));
  auto pair = must(log_in("alice", password));
  for (const auto& command : control.what->commands) {
    auto stored = std::string{as_text(command.encoded())};
    BOOST_TEST(stored.find(password) == std::string::npos);
    BOOST_TEST(stored.find(pair.refresh_token) == std::string::npos);
    BOOST_TEST(stored.find(pair.access_token) == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_wrong_name_and_a_wrong_password_look_alike) {
  BOOST_CHECK(put("alice", password));
  auto wrong = log_in("alice", "guess", "10.0.0.1");
  auto unknown = log_in("mallory", "guess", "10.0.0.2");
  BOOST_REQUIRE(!wrong);
  BOOST_REQUIRE(!unknown);
  BOOST_TEST((code(wrong) == ec::unauthenticated));
  BOOST_TEST(sentence_of(wrong.error()) == sentence_of(unknown.error()));
}

BOOST_AUTO_TEST_CASE(a_refused_login_is_counted_and_recorded) {
  BOOST_CHECK(put("alice", password));
  BOOST_CHECK(!log_in("alice", "guess"));
  BOOST_CHECK(!log_in("my-secret-typed-here", "guess"));
  auto entries = refusals();
  BOOST_REQUIRE(entries.size() == 2u);
  BOOST_TEST(entries[0]->event_type == "refused_login");
  BOOST_TEST(entries[0]->agent == "alice");
  BOOST_TEST(entries[0]->request_id == "r-2");
  BOOST_TEST(entries[0]->caller.address == "10.0.0.1");
  BOOST_TEST((entries[0]->outcome == domain::verdict::deny));
  // What was typed as a name may be a secret: it is sealed, not shown.
  auto stored = std::string{as_text(entries[1].encoded())};
  BOOST_TEST(stored.find("my-secret") == std::string::npos);
  BOOST_TEST(entries[1]->commitments.size() == 1u);
  BOOST_TEST(metric("acgs_auth_attempts_total", {{"result", "failure"}}) == 2);
  BOOST_TEST(metric("acgs_auth_failures_total", {}) == 2);
}

BOOST_AUTO_TEST_CASE(failures_in_a_row_lock_the_name_for_a_while) {
  BOOST_CHECK(put("alice", password));
  for (int i = 0; i < 3; ++i)
    BOOST_TEST((code(log_in("alice", "guess", "10.0.0." + std::to_string(i)))
                == ec::unauthenticated));
  auto locked = log_in("alice", password, "10.0.0.9");
  BOOST_TEST((code(locked) == ec::rate_limited));
  BOOST_TEST(sentence_of(locked.error()).find("900 seconds")
             != std::string::npos);
  clock.advance(900s);
  BOOST_CHECK(log_in("alice", password, "10.0.0.9"));
}

BOOST_AUTO_TEST_CASE(failures_in_a_row_lock_the_address_for_a_while) {
  BOOST_CHECK(put("alice", password));
  for (int i = 0; i < 3; ++i)
    BOOST_CHECK(!log_in("user-" + std::to_string(i), "guess"));
  BOOST_TEST((code(log_in("alice", password)) == ec::rate_limited));
  BOOST_CHECK(log_in("alice", password, "10.0.0.2"));
}

BOOST_AUTO_TEST_CASE(a_restart_forgets_locks_but_no_refusal) {
  BOOST_CHECK(put("alice", password));
  auto guess = [&] { return code(log_in("alice", "guess")); };
  for (int i = 0; i < 3; ++i)
    BOOST_TEST((guess() == ec::unauthenticated));
  BOOST_TEST((guess() == ec::rate_limited));
  auto recorded = refusals().size();
  restart();
  // One more row of guesses, and no more than that.
  for (int i = 0; i < 3; ++i)
    BOOST_TEST((guess() == ec::unauthenticated));
  BOOST_TEST((guess() == ec::rate_limited));
  BOOST_TEST((code(log_in("alice", password)) == ec::rate_limited));
  BOOST_TEST(refusals().size() >= recorded + 3);
  clock.advance(900s);
  BOOST_CHECK(log_in("alice", password));
}

BOOST_AUTO_TEST_CASE(guesses_do_not_fill_the_ledger) {
  for (int i = 0; i < 200; ++i)
    anon_send(who, identity::refused{"x", "a wrong token", "10.0.0.1", "r"});
  run();
  BOOST_TEST(refusals().size() == 20u);
  BOOST_TEST(metric("acgs_auth_unrecorded_total", {}) == 180);
  clock.advance(60s);
  anon_send(who, identity::refused{"x", "a wrong token", "10.0.0.1", "r"});
  run();
  auto entries = refusals();
  BOOST_REQUIRE(entries.size() == 21u);
  BOOST_TEST(entries.back()->event_type == "refused_credential");
  BOOST_TEST(entries.back()->detail.find("\"left_out\":180")
             != std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(a_refusal_does_not_wait_for_the_ledger) {
  BOOST_CHECK(put("alice", password));
  ledger.what->refusal = make_error(ec::store_full, "full");
  BOOST_TEST((code(log_in("alice", "guess")) == ec::unauthenticated));
  BOOST_TEST(metric("acgs_auth_unrecorded_total", {}) == 1);
}

BOOST_AUTO_TEST_CASE(a_revoked_user_cannot_log_in) {
  BOOST_CHECK(put("alice", password));
  domain::command order;
  order.kind = domain::command_kind::revoke_user;
  order.name = "alice";
  BOOST_CHECK(ask<control::applied>(control.handle, wire::command{order}));
  BOOST_TEST((code(log_in("alice", password)) == ec::unauthenticated));
}

BOOST_AUTO_TEST_CASE(oversized_logins_are_refused_before_any_work) {
  BOOST_TEST(
      (code(log_in(std::string(300, 'a'), "x")) == ec::invalid_argument));
  BOOST_TEST(
      (code(log_in("alice", std::string(2000, 'x'))) == ec::invalid_argument));
  BOOST_TEST((code(log_in("", "x")) == ec::invalid_argument));
  BOOST_TEST((code(log_in("alice", "")) == ec::invalid_argument));
}

BOOST_AUTO_TEST_CASE(a_refresh_token_gives_a_new_pair_once) {
  BOOST_CHECK(put("alice", password));
  auto first = must(log_in("alice", password));
  clock.advance(600s);
  auto second = must(exchange(first.refresh_token));
  BOOST_TEST(second.refresh_token != first.refresh_token);
  BOOST_CHECK(check(second.access_token));
  BOOST_CHECK(check(first.access_token));
  auto third = must(exchange(second.refresh_token));
  BOOST_CHECK(check(third.access_token));
}

BOOST_AUTO_TEST_CASE(a_reused_refresh_token_revokes_its_family) {
  BOOST_CHECK(put("alice", password));
  auto other = must(log_in("alice", password));
  auto first = must(log_in("alice", password));
  auto second = must(exchange(first.refresh_token));
  BOOST_TEST((code(exchange(first.refresh_token)) == ec::unauthenticated));
  BOOST_CHECK(!check(first.access_token));
  BOOST_CHECK(!check(second.access_token));
  BOOST_TEST((code(exchange(second.refresh_token)) == ec::unauthenticated));
  // Another log-in of the same user is none of it.
  BOOST_CHECK(check(other.access_token));
  BOOST_REQUIRE(!refusals().empty());
  BOOST_TEST(refusals().front()->event_type == "refused_refresh_reuse");
  BOOST_TEST(metric("acgs_security_events_total", {{"type", "refresh_reuse"}})
             == 1);
}

BOOST_AUTO_TEST_CASE(two_at_once_with_one_refresh_token_revoke_the_family) {
  BOOST_CHECK(put("alice", password));
  auto first = must(log_in("alice", password));
  auto one = begin<identity::token_pair>(
      who, identity::refresh{first.refresh_token, "a", "r"});
  auto two = begin<identity::token_pair>(
      who, identity::refresh{first.refresh_token, "b", "r"});
  run();
  BOOST_REQUIRE((*one && *two));
  BOOST_TEST((code(**one) == ec::none) != (code(**two) == ec::none));
  const auto& winner = **one ? **one : **two;
  BOOST_CHECK(!check(winner->access_token));
  BOOST_CHECK(!check(first.access_token));
}

BOOST_AUTO_TEST_CASE(a_refresh_token_expires) {
  BOOST_CHECK(put("alice", password));
  auto first = must(log_in("alice", password));
  clock.advance(12h);
  BOOST_TEST((code(exchange(first.refresh_token)) == ec::unauthenticated));
}

BOOST_AUTO_TEST_CASE(a_refresh_follows_a_change_of_role) {
  BOOST_CHECK(put("alice", password));
  auto first = must(log_in("alice", password));
  BOOST_CHECK(put("alice", "", role::viewer));
  BOOST_CHECK(!check(first.access_token));
  auto second = must(exchange(first.refresh_token));
  BOOST_TEST((second.role_ == role::viewer));
  BOOST_TEST((must(check(second.access_token)).role_ == role::viewer));
}

BOOST_AUTO_TEST_CASE(a_new_password_ends_what_the_old_one_began) {
  BOOST_CHECK(put("alice", password));
  auto first = must(log_in("alice", password));
  BOOST_CHECK(put("alice", "another long password"));
  BOOST_CHECK(!check(first.access_token));
  BOOST_CHECK(!exchange(first.refresh_token));
  BOOST_CHECK(!log_in("alice", password));
  BOOST_CHECK(log_in("alice", "another long password"));
}

BOOST_AUTO_TEST_CASE(malformed_refresh_tokens_are_refused) {
  BOOST_CHECK(put("alice", password));
  auto pair = must(log_in("alice", password));
  int i = 0;
  for (auto bad : {std::string{}, std::string{"acgs-refresh."},
                   pair.access_token, pair.refresh_token + "A",
                   pair.refresh_token.substr(1), std::string(100000, 'a')})
    BOOST_TEST((code(exchange(bad, "10.1.0." + std::to_string(i++)))
                == ec::unauthenticated));
  BOOST_CHECK(exchange(pair.refresh_token));
}

BOOST_AUTO_TEST_CASE(an_admin_issues_tokens_and_keys) {
  auto pair = must(ask<identity::token_pair>(
      who, identity::issue{"bot-7", role::agent, "acme", 0,
                           domain::token_kind::access, admin, "r"}));
  BOOST_TEST(pair.refresh_token.empty());
  auto caller = must(check(pair.access_token));
  BOOST_TEST(caller.subject == "bot-7");
  BOOST_TEST((caller.role_ == role::agent));
  auto key = must(ask<identity::token_pair>(
      who, identity::issue{"bot-7", role::agent, "",
                           std::chrono::nanoseconds{24h * 365}.count(),
                           domain::token_kind::api_key, admin, "r"}));
  clock.advance(24h * 300);
  BOOST_CHECK(check(key.access_token));
}

BOOST_AUTO_TEST_CASE(what_must_not_be_issued_is_refused) {
  auto give = [&](role as, role by, std::int64_t life,
                  domain::token_kind kind = domain::token_kind::access,
                  const std::string& subject = "bot") {
    auto caller = admin;
    caller.role_ = by;
    return code(ask<identity::token_pair>(
        who, identity::issue{subject, as, "", life, kind, caller, "r"}));
  };
  BOOST_TEST((give(role::admin, role::operator_, 0) == ec::forbidden));
  BOOST_TEST((give(role::agent, role::admin, -5) == ec::invalid_argument));
  BOOST_TEST((give(role::agent, role::admin, 1) == ec::invalid_argument));
  BOOST_TEST(
      (give(role::agent, role::admin, std::chrono::nanoseconds{25h}.count())
       == ec::invalid_argument));
  BOOST_TEST((give(role::agent, role::admin,
                   std::chrono::nanoseconds{24h * 400}.count(),
                   domain::token_kind::api_key)
              == ec::invalid_argument));
  BOOST_TEST((give(role::agent, role::admin, 0, domain::token_kind::refresh)
              == ec::invalid_argument));
  BOOST_TEST((
      give(role::agent, role::admin, 0, domain::token_kind::access, "no spaces")
      == ec::invalid_argument));
  BOOST_CHECK(put("alice", password, role::viewer));
  BOOST_TEST(
      (give(role::admin, role::admin, 0, domain::token_kind::access, "alice")
       == ec::conflict));
}

BOOST_AUTO_TEST_CASE(no_token_speaks_for_whom_another_proof_stands) {
  auto give = [&](const std::string& subject, role as = role::viewer) {
    return ask<identity::token_pair>(
        who, identity::issue{subject, as, "", 0, domain::token_kind::access,
                             admin, "r"});
  };
  for (auto* reserved : {"anonymous", "role:admin", "uid:0", "uid:1000",
                         "cert:admin", "uid:", "cert:"}) {
    auto made = give(reserved);
    BOOST_TEST((code(made) == ec::invalid_argument), reserved);
    auto told = "subject \"" + std::string{reserved} + "\" is reserved";
    BOOST_TEST(sentence_of(made.error()).starts_with(told),
               sentence_of(made.error()));
  }
  // Names that only look like it are anybody's.
  for (auto* free : {"anonymous-2", "roles", "uid", "certs:1"})
    BOOST_CHECK(give(free));
  // Those of users are the users'.
  BOOST_CHECK(put("uid:1000", "", role::viewer));
  BOOST_CHECK(put("cert:ops", "", role::operator_));
  BOOST_CHECK(give("uid:1000"));
  BOOST_CHECK(give("cert:ops", role::operator_));
  BOOST_TEST((code(give("uid:1000", role::admin)) == ec::conflict));
  BOOST_TEST((code(give("uid:1001")) == ec::invalid_argument));
}

BOOST_AUTO_TEST_CASE(tokens_are_taken_back_by_admins_and_their_holders) {
  BOOST_CHECK(put("alice", password));
  auto pair = must(log_in("alice", password));
  auto take = [&](const std::string& id, const std::string& subject, role as) {
    domain::identity caller;
    caller.subject = subject;
    caller.role_ = as;
    return code(ask<void>(who, identity::revoke{id, caller, "r"}));
  };
  BOOST_TEST((take(pair.token_id, "bob", role::operator_) == ec::not_found));
  BOOST_CHECK(check(pair.access_token));
  BOOST_TEST((take(pair.token_id, "alice", role::analyst) == ec::none));
  BOOST_CHECK(!check(pair.access_token));
  // The log-in as a whole has ended.
  BOOST_CHECK(!exchange(pair.refresh_token));
  auto again = must(log_in("alice", password));
  BOOST_TEST((take(again.token_id, "root", role::admin) == ec::none));
  BOOST_CHECK(!check(again.access_token));
  BOOST_TEST((take("none", "root", role::admin) == ec::not_found));
}

BOOST_AUTO_TEST_CASE(users_need_long_passwords_and_an_admin) {
  BOOST_TEST((code(put("alice", "short")) == ec::invalid_argument));
  BOOST_TEST((code(put("alice", "")) == ec::invalid_argument));
  BOOST_TEST(
      (code(put("alice", std::string(2000, 'x'))) == ec::invalid_argument));
  BOOST_TEST((code(put("no spaces", password)) == ec::invalid_argument));
  BOOST_CHECK(put("uid:1000", ""));
  admin.role_ = role::operator_;
  BOOST_TEST((code(put("alice", password)) == ec::forbidden));
}

BOOST_AUTO_TEST_CASE(nothing_is_handed_out_that_control_does_not_keep) {
  BOOST_CHECK(put("alice", password));
  control.what->refusal = make_error(ec::store_full, "full");
  BOOST_TEST((code(log_in("alice", password)) == ec::store_full));
}

BOOST_AUTO_TEST_CASE(nothing_is_handed_out_without_a_signature) {
  BOOST_CHECK(put("alice", password));
  signer.what->refusal = make_error(ec::unavailable, "restarting");
  BOOST_TEST((code(log_in("alice", password)) == ec::unavailable));
  signer.what->refusal = {};
  signer.what->rotates = true;
  BOOST_TEST((code(log_in("alice", password)) == ec::unavailable));
  BOOST_TEST(control.what->state->tokens.empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
