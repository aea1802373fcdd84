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
  // OPA answers 404 where a write conflicts with the documents that stand.
  if (what.code == ec::conflict && matched.found
      && matched.found->right == auth::verb::write_data)
    what.status = 404;
  if (what.code == ec::forbidden && matched.found
      && who.method == domain::auth_method::anonymous)
    ask_who(what, *matched.found);
  fail(std::move(what));
}

void call::fail(problem what) {
  what.request_id = request_id;
  what.when = with.time().now();
  answer(render(what, style));
}

} // namespace acgs::http_gateway
