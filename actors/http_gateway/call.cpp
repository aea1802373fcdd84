// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/http_gateway/call.hpp"

#include "actors/http_gateway/log.hpp"

#include <utility>

namespace acgs::http_gateway {

namespace {

/// Whoever may not, because nobody knows who that is, is asked for a token, and
/// told what to type instead on this machine (RFC 9110, 15.5.2).
void ask_who(problem& in, const route& at) {
  in.code = ec::unauthenticated;
  if (!at.command.empty())
    in.sentence += "; on this machine: " + std::string{at.command};
  in.sentence += "; over HTTP: a token of acgs token issue";
}

/// What of a write OPA answers with other codes than such errors have here.
void say_of_write(problem& in, const call& who) {
  bool of_data = who.matched.found->right == auth::verb::write_data;
  if (in.code == ec::conflict) {
    // With a rule, or with what a bundle owns; else with what stands there.
    bool refused = !in.errors.empty() || in.field == "bundle";
    in.status = refused ? 400 : of_data ? 404 : 0;
    if (refused)
      in.opa_code = "invalid_parameter";
  }
  if (of_data)
    in.errors.clear();
  else if (in.code == ec::policy_invalid
           && who.asked().verb == http::method::delete_)
    in.opa_code = "invalid_operation";
}

/// Its heading over a query's errors goes by what was asked, and by the error.
void say_of_query(problem& in, const call& who) {
  if (in.code != ec::invalid_argument)
    return;
  if (in.errors.find(R"("code":"rego_parse_error")") != in.errors.npos)
    in.heading = "error(s) occurred while parsing query";
  else if (who.matched.found->pattern != "/v1/compile")
    in.heading = "error(s) occurred while compiling query";
}

void say_as_opa(problem& in, const call& who) {
  switch (who.matched.found->right) {
  case auth::verb::write_data:
  case auth::verb::write_policies:
    return say_of_write(in, who);
  case auth::verb::query:
    return say_of_query(in, who);
  default:
    // The path of a document is no query that its client wrote.
    if (in.code == ec::invalid_argument)
      in.errors.clear();
  }
}

} // namespace

call::call(services& shared, http::exchange waiting)
    : with{shared}, exchange_{std::move(waiting)} {
  // Identity and route are found out by the gateway.
}

void call::note(unsigned status) {
  auto took = std::chrono::nanoseconds{
      with.time().steady_now().time_since_epoch().count()
      - asked().received_nanos};
  auto verb = asked().verb;
  std::optional<std::size_t> index;
  if (matched.found)
    index = matched.index;
  with.counts.answered(index, verb, status, took);
  if (!with.settings.access_log)
    return;
  auto millis = std::chrono::duration<double, std::milli>{took}.count();
  logger.info("request", {{"event", "api_request"},
                          {"request_id", request_id},
                          {"method", http::to_string_view(verb)},
                          {"path", asked().path},
                          {"status_code", status},
                          {"duration_ms", millis},
                          {"client_ip", from().address}});
}

void call::answer(http::response with_what) {
  if (std::exchange(answered_, true))
    return;
  note(with_what.status);
  with_what.fields.emplace_back("X-Request-ID", request_id);
  if (auto origin = asked().find("origin");
      origin && with.core.shares_with(*origin)) {
    with_what.fields.emplace_back("Access-Control-Allow-Origin",
                                  std::string{*origin});
    with_what.fields.emplace_back("Access-Control-Expose-Headers",
                                  "X-Request-ID, X-Constitutional-Hash, "
                                  "Retry-After");
    with_what.fields.emplace_back("Vary", "Origin");
  }
  exchange_.respond(std::move(with_what));
}

void call::answer_json(std::string body) {
  answer({.status = 200, .body = std::move(body)});
}

void call::fail(const caf::error& error) {
  auto what = make_problem(error);
  if (what.code == ec::forbidden && matched.found
      && who.method == domain::auth_method::anonymous)
    ask_who(what, *matched.found);
  fail(std::move(what));
}

void call::fail(problem what) {
  what.request_id = request_id;
  what.when = with.time().now();
  if (style != error_style::runbook && matched.found)
    say_as_opa(what, *this);
  answer(render(what, style));
}

} // namespace acgs::http_gateway
