// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Users and tokens.

#include "actors/control/apply.hpp"
#include "actors/control/changes.hpp"
#include "actors/control/command_body.hpp"
#include "runtime/domain/subject.hpp"

#include <set>

namespace acgs::control::changes {

namespace {

constexpr std::size_t token_id_bytes = 64;
constexpr std::size_t password_hash_bytes = 127; // libsodium's, with its zero

/// Drops what need not be known any more, since what is not known is not
/// believed: tokens that ran out or were revoked. A refresh token that was used
/// stays while its family lives, so that a second use is noticed.
void forget_dead(domain::control_state& next) {
  std::erase_if(next.tokens, [&](const auto& item) {
    return item.second.expires_nanos <= next.time_nanos;
  });
  std::set<std::string> living;
  for (const auto& [id, token] : next.tokens)
    if (!token.revoked)
      living.insert(token.family);
  std::erase_if(next.tokens, [&](const auto& item) {
    const auto& token = item.second;
    bool watched = token.kind == domain::token_kind::refresh
                   && !token.family.empty() && living.contains(token.family);
    return token.revoked && !watched;
  });
}

/// One subject cannot use up what is there for all: beyond the bound its
/// oldest token goes.
void make_room(domain::control_state& next, const std::string& subject) {
  std::size_t count = 0;
  auto oldest = next.tokens.end();
  for (auto at = next.tokens.begin(); at != next.tokens.end(); ++at) {
    if (at->second.subject != subject)
      continue;
    ++count;
    if (oldest == next.tokens.end()
        || at->second.issued_nanos < oldest->second.issued_nanos)
      oldest = at;
  }
  if (count >= bounds::tokens_of_one_subject)
    next.tokens.erase(oldest);
}

void revoke_tokens_of(domain::control_state& next, std::string_view subject) {
  for (auto& [id, token] : next.tokens)
    if (token.subject == subject)
      token.revoked = true;
}

caf::error add_token(domain::control_state& next, const std::string& id,
                     domain::token token) {
  if (auto wrong = check_identifier("token id", id, token_id_bytes))
    return wrong;
  if (next.tokens.contains(id))
    return make_error(ec::conflict,
                      "there is a token " + shown(id) + " already");
  make_room(next, token.subject);
  if (next.tokens.size() >= bounds::tokens)
    return make_error(ec::too_large,
                      std::to_string(bounds::tokens)
                          + " tokens are in use already; no more are issued "
                            "until some expire");
  if (token.expires_nanos <= next.time_nanos)
    return make_error(ec::invalid_argument,
                      "token " + shown(id) + " would have expired already");
  next.tokens.emplace(id, std::move(token));
  return {};
}

/// A refresh token serves once. Its successor names it, so that two that came
/// at once cannot both succeed.
caf::error use_up(domain::control_state& next, const std::string& id,
                  const domain::token& successor) {
  auto found = next.tokens.find(id);
  if (found == next.tokens.end()
      || found->second.kind != domain::token_kind::refresh)
    return make_error(ec::not_found, "there is no refresh token " + shown(id));
  if (found->second.revoked)
    return make_error(ec::conflict,
                      "the refresh token " + shown(id) + " was used before");
  if (found->second.family != successor.family
      || found->second.subject != successor.subject)
    return make_error(ec::invalid_argument,
                      "the refresh token " + shown(id)
                          + " is not of the family that replaces it");
  found->second.revoked = true;
  return {};
}

} // namespace

caf::error put_user(domain::control_state& next, const domain::command& what) {
  if (auto wrong = check_identifier("user name", what.name, bounds::name_bytes))
    return wrong;
  if (domain::is_reserved_subject(what.name))
    return make_error(ec::invalid_argument,
                      "user name " + shown(what.name) + " is reserved");
  command_body body{what.body, {"role", "tenant", "password_hash"}};
  auto role = body.one_of<domain::role>("role", domain::role_names);
  auto tenant = body.optional_text("tenant", bounds::name_bytes);
  auto hash = body.optional_text("password_hash", password_hash_bytes);
  if (body.wrong())
    return body.wrong();
  if (!hash.empty() && !hash.starts_with("$argon2id$"))
    return make_error(ec::invalid_argument,
                      "the command's body, \"password_hash\": expected an "
                      "Argon2id hash in PHC form");
  auto found = next.users.find(std::string{what.name});
  if (found == next.users.end()) {
    if (next.users.size() >= bounds::users)
      return make_error(ec::too_large, "there are "
                                           + std::to_string(bounds::users)
                                           + " users already");
    domain::user added;
    added.created_nanos = what.time_nanos;
    found = next.users.emplace(std::string{what.name}, added).first;
  }
  auto& user = found->second;
  user.role_ = role;
  user.tenant = std::move(tenant);
  user.revoked = false;
  if (!hash.empty()) {
    // Whoever had the old password must not stay.
    user.password_hash = std::move(hash);
    revoke_tokens_of(next, what.name);
  }
  return {};
}

caf::error revoke_user(domain::control_state& next,
                       const domain::command& what) {
  auto found = next.users.find(std::string{what.name});
  if (found == next.users.end())
    return make_error(ec::not_found, "there is no user " + shown(what.name));
  found->second.revoked = true;
  revoke_tokens_of(next, what.name);
  return {};
}

caf::error issue_token(domain::control_state& next,
                       const domain::command& what) {
  command_body body{what.body,
                    {"subject", "role", "tenant", "kind", "expires_nanos",
                     "family", "replaces", "access_id",
                     "access_expires_nanos"}};
  domain::token token;
  token.subject = body.text("subject", bounds::name_bytes);
  token.role_ = body.one_of<domain::role>("role", domain::role_names);
  token.tenant = body.optional_text("tenant", bounds::name_bytes);
  token.kind =
      body.one_of<domain::token_kind>("kind", domain::token_kind_names);
  token.family = body.optional_text("family", token_id_bytes);
  token.issued_nanos = what.time_nanos;
  token.expires_nanos = body.whole("expires_nanos");
  auto replaces = body.optional_text("replaces", token_id_bytes);
  auto access_id = body.optional_text("access_id", token_id_bytes);
  auto access_expires =
      access_id.empty() ? 0 : body.whole("access_expires_nanos");
  if (body.wrong())
    return body.wrong();
  if (auto wrong =
          check_identifier("subject", token.subject, bounds::name_bytes))
    return wrong;
  forget_dead(next);
  if (!replaces.empty())
    if (auto wrong = use_up(next, replaces, token))
      return wrong;
  if (!access_id.empty()) {
    auto access = token;
    access.kind = domain::token_kind::access;
    access.expires_nanos = access_expires;
    if (auto wrong = add_token(next, access_id, std::move(access)))
      return wrong;
  }
  return add_token(next, std::string{what.name}, std::move(token));
}

caf::error revoke_token(domain::control_state& next,
                        const domain::command& what) {
  if (auto wrong = check_identifier("token id", what.name, token_id_bytes))
    return wrong;
  std::string family{what.name};
  auto found = next.tokens.find(family);
  bool any = found != next.tokens.end();
  if (any) {
    found->second.revoked = true;
    family = found->second.family;
  }
  if (!family.empty()) {
    for (auto& [id, token] : next.tokens) {
      if (token.family != family)
        continue;
      token.revoked = true;
      any = true;
    }
  }
  if (!any)
    return make_error(ec::not_found, "there is no token " + shown(what.name)
                                         + " that has not expired");
  return {};
}

} // namespace acgs::control::changes
