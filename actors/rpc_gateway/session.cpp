// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/session.hpp"

#include "runtime/auth/authenticator.hpp"
#include "runtime/auth/local_identity.hpp"

#include <utility>

namespace acgs::rpc_gateway {

result<domain::identity> identity_of(const transport_proof& proof,
                                     std::uint32_t own_uid,
                                     const domain::control_state* state) {
  if (proof.uid)
    return auth::peer_identity(*proof.uid, own_uid, state);
  return auth::certificate_identity(proof.common_name, proof.address, state);
}

void tell_refused(services& with, std::string subject, std::string why,
                  std::string address) {
  with.bridge.tell(with.others().identity.get(),
                   identity::refused{std::move(subject), std::move(why),
                                     std::move(address),
                                     with.settings.ids->next()});
}

session::session(services& with, std::uint64_t connection,
                 transport_proof proof, std::string token)
    : with_{with}, connection_{connection}, proof_{std::move(proof)},
      token_{std::move(token)} {
  // The identity comes from `renew`.
}

result<kj::Own<session>> session::open(services& with, std::uint64_t connection,
                                       transport_proof proof,
                                       std::string token) {
  auto out = kj::refcounted<session>(with, connection, std::move(proof),
                                     std::move(token));
  if (auto error = out->renew())
    return error;
  return out;
}

caf::error session::renew() {
  if (!token_.empty()) {
    auto checked = with_.settings.tokens->check(token_, proof_.address);
    if (!checked)
      return std::move(checked.error());
    who_ = std::move(*checked);
    return {};
  }
  auto state = with_.now.state();
  if (!who_.subject.empty() && state && state->revision == revision_)
    return {};
  auto made = identity_of(proof_, with_.settings.own_uid, state.get());
  if (!made)
    return std::move(made.error());
  who_ = std::move(*made);
  revision_ = state ? state->revision : 0;
  return {};
}

caf::error session::take_batch(std::size_t inputs) {
  if (inputs < 2)
    return {};
  auto state = with_.now.state();
  if (auto error = with_.limiter.check_batch(who_, state.get(), inputs))
    return error;
  return within_rate(state.get(), static_cast<double>(inputs - 1));
}

caf::error session::within_rate(const domain::control_state* state,
                                double calls) {
  auto wait =
      with_.limiter.take(who_, state, with_.settings.time->steady_now(), calls);
  if (!wait)
    return {};
  auto millis =
      std::chrono::duration_cast<std::chrono::milliseconds>(*wait).count();
  return make_error(ec::rate_limited, "beyond the rate that '" + who_.subject
                                          + "' may call at; try again in "
                                          + std::to_string(millis) + " ms");
}

caf::error session::admit(auth::verb what) {
  if (auto error = renew())
    return error;
  auto state = with_.now.state();
  // Refusals are recorded, so that those too have a rate.
  if (auto error = within_rate(state.get()))
    return error;
  // In lockdown POLICY itself refuses decisions, so that they are recorded.
  auto decides = what == auth::verb::decide || what == auth::verb::query;
  auto locked = state && state->lockdown.on && !decides;
  if (auto error = locked ? auth::authorise_in_lockdown(who_, what)
                          : auth::authorise(who_, what))
    return error;
  return with_.load.call_begins(connection_, with_.settings.time->steady_now());
}

void session::done(auth::verb what, const caf::error& how) {
  with_.load.call_ends(connection_, with_.settings.time->steady_now());
  with_.counts.call(what, code_of(how));
}

} // namespace acgs::rpc_gateway
