// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// What callers try that they may not: to see, to name, to change, to pass for
// the node.

#include "actors/http_gateway/routes/routes.hpp"
#include "tests/support/http_bodies.hpp"
#include "tests/support/http_gateway_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(http_gateway_access_test)

using namespace acgs;
using domain::role;

using test::body_of;
using test::text_at;
using fixture = test::http_gateway_fixture;

BOOST_FIXTURE_TEST_SUITE(callers, fixture)

BOOST_AUTO_TEST_CASE(see_no_documents_but_those_that_are_theirs_to_see) {
  control.data =
      std::make_shared<std::string>(R"({"acgs":{"agents":{"a":{"trust":1}}}})");
  publish();
  auto agent = bearer(role::agent);
  for (auto* path : {"/v1/data", "/v1/data/acgs", "/v1/data/acgs/agents",
                     "/v1/data/acgs/agents/a", "/v1/data/%61cgs/main",
                     "/v1/data/acgs/safety/reasons"})
    for (auto* method : {"GET", "POST"}) {
      auto reply = ask(method, path, "{}");
      BOOST_TEST(reply.status == 401, method << " " << path);
      BOOST_TEST(reply.fields.contains("www-authenticate"));
      BOOST_TEST(ask(method, path, "{}", agent).status == 403, path);
      BOOST_TEST(ask(method, path, "{}", bearer(role::analyst)).status == 200,
                 path);
    }
  BOOST_TEST(ask("POST", "/v1/data/app/rules", "{}").status == 401);
  BOOST_TEST(ask("POST", "/v1/data/app/rules", "{}", agent).status == 200);
}

BOOST_AUTO_TEST_CASE(without_a_credential_are_asked_for_one_on_every_route) {
  for (const auto& each : http_gateway::all_routes()) {
    std::string path{each.pattern};
    for (auto at = path.find('{'); at != path.npos; at = path.find('{'))
      path.replace(at, path.find('}') - at + 1,
                   path.starts_with("/ledger/{resource") ? "tile/0/0" : "x");
    auto verb = std::string{http::to_string_view(each.verb)};
    auto reply = ask(verb, path, "{}");
    auto what = verb + ' ' + path + ' ' + reply.body;
    BOOST_TEST(reply.status != 403, what);
    auto closed =
        !auth::may(role::agent, each.right) || path.find("tile") != path.npos;
    BOOST_TEST((reply.status == 401) >= closed, what);
    BOOST_TEST(reply.fields.contains("www-authenticate")
                   == (reply.status == 401),
               what);
  }
  constexpr auto explained = "/v1/data/acgs/main/decision?explain=full";
  BOOST_TEST(ask("POST", explained, "{}").status == 401);
  BOOST_TEST(ask("POST", explained, "{}", bearer(role::agent)).status == 403);
  for (auto [who, status] : {std::pair{role::agent, 403}, {role::viewer, 200}})
    BOOST_TEST(ask("GET", "/ledger/checkpoint/512", "", bearer(who)).status
               == status);
  BOOST_TEST(ask("GET", "/ledger/tile/0/0", "", bearer(role::agent)).status
             == 403);
}

BOOST_AUTO_TEST_CASE(are_led_to_the_path_without_empty_steps) {
  using two = std::pair<const char*, const char*>;
  for (auto [from, to] :
       {two{"/v1/data//", "/v1/data"}, two{"/v1//data/a", "/v1/data/a"},
        two{"//evil.example/", "/evil.example"}, two{"//", "/"},
        two{"/health/?bundles", "/health?bundles"},
        two{"/audit/events//", "/audit/events"},
        two{"/v1/data/a%2f//b%20c/", "/v1/data/a%2f/b%20c"}}) {
    auto read = ask("GET", from);
    BOOST_TEST(read.status == 301, from);
    BOOST_TEST(read.fields["location"] == to);
    auto posted = ask("POST", from, "{}");
    BOOST_TEST(posted.status == 308, from);
    BOOST_TEST(posted.fields["location"] == to);
  }
}

