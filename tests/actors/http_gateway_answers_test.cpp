// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Bodies as OPA's clients may send them, and errors as they get them.

#include "tests/support/http_bodies.hpp"
#include "tests/support/http_gateway_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(http_gateway_answers_test)

using namespace acgs;
using domain::role;

using test::body_of;
using test::text_at;
using fixture = test::http_gateway_fixture;

BOOST_FIXTURE_TEST_SUITE(yaml, fixture)

BOOST_AUTO_TEST_CASE(is_taken_where_the_body_says_that_it_is) {
  constexpr auto path = "/v1/data/app/allow";
  for (const auto* type : {"application/x-yaml", "application/yaml; x=y"}) {
    auto field = "Content-Type: " + std::string{type} + "\r\n";
    auto reply =
        ask("POST", path, "input:\n  level: 1.50\n  list: [~, a]\n", field);
    BOOST_TEST(reply.status == 200);
    BOOST_TEST(!body_of(reply).find("warning"));
    BOOST_TEST(last_decision()->input == R"({"level":1.5,"list":[null,"a"]})");
    BOOST_TEST(ask("POST", path, "", field).status == 200);
    BOOST_TEST(last_decision()->input == "");
    ask("POST", "/", "user: pat\n", field + bearer(role::agent));
    BOOST_TEST(last_decision()->input == R"({"user":"pat"})");
    ask("POST", "/v1/data/acgs/main/decision", "action: a\n", field);
    BOOST_TEST(last_decision()->input == R"({"action":"a"})");
    BOOST_TEST(ask("POST", path, "a: [\n", field).status == 400);
    BOOST_TEST(ask("POST", path, "- 1\n", field).status == 400);
  }
  BOOST_TEST(ask("POST", path, "input: 1\n").status == 400);
}

