// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/evaluator/recorder.hpp"

#include "actors/evaluator/asked.hpp"

#include <utility>

namespace acgs::evaluator {

namespace {

/// That the request asked for errors of built-ins to end the evaluation.
constexpr std::string_view strict_detail = R"({"strict_builtin_errors":true})";

std::string_view event_type_of(const domain::decide_request& request,
                               domain::verdict outcome) {
  // The names that operators of policy engines search by.
  if (outcome == domain::verdict::deny)
    return "safety_violation";
  switch (request.asks) {
  case domain::question::query:
    return "policy_query";
  case domain::question::compile:
    return "policy_compile";
  default:
    return "policy_evaluation";
  }
}

domain::decision decision_of(const domain::decide_request& request,
                             const outcome& made, const snapshot& with) {
  const auto& found = *made.found;
  domain::decision out;
  out.request_id = request.request_id;
  out.path = request.path;
  out.outcome = found.outcome;
  out.result = found.result;
  if (found.error != ec::none)
    out.error_code = to_string_view(found.error);
  out.error_message = found.message;
  out.errors = found.errors;
  out.constitutional_hash = with.constitutional_hash();
  out.policy_digest = with.policy_digest();
  out.data_digest = with.data_digest();
  out.revision = with.revision();
  out.cache_hit = made.tier != 0;
  out.nondeterministic = found.nondeterministic;
  out.evaluation_nanos = found.nanos;
  out.explanation = found.explanation;
  if (made.tier == 0) {
    out.input_parse_nanos = found.input_parse_nanos;
    out.prepare_nanos = found.prepare_nanos;
    out.instructions = found.instructions;
  }
  return out;
}

domain::entry entry_of(const domain::decide_request& request,
                       const domain::decision& decision) {
  domain::entry out;
  out.kind = domain::entry_kind::decision;
  out.event_type = event_type_of(request, decision.outcome);
  out.request_id = request.request_id;
  out.decision_id = decision.decision_id;
  out.path = path_in_entry(request);
  out.outcome = decision.outcome;
  out.caller = request.caller;
  out.policy_digest = decision.policy_digest;
  out.data_digest = decision.data_digest;
  out.revision = decision.revision;
  out.duration_nanos = decision.evaluation_nanos;
  if (request.strict_builtin_errors)
    out.detail = strict_detail;
  return out;
}

} // namespace

recorder::recorder(std::string node, const time_source& time, id_maker& ids,
                   sealer seal)
    : node_{std::move(node)}, time_{time}, ids_{ids}, seal_{std::move(seal)} {
}

ledger::release recorder::make(const domain::decide_request& request,
                               const outcome& made, const snapshot& with) {
  auto id = ids_.next();
  auto decision = decision_of(request, made, with);
  decision.decision_id = id;
  decision.latency_nanos =
      time_.steady_now().time_since_epoch().count() - request.received_nanos;
  auto entry = entry_of(request, decision);
  entry.node = node_;
  entry.time_nanos = to_nanos(time_.now());
  entry.agent = made.found->agent;
  ledger::release out;
  auto add = [&](domain::payload_kind kind, std::string_view text) {
    out.record.payloads.push_back(seal_(kind, as_byte_view(text)));
    entry.commitments.push_back(out.record.payloads.back().covered_by);
  };
  add(domain::payload_kind::input, made.input);
  if (made.found->error != ec::none)
    add(domain::payload_kind::result, made.found->message);
  else if (!made.found->result.empty())
    add(domain::payload_kind::result, made.found->result);
  if (!made.found->recorded.empty()) {
    add(domain::payload_kind::recorded, made.found->recorded);
    out.recorded = {made.found, &made.found->recorded};
  }
  if (auto detail = detail_of(request); !detail.empty())
    add(domain::payload_kind::detail, detail);
  out.record.idempotency_key = request.idempotency_key;
  out.record.entry = wire::entry{entry};
  out.decision = wire::decision{decision};
  return out;
}

} // namespace acgs::evaluator
