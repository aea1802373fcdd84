// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Decisions: OPA's data API for any path, and the constitution's own routes,
// which also take a bare body, as the runbooks' clients send it.

#include "actors/http_gateway/decide.hpp"
#include "actors/http_gateway/routes/routes.hpp"
#include "runtime/base/json_patch.hpp"
#include "runtime/base/json_scan.hpp"
#include "runtime/domain/own_decisions.hpp"

namespace acgs::http_gateway {

namespace {

using http::method;

struct target {
  std::vector<std::string> steps;
  bool of_constitution = false; ///< a route of the runbooks
  bool wants_input = false;     ///< the answer says where there was none
};

void decide_body(const call_ptr& who, const target& at, decision_body body) {
  auto options = read_options(who->query);
  if (auto wrong = check_path(*who, at.steps))
    return who->fail(wrong);
  decide_question what;
  what.path = json::to_data_path(at.steps);
  what.input = body.input;
  what.pins = body.pins;
  what.set(options);
  bool warns = at.wants_input && body.input.empty();
  auto last = at.steps.empty() ? std::string{} : at.steps.back();
  decide(who, what,
         [who, last, warns, options, how = body.how,
          enrich = at.of_constitution](const ledger::released& got) {
           decision_answer as;
           as.how = how;
           as.enrich = enrich;
           as.warns_of_input = warns;
           as.names = &who->with.core.now().names();
           as.last_step = last;
           auto metrics =
               options.metrics || options.instrument
                   ? metrics_of(*got.decision, options, handler_nanos(*who))
                   : std::string{};
           as.metrics = metrics;
           auto provenance =
               options.provenance ? provenance_of(who->with) : std::string{};
           as.provenance = provenance;
           answer_decision(who, write_decision(got, as), options.pretty,
                           shown_constitution(*who, *got.decision));
         });
}

/// A part of an own decision's answer is asked for like any path of OPA's, but
/// its body is for the constitution as well.
caf::error check_part(const target& at, std::string_view text) {
  if (at.of_constitution
      || !domain::is_own_decision(json::to_data_path(at.steps)))
    return {};
  auto members = json::members_of(text);
  return members ? check_unmixed(*members, "input") : caf::error{};
}

void post(const call_ptr& who, target at) {
  with_json_body(who, [who, at = std::move(at)](std::string_view text) {
    auto body = read_decision_body(text, at.of_constitution);
    if (!body)
      return who->fail(body.error());
    if (auto wrong = check_part(at, text))
      return who->fail(wrong);
    decide_body(who, at, std::move(*body));
  });
}

void get(const call_ptr& who, target at) {
  decision_body body;
  if (auto input = who->query.find("input")) {
    if (auto wrong = json::check_text(
            *input, at.of_constitution
                        ? "the query's input"
                        : "parameter contains malformed input document: it"))
      return who->fail(wrong);
    auto read = read_input(*input, wrapping::opa);
    if (!read)
      return who->fail(read.error());
    body = std::move(*read);
  } else if (at.of_constitution) {
    body.how = wrapping::bare;
  }
  decide_body(who, at, std::move(body));
}

target decision_target() {
  return {{"acgs", "main", "decision"}, true};
}

target allow_target() {
  return {{"acgs", "main", "allow"}, true};
}

target any_target(const call& who) {
  return {who.matched.captures, false, who.asked().verb == http::method::post};
}

} // namespace

void add_decision_routes(std::vector<route>& to) {
  constexpr auto right = auth::verb::decide;
  constexpr auto decide = "acgs decide -i FILE";
  auto add = [&](method verb, std::string_view pattern, error_style style,
                 void (*serve)(const call_ptr&)) {
    to.push_back({verb, pattern, right, style, decide, serve});
  };
  constexpr auto decision = "/v1/data/acgs/main/decision";
  constexpr auto allow = "/v1/data/acgs/main/allow";
  constexpr auto any = "/v1/data/{path*}";
  add(method::post, decision, error_style::runbook,
      [](const call_ptr& who) { post(who, decision_target()); });
  add(method::get, decision, error_style::runbook,
      [](const call_ptr& who) { get(who, decision_target()); });
  add(method::post, allow, error_style::runbook,
      [](const call_ptr& who) { post(who, allow_target()); });
  add(method::get, allow, error_style::runbook,
      [](const call_ptr& who) { get(who, allow_target()); });
  add(method::post, any, error_style::opa,
      [](const call_ptr& who) { post(who, any_target(*who)); });
  add(method::get, any, error_style::opa,
      [](const call_ptr& who) { get(who, any_target(*who)); });
}

} // namespace acgs::http_gateway