BOOST_AUTO_TEST_CASE(may_have_a_slash_behind_documents_and_policies) {
  auto fields = bearer(role::admin);
  for (auto* path : {"/v1/data/", "/v1/data/app/allow/", "/v1/policies/"})
    BOOST_TEST(ask("GET", path, "", fields).status == 200, path);
  BOOST_TEST(ask("POST", "/v1/data/app/x%20y/", "{}", fields).status == 200);
  BOOST_TEST(last_decision()->path == "app/x y");
  // Whoever may not ask for the document may not do so by its slash either.
  for (auto* path : {"/v1/data/app/other", "/v1/data/app/other/"})
    BOOST_TEST(ask("POST", path, "{}").status == 401, path);
}

BOOST_AUTO_TEST_CASE(to_delete_all_documents_are_of_no_method_there) {
  auto fields = bearer(role::admin);
  for (auto* path : {"/v1/data", "/v1/data/"}) {
    auto reply = ask("DELETE", path, "", fields);
    BOOST_TEST(reply.status == 405, path);
    BOOST_TEST(reply.fields["allow"].find("DELETE") == std::string::npos);
    BOOST_TEST(reply.fields["allow"].find("PATCH") != std::string::npos);
  }
  BOOST_TEST(ask("DELETE", "/v1/data/a", "", fields).status == 204);
}

BOOST_AUTO_TEST_CASE(are_told_of_parameters_that_mean_nothing) {
  auto fields = bearer(role::analyst);
  for (auto* target :
       {"/audit/events?agent=a", "/audit/events?limit=1&limit=2",
        "/audit/events?Limit=1", "/api/v1/info?pretty", "/v1/metrics?x=1",
        "/auth/me?a", "/ready?verbose=1", "/ledger/checkpoint?size=3"}) {
    auto reply = ask("GET", target, "", fields);
    BOOST_TEST(reply.status == 400, target << reply.body);
  }
  auto named = body_of(ask("GET", "/audit/events?agent=a", "", fields));
  BOOST_TEST(text_at(*named.find("details"), "field") == "agent");
  BOOST_TEST(text_at(named, "message").find("agent_id") != std::string::npos);
  BOOST_TEST(ask("GET", "/audit/events?limit=1&agent_id=a", "", fields).status
             == 200);
  // OPA passes over what it does not know, and takes the last of several.
  for (auto* target :
       {"/health?bundles&x=1", "/v1/data?x=1&pretty&pretty=false",
        "/v1/policies?unknown"})
    BOOST_TEST(ask("GET", target, "", fields).status == 200, target);
}

BOOST_AUTO_TEST_CASE(cannot_say_a_thing_twice) {
  auto reply = ask("POST", "/v1/data/acgs/main/decision",
                   "{\"input\":{\"action\":\"read\",\n\"action\":\"x\"}}");
  BOOST_TEST(reply.status == 400);
  auto body = body_of(reply);
  BOOST_TEST(text_at(body, "message")
             == "the body names \"action\" twice in one object, again at line "
                "2, column 1");
  BOOST_TEST(text_at(*body.find("details"), "field") == "action");
  auto admin = bearer(role::admin);
  for (auto [method, path] : {std::pair{"POST", "/v1/data/app/allow"},
                              {"POST", "/"},
                              {"PUT", "/v1/data/app"},
                              {"POST", "/v1/query"},
                              {"POST", "/audit/event"},
                              {"POST", "/auth/login"},
                              {"POST", "/admin/enable-strict-mode"}})
    BOOST_TEST(ask(method, path, R"({"a":1,"a":2})", admin).status == 400,
               path);
  BOOST_TEST(
      ask("GET", "/v1/data/app/allow?input=%7B%22a%22:1,%22a%22:2%7D").status
      == 400);
  std::lock_guard lock{fakes.mutex};
  BOOST_TEST(fakes.decisions.empty());
  BOOST_TEST(fakes.entries.empty());
}

