// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Many inputs in one call, as Enterprise OPA's batch API has them: decided by
// one snapshot, recorded in one transaction, and answered when all of them are
// durable. Their entries carry the call's request id.

#include "actors/http_gateway/decide.hpp"
#include "actors/http_gateway/json_out.hpp"
#include "actors/http_gateway/routes/routes.hpp"
#include "runtime/base/json.hpp"
#include "runtime/base/json_patch.hpp"
#include "runtime/base/json_scan.hpp"
#include "runtime/domain/own_decisions.hpp"

namespace acgs::http_gateway {

namespace {

/// Of all inputs together, with what they have in common in each.
constexpr std::size_t inputs_bytes_max = std::size_t{32} << 20;

struct batch {
  std::vector<std::string> ids;
  std::vector<std::string> inputs;           ///< JSON texts
  std::vector<auth::constitution_pins> pins; ///< of each input
  decide_options options;
};

/// `over` laid over `base`, object by object.
json::value merged(const json::value& base, const json::value& over) {
  if (!base.if_object() || !over.if_object())
    return over;
  auto out = base;
  for (const auto& [key, value] : *over.if_object()) {
    const auto* below = base.find(key);
    json::editor::set(out, key, below ? merged(*below, value) : value);
  }
  return out;
}

/// The members of the body's `inputs`, which must be an object.
result<std::vector<json::member>>
inputs_of(const call& who, const std::vector<json::member>& in) {
  auto given = json::find_member(in, "inputs");
  auto all = given ? json::members_of(*given) : std::nullopt;
  if (!all)
    return make_error(ec::invalid_argument,
                      "inputs must be an object of ids to inputs", "inputs");
  auto most = who.with.settings.batch_inputs_max;
  if (all->size() > most)
    return make_error(ec::too_large,
                      std::to_string(all->size()) + " inputs; at most "
                          + std::to_string(most)
                          + " are decided in one call "
                            "(policy.batch_inputs_max)",
                      "inputs");
  return *all;
}

/// Adds what they have in common. Without any, each stays as it came.
caf::error read_inputs(batch& to, std::vector<json::member> all,
                       std::optional<std::string_view> common) {
  std::optional<json::value> shared;
  if (common && *common != "null") {
    auto read = json::parse(*common);
    if (!read)
      return std::move(read.error());
    if (!read->if_object())
      return make_error(ec::invalid_argument, "common_input must be an object",
                        "common_input");
    shared = std::move(*read);
  }
  std::size_t bytes = 0;
  for (auto& one : all) {
    std::string text{one.value};
    if (shared) {
      auto own = json::parse(one.value);
      if (!own)
        return std::move(own.error());
      text = json::to_text(merged(*shared, *own));
    }
    bytes += text.size();
    if (bytes > inputs_bytes_max)
      return make_error(ec::too_large,
                        "the inputs are over "
                            + std::to_string(inputs_bytes_max)
                            + " bytes long together with what they have in "
                              "common",
                        "inputs");
    to.ids.push_back(std::move(one.key));
    to.inputs.push_back(std::move(text));
  }
  return {};
}

/// Each input may insist on a constitution, and so may the header and, `beside`
/// the inputs, the body.
caf::error read_pins(batch& to, const auth::constitution_pins& beside) {
  for (const auto& input : to.inputs) {
    auto body = read_input(input, wrapping::opa);
    if (!body)
      return std::move(body.error());
    auto& pins = to.pins.emplace_back(std::move(body->pins));
    pins.insert(pins.end(), beside.begin(), beside.end());
  }
  return {};
}

result<batch> read(const call& who) {
  batch out;
  out.options = read_options(who.query);
  if (out.options.explain != domain::explanation::off)
    return make_error(ec::invalid_argument,
                      "explain is not taken with a batch; ask for one decision",
                      "explain");
  if (who.asked().find("idempotency-key"))
    return make_error(ec::invalid_argument,
                      "Idempotency-Key is not taken with a batch; send each "
                      "decision by itself",
                      "Idempotency-Key");
  if (auto wrong = json::check_text(who.asked().body))
    return wrong;
  auto members = json::members_of(who.asked().body);
  if (!members)
    return make_error(ec::invalid_argument,
                      "the body is no JSON object; expected {\"inputs\": "
                      "{\"id\": ...}}");
  if (domain::is_own_decision(json::to_data_path(who.matched.captures)))
    if (auto wrong = check_unmixed(*members, "inputs"))
      return wrong;
  auto all = inputs_of(who, *members);
  if (!all)
    return std::move(all.error());
  if (auto wrong = read_inputs(out, std::move(*all),
                               json::find_member(*members, "common_input")))
    return wrong;
  auth::constitution_pins beside;
  if (auto wrong = auth::add_pin_among(*members, "", beside))
    return wrong;
  if (auto wrong = add_pins_of_header(who, beside))
    return wrong;
  if (auto wrong = read_pins(out, beside))
    return wrong;
  return out;
}

policy::decide_many questions_of(const call& who, const batch& from) {
  auto path = json::to_data_path(who.matched.captures);
  policy::decide_many out;
  for (std::size_t i = 0; i < from.inputs.size(); ++i) {
    domain::decide_request one;
    one.request_id = who.request_id;
    one.path = path;
    one.input = from.inputs[i];
    auto pinned = auth::names_of(from.pins[i]);
    one.pinned_hash = pinned;
    one.strict_builtin_errors = from.options.strict_builtin_errors;
    one.received_nanos = who.asked().received_nanos;
    one.caller = who.who;
    out.each.emplace_back(one);
  }
  return out;
}

/// One response, and the status that it would have by itself.
struct response {
  unsigned status = 200;
  std::string members; ///< of a JSON object, without its braces
};

response failed(const call& who, const caf::error& error,
                std::string_view decision_id) {
  auto problem = problem_of(who, error, {});
  auto body = render(problem, error_style::opa);
  response out{body.status, body.body.substr(1, body.body.size() - 2)};
  if (!decision_id.empty()) {
    out.members += ",\"decision_id\":";
    append_json_string(out.members, decision_id);
  }
  return out;
}

response response_of(const call& who, const result<ledger::released>& got,
                     const decide_options& options) {
  if (!got)
    return failed(who, got.error(), {});
  const auto& decision = *got->decision;
  if (decision.outcome == domain::verdict::error)
    return failed(who, error_of(decision), decision.decision_id);
  decision_answer as;
  as.names = &who.with.core.now().names();
  auto metrics = options.metrics || options.instrument
                     ? metrics_of(decision, options, handler_nanos(who))
                     : std::string{};
  as.metrics = metrics;
  auto text = write_decision(*got, as);
  return {200, text.substr(1, text.size() - 2)};
}

/// 200 or 500 where each is so, else 207 (RFC 4918's Multi-Status).
unsigned status_of_all(const std::vector<response>& each) {
  auto all = [&](unsigned status) {
    return std::all_of(each.begin(), each.end(), [&](const response& one) {
      return one.status == status;
    });
  };
  if (all(200))
    return 200;
  return all(500) ? 500 : 207;
}

void answer(const call_ptr& who, const batch& asked,
            const ledger::released_many& got) {
  std::vector<response> each;
  for (const auto& one : got.each) {
    if (one)
      count(who->with, *one);
    each.push_back(response_of(*who, one, asked.options));
  }
  auto status = status_of_all(each);
  json_object responses;
  for (std::size_t i = 0; i < each.size(); ++i) {
    auto text = "{" + each[i].members;
    if (status == 207)
      text += ",\"http_status_code\":\"" + std::to_string(each[i].status) + '"';
    responses.raw(asked.ids[i], text + "}");
  }
  json_object out;
  out.text("batch_decision_id", who->request_id);
  if (asked.options.metrics)
    out.raw("metrics",
            json_object{}
                .number("timer_server_handler_ns", handler_nanos(*who))
                .take());
  if (asked.options.provenance)
    out.raw("provenance", provenance_of(who->with));
  out.raw("responses", responses.take());
  answer_decision(who, out.take(), asked.options.pretty,
                  who->with.core.now().constitution(), status);
}

/// What the inputs of a batch insist on, one after the other.
auth::constitution_pins all_pins(const batch& of) {
  auth::constitution_pins out;
  for (const auto& each : of.pins)
    out.insert(out.end(), each.begin(), each.end());
  return out;
}

/// A batch stands for as many calls as it has inputs. One was taken already.
bool take_rate(const call_ptr& who, std::size_t inputs) {
  if (inputs < 2)
    return true;
  auto& limiter = who->with.limiter;
  const auto* state = who->with.core.now().control().get();
  if (auto wrong = limiter.check_batch(who->who, state, inputs)) {
    who->fail(wrong);
    return false;
  }
  auto wait = limiter.take(who->who, state, who->with.time().steady_now(),
                           static_cast<double>(inputs - 1));
  if (!wait)
    return true;
  problem out;
  out.code = ec::rate_limited;
  out.retry_after = auth::retry_after_seconds(*wait);
  out.sentence = "a batch of " + std::to_string(inputs)
                 + " inputs is as many requests; try again in "
                 + std::to_string(out.retry_after) + " s";
  who->fail(std::move(out));
  return false;
}

void decide_batch(const call_ptr& who) {
  if (auto wrong = check_path(*who, who->matched.captures))
    return who->fail(wrong);
  auto asked = read(*who);
  if (!asked)
    return who->fail(asked.error());
  if (!take_rate(who, asked->inputs.size()))
    return;
  auto questions = questions_of(*who, *asked);
  if (questions.each.empty())
    return answer(who, *asked, {});
  auto& with = who->with;
  with.bridge->request(
      with.others().policy.get(), questions, with.settings.decide_timeout,
      [who, questions,
       asked = std::move(*asked)](const result<ledger::released_many>& got) {
        if (!got)
          return who->fail(problem_of(*who, got.error(), all_pins(asked)));
        answer(who, asked, *got);
        for (std::size_t i = 0; i < got->each.size(); ++i)
          if (got->each[i])
            offer(who->with, questions.each[i], *got->each[i]);
      });
}

} // namespace

void add_batch_routes(std::vector<route>& to) {
  to.push_back({http::method::post, "/v1/batch/data/{path*}",
                auth::verb::decide, error_style::opa,
                "acgs decide --batch FILE", decide_batch});
}

} // namespace acgs::http_gateway
