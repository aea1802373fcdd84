// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Whom the gateway lets in, and how it answers whom it does not.

#include "runtime/base/json.hpp"
#include "tests/support/http_gateway_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <thread>

BOOST_AUTO_TEST_SUITE(http_gateway_actor_test)

using namespace acgs;
using namespace std::chrono_literals;
using acgs::test::http_client;
using acgs::test::listens_anywhere;
using domain::role;

namespace {

using fixture = test::http_gateway_fixture;

std::string text_at(const test::http_reply& from, const char* key) {
  auto body = json::parse(from.body);
  BOOST_REQUIRE_MESSAGE(body, from.body);
  const auto* found = body->find(key);
  const auto* text = found ? found->if_string() : nullptr;
  return text ? *text : "";
}

bool mentions(const test::http_reply& from, std::string_view what) {
  return from.body.find(what) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(letting_in, fixture)

BOOST_AUTO_TEST_CASE(anonymous_callers_on_loopback_are_agents) {
  auto me = ask("GET", "/auth/me");
  BOOST_TEST(me.status == 200);
  BOOST_TEST(text_at(me, "role") == "agent");
  BOOST_TEST(text_at(me, "method") == "anonymous");
  BOOST_TEST(ask("POST", "/v1/data/app/allow", "{}").status == 200);
  BOOST_TEST((last_decision()->caller.role_ == role::agent));
}

BOOST_AUTO_TEST_CASE(a_token_names_its_holder) {
  auto me = ask("GET", "/auth/me", "", bearer(role::analyst, "bob"));
  BOOST_TEST(text_at(me, "subject") == "bob");
  BOOST_TEST(text_at(me, "role") == "analyst");
}

BOOST_AUTO_TEST_CASE(a_wrong_token_is_refused_and_told_of) {
  for (auto* field : {"Authorization: Bearer nonsense\r\n",
                      "Authorization: Basic YTpi\r\n", "Authorization:\r\n"}) {
    auto reply = ask("GET", "/health", "", field);
    BOOST_TEST(reply.status == 401, field);
    BOOST_TEST(reply.fields.contains("www-authenticate"));
  }
  auto revoked = token(role::admin);
  control.tokens.begin()->second.revoked = true;
  publish();
  BOOST_TEST(
      ask("GET", "/auth/me", "", "Authorization: Bearer " + revoked + "\r\n")
          .status
      == 401);
  // The fake's mailbox is in order: log in to know that it has seen the rest.
  ask("POST", "/auth/login", R"({"username":"a","password":"correct"})");
  std::lock_guard lock{fakes.mutex};
  BOOST_TEST(fakes.refused.size() == 4u);
}

BOOST_AUTO_TEST_CASE(without_anonymous_loopback_only_health_is_open) {
  settings.access.anonymous_loopback = false;
  start();
  BOOST_TEST(ask("GET", "/health").status == 200);
  BOOST_TEST(ask("GET", "/api/v1/info").status == 401);
  BOOST_TEST(ask("GET", "/nowhere").status == 401);
  BOOST_TEST(ask("GET", "/api/v1/info", "", bearer(role::viewer)).status
             == 200);
}

BOOST_AUTO_TEST_CASE(a_refused_runbook_call_names_the_command) {
  auto reply = ask("POST", "/admin/enable-strict-mode");
  BOOST_TEST(reply.status == 401);
  BOOST_TEST(text_at(reply, "error") == "unauthorized");
  BOOST_TEST(mentions(reply, "acgs strict-mode on"));
  auto viewer =
      ask("POST", "/admin/enable-strict-mode", "", bearer(role::viewer));
  BOOST_TEST(viewer.status == 403);
  std::lock_guard lock{fakes.mutex};
  BOOST_TEST(fakes.commands.empty());
}

BOOST_AUTO_TEST_CASE(pages_of_strangers_are_kept_out) {
  auto rebound = ask("GET", "/health", "", "Host: evil.example:8181\r\n");
  BOOST_TEST(rebound.status == 421);
  BOOST_TEST(mentions(rebound, "evil.example"));
  auto foreign =
      ask("POST", "/v1/data/a/allow", "{}", "Origin: https://evil.example\r\n");
  BOOST_TEST(foreign.status == 403);
  BOOST_TEST(!foreign.fields.contains("access-control-allow-origin"));
  // A picture's address, for example, is asked for without an Origin.
  for (std::string site : {"cross-site", "same-site", "", "other"})
    BOOST_TEST(
        ask("GET", "/v1/data/a/allow", "", "Sec-Fetch-Site: " + site + "\r\n")
            .status
        == 403);
  for (std::string site : {"none", "same-origin"})
    BOOST_TEST(
        ask("GET", "/health", "", "Sec-Fetch-Site: " + site + "\r\n").status
        == 200);
  std::lock_guard lock{fakes.mutex};
  BOOST_TEST(fakes.decisions.empty());
}

BOOST_AUTO_TEST_CASE(pages_of_configured_origins_are_let_in) {
  settings.access.cors_origins = {"https://ops.example"};
  start();
  constexpr auto origin = "Origin: https://ops.example\r\n";
  auto reply = ask("GET", "/health", "", origin);
  BOOST_TEST(reply.status == 200);
  BOOST_TEST(reply.fields["access-control-allow-origin"]
             == "https://ops.example");
  auto preflight =
      ask("OPTIONS", "/v1/data/a/allow", "",
          std::string{origin} + "Access-Control-Request-Method: POST\r\n");
  BOOST_TEST(preflight.status == 204);
  BOOST_TEST(preflight.fields["access-control-allow-methods"].find("POST")
             != std::string::npos);
  BOOST_TEST(preflight.fields["access-control-allow-origin"]
             == "https://ops.example");
}

BOOST_AUTO_TEST_CASE(request_ids_are_taken_made_and_checked) {
  auto given = ask("GET", "/health", "", "X-Request-ID: my-trace-123\r\n");
  BOOST_TEST(given.fields["x-request-id"] == "my-trace-123");
  BOOST_TEST(ask("GET", "/health").fields["x-request-id"].size() == 36u);
  auto odd = ask("GET", "/health", "", "X-Request-ID: a\"b\r\n");
  BOOST_TEST(odd.status == 400);
  BOOST_TEST(mentions(odd, "X-Request-ID"));
  BOOST_TEST(odd.fields["x-request-id"] != "a\"b");
}

BOOST_AUTO_TEST_CASE(a_probe_of_health_is_never_told_to_wait) {
  settings.limits.fallback = {1, 2};
  start();
  auto probe = [&] {
    for (auto* path :
         {"/health", "/ready", "/api/v1/health", "/v1/data/acgs/main/health"})
      BOOST_TEST((ask("GET", path).status != 429), path);
  };
  for (int i = 0; i < 5; ++i)
    probe();
  // Nor does it use up the rate of other calls, or they its own.
  BOOST_TEST(ask("GET", "/auth/me").status == 200);
  BOOST_TEST(ask("GET", "/auth/me").status == 200);
  BOOST_TEST(ask("GET", "/auth/me").status == 429);
  BOOST_TEST(ask("GET", "/health").status == 200);
  // Beyond its rate it hears what was said a moment ago, not for long.
  fakes.health = health_status::unhealthy;
  BOOST_TEST(ask("GET", "/health").status == 200);
  clock.advance(500ms);
  BOOST_TEST(ask("GET", "/health").status == 200);
  clock.advance(500ms);
  BOOST_TEST(ask("GET", "/health").status == 503);
}

BOOST_AUTO_TEST_CASE(callers_have_a_rate) {
  settings.limits.fallback = {1, 2};
  start();
  BOOST_TEST(ask("GET", "/auth/me").status == 200);
  BOOST_TEST(ask("GET", "/auth/me").status == 200);
  auto reply = ask("GET", "/auth/me");
  BOOST_TEST(reply.status == 429);
  BOOST_TEST(reply.fields["retry-after"] == "1");
  BOOST_TEST(text_at(reply, "error") == "rate_limit_exceeded");
  clock.advance(1s);
  BOOST_TEST(ask("GET", "/auth/me").status == 200);
}

BOOST_AUTO_TEST_CASE(lockdown_leaves_the_admin_a_way_out) {
  control.lockdown.on = true;
  publish();
  BOOST_TEST(ask("GET", "/health").status == 200);
  BOOST_TEST(ask("GET", "/audit/events").status == 200);
  BOOST_TEST(ask("POST", "/audit/event", "{}").status == 401);
  BOOST_TEST(ask("GET", "/v1/policies", "", bearer(role::viewer)).status
             == 403);
  BOOST_TEST(ask("POST", "/admin/lift-lockdown", "", bearer(role::admin)).status
             == 200);
  // The constitution itself refuses, so that the refusal is recorded.
  BOOST_TEST(ask("POST", "/v1/data/acgs/main/decision", "{}").status == 200);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(refusing, fixture)

BOOST_AUTO_TEST_CASE(unknown_paths_and_methods_are_told_apart) {
  auto nowhere = ask("GET", "/nowhere");
  BOOST_TEST(nowhere.status == 404);
  BOOST_TEST(mentions(nowhere, "/nowhere"));
  BOOST_TEST(ask("GET", "/v1/compile").status == 405);
  auto method = ask("PATCH", "/health");
  BOOST_TEST(method.status == 405);
  BOOST_TEST(method.fields["allow"] == "GET, HEAD, OPTIONS");
}

BOOST_AUTO_TEST_CASE(malformed_bodies_are_named_and_placed) {
  auto opa = ask("POST", "/v1/data/a/allow", "{\"input\":}");
  BOOST_TEST(opa.status == 400);
  BOOST_TEST(text_at(opa, "code") == "invalid_parameter");
  BOOST_TEST(mentions(opa, "line 1, column 10"));
  auto runbook = ask("POST", "/v1/data/acgs/main/decision", "{\"a\":1");
  BOOST_TEST(runbook.status == 400);
  BOOST_TEST(text_at(runbook, "error") == "invalid_request");
  BOOST_TEST(text_at(runbook, "request_id") == runbook.fields["x-request-id"]);
  std::string deep =
      "{\"input\":" + std::string(100, '[') + std::string(100, ']') + "}";
  BOOST_TEST(ask("POST", "/v1/data/a/allow", deep).status == 413);
  std::lock_guard lock{fakes.mutex};
  BOOST_TEST(fakes.decisions.empty());
}

BOOST_AUTO_TEST_CASE(bad_paths_and_queries_are_named) {
  BOOST_TEST(ask("GET", "/v1/data/%zz/allow").status == 400);
  BOOST_TEST(ask("GET", "/v1/data/../x").status == 400);
}

BOOST_AUTO_TEST_CASE(hostile_heads_get_an_answer_in_our_shape) {
  http_client client{port};
  client.send("POST /health HTTP/1.1\r\nHost: localhost\r\n"
              "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n");
  auto reply = client.read();
  BOOST_TEST(reply.status == 400);
  BOOST_TEST(text_at(reply, "error") == "invalid_request");
  BOOST_TEST(reply.fields.contains("x-request-id"));
  BOOST_TEST(client.at_end());
}

BOOST_AUTO_TEST_CASE(errors_of_actors_have_their_status) {
  struct expected {
    ec code;
    int status;
  };
  for (auto [code, status] :
       {expected{ec::overloaded, 503}, expected{ec::unavailable, 503},
        expected{ec::store_full, 507}, expected{ec::forbidden, 403}}) {
    {
      std::lock_guard lock{fakes.mutex};
      fakes.refusal = make_error(code, "because");
    }
    auto reply = ask("POST", "/v1/data/a/allow", "{}");
    BOOST_TEST(reply.status == status);
    BOOST_TEST(mentions(reply, "because"));
  }
}

BOOST_AUTO_TEST_CASE(an_actor_that_does_not_answer_is_not_waited_for) {
  fakes.never_decides = true;
  settings.decide_timeout = 5s;
  start();
  http_client client{port};
  client.send("POST /v1/data/a/allow HTTP/1.1\r\nHost: localhost\r\n"
              "Content-Length: 2\r\n\r\n{}");
  // The clock may move once the fake has the request.
  while (true) {
    std::this_thread::yield();
    std::lock_guard lock{fakes.mutex};
    if (!fakes.decisions.empty())
      break;
  }
  clock.advance(5s);
  BOOST_TEST(client.read().status == 504);
}

BOOST_AUTO_TEST_CASE(counts_what_it_answers) {
  ask("GET", "/nowhere");
  ask("POST", "/v1/data/a/allow", "{}");
  auto text = ask("GET", "/metrics");
  BOOST_TEST(text.fields["content-type"].find("text/plain") == 0u);
  BOOST_TEST(mentions(text, "acgs_http_requests_total{endpoint=\"/v1/data/"
                            "{path*}\",method=\"POST\",status=\"200\"} 1"));
  BOOST_TEST(mentions(text, "endpoint=\"none\",method=\"GET\",status=\"404\""));
  BOOST_TEST(mentions(text, "acgs_http_request_duration_seconds_bucket"));
}

BOOST_AUTO_TEST_CASE(drains_before_it_ends) {
  std::optional<http_client> busy{port};
  busy->ask("GET", "/auth/me");
  BOOST_TEST(listens_anywhere());
  // Every request is answered, until an answer says that it is the last.
  unsigned answered = 0, asked = 0;
  bool told = false;
  std::thread client{[&] {
    for (bool last = false; !last; ++asked) {
      auto reply = busy->ask("GET", "/auth/me");
      answered += reply.status == 200 ? 1 : 0;
      last = reply.fields["connection"] == "close";
    }
    told = busy->at_end();
    busy.reset();
  }};
  caf::scoped_actor self{system};
  bool done = false;
  // However long the machine takes for it.
  self->request(gateway, caf::infinite, http_gateway::drain{.within = 24h})
      .receive([&](const http_gateway::drained& how) { done = how.left == 0; },
               [](const caf::error&) {});
  client.join();
  BOOST_TEST(done);
  BOOST_TEST(told);
  BOOST_TEST(answered == asked);
  BOOST_TEST(!listens_anywhere());
}

BOOST_AUTO_TEST_CASE(says_where_it_listens_when_it_is_probed) {
  caf::scoped_actor self{system};
  std::string facts;
  self->request(gateway, caf::infinite, probe{})
      .receive([&](const probe_result& found) { facts = found.facts; },
               [](const caf::error&) {});
  BOOST_TEST(facts.find("127.0.0.1:" + std::to_string(port))
             != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
