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

/// The key that EVALUATOR's sentence about a bound begins with, or nothing.
std::string bound_named_in(std::string_view sentence) {
  auto colon = sentence.find(':');
  bool named = sentence.starts_with("policy.") && colon != sentence.npos;
  return std::string{sentence.substr(0, named ? colon : 0)};
}

/// Says of an error about a pin where that stood and what should have.
void name_pin(problem& in, const auth::constitution_pin& pinned,
              const call& who) {
  in.field = pinned.field;
  in.value = pinned.name;
  in.expected = who.with.core.now().constitution();
}

void fail_decision(const call_ptr& who, const caf::error& error,
                   const auth::constitution_pin& pinned) {
  auto problem = make_problem(error);
  if (problem.code == ec::hash_mismatch)
    name_pin(problem, pinned, *who);
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
void take(const call_ptr& who, const auth::constitution_pin& pinned,
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

result<auth::constitution_pin> pin_of(const call& who,
                                      auth::constitution_pin in_body) {
  constexpr std::string_view name = "X-Constitutional-Hash";
  result<auth::constitution_pin> out = std::move(in_body);
  for (const auto& field : who.asked().fields) {
    if (!http::equal_nocase(field.name, name))
      continue;
    auto pinned = auth::read_pin(field.value, std::string{name});
    if (!pinned)
      return pinned;
    out = auth::both_pins(std::move(*out), std::move(*pinned));
    if (!out)
      return out;
  }
  return out;
}

std::optional<problem> check_pin_of_body(const call& who) {
  auto in_body = auth::pin_of_input(who.asked().body);
  if (!in_body)
    return make_problem(in_body.error());
  auto pinned = pin_of(who, std::move(*in_body));
  if (!pinned)
    return make_problem(pinned.error());
  if (pinned->name.empty() || who.with.core.now().is_constitution(pinned->name))
    return std::nullopt;
  problem out;
  out.code = ec::hash_mismatch;
  out.sentence = pinned->field + " does not name the active constitution";
  name_pin(out, *pinned, who);
  return out;
}

void decide(const call_ptr& who, const decide_question& what,
            std::function<void(const ledger::released&)> then) {
  auto pinned = pin_of(*who, what.pinned);
  if (!pinned)
    return who->fail(pinned.error());
  auto key = auth::idempotency_key_of(
      who->who, who->asked().find("idempotency-key").value_or(""),
      "Idempotency-Key",
      {what.asks == domain::question::query ? "query" : "document", what.path,
       what.input, pinned->name, what.strict_builtin_errors ? "strict" : ""});
  if (!key)
    return who->fail(key.error());
  domain::decide_request request;
  request.request_id = who->request_id;
  request.asks = what.asks;
  request.path = what.path;
  request.input = what.input;
  request.pinned_hash = pinned->name;
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
