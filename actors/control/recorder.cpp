// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/recorder.hpp"

#include "actors/control/key_events.hpp"
#include "runtime/base/json.hpp"
#include "runtime/crypto/sha256.hpp"

namespace acgs::control {

namespace {

using domain::command_kind;

constexpr std::size_t path_bytes_max = 1024;

ledger::put_blob blob_of(std::string_view text) {
  auto raw = as_byte_view(text);
  return {crypto::sha256_of(raw), {raw.begin(), raw.end()}};
}

/// The texts that the command brings, each under its digest.
std::vector<ledger::put_blob> blobs_of(const domain::command& what) {
  std::vector<ledger::put_blob> out;
  if (what.kind == command_kind::put_policy)
    out.push_back(blob_of(what.body));
  if (what.kind != command_kind::set_constitution)
    return out;
  auto files = json::parse(what.body);
  if (files && files->if_object())
    for (const auto& [path, text] : *files->if_object())
      if (text.if_string())
        out.push_back(blob_of(*text.if_string()));
  return out;
}

/// Whom the command is about, where that is somebody.
std::string_view about(const domain::command& what) {
  switch (what.kind) {
  case command_kind::put_user:
  case command_kind::revoke_user:
  case command_kind::set_limit:
    return what.name;
  default:
    return {};
  }
}

std::string detail_of(const wire::command& what) {
  json::object out;
  out.emplace("command_sha256",
              json::value{to_hex(crypto::sha256_of(what.encoded()))});
  out.emplace("body_bytes",
              json::value{static_cast<std::int64_t>(what->body.size())});
  // What verifies a log is in the log: its keys and what they say.
  if (what->kind == command_kind::key_event)
    if (auto event = json::parse(what->body))
      out.emplace("key", std::move(*event));
  return json::to_text(json::value{std::move(out)});
}

} // namespace

record make_record(const history_item& of, const snapshot* compiled,
                   const std::string& node, const sealer& seal) {
  const auto& what = *of.command;
  auto detail = detail_of(of.command);
  domain::entry entry;
  entry.kind = what.kind == command_kind::key_event
                   ? domain::entry_kind::key
                   : domain::entry_kind::control;
  entry.time_nanos = what.time_nanos;
  entry.node = node;
  auto type = std::string{to_string_view(what.kind)};
  if (what.kind == command_kind::key_event)
    type = "key_" + event_of(what.body); // "key_created"
  entry.event_type = type;
  entry.request_id = what.request_id;
  entry.agent = about(what);
  entry.path = what.name.substr(0, path_bytes_max);
  entry.caller = what.caller;
  entry.revision = of.revision;
  entry.detail = detail;
  if (compiled) {
    entry.policy_digest = compiled->policy_digest();
    entry.data_digest = compiled->data_digest();
  }
  record out;
  out.revision = of.revision;
  out.blobs = blobs_of(what);
  if (of.archive)
    out.blobs.push_back(blob_of(*of.archive));
  if (!what.reason.empty()) {
    out.entry.payloads.push_back(
        seal(domain::payload_kind::detail, as_byte_view(what.reason)));
    entry.commitments.push_back(out.entry.payloads.back().covered_by);
  }
  auto whole = crypto::sha256_of(of.command.encoded());
  out.entry.idempotency_key = "control/" + std::to_string(of.revision) + "/"
                              + to_hex(byte_view{whole}.first(8));
  out.entry.entry = wire::entry{entry};
  return out;
}

} // namespace acgs::control
