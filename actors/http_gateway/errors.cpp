// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/http_gateway/errors.hpp"

#include "actors/http_gateway/json_out.hpp"
#include "runtime/base/time_text.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace acgs::http_gateway {

namespace {

struct error_names {
  unsigned status;
  std::string_view opa;     ///< OPA's code
  std::string_view runbook; ///< the runbooks' code
};

/// In the order of `ec`.
constexpr std::array<error_names, ec_names.size()> table{{
    {200, "", ""},                                       // none
    {400, "invalid_parameter", "invalid_request"},       // invalid_argument
    {401, "unauthorized", "unauthorized"},               // unauthenticated
    {403, "unauthorized", "forbidden"},                  // forbidden
    {404, "resource_not_found", "not_found"},            // not_found
    {409, "resource_conflict", "conflict"},              // conflict
    {400, "invalid_parameter", "invalid_request"},       // hash_mismatch
    {413, "invalid_parameter", "too_large"},             // too_large
    {429, "rate_limit_exceeded", "rate_limit_exceeded"}, // rate_limited
    {503, "overloaded", "overloaded"},                   // overloaded
    {503, "unavailable", "unavailable"},                 // unavailable
    {504, "timed_out", "timed_out"},                     // timed_out
    {400, "invalid_parameter", "policy_invalid"},        // policy_invalid
    {500, "internal_error", "evaluation_failed"},        // evaluation_failed
    {422, "limit_exceeded", "limit_exceeded"},           // limit_exceeded
    {503, "unavailable", "cancelled"},                   // cancelled
    {507, "internal_error", "store_full"},               // store_full
    {500, "internal_error", "store_io"},                 // store_io
    {500, "internal_error", "store_corrupt"},            // store_corrupt
    {500, "internal_error", "internal"},                 // internal
}};

const error_names& names_of(ec code) {
  return table[static_cast<std::size_t>(code)];
}

/// What OPA says of errors that it lists.
std::string_view heading_of(const problem& from) {
  if (!from.heading.empty())
    return from.heading;
  return from.code == ec::evaluation_failed
             ? "error(s) occurred while evaluating query"
             : "error(s) occurred while compiling module(s)";
}

std::string_view opa_code_of(const problem& from) {
  return from.opa_code.empty() ? names_of(from.code).opa : from.opa_code;
}

std::string opa_body(const problem& from) {
  json_object out;
  out.text("code", opa_code_of(from));
  if (from.errors.empty())
    out.text("message", from.sentence);
  else
    out.text("message", heading_of(from)).raw("errors", from.errors);
  return out.take();
}

std::string runbook_body(const problem& from, bool with_opas) {
  json_object out;
  if (with_opas)
    out.text("code", opa_code_of(from));
  out.text("error", names_of(from.code).runbook).text("message", from.sentence);
  if (with_opas && !from.errors.empty())
    out.raw("errors", from.errors);
  json_object details;
  if (!from.field.empty())
    details.text("field", from.field);
  if (!from.value.empty())
    details.text("value", from.value);
  if (!from.expected.empty())
    details.text("expected", from.expected);
  if (auto text = details.take(); text != "{}")
    out.raw("details", text);
  if (from.code == ec::rate_limited)
    out.number("retry_after_seconds", from.retry_after);
  out.text("timestamp", to_rfc3339(from.when));
  out.text("request_id", from.request_id);
  return out.take();
}

} // namespace

unsigned status_of(ec code) {
  return names_of(code).status;
}

problem make_problem(const caf::error& error) {
  problem out;
  out.code = code_of(error);
  out.sentence = sentence_of(error);
  out.field = field_of(error);
  out.errors = details_of(error);
  // Whoever is told that there is no room now is told when to ask again.
  if (out.code == ec::overloaded || out.code == ec::unavailable)
    out.retry_after = 1;
  if (auto wait = retry_after_of(error))
    out.retry_after = std::max<std::int64_t>(
        1, std::chrono::ceil<std::chrono::seconds>(*wait).count());
  return out;
}

http::response render(const problem& from, error_style style) {
  http::response out;
  out.status = from.status != 0 ? from.status : status_of(from.code);
  out.body = style == error_style::opa
                 ? opa_body(from)
                 : runbook_body(from, style == error_style::both);
  if (from.retry_after > 0)
    out.fields.emplace_back("Retry-After", std::to_string(from.retry_after));
  // RFC 9110, 15.5.2: whoever must say who they are is told how.
  if (out.status == 401)
    out.fields.emplace_back("WWW-Authenticate", "Bearer realm=\"acgs\"");
  return out;
}

} // namespace acgs::http_gateway
