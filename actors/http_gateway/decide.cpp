// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/http_gateway/decide.hpp"

#include "actors/http_gateway/json_out.hpp"
#include "actors/http_gateway/json_pretty.hpp"
#include "runtime/auth/idempotency.hpp"
#include "runtime/base/code_named.hpp"

#include <algorithm>

namespace acgs::http_gateway {

namespace {

/// The key that EVALUATOR's sentence about a bound begins with, or nothing.
std::string bound_named_in(std::string_view sentence) {
  auto colon = sentence.find(':');
  bool named = sentence.starts_with("policy.") && colon != sentence.npos;
  return std::string{sentence.substr(0, named ? colon : 0)};
}

/// The first pin that does not name the active constitution; null if all do.
const auth::constitution_pin* odd_among(const auth::constitution_pins& pins,
                                        const call& who) {
  for (const auto& pin : pins)
    if (!who.with.core.now().is_constitution(pin.name))
      return &pin;
  return nullptr;
}

/// Says of an error about a pin where that stood and what should have.
void name_pin(problem& in, const auth::constitution_pin& pin, const call& who) {
  in.field = pin.field;
  in.value = pin.name;
  in.expected = who.with.core.now().constitution();
}

/// What came back from LEDGER, or from whoever refused before it.
void take(const call_ptr& who, const auth::constitution_pins& pins,
          const result<ledger::released>& got,
          const std::function<void(const ledger::released&)>& then) {
  if (!got)
    return who->fail(problem_of(*who, got.error(), pins));
  count(who->with, *got);
  const auto& decision = *got->decision;
  if (decision.outcome == domain::verdict::error)
    return who->fail(problem_of(*who, error_of(decision), pins));
  then(*got);
}

} // namespace

caf::error check_path(const call& who, const std::vector<std::string>& steps) {
  if (auto wrong = auth::check_steps(steps))
    return wrong;
  return who.with.core.check_document(who.who, steps);
}

problem problem_of(const call& who, const caf::error& error,
                   const auth::constitution_pins& pins) {
  auto out = make_problem(error);
  if (out.code == ec::hash_mismatch)
    if (auto* odd = odd_among(pins, who))
      name_pin(out, *odd, who);
  if (out.code == ec::limit_exceeded)
    out.field = bound_named_in(out.sentence);
  return out;
}

caf::error error_of(const domain::decision& decision) {
  return make_error(code_named(decision.error_code),
                    std::string{decision.error_message}, {},
                    std::string{decision.errors});
}

void count(services& with, const ledger::released& got) {
  with.decisions->decided(std::chrono::nanoseconds{got.decision->latency_nanos},
                          std::chrono::nanoseconds{got.durable_nanos},
                          got.decision->outcome == domain::verdict::deny,
                          with.time().steady_now());
}

void offer(services& with, const wire::decide_request& asked,
           const ledger::released& got) {
  const auto& state = with.core.now().control();
  if (state && state->trial && asked->asks == domain::question::document
      && candidate::is_chosen(got.decision->decision_id, state->trial->share))
    with.bridge->send(with.others().candidate.get(),
                      candidate::decided{asked, got.decision, got.recorded});
}

decide_options read_options(const http::query_parameters& from) {
  decide_options out;
  struct option {
    std::string_view name;
    bool* into;
  };
  for (auto [name, into] :
       {option{"pretty", &out.pretty}, option{"metrics", &out.metrics},
        option{"instrument", &out.instrument},
        option{"provenance", &out.provenance},
        option{"strict-builtin-errors", &out.strict_builtin_errors}})
    *into = from.flag(name);
  // Of several, the first that asks for one.
  const auto& modes = domain::explanation_names;
  for (auto each : from.all("explain")) {
    auto mode = std::find(modes.begin(), modes.end(), each);
    if (mode == modes.begin() || mode == modes.end())
      continue;
    out.explain = static_cast<domain::explanation>(mode - modes.begin());
    break;
  }
  return out;
}

void with_json_body(const call_ptr& who,
                    std::function<void(std::string_view)> then) {
  auto body = who->asked().body;
  auto type = who->asked().find("content-type").value_or("");
  if (type.find("yaml") == type.npos
      || body.find_first_not_of(" \t\r\n") == body.npos)
    return then(body);
  who->ask(who->with.yaml.get(), read_yaml{std::string{body}},
           [then = std::move(then)](const json_body& got) { then(got.text); });
}

caf::error add_pins_of_header(const call& who, auth::constitution_pins& to) {
  constexpr std::string_view name = "X-Constitutional-Hash";
  for (const auto& field : who.asked().fields) {
    if (!http::equal_nocase(field.name, name))
      continue;
    auto pin = auth::read_pin(field.value, std::string{name});
    if (!pin)
      return std::move(pin.error());
    to.push_back(std::move(*pin));
  }
  return {};
}

std::optional<problem> check_pins(const call& who) {
  auto pins = auth::pins_of_input(who.asked().body);
  if (!pins)
    return make_problem(pins.error());
  if (auto wrong = add_pins_of_header(who, *pins))
    return make_problem(wrong);
  auto* odd = odd_among(*pins, who);
  if (!odd)
    return std::nullopt;
  problem out;
  out.code = ec::hash_mismatch;
  out.sentence = odd->field + " does not name the active constitution";
  name_pin(out, *odd, who);
  return out;
}

void decide(const call_ptr& who, const decide_question& what,
            std::function<void(const ledger::released&)> then) {
  // An explanation shows policies and data.
  if (what.explain != domain::explanation::off)
    if (auto refused = auth::authorise(who->who, auth::verb::read_data))
      return who->fail(refused);
  auto pins = what.pins;
  if (auto wrong = add_pins_of_header(*who, pins))
    return who->fail(wrong);
  auto pinned = auth::names_of(pins);
  auto key = auth::idempotency_key_of(
      who->who, who->asked().find("idempotency-key"), "Idempotency-Key",
      {what.asks == domain::question::query ? "query" : "document", what.path,
       what.partial, what.input, pinned,
       what.strict_builtin_errors ? "strict" : ""});
  if (!key)
    return who->fail(key.error());
  domain::decide_request request;
  request.request_id = who->request_id;
  request.asks = what.asks;
  request.path = what.path;
  request.input = what.input;
  request.pinned_hash = pinned;
  request.idempotency_key = *key;
  request.strict_builtin_errors = what.strict_builtin_errors;
  request.explain = what.explain;
  request.explain_lines = what.explain_lines;
  request.partial = what.partial;
  request.received_nanos = who->asked().received_nanos;
  request.caller = who->who;
  wire::decide_request ready{request};
  auto& with = who->with;
  with.bridge->request(
      with.others().policy.get(), ready, with.settings.decide_timeout,
      [who, ready, pins = std::move(pins),
       then = std::move(then)](const result<ledger::released>& got) {
        take(who, pins, got, then);
        if (got)
          offer(who->with, ready, *got);
      });
}

std::int64_t handler_nanos(const call& who) {
  auto now = who.with.time().steady_now().time_since_epoch();
  return now.count() - who.asked().received_nanos;
}

void answer_decision(const call_ptr& who, std::string body, bool pretty,
                     std::string_view constitution, unsigned status) {
  http::response out{.status = status};
  out.body = pretty ? pretty_json(body) : std::move(body);
  if (!constitution.empty())
    out.fields.emplace_back("X-Constitutional-Hash", std::string{constitution});
  who->answer(std::move(out));
}

std::string shown_constitution(const call& who, const domain::decision& from) {
  const auto& names = who.with.core.now().names();
  return std::string{names.shown_for(from.constitutional_hash)};
}

std::string metrics_of(const domain::decision& decision,
                       const decide_options& options,
                       std::int64_t handler_nanos) {
  json_object out;
  out.number("counter_server_query_cache_hit", decision.cache_hit ? 1 : 0)
      .number("timer_rego_input_parse_ns", decision.input_parse_nanos)
      .number("timer_rego_query_compile_ns", decision.prepare_nanos)
      .number("timer_rego_query_eval_ns", decision.evaluation_nanos)
      .number("timer_server_handler_ns", handler_nanos);
  if (options.instrument)
    out.number("counter_rego_instructions", decision.instructions)
        .number("timer_server_decision_ns", decision.latency_nanos);
  return out.take();
}

std::string write_metrics(const call& who, const decide_options& options) {
  json_object out;
  if (options.metrics || options.instrument)
    out.raw("metrics",
            json_object{}
                .number("timer_server_handler_ns", handler_nanos(who))
                .take());
  return out.take();
}

std::string provenance_of(const services& with) {
  const auto& now = with.core.now();
  auto revision = [](std::string_view text) {
    return json_object{}.text("revision", text).take();
  };
  json_object bundles;
  if (const auto& state = now.control()) {
    for (const auto& [name, active] : state->bundles)
      bundles.raw(name, revision(active.bundle_revision));
    if (!state->bundles.contains("acgs"))
      bundles.raw("acgs", revision(std::to_string(state->revision)));
  }
  return json_object{}
      .text("version", with.settings.version)
      .text("build_commit", "")
      .text("build_timestamp", "")
      .text("build_hostname", "")
      .text("constitutional_hash", now.constitution())
      .raw("bundles", bundles.take())
      .take();
}

} // namespace acgs::http_gateway
