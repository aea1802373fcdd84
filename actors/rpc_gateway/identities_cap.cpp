// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/capabilities.hpp"
#include "actors/rpc_gateway/gate.hpp"

namespace acgs::rpc_gateway {

namespace {

using auth::verb;

result<domain::role> read_role(const std::string& name) {
  if (auto role = domain::parse_role(name))
    return *role;
  return make_error(ec::invalid_argument,
                    "'" + name
                        + "' is no role; expected viewer, agent, analyst, "
                          "operator or admin",
                    "role");
}

result<domain::token_kind> read_kind(const std::string& name) {
  if (name.empty() || name == "access")
    return domain::token_kind::access;
  if (name == "api_key")
    return domain::token_kind::api_key;
  return make_error(ec::invalid_argument,
                    "'" + name
                        + "' is no kind of token that can be issued; expected "
                          "access or api_key",
                    "kind");
}

std::string role_name(domain::role role) {
  return std::string{domain::to_string_view(role)};
}

void write(const std::string& name, const domain::user& from,
           schema::User::Builder to) {
  to.setName(text(name));
  to.setRole(text(role_name(from.role_)));
  to.setTenant(text(from.tenant));
  to.setRevoked(from.revoked);
  to.setCreatedNanos(from.created_nanos);
}

void write(const std::string& id, const domain::token& from,
           schema::Token::Builder to) {
  to.setId(text(id));
  to.setSubject(text(from.subject));
  to.setRole(text(role_name(from.role_)));
  to.setTenant(text(from.tenant));
  to.setKind(text(std::string{domain::to_string_view(from.kind)}));
  to.setIssuedNanos(from.issued_nanos);
  to.setExpiresNanos(from.expires_nanos);
  to.setRevoked(from.revoked);
}

class identities_cap final : public schema::Identities::Server {
public:
  explicit identities_cap(kj::Own<session> who) : who_{kj::mv(who)} {}

  kj::Promise<void> listUsers(ListUsersContext context) override {
    return list(context, &domain::control_state::users);
  }

  kj::Promise<void> listTokens(ListTokensContext context) override {
    return list(context, &domain::control_state::tokens);
  }

  kj::Promise<void> putUser(PutUserContext context) override {
    auto from = context.getParams().getUser();
    identity::put_user message;
    message.name = copy(from.getName());
    return serve(
        *who_, verb::manage_identities, message.name, context,
        [&]() -> kj::Promise<caf::error> {
          if (auto error = check_name(message.name, "name"))
            return error;
          auto role = read_role(copy(from.getRole()));
          if (!role)
            return std::move(role.error());
          message.role_ = *role;
          message.password = copy(from.getPassword());
          message.tenant = copy(from.getTenant());
          auto id = request_id(*who_, from.getRequestId());
          if (!id)
            return std::move(id.error());
          auto subject = message.name;
          return by_identity<caf::unit_t>(
              deed{verb::manage_identities, "put_user", subject, {}, *id},
              std::move(message), [context]() mutable {
                context.getResults().initResult().initValue();
              });
        });
  }

  kj::Promise<void> revokeUser(RevokeUserContext context) override {
    auto name = copy(context.getParams().getName());
    return serve(*who_, verb::manage_identities, name, context,
                 [&]() -> kj::Promise<caf::error> {
                   if (auto error = check_name(name, "name"))
                     return error;
                   auto options = context.getParams().getChange();
                   auto what = make_deed(*who_, verb::manage_identities,
                                         "revoke_user", name, options);
                   if (!what)
                     return std::move(what.error());
                   return carry_out(*who_, *what,
                                    domain::command_kind::revoke_user, name, {},
                                    options.getExpectedRevision(),
                                    fill_applied(context));
                 });
  }

  kj::Promise<void> issueToken(IssueTokenContext context) override {
    auto from = context.getParams().getRequest();
    identity::issue message;
    message.subject = copy(from.getSubject());
    return serve(
        *who_, verb::manage_identities, message.subject, context,
        [&]() -> kj::Promise<caf::error> {
          if (auto error = check_name(message.subject, "subject"))
            return error;
          auto role = read_role(copy(from.getRole()));
          if (!role)
            return std::move(role.error());
          auto kind = read_kind(copy(from.getKind()));
          if (!kind)
            return std::move(kind.error());
          if (from.getLifetimeNanos() < 0)
            return make_error(ec::invalid_argument,
                              "a lifetime must not be negative", "lifetime");
          message.role_ = *role;
          message.kind = *kind;
          message.tenant = copy(from.getTenant());
          message.lifetime_nanos = from.getLifetimeNanos();
          auto id = request_id(*who_, from.getRequestId());
          if (!id)
            return std::move(id.error());
          auto subject = message.subject;
          return by_identity<identity::token_pair>(
              deed{verb::manage_identities, "issue_token", subject, {}, *id},
              std::move(message),
              [context](const identity::token_pair& got) mutable {
                auto to = context.getResults().initResult().initValue();
                to.setToken(text(got.access_token));
                to.setId(text(got.token_id));
                to.setExpiresNanos(got.expires_nanos);
              });
        });
  }

  kj::Promise<void> revokeToken(RevokeTokenContext context) override {
    identity::revoke message;
    message.token_id = copy(context.getParams().getId());
    return serve(*who_, verb::manage_identities, message.token_id, context,
                 [&]() -> kj::Promise<caf::error> {
                   if (auto error = check_name(message.token_id, "id"))
                     return error;
                   auto what = make_deed(*who_, verb::manage_identities,
                                         "revoke_token", message.token_id,
                                         context.getParams().getChange());
                   if (!what)
                     return std::move(what.error());
                   return by_identity<caf::unit_t>(
                       *what, std::move(message), [context]() mutable {
                         context.getResults().initResult().initValue();
                       });
                 });
  }

private:
  template <class Context, class Member>
  kj::Promise<void> list(Context context, Member member) {
    return serve(*who_, verb::read_identities, context, [&]() -> caf::error {
      auto state = who_->with().now.state();
      if (!state)
        return make_error(ec::unavailable, "no control state is known yet");
      auto& from = (*state).*member;
      auto to = context.getResults().initResult().initValue(
          static_cast<unsigned>(from.size()));
      unsigned i = 0;
      for (auto& [name, each] : from)
        write(name, each, to[i++]);
      return {};
    });
  }

  /// Permits the deed and then has IDENTITY do it in the caller's name.
  template <class Reply, class Message, class Fill>
  kj::Promise<caf::error> by_identity(const deed& what, Message message,
                                      Fill fill) {
    message.caller = who_->who();
    message.request_id = what.request_id;
    return and_then(permit(*who_, what), [this, message = std::move(message),
                                          fill]() mutable {
      return ask<Reply>(*who_, who_->with().others().identity.get(),
                        std::move(message), std::move(fill));
    });
  }

  kj::Own<session> who_;
};

} // namespace

schema::Identities::Client make_identities(kj::Own<session> who) {
  return kj::heap<identities_cap>(kj::mv(who));
}

} // namespace acgs::rpc_gateway
