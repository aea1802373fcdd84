// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/identity/refusals.hpp"

#include "runtime/base/json.hpp"
#include "runtime/base/network.hpp"

namespace acgs::identity {

namespace {

constexpr std::size_t reason_bytes_max = 500;
constexpr std::size_t subject_bytes_max = 1000;

} // namespace

refusals::refusals(std::string node, const time_source& time, sealer seal)
    : node_{std::move(node)}, time_{time}, seal_{std::move(seal)}, pace_{{}} {
  // Nothing was refused yet.
}

std::optional<ledger::append>
refusals::record(const refused& what, std::string_view event_type,
                 const domain::control_state* known) {
  domain::rate_limit pace{refusals_a_second, refusals_at_once};
  std::string from{counted_address(what.address)};
  if (pace_.take("address:" + from, pace, time_.steady_now())) {
    ++left_out_;
    return std::nullopt;
  }
  json::object facts;
  facts.emplace("reason", json::value{what.reason.substr(0, reason_bytes_max)});
  if (left_out_ > 0)
    facts.emplace("left_out",
                  json::value{static_cast<std::int64_t>(left_out_)});
  left_out_ = 0;
  auto detail = json::to_text(json::value{std::move(facts)});
  auto type = "refused_" + std::string{event_type};
  bool is_user = known && known->users.contains(what.subject);
  domain::entry entry;
  entry.kind = domain::entry_kind::refused_login;
  entry.time_nanos = to_nanos(time_.now());
  entry.node = node_;
  entry.event_type = type;
  entry.request_id = what.request_id;
  entry.agent = is_user ? std::string_view{what.subject} : std::string_view{};
  entry.outcome = domain::verdict::deny;
  entry.caller.method = domain::auth_method::anonymous;
  entry.caller.address = what.address;
  entry.detail = detail;
  ledger::append out;
  if (!what.subject.empty()) {
    auto claimed = std::string_view{what.subject}.substr(0, subject_bytes_max);
    out.payloads.push_back(
        seal_(domain::payload_kind::recorded, as_byte_view(claimed)));
    entry.commitments.push_back(out.payloads.back().covered_by);
  }
  out.entry = wire::entry{entry};
  return out;
}

} // namespace acgs::identity
