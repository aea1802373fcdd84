// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/http_gateway/gate.hpp"

#include "actors/http_gateway/json_out.hpp"
#include "actors/http_gateway/json_scan.hpp"

#include <memory>

namespace acgs::http_gateway {

namespace {

constexpr std::string_view admin_path = "acgs/admin/allow";
constexpr std::size_t reason_bytes_max = 1000;

wire::decide_request question(const call& who, const deed& what) {
  auto input = json_object{}
                   .text("verb", to_string_view(who.matched.found->right))
                   .text("command", what.command)
                   .text("subject", what.subject)
                   .text("reason", what.reason)
                   .take();
  domain::decide_request out;
  out.request_id = who.request_id;
  out.path = admin_path;
  out.input = input;
  out.received_nanos = who.asked().received_nanos;
  out.caller = who.who;
  return wire::decide_request{out};
}

/// The entry about the use of an admin verb.
ledger::append record(const call& who, const deed& what,
                      const domain::decision& decision) {
  auto detail = json_object{}
                    .text("verb", to_string_view(who.matched.found->right))
                    .text("subject", what.subject)
                    .take();
  auto event_type = "admin." + what.command;
  domain::entry entry;
  entry.kind = domain::entry_kind::access;
  entry.time_nanos = to_nanos(who.with.time().now());
  entry.node = who.with.settings.node_name;
  entry.event_type = event_type;
  entry.request_id = who.request_id;
  entry.decision_id = decision.decision_id;
  entry.path = decision.path;
  entry.outcome = decision.outcome;
  entry.caller = who.who;
  entry.policy_digest = decision.policy_digest;
  entry.data_digest = decision.data_digest;
  entry.revision = decision.revision;
  entry.detail = detail;
  return {wire::entry{entry}, {}, {}};
}

caf::error verdict_on(const call& who, const deed& what,
                      const domain::decision& decision) {
  if (decision.outcome == domain::verdict::allow)
    return {};
  auto sentence = "the policy acgs.admin.allow does not permit '" + what.command
                  + "' to '" + who.who.subject + "' ("
                  + std::string{to_string_view(who.who.role_)} + ")";
  if (decision.outcome == domain::verdict::error)
    sentence += ": " + std::string{decision.error_message};
  return make_error(ec::forbidden, std::move(sentence));
}

} // namespace

void permit(const call_ptr& who, deed what, std::function<void()> then) {
  const auto& others = who->with.others();
  auto asked = question(*who, what);
  who->ask(others.policy.get(), std::move(asked),
           [who, what = std::move(what),
            then = std::move(then)](const ledger::released& got) {
             auto verdict = verdict_on(*who, what, *got.decision);
             who->ask(who->with.others().ledger.get(),
                      record(*who, what, *got.decision),
                      [who, verdict, then](const ledger::appended&) {
                        if (verdict)
                          who->fail(verdict);
                        else
                          then();
                      });
           });
}

void carry_out(const call_ptr& who, deed what, change command,
               std::function<void(const control::applied&)> then) {
  domain::command made;
  made.kind = command.kind;
  made.name = command.name;
  made.body = command.body;
  made.reason = what.reason;
  made.request_id = who->request_id;
  made.time_nanos = to_nanos(who->with.time().now());
  made.caller = who->who;
  permit(who, std::move(what),
         [who, then = std::move(then), ready = wire::command{made}] {
           who->ask(who->with.others().control.get(), ready, then);
         });
}

std::string reason_of(const call& from) {
  std::string out;
  if (auto field = from.asked().find("x-acgs-reason"))
    out = *field;
  else if (auto body = from.asked().body; !check_json(body))
    if (auto members = members_of(body))
      if (auto given = last_member(*members, "reason"))
        out = string_of(*given).value_or("");
  if (out.empty())
    return "over HTTP";
  return out.substr(0, reason_bytes_max);
}

} // namespace acgs::http_gateway
