// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/identity/shell.hpp"

#include "runtime/base/log.hpp"
#include "runtime/crypto/ed25519.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace acgs::identity {

namespace {

using namespace std::chrono_literals;
using domain::command_kind;

constexpr log::logger out{"identity"};

/// An API key lives so long where nothing else is asked for.
constexpr std::chrono::hours api_key_ttl{24 * 90};

constexpr std::size_t user_bytes_max = 255;

caf::error not_ready() {
  return make_error(ec::unavailable,
                    "users and tokens are not known yet; try again");
}

/// One answer for every way in which a log-in can be wrong.
caf::error wrong_login() {
  return make_error(ec::unauthenticated, "the user name or password is wrong");
}

caf::error wrong_refresh() {
  return make_error(ec::unauthenticated,
                    "the refresh token is not valid (any more); log in again");
}

caf::error locked_for(std::chrono::nanoseconds wait) {
  auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  return make_error(ec::rate_limited,
                    "too many failures; try again in " + std::to_string(seconds)
                        + " seconds",
                    wait);
}

/// The active token key among SIGNER's keys.
std::optional<auth::token_key> active_key(const signer::key_list& list) {
  auto found =
      std::find_if(list.keys.begin(), list.keys.end(), [](const auto& key) {
        return key.active && key.serves == signer::purpose::token;
      });
  if (found == list.keys.end())
    return std::nullopt;
  return auth::token_key{found->value};
}

domain::identity user_identity(const std::string& name, domain::role role,
                               const std::string& address) {
  domain::identity who;
  who.subject = name;
  who.role_ = role;
  who.method = domain::auth_method::internal;
  who.address = address;
  return who;
}

} // namespace

shell::shell(self_actor::pointer self, config cfg)
    : self_{self}, cfg_{std::move(cfg)}, counts_{*cfg_.registry},
      locks_{cfg_.login_attempts, cfg_.login_lock}, refusals_{cfg_.node,
                                                              *cfg_.time,
                                                              cfg_.seal} {
  std::array<std::byte, 32> secret{};
  cfg_.random(secret);
  auto made = crypto::hash_password(to_hex(secret), cfg_.cost);
  if (made)
    decoy_ = *made;
  self_->send(cfg_.control.get(), caf::actor_cast<control_listener>(self_));
}

void shell::record(const refused& what, std::string_view event_type) {
  auto entry = refusals_.record(what, event_type, state_.get());
  if (!entry)
    return counts_.unrecorded();
  self_->request(cfg_.ledger.get(), caf::infinite, std::move(*entry))
      .then([](const ledger::appended&) {},
            [this](const caf::error& why) {
              counts_.unrecorded();
              out.error("a refused proof of identity could not be recorded",
                        {{"event", "refusal_unrecorded"},
                         {"reason", sentence_of(why)}});
            });
}

template <class Answer, class Then>
void shell::command(command_kind kind, std::string_view name,
                    std::string_view body, const asker& by,
                    promise<Answer> later, Then then) {
  domain::command what;
  what.kind = kind;
  what.name = name;
  what.body = body;
  what.request_id = by.request_id;
  what.caller = by.who;
  self_->request(cfg_.control.get(), caf::infinite, wire::command{what})
      .then(std::move(then),
            [later](const caf::error& why) { later.fail(why); });
}

bool shell::password_fits(const std::string& stored,
                          const std::string& password) {
  // An unknown name costs as much time as a known one.
  if (stored.empty()) {
    crypto::check_password(decoy_, password);
    return false;
  }
  return crypto::check_password(stored, password);
}

caf::error shell::refuse_login(const login& what, steady_time now) {
  counts_.failed();
  bool locked = locks_.failed(what.user, what.address, now);
  if (locked)
    counts_.locked_out();
  record({what.user,
          locked ? "wrong user name or password; locked for a while"
                 : "wrong user name or password",
          what.address, what.request_id},
         "login");
  return wrong_login();
}

