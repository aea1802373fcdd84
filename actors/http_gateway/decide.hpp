// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What all routes share that have POLICY decide something: the options in the
// query, the pinned constitution, the request itself and its errors.

#include "actors/http_gateway/call.hpp"
#include "actors/http_gateway/decision_body.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace acgs::http_gateway {

/// OPA's query options, as far as they mean something here.
struct decide_options {
  bool pretty = false;
  bool metrics = false;
  bool provenance = false;
  bool instrument = false; ///< more figures than `metrics`
  bool strict_builtin_errors = false;
  domain::explanation explain = domain::explanation::off;
};

/// Values that say nothing of an option leave it off, as in OPA.
decide_options read_options(const http::query_parameters& from);

/// What is asked of POLICY; the caller, the request id and the time are added.
struct decide_question {
  domain::question asks = domain::question::document;
  std::string path;
  std::string_view input;
  std::string partial{};        ///< of a `compile` question
  auth::constitution_pins pins; ///< of the body; the header is read as well
  bool strict_builtin_errors = false;
  domain::explanation explain = domain::explanation::off;
  bool explain_lines = false;

  /// Takes over what the options say of the evaluation.
  void set(const decide_options& from) {
    strict_builtin_errors = from.strict_builtin_errors;
    explain = from.explain;
    explain_lines = from.pretty;
  }
};

/// Hands the body on as JSON: as it came, or, where its Content-Type says that
/// it is YAML, as OPA takes it, what that comes to. The text is good until
/// `then` returns.
void with_json_body(const call_ptr& who,
                    std::function<void(std::string_view)> then);

/// Adds what the header X-Constitutional-Hash insists on. Fails with
/// `invalid_argument`, naming it.
caf::error add_pins_of_header(const call& who, auth::constitution_pins& to);

/// What is wrong with the constitution that the call's body (JSON that was
/// parsed, or nothing) and header insist on: for routes that do not ask POLICY,
/// which sees to it itself.
std::optional<problem> check_pins(const call& who);

/// Whether the caller may have the document evaluated, and whether the path is
/// one that records hold (`auth::check_steps`).
caf::error check_path(const call& who, const std::vector<std::string>& steps);

/// What went wrong with a decision that insisted so, for its caller.
problem problem_of(const call& who, const caf::error& error,
                   const auth::constitution_pins& pins);

/// The error that a recorded decision ended in.
caf::error error_of(const domain::decision& decision);

/// Counts a decision that was released.
void count(services& with, const ledger::released& got);

/// Hands a decision that was answered on to CANDIDATE, if one is tried and
/// this one is among its share.
void offer(services& with, const wire::decide_request& asked,
           const ledger::released& got);

/// Has it decided. `then` gets a decision that was released and did not end
/// in an error; everything else fails the call.
void decide(const call_ptr& who, const decide_question& what,
            std::function<void(const ledger::released&)> then);

/// How long the call has been with the node.
std::int64_t handler_nanos(const call& who);

/// Answers with a decision's text and the fields that go with it.
void answer_decision(const call_ptr& who, std::string body, bool pretty,
                     std::string_view constitution, unsigned status = 200);

/// What clients call the constitution that made the decision.
std::string shown_constitution(const call& who, const domain::decision& from);

/// The JSON object that `?metrics` and `?instrument` ask for, by OPA's names.
std::string metrics_of(const domain::decision& decision,
                       const decide_options& options,
                       std::int64_t handler_nanos);

/// The body of the answer to a write: an object with what it took, where that
/// was asked for.
std::string write_metrics(const call& who, const decide_options& options);

/// The JSON object that `?provenance` asks for.
std::string provenance_of(const services& with);

} // namespace acgs::http_gateway
