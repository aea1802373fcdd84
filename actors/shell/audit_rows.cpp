// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/shell/audit_rows.hpp"

#include "runtime/base/json.hpp"
#include "runtime/base/number_text.hpp"

#include <array>

namespace acgs::shell {

namespace {

constexpr std::array<std::string_view, 4> payload_names{
    "input", "result", "recorded", "sealed_detail"};

std::string name_of(domain::payload_kind kind) {
  auto at = static_cast<std::size_t>(kind);
  return std::string{at < payload_names.size() ? payload_names[at] : "payload"};
}

cell shown(const client::payload& from) {
  if (from.shredded)
    return text("shredded");
  return text(from.lost ? "its key is not on this node" : from.text);
}

/// A member of an entry's detail; empty where there is none.
std::string member_of(const client::located_entry& from, const char* name) {
  auto detail = json::parse(from.entry->detail);
  const auto* found = detail ? detail->find(name) : nullptr;
  return found && found->if_string() ? *found->if_string() : std::string{};
}

cell outcomes_cell(const std::vector<client::located_entry>& from) {
  std::string out{'['};
  for (const auto& each : from) {
    out += out.size() > 1 ? "," : "";
    out += to_json({{"index", number(each.index)},
                    {"status", text(member_of(each, "status"))},
                    {"time", time(each.entry->time_nanos)},
                    {"by", text(each.entry->caller.subject)}});
  }
  return json(out + ']');
}

} // namespace

client::entry_key key_of(const std::string& word) {
  if (auto index = parse_number<std::uint64_t>(word))
    return {*index, {}};
  return {0, word};
}

row shredding_cells(const std::optional<client::shredding>& from) {
  if (!from)
    return {{"shredded", json("")},
            {"shredded_by", json("")},
            {"shredded_reason", json("")}};
  return {{"shredded", time(from->time_nanos)},
          {"shredded_by", text(from->by)},
          {"shredded_reason", text(from->reason)}};
}

row detailed(const client::entry_detail& from) {
  auto out = whole(from.entry);
  if (from.shredded) {
    out.emplace_back("shredded_entry", number(from.shredded->index));
    for (auto& each : shredding_cells(from.shredded))
      out.push_back(std::move(each));
  }
  for (const auto& each : from.payloads) {
    out.emplace_back(name_of(each.kind), shown(each));
    bool is_there = !each.shredded && !each.lost; // else nothing was compared
    out.emplace_back(name_of(each.kind) + "_matches",
                     is_there ? boolean(each.matches) : json(""));
  }
  if (!from.outcomes.empty())
    out.emplace_back("outcomes", outcomes_cell(from.outcomes));
  return out;
}

row summary(const client::located_entry& from) {
  auto& entry = *from.entry;
  auto outcome = text(to_string_view(entry.outcome));
  if (entry.outcome == domain::verdict::none)
    outcome.shown.clear();
  return {{"index", number(from.index)},
          {"time", time(entry.time_nanos)},
          {"kind", text(to_string_view(entry.kind))},
          {"event_type", text(entry.event_type)},
          {"outcome", outcome},
          {"agent", text(entry.agent)},
          {"by", text(entry.caller.subject)},
          {"path", text(entry.path)}};
}

row whole(const client::located_entry& from) {
  auto& entry = *from.entry;
  auto out = summary(from);
  out.insert(out.end(),
             {{"request_id", text(entry.request_id)},
              {"decision_id", text(entry.decision_id)},
              {"node", text(entry.node)},
              {"role", text(to_string_view(entry.caller.role_))},
              {"auth_method", text(to_string_view(entry.caller.method))},
              {"address", text(entry.caller.address)},
              {"policy_digest", hex(entry.policy_digest)},
              {"data_digest", hex(entry.data_digest)},
              {"revision", number(entry.revision)},
              {"duration_ns", duration(entry.duration_nanos)},
              {"detail", json(entry.detail)},
              {"leaf_hash", hex(from.leaf_hash)}});
  return out;
}

} // namespace acgs::shell