BOOST_AUTO_TEST_CASE(names_nothing_twice_as_json_does_not) {
  constexpr auto field = "Content-Type: application/yaml\r\n";
  for (const auto* body : {"input: {action: a}\ninput: {action: b}\n",
                           "input:\n  action: a\n  \"action\": b\n"}) {
    auto reply = ask("POST", "/v1/data/app/allow", body, field);
    BOOST_TEST(reply.status == 400, body);
    BOOST_TEST(text_at(body_of(reply), "code") == "invalid_parameter");
    BOOST_TEST(text_at(body_of(reply), "message").find("already defined")
               != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(is_bounded_with_all_that_its_aliases_stand_for) {
  constexpr auto field = "Content-Type: application/yaml\r\n";
  constexpr auto path = "/v1/data/app/allow";
  auto longer = "input: \"" + std::string(std::size_t{1} << 20, 'x') + "\"\n";
  BOOST_TEST(ask("POST", path, longer, field).status == 413);
  std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 12; ++i) {
    auto last = "*a" + std::to_string(i - 1);
    auto name = "a" + std::to_string(i);
    bomb += name + ": &" + name + " [" + last;
    for (int j = 1; j < 10; ++j)
      bomb += "," + last;
    bomb += "]\n";
  }
  auto reply = ask("POST", path, bomb, field);
  BOOST_TEST(reply.status == 400);
  BOOST_TEST(text_at(body_of(reply), "code") == "invalid_parameter");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(errors, fixture)

constexpr auto parse_errors =
    R"([{"code":"rego_parse_error","location":{"col":3,"file":"c","row":1},)"
    R"("message":"unexpected eof token"}])";
constexpr auto unsafe_errors =
    R"([{"code":"rego_unsafe_var_error","location":{"col":1,"file":"",)"
    R"("row":1},"message":"var x is unsafe"}])";

BOOST_AUTO_TEST_CASE(have_opas_code_below_its_paths) {
  auto code_of = [&](const test::http_reply& reply) {
    auto body = body_of(reply);
    for (auto name : {"message", "error", "timestamp", "request_id"})
      BOOST_TEST(text_at(body, name) != "", reply.body);
    return text_at(body, "code");
  };
  auto sent = [&](const std::string& fields, const std::string& body) {
    test::http_client client{port};
    client.send("POST /v1/data/app/allow HTTP/1.1\r\nHost: localhost\r\n"
                + fields + "\r\n" + body);
    return client.read();
  };
  BOOST_TEST(
      code_of(sent("Content-Encoding: gzip\r\nContent-Length: 2\r\n", "{}"))
      == "invalid_parameter");
  BOOST_TEST(code_of(sent("Content-Length: 99999999\r\n", ""))
             == "invalid_parameter");
  BOOST_TEST(code_of(sent("Content-Length: x\r\n", "")) == "invalid_parameter");
  constexpr auto own = "/v1/data/acgs/main/decision";
  BOOST_TEST(code_of(ask("POST", own, "{")) == "invalid_parameter");
  BOOST_TEST(code_of(ask("DELETE", "/")) == "method_not_allowed");
  BOOST_TEST(code_of(ask("POST", "/v0/nowhere")) == "resource_not_found");
  {
    std::lock_guard lock{fakes.mutex};
    fakes.refusal = make_error(ec::timed_out, "no answer in time");
  }
  BOOST_TEST(code_of(ask("POST", own, "{}")) == "timed_out");
}

BOOST_AUTO_TEST_CASE(of_policies_are_listed_with_their_places) {
  auto fields = bearer(role::admin);
  auto say = [&](ec code) {
    std::lock_guard lock{fakes.mutex};
    fakes.command_refusal = make_error(code, "one", {}, parse_errors);
  };
  auto refused = [&](const char* verb) {
    auto reply = ask(verb, "/v1/policies/c", "packag", fields);
    BOOST_TEST(reply.status == 400);
    auto body = body_of(reply);
    BOOST_TEST(text_at(body, "message")
               == "error(s) occurred while compiling module(s)");
    BOOST_TEST(json::to_text(*body.find("errors")) == parse_errors);
    return text_at(body, "code");
  };
  say(ec::policy_invalid);
  BOOST_TEST(refused("PUT") == "invalid_parameter");
  BOOST_TEST(refused("DELETE") == "invalid_operation");
  say(ec::conflict); // with base documents
  BOOST_TEST(refused("PUT") == "invalid_parameter");
}

BOOST_AUTO_TEST_CASE(of_writes_have_opas_codes) {
  auto fields = bearer(role::admin);
  auto refused = [&](const char* path, caf::error why) {
    {
      std::lock_guard lock{fakes.mutex};
      fakes.command_refusal = std::move(why);
    }
    auto reply = ask("PUT", path, "{}", fields);
    auto body = body_of(reply);
    BOOST_TEST(!body.find("errors"));
    return std::to_string(reply.status) + " " + text_at(body, "code");
  };
  // A rule stands there; a bundle owns it; a scalar is in the way.
  BOOST_TEST(refused("/v1/data/a", make_error(ec::conflict, "a rule", {}, "[]"))
             == "400 invalid_parameter");
  for (const auto* path : {"/v1/data/a", "/v1/policies/a"})
    BOOST_TEST(refused(path, make_error(ec::conflict, "owned", "bundle"))
               == "400 invalid_parameter");
  BOOST_TEST(refused("/v1/data/a", make_error(ec::conflict, "a scalar"))
             == "404 resource_conflict");
  BOOST_TEST(refused("/v1/policies/a", make_error(ec::conflict, "changed"))
             == "409 resource_conflict");
}

BOOST_AUTO_TEST_CASE(of_inputs_say_as_opa_where_they_stood) {
  auto fields = bearer(role::admin);
  auto said = [&](const char* verb, const char* path, const char* body) {
    auto reply = ask(verb, path, body, fields);
    BOOST_TEST(reply.status == 400, reply.body);
    BOOST_TEST(text_at(body_of(reply), "code") == "invalid_parameter");
    return text_at(body_of(reply), "message");
  };
  BOOST_TEST(said("POST", "/v1/data/a", R"({"input": @})")
             == "body contains malformed input document: it is not JSON: at "
                "line 1, column 11 expected a value");
  BOOST_TEST(said("GET", "/v1/data/a?input=%40", "")
             == "parameter contains malformed input document: it is not JSON: "
                "at line 1, column 1 expected a value");
  BOOST_TEST(
      said("POST", "/", "{")
          .starts_with(
              "unexpected parse error for input: it is not JSON: at line 1, "));
}

BOOST_AUTO_TEST_CASE(of_queries_say_when_they_occurred) {
  auto fields = bearer(role::admin);
  fakes.outcome = domain::verdict::error;
  auto said = [&](const char* path, const char* code, const char* errors) {
    fakes.error_code = code;
    fakes.errors = errors;
    auto body = body_of(ask("POST", path, R"({"query":"x"})", fields));
    BOOST_TEST(json::to_text(*body.find("errors")) == errors);
    return text_at(body, "code") + ": " + text_at(body, "message");
  };
  constexpr auto wrong = "invalid_argument";
  BOOST_TEST(said("/v1/query", wrong, parse_errors)
             == "invalid_parameter: error(s) occurred while parsing query");
  BOOST_TEST(said("/v1/query", wrong, unsafe_errors)
             == "invalid_parameter: error(s) occurred while compiling query");
  BOOST_TEST(said("/v1/compile", wrong, parse_errors)
             == "invalid_parameter: error(s) occurred while parsing query");
  BOOST_TEST(said("/v1/compile", wrong, unsafe_errors)
             == "invalid_parameter: "
                "error(s) occurred while compiling module(s)");
  for (const auto* path : {"/v1/query", "/v1/data/app/allow"})
    BOOST_TEST(said(path, "evaluation_failed", unsafe_errors)
               == "internal_error: error(s) occurred while evaluating query");
}

BOOST_AUTO_TEST_CASE(a_missing_input_is_warned_of) {
  auto warned = [&](const char* verb, const char* path, const char* body) {
    auto reply = body_of(ask(verb, path, body, bearer(role::agent)));
    const auto* found = reply.find("warning");
    return found ? text_at(*found, "code") + ": " + text_at(*found, "message")
                 : std::string{};
  };
  constexpr auto warning =
      "api_usage_warning: 'input' key missing from the request";
  for (const auto* body :
       {"", "{}", R"({"n":1})", R"({"input":null})", "null"}) {
    BOOST_TEST(warned("POST", "/v1/data/app/allow", body) == warning, body);
    BOOST_TEST(last_decision()->input == "", body);
  }
  for (const auto* path : {"/v1/query", "/v1/compile"}) {
    ask("POST", path, R"({"query":"x","input":null})", bearer(role::analyst));
    BOOST_TEST(last_decision()->input == "", path);
  }
  BOOST_TEST(warned("POST", "/v1/data/app/allow", R"({"input":0})") == "");
  BOOST_TEST(warned("GET", "/v1/data/app/allow", "") == "");
  BOOST_TEST(warned("POST", "/v1/data/acgs/main/decision", "{}") == "");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
