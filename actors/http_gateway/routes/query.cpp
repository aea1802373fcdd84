// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Ad-hoc queries, as OPA's query API has them. Each is decided, and recorded,
// like any other question.

#include "actors/http_gateway/decide.hpp"
#include "actors/http_gateway/json_out.hpp"
#include "actors/http_gateway/parameters.hpp"
#include "actors/http_gateway/routes/routes.hpp"
#include "runtime/base/json_scan.hpp"

namespace acgs::http_gateway {

namespace {

using http::method;

/// The bindings of each answer, which are all that OPA's API shows; the record
/// has the expressions' values too. No answer at all: nothing, as OPA has it.
std::optional<std::string> bindings_of(std::string_view result) {
  auto answers = json::items_of(result);
  if (!answers || answers->empty())
    return std::nullopt;
  std::string out;
  for (auto each : *answers) {
    auto members = json::members_of(each);
    auto found =
        members ? json::find_member(*members, "bindings") : std::nullopt;
    out += out.empty() ? "[" : ",";
    out += found.value_or("{}");
  }
  return out + ']';
}

void run(const call_ptr& who, std::string text, const decision_body& body) {
  auto options = read_options(who->query);
  if (text.empty())
    return who->fail(make_error(ec::invalid_argument,
                                "the query is missing; expected Rego such as "
                                "data.acgs.main.allow = x",
                                "query"));
  if (auto bad = check_query_text(text))
    return who->fail(bad);
  decide_question what;
  what.asks = domain::question::query;
  what.path = std::move(text);
  what.input = body.input;
  what.pins = body.pins;
  what.set(options);
  decide(who, what, [who, options](const ledger::released& got) {
    json_object out;
    if (options.metrics || options.instrument)
      out.raw("metrics",
              metrics_of(*got.decision, options, handler_nanos(*who)));
    if (!got.decision->explanation.empty())
      out.raw("explanation", got.decision->explanation);
    if (options.provenance)
      out.raw("provenance", provenance_of(who->with));
    if (auto shown = bindings_of(got.decision->result))
      out.raw("result", *shown);
    out.text("decision_id", got.decision->decision_id);
    answer_decision(who, out.take(), options.pretty, {});
  });
}

void get_query(const call_ptr& who) {
  if (!who->query.find("q"))
    return who->fail(
        make_error(ec::invalid_argument, "missing parameter 'q'", "q"));
  run(who, std::string{who->query.find("q").value_or("")}, {});
}

void post(const call_ptr& who) {
  if (auto wrong = json::check_text(who->asked().body))
    return who->fail(wrong);
  auto members = json::members_of(who->asked().body);
  if (!members)
    return who->fail(make_error(
        ec::invalid_argument,
        "the body is no JSON object; expected {\"query\": ..., \"input\": "
        "...}"));
  auto query = json::find_member(*members, "query");
  auto text = query ? json::string_of(*query) : std::string{};
  if (!text)
    return who->fail(
        make_error(ec::invalid_argument, "query must be a text", "query"));
  auto body = read_input(input_among(*members), wrapping::opa);
  if (!body)
    return who->fail(body.error());
  run(who, std::move(*text), *body);
}

} // namespace

void add_query_routes(std::vector<route>& to) {
  constexpr auto right = auth::verb::query;
  constexpr auto style = error_style::opa;
  to.push_back({method::get, "/v1/query", right, style, "", get_query});
  to.push_back({method::post, "/v1/query", right, style, "", post});
}

} // namespace acgs::http_gateway
