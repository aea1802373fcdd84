// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/http_gateway/decide.hpp"

#include "actors/http_gateway/json_out.hpp"
#include "actors/http_gateway/json_pretty.hpp"
#include "runtime/auth/idempotency.hpp"

#include <algorithm>

namespace acgs::http_gateway {

namespace {

/// The code that a recorded error is of.
ec code_named(std::string_view name) {
  auto at = std::find(ec_names.begin(), ec_names.end(), name);
  return at == ec_names.end() ? ec::internal
                              : static_cast<ec>(at - ec_names.begin());
}

/// The one constitution that body and header insist on.
result<std::string> pin_of(const call& who, const std::string& in_body) {
  std::string in_header{who.asked().find("x-constitutional-hash").value_or("")};
  if (in_header.empty())
    return in_body;
  if (!in_body.empty() && in_body != in_header)
    return make_error(ec::invalid_argument,
                      "X-Constitutional-Hash and constitutional_hash of the "
                      "body differ",
                      "constitutional_hash");
  return in_header;
}

/// The key that EVALUATOR's sentence about a bound begins with, or nothing.
std::string bound_named_in(std::string_view sentence) {
  auto colon = sentence.find(':');
  bool named = sentence.starts_with("policy.") && colon != sentence.npos;
  return std::string{sentence.substr(0, named ? colon : 0)};
}

void fail_decision(const call_ptr& who, const caf::error& error,
                   const std::string& pinned) {
  auto problem = make_problem(error);
  if (problem.code == ec::hash_mismatch) {
    problem.field = "constitutional_hash";
    problem.value = pinned;
    problem.expected = who->with.core.now().constitution();
  }
  if (problem.code == ec::limit_exceeded)
    problem.field = bound_named_in(problem.sentence);
  who->fail(std::move(problem));
}

void count(services& with, const ledger::released& got) {
  with.decisions->decided(std::chrono::nanoseconds{got.decision->latency_nanos},
                          std::chrono::nanoseconds{got.durable_nanos},
                          got.decision->outcome == domain::verdict::deny,
                          with.time().steady_now());
}

/// What came back from LEDGER, or from whoever refused before it.
void take(const call_ptr& who, const std::string& pinned,
          const result<ledger::released>& got,
          const std::function<void(const ledger::released&)>& then) {
  if (!got)
    return fail_decision(who, got.error(), pinned);
  count(who->with, *got);
  const auto& decision = *got->decision;
  if (decision.outcome == domain::verdict::error)
    return fail_decision(who,
                         make_error(code_named(decision.error_code),
                                    std::string{decision.error_message}),
                         pinned);
  then(*got);
}

} // namespace

result<decide_options> read_options(const http::query_parameters& from) {
  decide_options out;
  struct option {
    std::string_view name;
    bool* into;
  };
  bool ignored = false;
  for (auto [name, into] :
       {option{"pretty", &out.pretty}, option{"metrics", &out.metrics},
        option{"instrument", &ignored}, option{"provenance", &out.provenance},
        option{"strict-builtin-errors", &out.strict_builtin_errors}}) {
    auto value = from.flag(name);
    if (!value)
      return std::move(value.error());
    *into = *value;
  }
  auto explain = from.find("explain");
  if (explain && !explain->empty() && *explain != "off")
    return make_error(ec::invalid_argument,
                      "explain is '" + std::string{explain->substr(0, 32)}
                          + "'; this node supports off alone, the default. "
                            "rego eval --explain=notes|full explains a policy",
                      "explain");
  return out;
}

void decide(const call_ptr& who, const decide_question& what,
            std::function<void(const ledger::released&)> then) {
  auto pinned = pin_of(*who, what.pinned_hash);
  if (!pinned)
    return who->fail(pinned.error());
  auto key = auth::idempotency_key_of(
      who->who, who->asked().find("idempotency-key").value_or(""),
      "Idempotency-Key");
  if (!key)
    return who->fail(key.error());
  domain::decide_request request;
  request.request_id = who->request_id;
  request.asks = what.asks;
  request.path = what.path;
  request.input = what.input;
  request.pinned_hash = *pinned;
  request.idempotency_key = *key;
  request.strict_builtin_errors = what.strict_builtin_errors;
  request.received_nanos = who->asked().received_nanos;
  request.caller = who->who;
  auto& with = who->with;
  with.bridge->request(
      with.others().policy.get(), wire::decide_request{request},
      with.settings.decide_timeout,
      [who, pinned = std::move(*pinned),
       then = std::move(then)](const result<ledger::released>& got) {
        take(who, pinned, got, then);
      });
}

void answer_decision(const call_ptr& who, std::string body, bool pretty,
                     std::string_view constitution) {
  http::response out;
  out.body = pretty ? pretty_json(body) : std::move(body);
  if (!constitution.empty())
    out.fields.emplace_back("X-Constitutional-Hash", std::string{constitution});
  who->answer(std::move(out));
}

std::string shown_constitution(const call& who, std::string_view pinned) {
  if (!pinned.empty())
    return std::string{pinned};
  if (auto header = who.asked().find("x-constitutional-hash");
      header && !header->empty())
    return std::string{*header};
  return who.with.core.now().constitution();
}

std::string provenance_of(const services& with) {
  const auto& now = with.core.now();
  json_object bundle;
  bundle.text("revision",
              now.control() ? std::to_string(now.control()->revision) : "");
  return json_object{}
      .text("version", with.settings.version)
      .text("build_commit", "")
      .text("build_timestamp", "")
      .text("build_hostname", "")
      .text("constitutional_hash", now.constitution())
      .raw("bundles", json_object{}.raw("acgs", bundle.take()).take())
      .take();
}

} // namespace acgs::http_gateway
