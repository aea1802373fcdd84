// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/answer.hpp"
#include "actors/rpc_gateway/capabilities.hpp"
#include "runtime/auth/local_identity.hpp"

namespace acgs::rpc_gateway {

namespace {

class gateway_cap final : public schema::Gateway::Server {
public:
  gateway_cap(services& with, std::uint64_t connection, transport_proof proof,
              kj::Function<void()> proved)
      : with_{with}, connection_{connection}, proof_{std::move(proof)},
        proved_{kj::mv(proved)} {
    // One a connection.
  }

  kj::Promise<void> authenticate(AuthenticateContext context) override {
    auto credential = context.getParams().getCredential();
    auto result = context.getResults().initResult();
    auto opened = open(credential);
    if (!opened) {
      refused(opened.error());
      write_error(opened.error(), result.initError());
      return kj::READY_NOW;
    }
    with_.load.authenticated(connection_, (*opened)->who().role_,
                             with_.settings.time->steady_now());
    with_.counts.authenticated();
    proved_();
    result.setValue(make_session(kj::mv(*opened)));
    return kj::READY_NOW;
  }

private:
  result<kj::Own<session>> open(schema::Credential::Reader credential) {
    switch (credential.which()) {
    case schema::Credential::CONNECTION:
      return session::open(with_, connection_, proof_, {});
    case schema::Credential::TOKEN: {
      if (auto error = within_rate())
        return error;
      auto token = copy(credential.getToken());
      if (token.empty())
        return make_error(ec::unauthenticated, "the token is empty", "token");
      return session::open(with_, connection_, proof_, std::move(token));
    }
    default:
      return make_error(ec::invalid_argument,
                        "a kind of credential that this node does not know",
                        "credential");
    }
  }

  /// Whoever shows tokens, right ones or guesses, has a rate over all its
  /// connections: by address, and by what the connection proves of the user.
  /// On the Unix socket all users share the address, so that it is left out.
  caf::error within_rate() {
    auto now = with_.settings.time->steady_now();
    auto state = with_.now.state();
    std::optional<std::chrono::nanoseconds> wait;
    if (!proof_.uid)
      wait = with_.limiter.take(auth::anonymous_identity(proof_.address),
                                state.get(), now);
    auto user = identity_of(proof_, with_.settings.own_uid, state.get());
    if (!wait && user)
      wait = with_.limiter.take(*user, state.get(), now);
    if (!wait)
      return {};
    return make_error(ec::rate_limited,
                      "too many tokens were shown; try again in "
                          + std::to_string(auth::retry_after_seconds(*wait))
                          + " s");
  }

  /// Counts a wrong proof and has IDENTITY record it. What was not looked at
  /// for its sender's rate fills no log.
  void refused(const caf::error& why) {
    with_.load.refused(connection_);
    if (code_of(why) == ec::rate_limited)
      return;
    with_.counts.refused();
    tell_refused(with_,
                 proof_.uid ? "uid:" + std::to_string(*proof_.uid)
                            : auth::certificate_subject(proof_.common_name),
                 sentence_of(why), proof_.address);
  }

  services& with_;
  std::uint64_t connection_;
  transport_proof proof_;
  kj::Function<void()> proved_;
};

} // namespace

schema::Gateway::Client make_gateway(services& with, std::uint64_t connection,
                                     transport_proof proof,
                                     kj::Function<void()> proved) {
  return kj::heap<gateway_cap>(with, connection, std::move(proof),
                               kj::mv(proved));
}

} // namespace acgs::rpc_gateway
