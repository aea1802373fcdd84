// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/gate.hpp"

namespace acgs::rpc_gateway {

result<deed> make_deed(session& who, auth::verb verb, std::string command,
                       std::string subject,
                       schema::ChangeOptions::Reader options) {
  auto reason = copy(options.getReason());
  if (reason.size() > name_bytes_max)
    return make_error(ec::invalid_argument,
                      "a reason has at most " + std::to_string(name_bytes_max)
                          + " bytes",
                      "reason");
  auto id = request_id(who, options.getRequestId());
  if (!id)
    return std::move(id.error());
  return deed{verb, std::move(command), std::move(subject), std::move(reason),
              std::move(*id)};
}

kj::Promise<caf::error> permit(session& who, const deed& what) {
  if (!auth::asks_admin_policy(what.what))
    return caf::error{};
  auto& with = who.with();
  auto now = with.settings.time->steady_now().time_since_epoch().count();
  return with.bridge
      .call<ledger::released>(with.others().policy.get(),
                              with.settings.call_timeout,
                              auth::admin_question(what, who.who(), now))
      .then([&who,
             what](result<ledger::released> got) -> kj::Promise<caf::error> {
        if (!got)
          return std::move(got.error());
        return record(who,
                      auth::admin_entry(what, who.who(), *got->decision,
                                        occasion_of(who)),
                      auth::admin_verdict(what, who.who(), *got->decision));
      });
}

} // namespace acgs::rpc_gateway