caf::error shell::check_login(const login& what) {
  if (!state_)
    return not_ready();
  if (what.user.empty() || what.user.size() > user_bytes_max
      || what.password.empty()
      || what.password.size() > crypto::password_size_max)
    return make_error(ec::invalid_argument,
                      "a log-in needs a user name of at most "
                          + std::to_string(user_bytes_max)
                          + " bytes and a password of at most "
                          + std::to_string(crypto::password_size_max));
  auto now = cfg_.time->steady_now();
  if (auto wait = locks_.locked(what.user, what.address, now)) {
    counts_.locked();
    return locked_for(*wait);
  }
  auto user = state_->users.find(what.user);
  bool usable = user != state_->users.end() && !user->second.revoked;
  if (!password_fits(usable ? user->second.password_hash : std::string{},
                     what.password))
    return refuse_login(what, now);
  locks_.succeeded(what.user, what.address);
  return {};
}

caf::result<token_pair> shell::log_in(login& what) {
  auto wrong = check_login(what);
  crypto::wipe(what.password);
  if (wrong)
    return wrong;
  const auto& user = state_->users.at(what.user);
  std::array<std::byte, 32> secret{};
  cfg_.random(secret);
  auto granted =
      make_grant(what.user, user, cfg_.ids->next(), cfg_.ids->next(), secret,
                 {cfg_.token_ttl, cfg_.refresh_ttl}, cfg_.time->now());
  crypto::wipe(secret);
  promise<token_pair> later{self_};
  issue_pair(
      granted,
      {user_identity(what.user, user.role_, what.address), what.request_id},
      later);
  return later;
}

caf::result<token_pair> shell::exchange(const refresh& what) {
  if (!state_)
    return not_ready();
  auto now = cfg_.time->steady_now();
  if (auto wait = locks_.locked({}, what.address, now)) {
    counts_.locked();
    return locked_for(*wait);
  }
  auto found = check_refresh(*state_, what.refresh_token, cfg_.time->now());
  const auto& subject = found.token.subject;
  asker by{user_identity(subject, found.token.role_, what.address),
           what.request_id};
  if (found.verdict != refresh_verdict::good) {
    counts_.failed();
    bool reused = found.verdict == refresh_verdict::reused;
    if (reused)
      handle_conflict(found.token.family, by);
    else if (found.verdict == refresh_verdict::unknown)
      locks_.failed({}, what.address, now);
    record({subject, "the refresh token is not valid", what.address,
            what.request_id},
           reused ? "refresh_reuse" : "refresh");
    return wrong_refresh();
  }
  std::array<std::byte, 32> secret{};
  cfg_.random(secret);
  auto granted = make_grant(
      subject, state_->users.at(subject), found.token.family, cfg_.ids->next(),
      secret, {cfg_.token_ttl, cfg_.refresh_ttl}, cfg_.time->now());
  crypto::wipe(secret);
  granted.replaces = found.id;
  by.who.role_ = granted.access.role_;
  promise<token_pair> later{self_};
  issue_pair(granted, by, later);
  return later;
}

void shell::handle_conflict(const std::string& family, const asker& by) {
  counts_.reused();
  out.warning("a refresh token was used twice; its family is revoked",
              {{"event", "refresh_reuse"}, {"request_id", by.request_id}});
  domain::command what;
  what.kind = command_kind::revoke_token;
  what.name = family;
  what.reason = "a refresh token was used twice";
  what.request_id = by.request_id;
  what.caller = by.who;
  self_->request(cfg_.control.get(), caf::infinite, wire::command{what})
      .then([](const control::applied&) {},
            [](const caf::error& why) {
              out.error("a family of tokens could not be revoked",
                        {{"event", "revocation_failed"},
                         {"reason", sentence_of(why)}});
            });
}