BOOST_AUTO_TEST_CASE(cannot_hold_one_request_beside_another) {
  settings.default_decision = "acgs/main/decision";
  start();
  auto admin = bearer(role::admin);
  for (auto [path, body] :
       {std::pair{"/v1/data/acgs/main/decision",
                  R"({"action":"shell.exec","context":{},"input":{"a":1}})"},
        {"/v1/data/acgs/main/decision",
         R"({"input":{"a":1},"\u0061ction":0,"context":{}})"},
        {"/v1/data/acgs/main/allow",
         R"({"input":null,"action":"x","context":1})"},
        {"/v1/data/acgs/main/decision/allow",
         R"({"input":{},"context":{},"action":"x"})"},
        {"/", R"({"input":{},"action":"x","context":{}})"},
        {"/v1/batch/data/acgs/main/decision",
         R"({"inputs":{"a":1},"action":"x","context":{}})"}}) {
    auto reply = ask("POST", path, body, admin);
    BOOST_TEST(reply.status == 400, path << reply.body);
    BOOST_TEST(reply.body.find("the body has action, context beside input")
                   != std::string::npos,
               reply.body);
  }
  auto typed = body_of(ask("POST", "/v1/data/acgs/main/decision",
                           R"({"type":"evolution","input":{}})"));
  BOOST_TEST(text_at(*typed.find("details"), "field") == "type");
  BOOST_TEST(ask("POST", "/v1/batch/data/acgs/main/allow",
                 R"({"inputs":{"a":1},"input":{}})")
                 .status
             == 400);
  {
    std::lock_guard lock{fakes.mutex};
    BOOST_TEST(fakes.decisions.empty());
  }
  // Others are passed over, and so is all of it for policies of users.
  BOOST_TEST(ask("POST", "/v1/data/acgs/main/decision",
                 R"({"input":{"action":"x"},"constitutional_hash":"a","n":1})")
                 .status
             == 200);
  BOOST_TEST(ask("POST", "/v1/data/app/allow",
                 R"({"input":{"n":1},"action":"x","context":{}})")
                 .status
             == 200);
}

BOOST_AUTO_TEST_CASE(cannot_come_with_idempotency_keys_that_hold_nothing) {
  auto fields = bearer(role::operator_);
  for (auto [path, body] :
       {std::pair{"/v1/data/app/allow", "{}"},
        {"/audit/event", R"({"event_type":"x"})"},
        {"/v1/decisions/0190-decision/outcome", R"({"status":"failed"})"}}) {
    auto reply = ask("POST", path, body, fields + "Idempotency-Key: \r\n");
    BOOST_TEST(reply.status == 400);
    auto said = body_of(reply);
    BOOST_TEST(text_at(said, "message")
               == "Idempotency-Key is empty; expected 1 to 128 visible ASCII "
                  "characters without quotes or backslash, or no key at all");
  }
  std::lock_guard lock{fakes.mutex};
  BOOST_TEST(fakes.decisions.empty());
  BOOST_TEST(fakes.entries.empty());
}

