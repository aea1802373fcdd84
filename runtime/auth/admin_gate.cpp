// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/auth/admin_gate.hpp"

#include "runtime/base/json_text.hpp"

namespace acgs::auth {

namespace {

/// Of each text that a caller chose, in an entry.
constexpr std::size_t shown_bytes_max = 1000;

void add_member(std::string& to, std::string_view key, std::string_view value) {
  to += to.empty() ? '{' : ',';
  append_json_string(to, key);
  to += ':';
  append_json_string(to, value);
}

/// What both kinds of entry say.
domain::entry entry_by(const domain::identity& who, const deed& of,
                       std::string_view event_type, std::string_view detail,
                       occasion at) {
  domain::entry out;
  out.kind = domain::entry_kind::access;
  out.time_nanos = to_nanos(at.now);
  out.node = at.node;
  out.event_type = event_type;
  out.request_id = of.request_id;
  out.caller = who;
  out.detail = detail;
  return out;
}

std::string event_type_of(const deed& of) {
  return "admin." + of.command;
}

std::string detail_of(const deed& of) {
  std::string out;
  add_member(out, "verb", to_string_view(of.what));
  add_member(out, "subject",
             std::string_view{of.subject}.substr(0, shown_bytes_max));
  return out;
}

} // namespace

wire::decide_request admin_question(const deed& of, const domain::identity& who,
                                    std::int64_t received_nanos) {
  std::string input;
  add_member(input, "verb", to_string_view(of.what));
  add_member(input, "command", of.command);
  add_member(input, "subject", of.subject);
  add_member(input, "reason", of.reason);
  input += '}';
  domain::decide_request out;
  out.request_id = of.request_id;
  out.path = admin_path;
  out.input = input;
  out.received_nanos = received_nanos;
  out.caller = who;
  return wire::decide_request{out};
}

caf::error admin_verdict(const deed& on, const domain::identity& who,
                         const domain::decision& decision) {
  if (decision.outcome == domain::verdict::allow)
    return {};
  auto sentence = "the policy acgs.admin.allow does not permit '" + on.command
                  + "' to '" + who.subject + "' ("
                  + std::string{to_string_view(who.role_)} + ")";
  if (decision.outcome == domain::verdict::error)
    sentence += ": " + std::string{decision.error_message};
  return make_error(ec::forbidden, std::move(sentence));
}

wire::entry admin_entry(const deed& of, const domain::identity& who,
                        const domain::decision& decision, occasion at) {
  auto detail = detail_of(of) + '}';
  auto event_type = event_type_of(of);
  auto out = entry_by(who, of, event_type, detail, at);
  out.decision_id = decision.decision_id;
  out.path = decision.path;
  out.outcome = decision.outcome;
  out.policy_digest = decision.policy_digest;
  out.data_digest = decision.data_digest;
  out.revision = decision.revision;
  return wire::entry{out};
}

wire::entry refusal_entry(const deed& of, const domain::identity& who,
                          std::string_view why, occasion at) {
  auto detail = detail_of(of);
  add_member(detail, "refused", why.substr(0, shown_bytes_max));
  detail += '}';
  auto event_type = event_type_of(of);
  auto out = entry_by(who, of, event_type, detail, at);
  out.outcome = domain::verdict::deny;
  return wire::entry{out};
}

bool records_refusal(verb of, const caf::error& why) {
  return asks_admin_policy(of) && code_of(why) == ec::forbidden;
}

} // namespace acgs::auth
