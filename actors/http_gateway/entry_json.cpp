// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/http_gateway/entry_json.hpp"

#include "actors/http_gateway/json_out.hpp"
#include "runtime/base/number_text.hpp"
#include "runtime/base/time_text.hpp"
#include "runtime/crypto/sha256.hpp"

#include <array>

namespace acgs::http_gateway {

namespace {

/// The runbooks' word for a verdict.
std::string_view result_word(domain::verdict outcome) {
  switch (outcome) {
  case domain::verdict::allow:
    return "allowed";
  case domain::verdict::deny:
    return "denied";
  default:
    return to_string_view(outcome);
  }
}

constexpr std::array<std::string_view, 4> payload_names{"input", "result",
                                                        "recorded", "detail"};

std::string caller_json(const domain::identity_view& from) {
  return json_object{}
      .text("subject", from.subject)
      .text("role", to_string_view(from.role_))
      .text("tenant", from.tenant)
      .text("method", to_string_view(from.method))
      .take();
}

std::string commitments_json(const domain::entry& from) {
  json_array out;
  for (const auto& at : from.commitments)
    out.raw(json_object{}
                .text("kind", payload_names[static_cast<std::size_t>(at.kind)])
                .text("commitment", "sha256:" + to_hex(at.value))
                .take());
  return out.take();
}

void add_if(json_object& to, std::string_view key, std::string_view value) {
  if (!value.empty())
    to.text(key, value);
}

json_object entry_members(const reader::located& from) {
  const auto& entry = *from.entry;
  json_object out;
  out.text("event_id", event_id(from.index))
      .number("index", from.index)
      .text("event_type", entry.event_type)
      .text("kind", to_string_view(entry.kind))
      .text("timestamp", to_rfc3339(from_nanos(entry.time_nanos)))
      .text("agent_id", entry.agent);
  add_if(out, "action", entry.path);
  if (entry.outcome != domain::verdict::none)
    out.text("result", result_word(entry.outcome));
  add_if(out, "decision_id", entry.decision_id);
  add_if(out, "request_id", entry.request_id);
  out.text("hash", hash_text(from.leaf_hash))
      .text("node", entry.node)
      .raw("caller", caller_json(entry.caller))
      .number("revision", entry.revision);
  if (!entry.policy_digest.empty())
    out.text("policy_digest", to_hex(entry.policy_digest))
        .text("data_digest", to_hex(entry.data_digest));
  out.number("duration_ms",
             static_cast<double>(entry.duration_nanos / 1000) / 1000.0);
  out.raw("metadata", entry.detail.empty() ? "{}" : entry.detail);
  out.raw("commitments", commitments_json(entry));
  return out;
}

} // namespace

std::string event_id(std::uint64_t index) {
  return "evt_" + std::to_string(index);
}

std::optional<std::uint64_t> parse_event_id(std::string_view text) {
  if (text.starts_with("evt_"))
    text.remove_prefix(4);
  return parse_number<std::uint64_t>(text);
}

std::string hash_text(const digest& leaf_hash) {
  return "sha256:" + to_hex(leaf_hash);
}

digest leaf_hash_of(byte_view encoded) {
  const std::byte prefix[]{std::byte{0}};
  crypto::sha256 hasher;
  return hasher.add(byte_view{prefix}).add(encoded).finish();
}

std::string entry_json(const reader::located& from) {
  return entry_members(from).take();
}

std::string entry_json(const reader::entry_result& from) {
  auto out = entry_members(from.found);
  if (from.shredded)
    out.raw("shredded",
            json_object{}
                .text("event_id", event_id(from.shredded->index))
                .text("timestamp",
                      to_rfc3339(from_nanos(from.shredded->time_nanos)))
                .text("by", from.shredded->by)
                .text("reason", from.shredded->reason)
                .take());
  if (!from.outcomes.empty()) {
    json_array all;
    for (const auto& each : from.outcomes)
      all.raw(entry_json(each));
    out.raw("outcomes", all.take());
  }
  if (from.payloads.empty())
    return out.take();
  json_array opened;
  for (const auto& at : from.payloads) {
    json_object one;
    one.text("kind", payload_names[static_cast<std::size_t>(at.kind)])
        .flag("shredded", at.shredded)
        .flag("matches", at.matches);
    if (at.lost)
      one.flag("lost", true);
    if (!at.shredded && !at.lost)
      one.text("text", at.text);
    opened.raw(one.take());
  }
  return out.raw("payloads", opened.take()).take();
}

} // namespace acgs::http_gateway
