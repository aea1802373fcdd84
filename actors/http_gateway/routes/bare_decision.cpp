// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// OPA's decisions with nothing around them, as webhooks ask for them: the body
// is the input, the answer is the document. One is of the configured path, the
// others, OPA's v0 API, of any.

#include "actors/http_gateway/decide.hpp"
#include "actors/http_gateway/routes/routes.hpp"
#include "runtime/auth/document_access.hpp"
#include "runtime/base/json_patch.hpp"
#include "runtime/base/json_scan.hpp"
#include "runtime/domain/own_decisions.hpp"

#include <algorithm>

namespace acgs::http_gateway {

namespace {

/// What is asked for, and how.
struct bare_target {
  std::vector<std::string> steps;
  std::string_view key; ///< that configures it, or empty
  decide_options options{};
};

void fail_undefined(const call_ptr& who, std::string_view path,
                    std::string_view key) {
  problem out;
  out.code = ec::not_found;
  out.opa_code = "undefined_document";
  out.sentence = "document missing: /" + std::string{path}
                 + " is not defined for this input";
  if (!key.empty())
    out.sentence.append(" (").append(key).append(")");
  who->fail(std::move(out));
}

void answer(const call_ptr& who, const ledger::released& got,
            const bare_target& at) {
  const auto& decision = *got.decision;
  auto path = decision.path;
  if (decision.outcome == domain::verdict::undefined)
    return fail_undefined(who, path, at.key);
  // Those of the constitution are the routes whose answers say more. Where a
  // client names the path itself, a scalar stays what it expects there.
  bool own = std::ranges::count(domain::own_decisions, path) > 0;
  if (!own || (at.key.empty() && !decision.result.starts_with('{')))
    return answer_decision(who, std::string{decision.result}, at.options.pretty,
                           {});
  decision_answer as;
  as.how = wrapping::bare;
  as.enrich = true;
  as.names = &who->with.core.now().names();
  as.last_step = path.substr(path.rfind('/') + 1);
  answer_decision(who, write_decision(got, as), at.options.pretty,
                  shown_constitution(*who, decision));
}

void decide_body(const call_ptr& who, const bare_target& at,
                 std::string_view body) {
  bool blank = body.find_first_not_of(" \t\r\n") == body.npos;
  constexpr auto refused = "unexpected parse error for input: it";
  if (auto wrong = blank ? caf::error{} : json::check_text(body, refused))
    return who->fail(wrong);
  auto path = json::to_data_path(at.steps);
  if (domain::is_own_decision(path))
    if (auto members = json::members_of(body))
      if (auto wrong = check_unmixed(*members, "input"))
        return who->fail(wrong);
  auto read = read_input(blank ? std::string_view{} : body, wrapping::bare);
  if (!read)
    return who->fail(read.error());
  decide_question what;
  what.path = std::move(path);
  what.input = read->input;
  what.pins = std::move(read->pins);
  what.strict_builtin_errors = at.options.strict_builtin_errors;
  decide(who, what,
         [who, at](const ledger::released& got) { answer(who, got, at); });
}

void decide_bare(const call_ptr& who, bare_target at) {
  if (auto wrong = check_path(*who, at.steps))
    return who->fail(wrong);
  at.options = read_options(who->query);
  with_json_body(who, [who, at = std::move(at)](std::string_view body) {
    decide_body(who, at, body);
  });
}

void decide_default(const call_ptr& who) {
  decide_bare(who, {auth::steps_of(who->with.settings.default_decision),
                    "policy.default_decision"});
}

void decide_named(const call_ptr& who) {
  decide_bare(who, {who->matched.captures, {}});
}

} // namespace

void add_bare_decision_routes(std::vector<route>& to) {
  auto add = [&](std::string_view pattern, void (*serve)(const call_ptr&)) {
    to.push_back({http::method::post, pattern, auth::verb::decide,
                  error_style::opa, "acgs decide -i FILE", serve});
  };
  add("/", decide_default);
  add("/v0/data/{path*}", decide_named);
}

} // namespace acgs::http_gateway
