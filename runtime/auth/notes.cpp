// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/auth/notes.hpp"

#include "runtime/base/json.hpp"
#include "runtime/crypto/payload.hpp"

#include <algorithm>

namespace acgs::auth {

namespace {

using domain::entry_kind;

/// What every such entry says.
domain::entry entry_about(entry_kind kind, const domain::entry& on,
                          const domain::identity& who,
                          std::string_view request_id, occasion at) {
  domain::entry out;
  out.kind = kind;
  out.time_nanos = to_nanos(at.now);
  out.node = at.node;
  out.event_type = to_string_view(kind);
  out.request_id = request_id;
  out.decision_id = on.decision_id;
  out.caller = who;
  return out;
}

std::string detail_of(std::uint64_t index, const char* key,
                      const std::string& value) {
  json::object out;
  out.emplace("entry", json::value{static_cast<std::int64_t>(index)});
  out.emplace(key, json::value{value});
  return json::to_text(json::value{std::move(out)});
}

std::string names() {
  std::string out;
  for (auto each : outcome_names)
    out += (out.empty() ? "" : ", ") + std::string{each};
  return out;
}

} // namespace

caf::error check_report(const outcome_report& what) {
  if (std::find(outcome_names.begin(), outcome_names.end(), what.status)
      == outcome_names.end())
    return make_error(ec::invalid_argument, "status must be one of " + names(),
                      "status");
  if (what.detail.size() > outcome_detail_bytes_max)
    return make_error(ec::too_large,
                      "detail has " + std::to_string(what.detail.size())
                          + " bytes; expected at most "
                          + std::to_string(outcome_detail_bytes_max),
                      "detail");
  if (what.detail.empty())
    return {};
  auto read = json::parse(what.detail, {.bytes = outcome_detail_bytes_max});
  return read ? caf::error{}
              : make_error(ec::invalid_argument,
                           "detail: " + sentence_of(read.error()), "detail");
}

caf::error may_report(const domain::identity& who, const domain::entry& on) {
  auto own = who.subject == on.caller.subject && who.tenant == on.caller.tenant;
  auto any =
      who.role_ == domain::role::operator_ || who.role_ == domain::role::admin;
  if (!own && !any)
    return make_error(ec::not_found, "there is no such decision of yours",
                      "decision_id");
  if (on.kind != entry_kind::decision)
    return make_error(ec::conflict, "the entry is about no decision",
                      "decision_id");
  return {};
}

noted outcome_entry(const outcome_report& what, const domain::identity& who,
                    const domain::entry& on, std::uint64_t index, occasion at) {
  auto entry = entry_about(entry_kind::outcome, on, who, what.request_id, at);
  auto detail = detail_of(index, "status", what.status);
  entry.agent = on.agent;
  entry.path = on.path;
  entry.detail = detail;
  noted out;
  if (!what.detail.empty()) {
    out.payloads.push_back(crypto::seal_payload(domain::payload_kind::detail,
                                                as_byte_view(what.detail)));
    entry.commitments.push_back(out.payloads.back().covered_by);
  }
  out.entry = wire::entry{entry};
  return out;
}

caf::error may_shred(const deed& of, const domain::entry& target,
                     std::uint64_t index) {
  if (of.reason.empty() || of.reason.size() > shred_reason_bytes_max)
    return make_error(ec::invalid_argument,
                      "shredding takes a reason of 1 to "
                          + std::to_string(shred_reason_bytes_max) + " bytes",
                      "reason");
  if (target.kind == entry_kind::control || target.kind == entry_kind::key)
    return make_error(ec::conflict,
                      "entry " + std::to_string(index)
                          + " tells of a change whose reason stays in the "
                            "history of control state: it cannot be shredded",
                      "entry");
  return {};
}

caf::error check_archive(const deed& of) {
  if (!of.reason.empty() && of.reason.size() <= shred_reason_bytes_max)
    return {};
  return make_error(ec::invalid_argument,
                    "archiving takes a reason of 1 to "
                        + std::to_string(shred_reason_bytes_max) + " bytes",
                    "reason");
}

wire::entry archive_entry(const deed& of, const domain::identity& who,
                          const archive_note& what, occasion at) {
  auto entry = entry_about(entry_kind::archive, {}, who, of.request_id, at);
  json::object told;
  told.emplace("first", json::value{static_cast<std::int64_t>(what.first)});
  told.emplace("size", json::value{static_cast<std::int64_t>(what.size)});
  told.emplace("root", json::value{to_hex(what.root)});
  told.emplace("payloads", json::value{to_hex(what.payloads)});
  told.emplace("reason", json::value{of.reason});
  auto detail = json::to_text(json::value{std::move(told)});
  entry.detail = detail;
  return wire::entry{entry};
}

wire::entry shred_entry(const deed& of, const domain::identity& who,
                        const domain::entry& target, std::uint64_t index,
                        occasion at) {
  auto entry = entry_about(entry_kind::shred, target, who, of.request_id, at);
  auto detail = detail_of(index, "reason", of.reason);
  entry.detail = detail;
  return wire::entry{entry};
}

} // namespace acgs::auth
