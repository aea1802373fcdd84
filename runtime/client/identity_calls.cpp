// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/client/link.hpp"

namespace acgs::client {

namespace {

std::vector<user> read(capnp::List<schema::User>::Reader from) {
  std::vector<user> out;
  for (auto each : from)
    out.push_back({copy(each.getName()), copy(each.getRole()),
                   copy(each.getTenant()), each.getRevoked(),
                   each.getCreatedNanos()});
  return out;
}

std::vector<token> read(capnp::List<schema::Token>::Reader from) {
  std::vector<token> out;
  for (auto each : from)
    out.push_back({copy(each.getId()), copy(each.getSubject()),
                   copy(each.getRole()), copy(each.getTenant()),
                   copy(each.getKind()), each.getIssuedNanos(),
                   each.getExpiresNanos(), each.getRevoked()});
  return out;
}

issued_token read(schema::IssuedToken::Reader from) {
  return {copy(from.getToken()), copy(from.getId()), from.getExpiresNanos()};
}

} // namespace

result<std::vector<user>> identity_calls::users() {
  auto identities = link_.identities();
  if (!identities)
    return std::move(identities.error());
  return link_.ask((*identities)->listUsersRequest(),
                   [](auto from) { return read(from); });
}

caf::error identity_calls::put_user(const new_user& who) {
  auto identities = link_.identities();
  if (!identities)
    return std::move(identities.error());
  auto request = (*identities)->putUserRequest();
  auto to = request.initUser();
  to.setName(terminated(who.name));
  to.setPassword(terminated(who.password));
  to.setRole(terminated(who.role));
  to.setTenant(terminated(who.tenant));
  to.setRequestId(terminated(who.request_id));
  return link_.ask_for_nothing(kj::mv(request));
}

result<applied> identity_calls::revoke_user(std::string_view name,
                                            const change_options& how) {
  auto identities = link_.identities();
  if (!identities)
    return std::move(identities.error());
  auto request = (*identities)->revokeUserRequest();
  request.setName(terminated(std::string{name}));
  write(how, request.initChange());
  return link_.ask(kj::mv(request), read_applied);
}

result<std::vector<token>> identity_calls::tokens() {
  auto identities = link_.identities();
  if (!identities)
    return std::move(identities.error());
  return link_.ask((*identities)->listTokensRequest(),
                   [](auto from) { return read(from); });
}

result<issued_token> identity_calls::issue_token(const token_request& what) {
  auto identities = link_.identities();
  if (!identities)
    return std::move(identities.error());
  auto request = (*identities)->issueTokenRequest();
  auto to = request.initRequest();
  to.setSubject(terminated(what.subject));
  to.setRole(terminated(what.role));
  to.setTenant(terminated(what.tenant));
  to.setLifetimeNanos(what.lifetime_nanos);
  to.setKind(terminated(what.kind));
  to.setRequestId(terminated(what.request_id));
  return link_.ask(kj::mv(request), [](auto from) { return read(from); });
}

caf::error identity_calls::revoke_token(std::string_view id,
                                        const change_options& how) {
  auto identities = link_.identities();
  if (!identities)
    return std::move(identities.error());
  auto request = (*identities)->revokeTokenRequest();
  request.setId(terminated(std::string{id}));
  write(how, request.initChange());
  return link_.ask_for_nothing(kj::mv(request));
}

} // namespace acgs::client
