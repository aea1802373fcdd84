// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/auth/local_identity.hpp"

namespace acgs::auth {

namespace {

/// Role and tenant as control state has them for the subject.
result<domain::identity> looked_up(domain::identity who,
                                   const domain::control_state* state) {
  if (!state)
    return who;
  auto found = state->users.find(who.subject);
  if (found == state->users.end())
    return who;
  if (found->second.revoked)
    return make_error(ec::unauthenticated, who.subject + " was revoked");
  who.role_ = found->second.role_;
  who.tenant = found->second.tenant;
  return who;
}

} // namespace

result<domain::identity> peer_identity(std::uint32_t uid, std::uint32_t own_uid,
                                       const domain::control_state* state) {
  domain::identity who;
  who.subject = "uid:" + std::to_string(uid);
  who.method = domain::auth_method::peer_credentials;
  who.address = "unix";
  if (uid == 0 || uid == own_uid) {
    // Whoever may read the store and stop the process cannot be shut out.
    who.role_ = domain::role::admin;
    return who;
  }
  return looked_up(std::move(who), state);
}

std::string certificate_subject(std::string_view common_name) {
  return common_name.empty() ? std::string{}
                             : "cert:" + std::string{common_name};
}

result<domain::identity>
certificate_identity(std::string_view common_name, std::string_view address,
                     const domain::control_state* state) {
  if (common_name.empty())
    return make_error(ec::unauthenticated,
                      "the client certificate has no common name");
  domain::identity who;
  who.subject = certificate_subject(common_name);
  who.method = domain::auth_method::certificate;
  who.address = address;
  return looked_up(std::move(who), state);
}

domain::identity anonymous_identity(std::string_view address) {
  domain::identity who;
  who.subject = "anonymous";
  who.method = domain::auth_method::anonymous;
  who.address = address;
  return who;
}

} // namespace acgs::auth
