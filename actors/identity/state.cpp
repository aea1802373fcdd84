// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/identity/state.hpp"

#include "runtime/base/json.hpp"
#include "runtime/crypto/base64.hpp"
#include "runtime/crypto/password.hpp"
#include "runtime/crypto/sha256.hpp"
#include "runtime/domain/subject.hpp"

#include <algorithm>

namespace acgs::identity {

namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr std::string_view refresh_prefix = "acgs-refresh.";
constexpr std::size_t refresh_random_bytes = 32;
constexpr std::size_t refresh_id_digits = 32;

unsigned rank(domain::role of) {
  return of == domain::role::agent ? 1 : static_cast<unsigned>(of);
}

/// Tokens count in whole seconds.
wall_time whole(wall_time time) {
  return wall_time{std::chrono::floor<std::chrono::seconds>(time)};
}

json::value number(wall_time time) {
  return json::value{to_nanos(time)};
}

void add_claims(const auth::claims& from, json::object& to) {
  to.emplace("subject", json::value{from.subject});
  to.emplace("role", json::value{std::string{to_string_view(from.role_)}});
  if (!from.tenant.empty())
    to.emplace("tenant", json::value{from.tenant});
  if (!from.family.empty())
    to.emplace("family", json::value{from.family});
}

/// A token must not speak for whom somebody else is: callers without a proof,
/// or those whom a user id or a certificate proves. Where an administrator made
/// a user of such a name, the token is that user's.
caf::error check_subject(const std::string& subject,
                         const domain::control_state& in) {
  auto shown = subject.substr(0, 64);
  if (domain::is_reserved_subject(subject))
    return make_error(ec::invalid_argument,
                      "subject \"" + shown + "\" is reserved", "subject");
  if (domain::is_proven_outside(subject) && !in.users.contains(subject))
    return make_error(ec::invalid_argument,
                      "subject \"" + shown
                          + "\" is reserved; expected one without uid: or "
                            "cert:, or the name of a user",
                      "subject");
  return {};
}

caf::error above(std::string_view what, domain::role role) {
  return make_error(ec::forbidden, std::string{what} + " has the role "
                                       + std::string{to_string_view(role)}
                                       + ", which is above yours");
}

} // namespace

bool is_above(domain::role one, domain::role other) {
  return rank(one) > rank(other);
}

std::string make_refresh_token(byte_view random) {
  return std::string{refresh_prefix} + crypto::to_base64url(random);
}

std::string refresh_id_of(std::string_view token) {
  if (!token.starts_with(refresh_prefix))
    return {};
  auto secret = token.substr(refresh_prefix.size());
  if (secret.size() > 2 * refresh_random_bytes)
    return {};
  auto raw = crypto::from_base64url(secret);
  if (!raw || raw->size() != refresh_random_bytes)
    return {};
  auto all = to_hex(crypto::sha256_of(as_byte_view(token)));
  return "r-" + all.substr(0, refresh_id_digits);
}

refresh_check check_refresh(const domain::control_state& in,
                            std::string_view token, wall_time now) {
  refresh_check out;
  out.id = refresh_id_of(token);
  auto found = in.tokens.find(out.id);
  if (out.id.empty() || found == in.tokens.end()
      || found->second.kind != domain::token_kind::refresh
      || from_nanos(found->second.expires_nanos) <= now)
    return out;
  out.token = found->second;
  auto user = in.users.find(out.token.subject);
  if (!out.token.revoked && user != in.users.end() && !user->second.revoked) {
    out.verdict = refresh_verdict::good;
    return out;
  }
  bool left = std::any_of(in.tokens.begin(), in.tokens.end(), [&](auto& item) {
    return item.second.family == out.token.family && !item.second.revoked;
  });
  out.verdict = left ? refresh_verdict::reused : refresh_verdict::dead;
  return out;
}

grant make_grant(const std::string& name, const domain::user& user,
                 const std::string& family, const std::string& access_id,
                 byte_view random, const lifetimes& lives, wall_time now) {
  grant out;
  out.access.token_id = access_id;
  out.access.subject = name;
  out.access.role_ = user.role_;
  out.access.tenant = user.tenant;
  out.access.family = family;
  out.access.issued = out.access.not_before = whole(now);
  out.access.expires = whole(now + lives.access);
  out.refresh_token = make_refresh_token(random);
  out.refresh_expires = whole(now + lives.refresh);
  return out;
}

