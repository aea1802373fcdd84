// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/wire/decision.hpp"

#include "runtime/wire/identity_codec.hpp"
#include "runtime/wire/message_impl.hpp"

namespace acgs::wire {

namespace detail {

void write_identity(const domain::identity_view& from,
                    schema::Identity::Builder to) {
  put_text(from.subject, [&](unsigned n) { return to.initSubject(n); });
  to.setRole(static_cast<std::uint8_t>(from.role_));
  put_text(from.tenant, [&](unsigned n) { return to.initTenant(n); });
  to.setMethod(static_cast<std::uint8_t>(from.method));
  put_text(from.token_id, [&](unsigned n) { return to.initTokenId(n); });
  put_text(from.address, [&](unsigned n) { return to.initAddress(n); });
}

domain::identity_view read_identity(schema::Identity::Reader from) {
  domain::identity_view out;
  out.subject = text(from.getSubject());
  out.role_ = checked_enum(from.getRole(), domain::role_names.size(),
                           domain::role::agent);
  out.tenant = text(from.getTenant());
  out.method = checked_enum(from.getMethod(), domain::auth_method_names.size(),
                            domain::auth_method::anonymous);
  out.token_id = text(from.getTokenId());
  out.address = text(from.getAddress());
  return out;
}

} // namespace detail

namespace {

using namespace detail;

void write(const domain::decide_request& from,
           schema::DecideRequest::Builder to) {
  put_text(from.request_id, [&](unsigned n) { return to.initRequestId(n); });
  to.setAsks(static_cast<std::uint8_t>(from.asks));
  put_text(from.path, [&](unsigned n) { return to.initPath(n); });
  put_text(from.input, [&](unsigned n) { return to.initInput(n); });
  put_text(from.pinned_hash, [&](unsigned n) { return to.initPinnedHash(n); });
  put_text(from.idempotency_key,
           [&](unsigned n) { return to.initIdempotencyKey(n); });
  to.setWanted(static_cast<std::uint8_t>(from.wanted));
  to.setStrictBuiltinErrors(from.strict_builtin_errors);
  to.setReceivedNanos(from.received_nanos);
  write_identity(from.caller, to.initCaller());
  put_text(from.partial, [&](unsigned n) { return to.initPartial(n); });
  to.setExplain(static_cast<std::uint8_t>(from.explain));
  to.setExplainLines(from.explain_lines);
}

domain::decide_request read(schema::DecideRequest::Reader from) {
  domain::decide_request out;
  out.request_id = text(from.getRequestId());
  out.asks = checked_enum(from.getAsks(), domain::question_count,
                          domain::question::document);
  out.path = text(from.getPath());
  out.input = text(from.getInput());
  out.pinned_hash = text(from.getPinnedHash());
  out.idempotency_key = text(from.getIdempotencyKey());
  out.wanted = checked_enum(from.getWanted(), 2, domain::durability::quorum);
  out.strict_builtin_errors = from.getStrictBuiltinErrors();
  out.received_nanos = from.getReceivedNanos();
  out.caller = read_identity(from.getCaller());
  out.partial = text(from.getPartial());
  out.explain =
      checked_enum(from.getExplain(), domain::explanation_names.size(),
                   domain::explanation::off);
  out.explain_lines = from.getExplainLines();
  return out;
}

void write(const domain::decision& from, schema::Decision::Builder to) {
  put_text(from.decision_id, [&](unsigned n) { return to.initDecisionId(n); });
  put_text(from.request_id, [&](unsigned n) { return to.initRequestId(n); });
  put_text(from.path, [&](unsigned n) { return to.initPath(n); });
  to.setOutcome(static_cast<std::uint8_t>(from.outcome));
  put_text(from.result, [&](unsigned n) { return to.initResult(n); });
  put_text(from.error_code, [&](unsigned n) { return to.initErrorCode(n); });
  put_text(from.error_message,
           [&](unsigned n) { return to.initErrorMessage(n); });
  put_text(from.constitutional_hash,
           [&](unsigned n) { return to.initConstitutionalHash(n); });
  to.setPolicyDigest(data(from.policy_digest));
  to.setDataDigest(data(from.data_digest));
  to.setRevision(from.revision);
  to.setCacheHit(from.cache_hit);
  to.setNondeterministic(from.nondeterministic);
  to.setEvaluationNanos(from.evaluation_nanos);
  to.setLatencyNanos(from.latency_nanos);
  put_text(from.explanation, [&](unsigned n) { return to.initExplanation(n); });
  to.setInputParseNanos(from.input_parse_nanos);
  to.setPrepareNanos(from.prepare_nanos);
  to.setInstructions(from.instructions);
  put_text(from.errors, [&](unsigned n) { return to.initErrors(n); });
}

domain::decision read(schema::Decision::Reader from) {
  domain::decision out;
  out.decision_id = text(from.getDecisionId());
  out.request_id = text(from.getRequestId());
  out.path = text(from.getPath());
  out.outcome = checked_enum(from.getOutcome(), domain::verdict_names.size(),
                             domain::verdict::error);
  out.result = text(from.getResult());
  out.error_code = text(from.getErrorCode());
  out.error_message = text(from.getErrorMessage());
  out.constitutional_hash = text(from.getConstitutionalHash());
  out.policy_digest = data(from.getPolicyDigest());
  out.data_digest = data(from.getDataDigest());
  out.revision = from.getRevision();
  out.cache_hit = from.getCacheHit();
  out.nondeterministic = from.getNondeterministic();
  out.evaluation_nanos = from.getEvaluationNanos();
  out.latency_nanos = from.getLatencyNanos();
  out.explanation = text(from.getExplanation());
  out.input_parse_nanos = from.getInputParseNanos();
  out.prepare_nanos = from.getPrepareNanos();
  out.instructions = from.getInstructions();
  out.errors = text(from.getErrors());
  return out;
}

} // namespace

ACGS_WIRE_MESSAGE(domain::decide_request, schema::DecideRequest)
ACGS_WIRE_MESSAGE(domain::decision, schema::Decision)

template class message<domain::decide_request>;
template class message<domain::decision>;

} // namespace acgs::wire
