// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// OPA's default decision: the body is the input, the answer is the document at
// the configured path and nothing around it.

#include "actors/http_gateway/decide.hpp"
#include "actors/http_gateway/routes/routes.hpp"
#include "runtime/auth/document_access.hpp"
#include "runtime/base/json_patch.hpp"
#include "runtime/base/json_scan.hpp"
#include "runtime/domain/own_decisions.hpp"

#include <algorithm>

namespace acgs::http_gateway {

namespace {

void fail_undefined(const call_ptr& who, const std::string& path) {
  problem out;
  out.code = ec::not_found;
  out.opa_code = "undefined_document";
  out.sentence = "document missing: /" + path
                 + " is not defined for this input (policy.default_decision)";
  who->fail(std::move(out));
}

void answer(const call_ptr& who, const ledger::released& got,
            const decide_options& options) {
  const auto& decision = *got.decision;
  const std::string path{decision.path};
  if (decision.outcome == domain::verdict::undefined)
    return fail_undefined(who, path);
  // Those of the constitution are the routes whose answers say more.
  if (std::ranges::count(domain::own_decisions, path) == 0)
    return answer_decision(who, std::string{decision.result}, options.pretty,
                           {});
  decision_answer as;
  as.how = wrapping::bare;
  as.enrich = true;
  as.names = &who->with.core.now().names();
  as.last_step = std::string_view{path}.substr(path.rfind('/') + 1);
  answer_decision(who, write_decision(got, as), options.pretty,
                  shown_constitution(*who, decision));
}

void decide_body(const call_ptr& who, const std::string& path,
                 const decide_options& options, std::string_view body) {
  bool blank = body.find_first_not_of(" \t\r\n") == body.npos;
  constexpr auto refused = "unexpected parse error for input: it";
  if (auto wrong = blank ? caf::error{} : json::check_text(body, refused))
    return who->fail(wrong);
  if (domain::is_own_decision(path))
    if (auto members = json::members_of(body))
      if (auto wrong = check_unmixed(*members, "input"))
        return who->fail(wrong);
  auto read = read_input(blank ? std::string_view{} : body, wrapping::bare);
  if (!read)
    return who->fail(read.error());
  decide_question what;
  what.path = path;
  what.input = read->input;
  what.pins = std::move(read->pins);
  what.strict_builtin_errors = options.strict_builtin_errors;
  decide(who, what, [who, options](const ledger::released& got) {
    answer(who, got, options);
  });
}

void decide_default(const call_ptr& who) {
  auto options = read_options(who->query);
  if (!options)
    return who->fail(options.error());
  auto steps = auth::steps_of(who->with.settings.default_decision);
  if (auto wrong = check_path(*who, steps))
    return who->fail(wrong);
  with_json_body(who, [who, path = json::to_data_path(steps),
                       options = *options](std::string_view body) {
    decide_body(who, path, options, body);
  });
}

} // namespace

void add_default_decision_route(std::vector<route>& to) {
  to.push_back({http::method::post, "/", auth::verb::decide, error_style::opa,
                "acgs decide -i FILE", decide_default});
}

} // namespace acgs::http_gateway
