// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How RPC calls pass what stands before each admin verb: the policy
// `acgs.admin.allow`, and the record of its use (runtime/auth/admin_gate.hpp).

#include "actors/rpc_gateway/answer.hpp"
#include "runtime/domain/command.hpp"

namespace acgs::rpc_gateway {

using auth::deed;

/// A deed from what the client sent. Fails with `invalid_argument`.
result<deed> make_deed(session& who, auth::verb verb, std::string command,
                       std::string subject,
                       schema::ChangeOptions::Reader options);

/// Asks the policy and records the answer. Gives `forbidden` where the policy
/// does not allow it, or the error that kept it from being asked or recorded:
/// then nothing is to be done.
kj::Promise<caf::error> permit(session& who, const deed& what);

/// Permits the deed and then has CONTROL carry a command out; `fill` gets
/// `control::applied`.
template <class Fill>
kj::Promise<caf::error> carry_out(session& who, const deed& what,
                                  domain::command_kind kind,
                                  std::string_view name, std::string_view body,
                                  std::uint64_t expected_revision, Fill fill) {
  domain::command command;
  command.kind = kind;
  command.name = name;
  command.body = body;
  command.reason = what.reason;
  command.request_id = what.request_id;
  command.time_nanos = to_nanos(who.with().settings.time->now());
  command.expected_revision = expected_revision;
  command.caller = who.who();
  return and_then(permit(who, what), [&who, ready = wire::command{command},
                                      fill]() mutable {
    return ask<control::applied>(who, who.with().others().control.get(),
                                 std::move(ready), std::move(fill));
  });
}

/// Fills in where a command stands.
template <class Context>
auto fill_applied(Context context) {
  return [context](const control::applied& done) mutable {
    auto to = context.getResults().initResult().initValue();
    to.setRevision(done.revision);
    to.setIndex(done.index);
  };
}

} // namespace acgs::rpc_gateway