result<auth::claims> claims_for(const issue& what,
                                const domain::control_state& in,
                                const std::string& token_id,
                                nanoseconds standard, wall_time now) {
  if (is_above(what.role_, what.caller.role_))
    return above("the token", what.role_);
  if (auto wrong = check_subject(what.subject, in))
    return wrong;
  if (what.kind == domain::token_kind::refresh)
    return make_error(ec::invalid_argument,
                      "a refresh token comes from a log-in only; issue an "
                      "access token or an API key");
  nanoseconds longest = what.kind == domain::token_kind::access
                            ? nanoseconds{access_lifetime_max}
                            : nanoseconds{auth::token_lifetime_max};
  auto life =
      what.lifetime_nanos == 0 ? standard : nanoseconds{what.lifetime_nanos};
  if (life < 1s || life > std::max(longest, standard))
    return make_error(ec::invalid_argument,
                      "a lifetime of " + std::to_string(life / 1s)
                          + " seconds; expected 1 to "
                          + std::to_string(std::max(longest, standard) / 1s)
                          + " for the kind "
                          + std::string{to_string_view(what.kind)});
  auto user = in.users.find(what.subject);
  if (user != in.users.end() && user->second.revoked)
    return make_error(ec::conflict,
                      "the user " + what.subject + " was revoked");
  if (user != in.users.end() && is_above(what.role_, user->second.role_))
    return make_error(ec::conflict,
                      "the user " + what.subject + " has the role "
                          + std::string{to_string_view(user->second.role_)}
                          + "; the token's must not be above it");
  auth::claims out;
  out.token_id = token_id;
  out.subject = what.subject;
  out.role_ = what.role_;
  out.tenant = what.tenant;
  out.kind = what.kind;
  out.issued = out.not_before = whole(now);
  out.expires = whole(now + life);
  if (out.expires - out.issued > auth::token_lifetime_max)
    out.expires = out.issued + auth::token_lifetime_max;
  return out;
}

caf::error may_revoke(const revoke& what, const domain::control_state& in) {
  auto found = in.tokens.find(what.token_id);
  auto admin = what.caller.role_ == domain::role::admin;
  if (found == in.tokens.end()) {
    // An admin may name a family; CONTROL says whether there is one.
    if (admin)
      return {};
    return make_error(ec::not_found, "there is no such token of yours");
  }
  if (admin || found->second.subject == what.caller.subject)
    return {};
  return make_error(ec::not_found, "there is no such token of yours");
}

caf::error may_put(const put_user& what, const domain::control_state& in) {
  if (what.caller.role_ != domain::role::admin)
    return make_error(ec::forbidden, "only the role admin may change users");
  if (is_above(what.role_, what.caller.role_))
    return above("the user", what.role_);
  auto known = in.users.find(what.name);
  if (what.password.empty()) {
    bool has_one =
        known != in.users.end() && !known->second.password_hash.empty();
    if (!domain::is_proven_outside(what.name) && !has_one)
      return make_error(ec::invalid_argument,
                        "a new user needs a password of at least "
                            + std::to_string(password_bytes_min)
                            + " characters");
    return {};
  }
  if (what.password.size() < password_bytes_min
      || what.password.size() > crypto::password_size_max)
    return make_error(ec::invalid_argument,
                      "the password has " + std::to_string(what.password.size())
                          + " bytes; expected "
                          + std::to_string(password_bytes_min) + " to "
                          + std::to_string(crypto::password_size_max));
  return {};
}

std::string body_of(const grant& what) {
  json::object out;
  add_claims(what.access, out);
  out.emplace("kind", json::value{"refresh"});
  out.emplace("expires_nanos", number(what.refresh_expires));
  out.emplace("access_id", json::value{what.access.token_id});
  out.emplace("access_expires_nanos", number(what.access.expires));
  if (!what.replaces.empty())
    out.emplace("replaces", json::value{what.replaces});
  return json::to_text(json::value{std::move(out)});
}

std::string body_of(const auth::claims& what) {
  json::object out;
  add_claims(what, out);
  out.emplace("kind", json::value{std::string{to_string_view(what.kind)}});
  out.emplace("expires_nanos", number(what.expires));
  return json::to_text(json::value{std::move(out)});
}

std::string body_of(const put_user& what, const std::string& password_hash) {
  json::object out;
  out.emplace("role", json::value{std::string{to_string_view(what.role_)}});
  if (!what.tenant.empty())
    out.emplace("tenant", json::value{what.tenant});
  if (!password_hash.empty())
    out.emplace("password_hash", json::value{password_hash});
  return json::to_text(json::value{std::move(out)});
}

} // namespace acgs::identity
