// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// OPA's compile API: what is left of a query while parts of the input or of
// the data are not known. Recorded like any other question.

#include "actors/http_gateway/decide.hpp"
#include "actors/http_gateway/json_out.hpp"
#include "actors/http_gateway/parameters.hpp"
#include "actors/http_gateway/routes/routes.hpp"
#include "runtime/base/json.hpp"
#include "runtime/base/json_scan.hpp"

namespace acgs::http_gateway {

namespace {

constexpr std::size_t references_max = 100;
constexpr std::size_t reference_bytes_max = 1024;

using members = std::vector<json::member>;

caf::error wrong(std::string sentence, const char* field) {
  return make_error(ec::invalid_argument, std::move(sentence), field);
}

/// An array of references as JSON text; `otherwise` where there is none, or
/// null.
result<std::string> references(const members& in, const char* key,
                               const char* otherwise) {
  auto text = json::find_member(in, key);
  if (!text || *text == "null")
    return std::string{otherwise};
  auto read = json::parse(*text);
  const auto* items = read ? read->if_array() : nullptr;
  if (!items || items->size() > references_max)
    return wrong(std::string{key} + " must be an array of at most "
                     + std::to_string(references_max)
                     + " references such as \"input.user\"",
                 key);
  for (const auto& item : *items)
    if (!item.if_string() || item.if_string()->size() > reference_bytes_max)
      return wrong(std::string{key} + " holds " + std::string{item.kind_name()}
                       + "; expected references of at most "
                       + std::to_string(reference_bytes_max) + " bytes",
                   key);
  return json::to_text(*read);
}

/// The part of the question that says what is left open.
result<std::string> partial_of(const members& body) {
  auto unknowns = references(body, "unknowns", R"(["input"])");
  if (!unknowns)
    return unknowns;
  members options;
  auto given = json::find_member(body, "options");
  if (given && *given != "null") {
    auto read = json::members_of(*given);
    if (!read)
      return wrong("options must be an object", "options");
    options = std::move(*read);
  }
  for (const auto& option : options)
    if (option.key == "nondeterministicBuiltins") {
      if (option.value != "false" && option.value != "null")
        return wrong("nondeterministicBuiltins must be false: what hangs on "
                     "them is left open here",
                     "options");
    } else if (option.key != "disableInlining") {
      return wrong("the option '" + option.key.substr(0, 64)
                       + "' is not known; expected disableInlining or "
                         "nondeterministicBuiltins",
                   "options");
    }
  auto apart = references(options, "disableInlining", "[]");
  if (!apart)
    return apart;
  return json_object{}
      .raw("disableInlining", *apart)
      .raw("unknowns", *unknowns)
      .take();
}

result<std::string> query_of(const members& body) {
  auto given = json::find_member(body, "query");
  auto text = given ? json::string_of(*given) : std::string{};
  if (!text)
    return wrong("query must be a text such as data.app.allow == true",
                 "query");
  if (text->empty())
    return wrong("missing required 'query' value", "query");
  if (auto bad = check_query_text(*text))
    return bad;
  return *text;
}

void run(const call_ptr& who, const decide_question& what,
         const decide_options& options) {
  decide(who, what, [who, options](const ledger::released& got) {
    json_object out;
    if (options.metrics || options.instrument)
      out.raw("metrics",
              json_object{}
                  .number("timer_rego_partial_eval_ns",
                          got.decision->evaluation_nanos)
                  .number("timer_server_handler_ns", handler_nanos(*who))
                  .take());
    out.raw("result", got.decision->result)
        .text("decision_id", got.decision->decision_id);
    if (!got.decision->explanation.empty())
      out.raw("explanation", got.decision->explanation);
    answer_decision(who, out.take(), options.pretty, {});
  });
}

void compile(const call_ptr& who) {
  auto options = read_options(who->query);
  if (auto bad = json::check_text(who->asked().body))
    return who->fail(bad);
  auto body = json::members_of(who->asked().body);
  if (!body)
    return who->fail(make_error(
        ec::invalid_argument,
        "the body is no JSON object; expected {\"query\": ..., \"input\": "
        "..., \"unknowns\": [...]}"));
  auto query = query_of(*body);
  if (!query)
    return who->fail(query.error());
  auto partial = partial_of(*body);
  if (!partial)
    return who->fail(partial.error());
  decide_question what;
  what.asks = domain::question::compile;
  what.path = std::move(*query);
  what.partial = std::move(*partial);
  auto input = read_input(input_among(*body), wrapping::opa);
  if (!input)
    return who->fail(input.error());
  what.input = input->input;
  what.pins = std::move(input->pins);
  what.set(options);
  run(who, what, options);
}

} // namespace

void add_compile_routes(std::vector<route>& to) {
  to.push_back({http::method::post, "/v1/compile", auth::verb::query,
                error_style::opa, "", compile});
}

} // namespace acgs::http_gateway
