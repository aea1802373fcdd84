// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/http_gateway/gateway.hpp"

#include "actors/http_gateway/gate.hpp"
#include "actors/http_gateway/json_out.hpp"
#include "actors/http_gateway/log.hpp"
#include "actors/http_gateway/parameters.hpp"
#include "actors/http_gateway/routes/routes.hpp"
#include "runtime/auth/authenticator.hpp"
#include "runtime/auth/local_identity.hpp"
#include "runtime/base/network.hpp"
#include "runtime/net/tls_failure.hpp"

namespace acgs::http_gateway {

namespace {

/// What strangers from elsewhere may ask for: whether the node is well, and to
/// be told apart by a password or a refresh token.
bool is_open(std::string_view pattern) {
  return pattern == "/health" || pattern == "/auth/login"
         || pattern == "/auth/token/refresh";
}

/// Is the path OPA's, or below one of its?
bool is_path_of_opa(std::string_view path) {
  return path == "/" || path.starts_with("/v0/") || path.starts_with("/v1/");
}

/// Errors of paths that lead nowhere take the shape of their neighbours'. None
/// below OPA's paths lacks the code that its clients read.
error_style style_of(std::string_view path, const route* found) {
  auto own = found                      ? found->style
             : path.starts_with("/v1/") ? error_style::opa
                                        : error_style::runbook;
  return own == error_style::runbook && is_path_of_opa(path) ? error_style::both
                                                             : own;
}

std::string methods_text(const std::vector<http::method>& all) {
  std::string out;
  for (auto at : all) {
    out += out.empty() ? "" : ", ";
    out += http::to_string_view(at);
    if (at == http::method::get)
      out += ", HEAD";
  }
  return out.empty() ? "OPTIONS" : out + ", OPTIONS";
}

/// Documents and policies are also answered with a slash behind their path, as
/// OPA does it.
bool needs_redirect(std::string_view path) {
  for (std::string_view each : {"/v0/data/", "/v1/data/", "/v1/policies/"})
    if (path.starts_with(each) && path.ends_with('/'))
      path.remove_suffix(1);
  return path != "*" && path != http::without_empty_steps(path);
}

void answer_options(const call_ptr& what) {
  http::response out{.status = 204};
  auto methods = methods_text(what->matched.allowed);
  out.fields.emplace_back("Allow", methods);
  if (what->asked().find("access-control-request-method")) {
    out.fields.emplace_back("Access-Control-Allow-Methods", methods);
    out.fields.emplace_back("Access-Control-Allow-Headers",
                            "Authorization, Content-Type, Content-Encoding, "
                            "X-Request-ID, X-Constitutional-Hash, "
                            "Idempotency-Key, If-None-Match");
    out.fields.emplace_back("Access-Control-Max-Age", "600");
  }
  what->answer(std::move(out));
}

void answer_no_route(const call_ptr& what) {
  if (what->matched.allowed.empty())
    return what->fail(make_error(
        ec::not_found, "there is nothing at "
                           + std::string{what->asked().path.substr(0, 256)}));
  auto methods = methods_text(what->matched.allowed);
  problem out;
  out.code = ec::invalid_argument;
  out.status = 405;
  out.opa_code = "method_not_allowed";
  out.sentence = std::string{http::to_string_view(what->asked().verb)}
                 + " is not served here; expected " + methods;
  out.request_id = what->request_id;
  out.when = what->with.time().now();
  auto response = render(out, what->style);
  response.fields.emplace_back("Allow", methods);
  what->answer(std::move(response));
}

/// Takes the client's request id or makes one.
caf::error name_request(call& what) {
  auto given = what.asked().find("x-request-id");
  if (given && is_acceptable_request_id(*given)) {
    what.request_id = *given;
    return {};
  }
  what.request_id = what.with.settings.ids->next();
  if (!given)
    return {};
  return make_error(ec::invalid_argument,
                    "X-Request-ID has 1 to 128 visible ASCII characters "
                    "without quotes or backslash",
                    "X-Request-ID");
}

/// Has IDENTITY record a proof that was wrong, and counted before. `subject`
/// is as claimed, or empty.
void tell_refused(services& with, std::string subject, std::string why,
                  const http::peer& from, std::string request_id) {
  with.bridge->send(with.others().identity.get(),
                    identity::refused{std::move(subject), std::move(why),
                                      from.address, std::move(request_id)});
}

} // namespace

gateway::gateway(const config& settings)
    : router_{all_routes()},
      shared_{settings,
              state{settings.access},
              metrics{*settings.registry, router_.table()},
              auth::rate_limiter{settings.limits},
              settings.decisions
                  ? settings.decisions
                  : std::make_shared<acgs::metrics::decision_stats>(),
              nullptr,
              false} {
  // Listening begins in `start`.
}

gateway::~gateway() {
  // Whoever waits for an actor is answered while all else still stands.
  shared_.bridge.reset();
  shared_.trees.end();
  shared_.yaml.end();
}

result<std::unique_ptr<gateway>> gateway::start(caf::actor_system& system,
                                                net::asio_loop& loop,
                                                const config& settings) {
  auto out = std::unique_ptr<gateway>{new gateway{settings}};
  out->shared_.bridge = std::make_unique<net::asio_bridge>(
      system, loop, *settings.time,
      net::asio_bridge::options{.pending_max = settings.pending_max});
  out->shared_.trees.make = [&system] { return spawn_policy_trees(system); };
  out->shared_.yaml.make = [&system] { return spawn_yaml_reader(system); };
  auto* self = out.get();
  auto server = http::server::start(
      loop, *settings.time, settings.server,
      {.handle = [self](http::exchange one) { self->handle(std::move(one)); },
       .refuse =
           [self](const http::refusal& why, const http::peer& from) {
             return self->refuse(why, from);
           },
       .handshake_failed =
           [self](const std::optional<std::string>& wrong,
                  const http::peer& from) {
             self->handshake_failed(wrong, from);
           }});
  if (!server)
    return std::move(server.error());
  out->server_ = std::move(*server);
  out->counting_ =
      loop.every(std::chrono::seconds{1}, [self] { self->count_server(); });
  return out;
}

void gateway::count_server() {
  auto now = server_->counts();
  shared_.counts.connections(now.open);
  shared_.counts.bodies(now.body_bytes);
}

void gateway::publish(std::shared_ptr<const present> next) {
  shared_.core.publish(std::move(next));
}

void gateway::drain(std::function<void()> done) {
  shared_.draining = true;
  server_->drain(std::move(done));
}

std::string gateway::facts() const {
  json_array bound;
  for (const auto& at : server_->addresses())
    bound.text(at.host + ":" + std::to_string(at.port));
  auto counts = server_->counts();
  return json_object{}
      .raw("listen", bound.take())
      .number("connections", counts.open)
      .number("connections_total", counts.accepted)
      .number("turned_away", counts.turned_away)
      .number("timed_out", counts.timed_out)
      .number("body_bytes", counts.body_bytes)
      .number("without_room", counts.without_room)
      .number("requests", shared_.counts.requests())
      .number("waiting", shared_.bridge->pending())
      .take();
}

http::response gateway::refuse(const http::refusal& why,
                               const http::peer& from) {
  problem out;
  out.code = why.status == 413 || why.status == 414 || why.status == 431
                 ? ec::too_large
             : why.status == 503 ? ec::overloaded
                                 : ec::invalid_argument;
  out.retry_after = why.status == 503 ? 1 : 0;
  out.status = why.status;
  out.sentence = why.sentence;
  out.request_id = shared_.settings.ids->next();
  out.when = shared_.time().now();
  logger.info("refused", {{"event", "api_request"},
                          {"request_id", out.request_id},
                          {"status_code", why.status},
                          {"reason", why.sentence},
                          {"client_ip", from.address}});
  // The path may not be known: whoever asks for OPA's finds its code.
  auto response = render(out, error_style::both);
  response.fields.emplace_back("X-Request-ID", out.request_id);
  return response;
}

void gateway::handshake_failed(const std::optional<std::string>& wrong,
                               const http::peer& from) {
  logger.debug("a TLS handshake failed",
               {{"event", "http_handshake_failed"},
                {"client_ip", from.address},
                {"reason", wrong.value_or("the peer showed nothing")}});
  if (!wrong)
    return shared_.counts.handshake_unfinished();
  shared_.counts.refused_credential();
  // Every one is counted; a scanner does not fill the log with them.
  if (shared_.limiter.take(auth::anonymous_identity(from.address),
                           shared_.core.now().control().get(),
                           shared_.time().steady_now()))
    return;
  tell_refused(shared_, {}, net::refusal_of(*wrong), from,
               shared_.settings.ids->next());
}

caf::error gateway::check_page(const http::request& asked) const {
  if (auto origin = asked.find("origin"))
    return shared_.core.check_origin(*origin, asked.host);
  auto site = asked.find("sec-fetch-site");
  return site ? state::check_fetch_site(*site) : caf::error{};
}

void gateway::handle(http::exchange waiting) {
  auto what = std::make_shared<call>(shared_, std::move(waiting));
  const auto& asked = what->asked();
  what->style = style_of(asked.path, nullptr);
  if (auto wrong = name_request(*what))
    return what->fail(wrong);
  if (auto wrong = shared_.core.check_host(asked.host)) {
    shared_.counts.refused_origin();
    auto problem = make_problem(wrong);
    problem.status = 421;
    return what->fail(std::move(problem));
  }
  if (auto wrong = check_page(asked)) {
    shared_.counts.refused_origin();
    return what->fail(wrong);
  }
  if (needs_redirect(asked.path))
    return redirect(what);
  auto steps = asked.path == "*" ? std::vector<std::string>{}
                                 : http::split_path(asked.path);
  if (!steps)
    return what->fail(steps.error());
  auto query = http::query_parameters::parse(asked.query);
  if (!query)
    return what->fail(query.error());
  what->query = std::move(*query);
  what->matched = router_.find(asked.verb, std::move(*steps));
  route(what);
}

void gateway::route(const call_ptr& what) {
  what->style = style_of(what->asked().path, what->matched.found);
  if (what->asked().verb == http::method::options)
    return answer_options(what);
  if (!admit(what))
    return;
  if (!what->matched.found)
    return answer_no_route(what);
  if (auto wrong = check_parameters(what->matched.found->pattern, what->query))
    return what->fail(wrong);
  what->matched.found->serve(what);
}

void gateway::redirect(const call_ptr& what) {
  const auto& asked = what->asked();
  auto to = http::without_empty_steps(asked.path);
  if (!asked.query.empty())
    to.append("?").append(asked.query);
  auto reads =
      asked.verb == http::method::get || asked.verb == http::method::head;
  http::response out;
  out.status = reads ? 301 : 308;
  out.fields.emplace_back("Location", std::move(to));
  what->answer(std::move(out));
}

caf::error gateway::identify(call& what) {
  const auto& from = what.from();
  const auto* now = shared_.core.now().control().get();
  if (auto field = what.asked().find("authorization")) {
    constexpr std::string_view scheme = "bearer ";
    if (!http::equal_nocase(field->substr(0, scheme.size()), scheme))
      return make_error(ec::unauthenticated,
                        "Authorization must be: Bearer, then a token of acgs "
                        "token issue");
    auto who = shared_.settings.tokens->check(field->substr(scheme.size()),
                                              from.address);
    if (!who)
      return std::move(who.error());
    what.who = std::move(*who);
    shared_.counts.authenticated();
    return {};
  }
  if (from.certificate_name) {
    auto who =
        auth::certificate_identity(*from.certificate_name, from.address, now);
    if (!who)
      return std::move(who.error());
    what.who = std::move(*who);
    return {};
  }
  what.who = auth::anonymous_identity(from.address);
  if (what.matched.found && is_open(what.matched.found->pattern))
    return {};
  if (from.loopback && shared_.core.anonymous_loopback())
    return {};
  return make_error(ec::unauthenticated,
                    "this takes Authorization: Bearer with a token of acgs "
                    "token issue, or a client certificate");
}

bool gateway::admit(const call_ptr& what) {
  const auto* found = what->matched.found;
  if (auto wrong = identify(*what)) {
    // Whoever guesses has a rate as well, by address.
    what->who = auth::anonymous_identity(what->from().address);
    if (!take_rate(what))
      return false;
    bool token = what->asked().find("authorization").has_value();
    const auto& name = what->from().certificate_name;
    if ((token || name) && code_of(wrong) == ec::unauthenticated) {
      shared_.counts.refused_credential();
      tell_refused(shared_, token ? "" : auth::certificate_subject(*name),
                   sentence_of(wrong), what->from(), what->request_id);
    }
    what->fail(wrong);
    return false;
  }
  if (found && found->right == auth::verb::health)
    count_probe(*what);
  else if (!take_rate(what))
    return false;
  if (!found)
    return true;
  // In lockdown the constitution still answers, with a refusal that is
  // recorded; everything else is refused here.
  bool locked =
      shared_.core.now().lockdown() && found->right != auth::verb::decide;
  auto refused = locked ? auth::authorise_in_lockdown(what->who, found->right)
                        : auth::authorise(what->who, found->right);
  if (!refused)
    return true;
  auto answer = [what, refused] { what->fail(refused); };
  if (auth::records_refusal(found->right, refused))
    record_refusal(what, refused, answer);
  else
    answer();
  return false;
}

/// A probe that were told to wait would take the node for sick. It has a rate
/// of its own; beyond that nobody is asked anew for it.
void gateway::count_probe(call& what) {
  auto limit = auth::limit_for(what.who, shared_.settings.limits,
                               shared_.core.now().control().get());
  std::string from{counted_address(what.from().address)};
  what.too_often =
      shared_.limiter.take("health:" + from, limit, shared_.time().steady_now())
          .has_value();
}

bool gateway::take_rate(const call_ptr& what) {
  auto wait =
      shared_.limiter.take(what->who, shared_.core.now().control().get(),
                           shared_.time().steady_now());
  if (!wait)
    return true;
  shared_.counts.rate_limited();
  problem out;
  out.code = ec::rate_limited;
  out.retry_after = auth::retry_after_seconds(*wait);
  out.sentence = "too many requests; try again in "
                 + std::to_string(out.retry_after) + " s";
  what->fail(std::move(out));
  return false;
}

} // namespace acgs::http_gateway