BOOST_AUTO_TEST_CASE(are_told_where_counting_ended) {
  auto fields = bearer(role::viewer);
  auto body = body_of(ask("GET", "/audit/events", "", fields));
  BOOST_TEST(*body.find("total")->as_int() == 1);
  BOOST_TEST(text_at(body, "total_relation") == "eq");
  body = body_of(ask("GET", "/audit/events?agent_id=busy", "", fields));
  BOOST_TEST(*body.find("total")->as_int() == 10'000);
  BOOST_TEST(text_at(body, "total_relation") == "gte");
}

BOOST_AUTO_TEST_CASE(without_the_role_are_recorded) {
  BOOST_TEST(ask("PUT", "/v1/policies/x", "package x").status == 401);
  BOOST_TEST(
      ask("POST", "/admin/clear-cache", "", bearer(role::viewer, "v")).status
      == 403);
  BOOST_TEST(ask("GET", "/v1/policies").status == 401); // changes nothing
  std::lock_guard lock{fakes.mutex};
  BOOST_REQUIRE(fakes.entries.size() == 2u);
  BOOST_TEST(fakes.entries[0]->event_type == "admin.write_policies");
  BOOST_TEST((fakes.entries[0]->kind == domain::entry_kind::access));
  BOOST_TEST((fakes.entries[0]->outcome == domain::verdict::deny));
  BOOST_TEST(fakes.entries[0]->caller.subject == "anonymous");
  BOOST_TEST(fakes.entries[0]->detail.find("PUT /v1/policies/x")
             != std::string_view::npos);
  BOOST_TEST(fakes.entries[1]->event_type == "admin.manage_cache");
  BOOST_TEST(fakes.entries[1]->caller.subject == "v");
  BOOST_TEST(fakes.decisions.empty());
}

BOOST_AUTO_TEST_CASE(cannot_give_policies_strange_names) {
  auto fields = bearer(role::admin);
  for (auto* path : {"/v1/policies/a%2f..%2fb", "/v1/policies/%2e%2e%2fx",
                     "/v1/policies/a%20b", "/v1/policies/a%0ab",
                     "/v1/policies/%e2%80%ae", "/v1/policies/a%5cb"}) {
    auto reply = ask("PUT", path, "package a", fields);
    BOOST_TEST(reply.status == 400, path);
    BOOST_TEST(text_at(body_of(reply), "message").find("policy id")
                   != std::string::npos,
               reply.body);
  }
  BOOST_TEST(ask("PUT", "/v1/policies/a/b-1.rego", "package a", fields).status
             == 200);
  std::lock_guard lock{fakes.mutex};
  BOOST_TEST(fakes.commands.size() == 1u);
}

BOOST_AUTO_TEST_CASE(cannot_hand_in_events_as_the_node) {
  for (auto* type :
       {"decision", "start", "stop", "access", "key", "control",
        "Safety_Violation", "admin.put_policy", "refused_login", "node_started",
        "key_rotated", "login_refused", "lockdown", "StrictMode"}) {
    auto reply = ask("POST", "/audit/event",
                     R"({"event_type":")" + std::string{type} + R"("})");
    BOOST_TEST(reply.status == 400, type);
    auto body = body_of(reply);
    BOOST_TEST(text_at(body, "message")
                   .starts_with("event_type '" + std::string{type}
                                + "' is reserved for what the node itself "
                                  "records"));
    BOOST_TEST(text_at(*body.find("details"), "field") == "event_type");
  }
  for (auto* odd : {"start ", "st\\u0430rt", "a b", "a/b", ""})
    BOOST_TEST(ask("POST", "/audit/event",
                   R"({"event_type":")" + std::string{odd} + R"("})")
                   .status
               == 400);
  {
    std::lock_guard lock{fakes.mutex};
    BOOST_TEST(fakes.entries.empty());
  }
  // What clients of the runbooks' audit service hand in.
  BOOST_TEST(
      ask("POST", "/audit/event", R"({"event_type":"policy_evaluation"})")
          .status
      == 201);
  std::lock_guard lock{fakes.mutex};
  BOOST_REQUIRE(fakes.entries.size() == 1u);
  BOOST_TEST((fakes.entries[0]->kind == domain::entry_kind::event));
}

BOOST_AUTO_TEST_CASE(agents_record_events_about_themselves_alone) {
  auto about = [&](const char* agent, const std::string& fields) {
    return ask("POST", "/audit/event",
               R"({"event_type":"tool_call","agent_id":")" + std::string{agent}
                   + R"("})",
               fields)
        .status;
  };
  BOOST_TEST(about("another", bearer(role::agent)) == 403);
  BOOST_TEST(about("anonymous", "") == 401);
  {
    std::lock_guard lock{fakes.mutex};
    BOOST_TEST(fakes.entries.empty());
  }
  BOOST_TEST(about("scout", bearer(role::agent, "scout")) == 201);
  BOOST_TEST(about("another", bearer(role::operator_)) == 201);
  std::lock_guard lock{fakes.mutex};
  BOOST_REQUIRE(fakes.entries.size() == 2u);
  BOOST_TEST(fakes.entries[0]->agent == "scout");
  BOOST_TEST(fakes.entries[1]->agent == "another");
}

BOOST_AUTO_TEST_CASE(hear_nothing_of_the_whole_log_who_asked_for_a_part) {
  auto fields = bearer(role::viewer);
  auto refused = [&](const char* body, std::string_view why) {
    auto got = ask("POST", "/audit/verify", body, fields);
    BOOST_TEST(got.status == 400, body);
    BOOST_TEST(got.body.find(why) != got.body.npos, got.body);
  };
  constexpr auto known = "start_event_id, end_event_id and constitutional_hash";
  refused(R"({"index":-5})", "'index' is unknown");
  refused(R"({"index":-5})", known);
  refused(R"({"start_event":"evt_2"})", known);
  refused("[]", known);
  refused("-5", known);
  for (auto* wrong : {"-5", "2", "[]", R"("evt_-5")", R"("")", R"("evt_")"})
    refused(("{\"start_event_id\":" + std::string{wrong} + "}").c_str(),
            "start_event_id must be an event id such as");
  refused(R"({"start_event_id":"evt_3","end_event_id":"evt_2"})",
          "end_event_id stands before start_event_id");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