void shell::sign(auth::claims what, promise<token_pair> later,
                 std::function<void(std::string)> then) {
  auto failed = [later](const caf::error& why) { later.fail(why); };
  auto with_key = [this, what = std::move(what), later, failed,
                   then = std::move(then)](const signer::key_list& list) {
    auto key = active_key(list);
    if (!key)
      return later.fail(
          make_error(ec::unavailable, "there is no key to sign tokens with"));
    auto input = auth::signing_input(what, *key);
    auto raw = as_byte_view(input);
    auto finish = [input, key = *key, later,
                   then](const signer::signature& by) {
      // A key that was rotated meanwhile would make a token nobody accepts.
      if (!crypto::verify(key.key, as_byte_view(input), by.value))
        return later.fail(make_error(
            ec::unavailable, "the signing key was just changed; try again"));
      then(auth::with_signature(input, by.value));
    };
    self_
        ->request(
            cfg_.signer.get(), caf::infinite,
            signer::sign{signer::purpose::token, {raw.begin(), raw.end()}})
        .then(finish, failed);
  };
  self_->request(cfg_.signer.get(), caf::infinite, signer::list_keys{})
      .then(with_key, failed);
}

void shell::issue_pair(const grant& what, const asker& by,
                       promise<token_pair> later) {
  sign(what.access, later, [this, what, by, later](const std::string& token) {
    token_pair pair{token, what.refresh_token, what.access.token_id,
                    to_nanos(what.access.expires), what.access.role_};
    auto id = refresh_id_of(what.refresh_token);
    domain::command order;
    auto body = body_of(what);
    order.kind = command_kind::issue_token;
    order.name = id;
    order.body = body;
    order.request_id = by.request_id;
    order.caller = by.who;
    self_->request(cfg_.control.get(), caf::infinite, wire::command{order})
        .then(
            [this, pair, later](const control::applied&) {
              counts_.succeeded();
              later.deliver(pair);
            },
            [this, what, by, later](const caf::error& why) {
              // Two came at once with one refresh token: one of them is not
              // who we think.
              if (!what.replaces.empty() && code_of(why) == ec::conflict) {
                counts_.failed();
                handle_conflict(what.access.family, by);
                return later.fail(wrong_refresh());
              }
              // Its family was revoked and forgotten a moment ago.
              if (!what.replaces.empty() && code_of(why) == ec::not_found) {
                counts_.failed();
                return later.fail(wrong_refresh());
              }
              later.fail(why);
            });
  });
}

caf::result<token_pair> shell::give(const issue& what) {
  if (!state_)
    return not_ready();
  auto standard = what.kind == domain::token_kind::api_key
                      ? std::chrono::nanoseconds{api_key_ttl}
                      : cfg_.token_ttl;
  auto claims =
      claims_for(what, *state_, cfg_.ids->next(), standard, cfg_.time->now());
  if (!claims)
    return claims.error();
  promise<token_pair> later{self_};
  asker by{what.caller, what.request_id};
  sign(
      *claims, later,
      [this, claims = *claims, by, later](const std::string& token) {
        token_pair pair{
            token, {}, claims.token_id, to_nanos(claims.expires), claims.role_};
        command(command_kind::issue_token, claims.token_id, body_of(claims), by,
                later, [pair, later](const control::applied&) {
                  later.deliver(pair);
                });
      });
  return later;
}

caf::result<void> shell::take_back(const revoke& what) {
  if (!state_)
    return not_ready();
  if (auto wrong = may_revoke(what, *state_))
    return wrong;
  promise<void> later{self_};
  command(command_kind::revoke_token, what.token_id, {},
          {what.caller, what.request_id}, later,
          [later](const control::applied&) { later.deliver(); });
  return later;
}

caf::result<void> shell::put(put_user& what) {
  auto wrong = state_ ? may_put(what, *state_) : not_ready();
  std::string hash;
  if (!wrong && !what.password.empty()) {
    auto made = crypto::hash_password(what.password, cfg_.cost);
    if (made)
      hash = *made;
    else
      wrong = made.error();
  }
  crypto::wipe(what.password);
  if (wrong)
    return wrong;
  promise<void> later{self_};
  command(command_kind::put_user, what.name, body_of(what, hash),
          {what.caller, what.request_id}, later,
          [later](const control::applied&) { later.deliver(); });
  return later;
}

} // namespace acgs::identity
