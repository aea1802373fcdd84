// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Decisions of OPA's API that are answered with the document alone.

#include "tests/support/http_bodies.hpp"
#include "tests/support/http_gateway_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(http_gateway_bare_test)

using namespace acgs;
using domain::role;

using test::body_of;
using test::text_at;
using fixture = test::http_gateway_fixture;

BOOST_FIXTURE_TEST_SUITE(default_decision, fixture)

BOOST_AUTO_TEST_CASE(answers_with_the_document_alone) {
  fakes.result = R"("hello, alice")";
  fakes.outcome = domain::verdict::value;
  auto reply = ask("POST", "/", R"({"user":"alice"})", bearer(role::agent));
  BOOST_TEST(reply.status == 200);
  BOOST_TEST(reply.body == R"("hello, alice")");
  auto asked = last_decision();
  BOOST_TEST(asked->path == "system/main");
  BOOST_TEST(asked->input == R"({"user":"alice"})");
  ask("POST", "/", "", bearer(role::agent));
  BOOST_TEST(last_decision()->input == "");
}

BOOST_AUTO_TEST_CASE(is_not_found_where_it_is_undefined) {
  fakes.result = "";
  fakes.outcome = domain::verdict::undefined;
  auto reply = ask("POST", "/", "{}", bearer(role::agent));
  BOOST_TEST(reply.status == 404);
  BOOST_TEST(text_at(body_of(reply), "code") == "undefined_document");
}

BOOST_AUTO_TEST_CASE(is_the_one_that_is_configured) {
  settings.default_decision = "acgs/main/decision";
  start();
  auto body = body_of(ask("POST", "/", R"({"action":"a"})"));
  BOOST_TEST(*body.find("allow")->if_bool());
  BOOST_TEST(text_at(body, "decision_id") == "0190-decision");
  BOOST_TEST(last_decision()->path == "acgs/main/decision");
  auto shown = body_of(ask("GET", "/v1/config", "", bearer(role::viewer)));
  BOOST_TEST(text_at(*shown.find("result"), "default_decision")
             == "/acgs/main/decision");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(decisions_of_v0, fixture)

BOOST_AUTO_TEST_CASE(answer_with_the_document_at_the_path) {
  fakes.result = R"({"response":{"allowed":true}})";
  fakes.outcome = domain::verdict::value;
  auto fields = bearer(role::agent);
  auto body = R"({"input":{"user":"alice"}})";
  auto reply = ask("POST", "/v0/data/app/admit?unknown", body, fields);
  BOOST_TEST(reply.status == 200);
  BOOST_TEST(reply.body == fakes.result);
  auto asked = last_decision();
  BOOST_TEST((asked->asks == domain::question::document));
  BOOST_TEST(asked->path == "app/admit");
  BOOST_TEST(asked->input == body);
  ask("POST", "/v0/data/a%2Fb/c/", "user: pat\n",
      fields + "Content-Type: application/yaml\r\n");
  BOOST_TEST(last_decision()->path == "a~1b/c");
  BOOST_TEST(last_decision()->input == R"({"user":"pat"})");
  BOOST_TEST(ask("POST", "/v0/data", "", bearer(role::analyst)).status == 200);
  BOOST_TEST(last_decision()->path == "");
  BOOST_TEST(last_decision()->input == "");
}

BOOST_AUTO_TEST_CASE(are_not_found_where_they_are_undefined) {
  fakes.result = "";
  fakes.outcome = domain::verdict::undefined;
  auto reply = ask("POST", "/v0/data/app/none", "{}", bearer(role::agent));
  BOOST_TEST(reply.status == 404);
  auto body = body_of(reply);
  BOOST_TEST(text_at(body, "code") == "undefined_document");
  BOOST_TEST(text_at(body, "message")
             == "document missing: /app/none is not defined for this input");
}

BOOST_AUTO_TEST_CASE(are_those_that_the_caller_may_ask_for) {
  auto agent = bearer(role::agent);
  BOOST_TEST(ask("POST", "/v0/data/app/rules", "{}").status == 401);
  BOOST_TEST(ask("POST", "/v0/data/acgs/agents", "{}", agent).status == 403);
  BOOST_TEST(ask("POST", "/v0/data", "{}", agent).status == 403);
  BOOST_TEST(ask("POST", "/v0/data/app/x", "{", agent).status == 400);
  BOOST_TEST(ask("POST", "/v0/data/app/x", R"({"a":1,"a":2})", agent).status
             == 400);
  BOOST_TEST(ask("POST", "/v0/data/../x", "{}", agent).status == 400);
  BOOST_TEST(ask("GET", "/v0/data/app/x", "", agent).status == 405);
  auto mixed = R"({"input":{},"action":"x"})";
  BOOST_TEST(ask("POST", "/v0/data/acgs/main/allow", mixed, agent).status
             == 400);
  std::lock_guard lock{fakes.mutex};
  BOOST_TEST(fakes.decisions.empty());
}

BOOST_AUTO_TEST_CASE(of_the_constitution_say_more_where_they_are_objects) {
  auto said = [&](const char* path) {
    return ask("POST", path, R"({"action":"a"})").body;
  };
  auto shown = json::parse(said("/v0/data/acgs/main/decision"));
  BOOST_REQUIRE(shown);
  BOOST_TEST(*shown->find("allow")->if_bool());
  BOOST_TEST(text_at(*shown, "decision_id") == "0190-decision");
  fakes.result = "true";
  BOOST_TEST(said("/v0/data/acgs/main/allow") == "true");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
