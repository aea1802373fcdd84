// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/http_gateway/gate.hpp"

#include "runtime/base/json_scan.hpp"

#include <memory>

namespace acgs::http_gateway {

namespace {

constexpr std::size_t reason_bytes_max = 1000;

/// Of what stands where a reason should.
constexpr std::size_t shown_bytes_max = 64;

auth::occasion occasion_of(const call& who) {
  return {who.with.settings.node_name, who.with.time().now()};
}

} // namespace

auth::deed deed_of(const call& who, std::string command, std::string subject,
                   std::string reason) {
  return {who.matched.found->right, std::move(command), std::move(subject),
          std::move(reason), who.request_id};
}

void permit(const call_ptr& who, auth::deed what, std::function<void()> then) {
  auto asked =
      auth::admin_question(what, who->who, who->asked().received_nanos);
  who->ask(who->with.others().policy.get(), std::move(asked),
           [who, what = std::move(what),
            then = std::move(then)](const ledger::released& got) {
             auto verdict = auth::admin_verdict(what, who->who, *got.decision);
             auto entry = auth::admin_entry(what, who->who, *got.decision,
                                            occasion_of(*who));
             who->ask(who->with.others().ledger.get(),
                      ledger::append{std::move(entry), {}, {}},
                      [who, verdict, then](const ledger::appended&) {
                        if (verdict)
                          who->fail(verdict);
                        else
                          then();
                      });
           });
}

void record_refusal(const call_ptr& who, const caf::error& why,
                    std::function<void()> then) {
  auto right = who->matched.found->right;
  auto what = deed_of(*who, std::string{to_string_view(right)},
                      std::string{http::to_string_view(who->asked().verb)} + ' '
                          + std::string{who->asked().path});
  auto entry =
      auth::refusal_entry(what, who->who, sentence_of(why), occasion_of(*who));
  who->ask(who->with.others().ledger.get(),
           ledger::append{std::move(entry), {}, {}},
           [then = std::move(then)](const ledger::appended&) { then(); });
}

void carry_out(const call_ptr& who, auth::deed what, change command,
               std::function<void(const control::applied&)> then) {
  domain::command made;
  made.kind = command.kind;
  made.name = command.name;
  made.body = command.body;
  made.reason = what.reason;
  made.expected_revision = command.expected_revision;
  made.request_id = who->request_id;
  made.time_nanos = to_nanos(who->with.time().now());
  made.caller = who->who;
  permit(who, std::move(what),
         [who, then = std::move(then), ready = wire::command{made}] {
           who->ask(who->with.others().control.get(), ready, then);
         });
}

result<std::string> reason_of(const call& from) {
  std::string out;
  auto body = from.asked().body;
  if (auto field = from.asked().find("x-acgs-reason")) {
    out = *field;
  } else if (!body.empty()) {
    if (auto wrong = json::check_text(body))
      return wrong;
    auto members = json::members_of(body);
    if (!members)
      return make_error(
          ec::invalid_argument,
          "the body is no JSON object; expected {\"reason\": ...}");
    if (auto given = json::find_member(*members, "reason")) {
      auto text = json::string_of(*given);
      if (!text)
        return make_error(ec::invalid_argument,
                          "reason must be a text; found "
                              + std::string{given->substr(0, shown_bytes_max)},
                          "reason");
      out = std::move(*text);
    }
  }
  return out.empty() ? "over HTTP" : out.substr(0, reason_bytes_max);
}

} // namespace acgs::http_gateway
