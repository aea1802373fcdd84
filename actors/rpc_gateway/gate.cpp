// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/gate.hpp"

#include "runtime/base/json_text.hpp"

namespace acgs::rpc_gateway {

namespace {

constexpr std::string_view admin_path = "acgs/admin/allow";

void add_member(std::string& to, std::string_view key, std::string_view value) {
  to += to.empty() ? '{' : ',';
  append_json_string(to, key);
  to += ':';
  append_json_string(to, value);
}

std::string input_of(const deed& what) {
  std::string out;
  add_member(out, "verb", to_string_view(what.verb));
  add_member(out, "command", what.command);
  add_member(out, "subject", what.subject);
  add_member(out, "reason", what.reason);
  return out + "}";
}

wire::decide_request question(session& who, const deed& what) {
  auto input = input_of(what);
  domain::decide_request out;
  out.request_id = what.request_id;
  out.path = admin_path;
  out.input = input;
  out.received_nanos =
      who.with().settings.time->steady_now().time_since_epoch().count();
  out.caller = who.who();
  return wire::decide_request{out};
}

/// The entry about the use of an admin verb.
ledger::append record(session& who, const deed& what,
                      const domain::decision& decision) {
  std::string detail;
  add_member(detail, "verb", to_string_view(what.verb));
  add_member(detail, "subject", what.subject);
  detail += "}";
  auto event_type = "admin." + what.command;
  domain::entry entry;
  entry.kind = domain::entry_kind::access;
  entry.time_nanos = to_nanos(who.with().settings.time->now());
  entry.node = who.with().settings.node_name;
  entry.event_type = event_type;
  entry.request_id = what.request_id;
  entry.decision_id = decision.decision_id;
  entry.path = decision.path;
  entry.outcome = decision.outcome;
  entry.caller = who.who();
  entry.policy_digest = decision.policy_digest;
  entry.data_digest = decision.data_digest;
  entry.revision = decision.revision;
  entry.detail = detail;
  return {wire::entry{entry}, {}, {}};
}

caf::error verdict_on(session& who, const deed& what,
                      const domain::decision& decision) {
  if (decision.outcome == domain::verdict::allow)
    return {};
  auto sentence = "the policy acgs.admin.allow does not permit '" + what.command
                  + "' to '" + who.who().subject + "' ("
                  + std::string{to_string_view(who.who().role_)} + ")";
  if (decision.outcome == domain::verdict::error)
    sentence += ": " + std::string{decision.error_message};
  return make_error(ec::forbidden, std::move(sentence));
}

} // namespace

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
  if (!auth::asks_admin_policy(what.verb))
    return caf::error{};
  auto& others = who.with().others();
  auto timeout = who.with().settings.call_timeout;
  return who.with()
      .bridge
      .call<ledger::released>(others.policy.get(), timeout, question(who, what))
      .then([&who, what,
             timeout](result<ledger::released> got) -> kj::Promise<caf::error> {
        if (!got)
          return std::move(got.error());
        auto verdict = verdict_on(who, what, *got->decision);
        auto& with = who.with();
        return with.bridge
            .call<ledger::appended>(with.others().ledger.get(), timeout,
                                    record(who, what, *got->decision))
            .then([verdict](result<ledger::appended> recorded) -> caf::error {
              return recorded ? verdict : std::move(recorded.error());
            });
      });
}

} // namespace acgs::rpc_gateway
