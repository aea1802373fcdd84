// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/http_gateway/routes/outcome.hpp"

#include "actors/http_gateway/call.hpp"
#include "actors/http_gateway/entry_json.hpp"
#include "actors/http_gateway/json_out.hpp"
#include "runtime/auth/idempotency.hpp"
#include "runtime/auth/notes.hpp"
#include "runtime/base/json.hpp"

namespace acgs::http_gateway {

namespace {

constexpr std::size_t id_bytes_max = 128;

/// {"status": "...", "detail": any} of the body.
result<auth::outcome_report> read_report(const call& who) {
  auto body = json::parse(who.asked().body,
                          {.bytes = auth::outcome_detail_bytes_max + 1024});
  if (!body)
    return std::move(body.error());
  const auto* status = body->find("status");
  if (!status || !status->if_string())
    return make_error(ec::invalid_argument,
                      "the body must be an object with a text status",
                      "status");
  for (const auto& [name, value] : *body->if_object())
    if (name != "status" && name != "detail")
      return make_error(ec::invalid_argument,
                        "'" + name.substr(0, 64)
                            + "' is unknown; expected status and detail",
                        name.substr(0, 64));
  auth::outcome_report out;
  out.status = *status->if_string();
  if (const auto* detail = body->find("detail"))
    out.detail = json::to_text(*detail);
  out.request_id = who.request_id;
  if (auto wrong = auth::check_report(out))
    return wrong;
  return out;
}

void write(const call_ptr& who, const auth::outcome_report& report,
           std::string key, const reader::located& on) {
  if (auto wrong = auth::may_report(who->who, *on.entry))
    return who->fail(wrong);
  auto made = auth::outcome_entry(
      report, who->who, *on.entry, on.index,
      {who->with.settings.node_name, who->with.time().now()});
  ledger::append what{std::move(made.entry), std::move(made.payloads),
                      std::move(key)};
  who->ask(who->with.others().ledger.get(), std::move(what),
           [who](const ledger::appended& done) {
             json_object out;
             out.text("event_id", event_id(done.index))
                 .number("ledger_index", done.index)
                 .flag("repeated", done.repeated);
             who->answer({.status = 201, .body = out.take()});
           });
}

} // namespace

void record_outcome(const call_ptr& who) {
  auto report = read_report(*who);
  if (!report)
    return who->fail(report.error());
  auto name = who->capture(0);
  auto key = auth::idempotency_key_of(
      who->who, who->asked().find("idempotency-key"), "Idempotency-Key",
      {"outcome", name, report->status, report->detail});
  if (!key)
    return who->fail(key.error());
  if (name.empty() || name.size() > id_bytes_max)
    return who->fail(make_error(ec::invalid_argument,
                                "a decision's id has 1 to 128 bytes",
                                "decision_id"));
  reader::get_entry question;
  if (auto index = parse_event_id(name))
    question.index = *index;
  else
    question.decision_id = name;
  who->ask(who->with.others().reader.get(), std::move(question),
           [who, report = std::move(*report),
            key = std::move(*key)](const reader::entry_result& found) {
             write(who, report, key, found.found);
           });
}

} // namespace acgs::http_gateway
