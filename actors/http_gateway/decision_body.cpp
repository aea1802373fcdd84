// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/http_gateway/decision_body.hpp"

#include "actors/http_gateway/json_out.hpp"
#include "runtime/base/ids.hpp"
#include "runtime/base/number_text.hpp"
#include "runtime/base/time_text.hpp"
#include "runtime/domain/own_decisions.hpp"

#include <array>

namespace acgs::http_gateway {

namespace {

/// What the constitution tells the kinds of requests by, and `input`, since
/// what it wraps is one.
constexpr std::array<std::string_view, 4> request_members{"action", "type",
                                                          "context", "input"};

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// Of JSON text that was checked.
bool is_null(std::string_view text) {
  auto first = text.find_first_not_of(" \t\r\n");
  return first != text.npos && text[first] == 'n';
}

void append_milliseconds(std::string& to, std::int64_t nanos) {
  append_json_number(to, to_milliseconds(std::chrono::nanoseconds{nanos}));
}

/// The members that the contract adds to the constitution's answer.
void add_record(std::string& to, const ledger::released& from) {
  const auto& decision = *from.decision;
  to += "\"decision_id\":";
  append_json_string(to, decision.decision_id);
  to += ",\"ledger_index\":";
  append_json_number(to, from.index);
  to += ",\"latency_ms\":";
  append_milliseconds(to, decision.latency_nanos);
  to += ",\"evaluation_time_ms\":";
  append_milliseconds(to, decision.evaluation_nanos);
  to += decision.cache_hit ? ",\"cache_hit\":true" : ",\"cache_hit\":false";
}

/// Until when a permission of the constitution's holds. It says so in seconds:
/// an answer that named a time of its own could not be cached.
void add_validity(std::string& to, const domain::decision& from) {
  if (from.outcome != domain::verdict::allow
      || !domain::is_own_decision(from.path))
    return;
  auto members = json::members_of(from.result);
  auto since = time_of_id(from.decision_id);
  if (!members || !since)
    return;
  auto stated = json::find_member(*members, "valid_seconds");
  auto seconds = stated ? parse_number<unsigned>(*stated) : std::nullopt;
  if (!seconds)
    return;
  bool approval = json::find_member(*members, "approval_type").has_value();
  if (approval) {
    to += ",\"approval_id\":";
    append_json_string(to, from.decision_id);
  }
  to += approval ? ",\"valid_until\":" : ",\"expires_at\":";
  append_json_string(to, to_rfc3339(*since + std::chrono::seconds{*seconds}));
}

std::string result_of(const domain::decision& from, const decision_answer& as) {
  return as.names ? as.names->shown_in(from) : std::string{from.result};
}

/// The result with the record's members in it; a result that is no object
/// becomes one.
std::string enriched(const ledger::released& from, const decision_answer& as) {
  const auto& decision = *from.decision;
  std::string out;
  if (decision.result.starts_with('{')) {
    out = result_of(decision, as);
    out.pop_back();
    if (out.size() > 1)
      out += ',';
  } else {
    out = "{";
    append_json_string(out, as.last_step);
    out += ':';
    // Where the policies say nothing, nobody may read it as a permission.
    out += decision.outcome == domain::verdict::undefined ? "false"
                                                          : decision.result;
    out += ',';
  }
  add_record(out, from);
  add_validity(out, decision);
  out += '}';
  return out;
}

} // namespace

result<decision_body> read_decision_body(std::string_view body, bool bare_too) {
  decision_body out;
  if (is_blank(body))
    return out;
  if (auto wrong = json::check_text(
          body,
          bare_too ? "the body" : "body contains malformed input document: it"))
    return wrong;
  auto members = json::members_of(body);
  if (!members && bare_too)
    return decision_body{wrapping::bare, body, {}};
  if (!members && is_null(body))
    return out;
  if (!members)
    return make_error(ec::invalid_argument,
                      "the body is no JSON object; expected {\"input\": "
                      "...}");
  auto input = json::find_member(*members, "input");
  if (!input && bare_too)
    return read_input(body, wrapping::bare);
  if (bare_too)
    if (auto wrong = check_unmixed(*members, "input"))
      return wrong;
  auto inside =
      read_input(bare_too ? *input : input_among(*members), wrapping::opa);
  if (!inside)
    return inside;
  if (auto wrong = auth::add_pin_among(*members, "", inside->pins))
    return wrong;
  return inside;
}

result<decision_body> read_input(std::string_view input, wrapping how) {
  auto pins = auth::pins_of_input(input);
  if (!pins)
    return std::move(pins.error());
  return decision_body{how, input, std::move(*pins)};
}

std::string_view input_among(const std::vector<json::member>& members) {
  auto found = json::find_member(members, "input");
  return found && !is_null(*found) ? *found : std::string_view{};
}

caf::error check_unmixed(const std::vector<json::member>& members,
                         std::string_view wrapper) {
  if (!json::find_member(members, wrapper))
    return {};
  std::string beside;
  std::string_view first;
  for (auto name : request_members) {
    if (name == wrapper || !json::find_member(members, name))
      continue;
    if (beside.empty())
      first = name;
    beside.append(beside.empty() ? "" : ", ").append(name);
  }
  if (beside.empty())
    return {};
  return make_error(ec::invalid_argument,
                    "the body has " + beside + " beside " + std::string{wrapper}
                        + ", and only one of both would be decided; expected "
                          "them in it, or a body without it",
                    std::string{first});
}

std::string write_decision(const ledger::released& from,
                           const decision_answer& as) {
  const auto& decision = *from.decision;
  if (as.how == wrapping::bare)
    return enriched(from, as);
  std::string out = "{\"decision_id\":";
  append_json_string(out, decision.decision_id);
  if (!decision.explanation.empty())
    out.append(",\"explanation\":").append(decision.explanation);
  if (!as.metrics.empty())
    out.append(",\"metrics\":").append(as.metrics);
  if (!as.provenance.empty())
    out.append(",\"provenance\":").append(as.provenance);
  if (decision.outcome != domain::verdict::undefined) {
    bool object = decision.result.starts_with('{');
    out += ",\"result\":";
    if (as.enrich && object)
      out += enriched(from, as);
    else
      out += result_of(decision, as);
  }
  if (as.warns_of_input)
    out += R"(,"warning":{"code":"api_usage_warning",)"
           R"("message":"'input' key missing from the request"})";
  out += '}';
  return out;
}

} // namespace acgs::http_gateway
