// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// What each family of routes asks of whom, and answers.
#include "actors/http_gateway/policy_trees.hpp"
#include "tests/support/http_bodies.hpp"
#include "tests/support/http_gateway_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(http_gateway_routes_test)

using namespace acgs;
using domain::role;
using test::body_of;
using test::text_at;
using fixture = test::http_gateway_fixture;

namespace {

constexpr auto decision_path = "/v1/data/acgs/main/decision";
constexpr auto documented =
    R"({"type":"constitutional_evaluation",)"
    R"("constitutional_hash":"abababababababab","action":"data.read_public"})";

} // namespace

BOOST_FIXTURE_TEST_SUITE(decisions, fixture)

BOOST_AUTO_TEST_CASE(take_the_documented_bare_body_and_answer_bare) {
  auto reply = ask("POST", decision_path, documented);
  BOOST_TEST(reply.status == 200);
  auto body = body_of(reply);
  BOOST_TEST(*body.find("allow")->if_bool());
  BOOST_TEST(text_at(body, "decision_id") == "0190-decision");
  BOOST_TEST(*body.find("ledger_index")->as_int() == 1);
  BOOST_TEST(*body.find("latency_ms")->as_double() == 0.3);
  BOOST_TEST(!*body.find("cache_hit")->if_bool());
  BOOST_TEST(reply.fields["x-constitutional-hash"] == "abababababababab");
  auto asked = last_decision();
  BOOST_TEST(asked->path == "acgs/main/decision");
  BOOST_TEST(asked->input == documented);
  BOOST_TEST(asked->pinned_hash == "abababababababab");
  BOOST_TEST(asked->request_id == reply.fields["x-request-id"]);
}

BOOST_AUTO_TEST_CASE(take_opas_body_and_answer_as_opa) {
  auto reply = ask("POST", decision_path,
                   R"({"input":{"action":"a","caller":{"role":"admin"}}})");
  auto body = body_of(reply);
  BOOST_TEST(*body.find("result")->find("allow")->if_bool());
  BOOST_TEST(*body.find("result")->find("ledger_index")->as_int() == 1);
  auto asked = last_decision();
  BOOST_TEST(asked->input == R"({"action":"a","caller":{"role":"admin"}})");
  BOOST_TEST((asked->caller.role_ == role::agent));
}

BOOST_AUTO_TEST_CASE(pass_inputs_through_to_the_digit) {
  ask("POST", "/v1/data/app/allow",
      R"({"input":{"n":1.10,"big":123456789012345678901234567890}})");
  BOOST_TEST(last_decision()->input
             == R"({"n":1.10,"big":123456789012345678901234567890})");
}

BOOST_AUTO_TEST_CASE(say_allow_alone_on_its_own_route) {
  fakes.result = "false";
  fakes.outcome = domain::verdict::deny;
  auto body = body_of(ask("GET", "/v1/data/acgs/main/allow"));
  BOOST_TEST(!*body.find("allow")->if_bool());
  auto opa =
      body_of(ask("GET", "/v1/data/acgs/main/allow?input=%7B%22a%22%3A1%7D"));
  BOOST_TEST(!*opa.find("result")->if_bool());
  BOOST_TEST(last_decision()->input == R"({"a":1})");
}

BOOST_AUTO_TEST_CASE(leave_the_result_out_where_policies_say_nothing) {
  fakes.outcome = domain::verdict::undefined;
  fakes.result = "";
  auto body =
      body_of(ask("POST", "/v1/data/app/nothing", "{}", bearer(role::agent)));
  BOOST_TEST(body.find("result") == nullptr);
}

BOOST_AUTO_TEST_CASE(that_end_in_an_error_say_so) {
  fakes.outcome = domain::verdict::error;
  fakes.error_code = "evaluation_failed";
  fakes.error_message = "a conflict";
  auto reply = ask("POST", "/v1/data/app/allow", "{}");
  BOOST_TEST(reply.status == 500);
  BOOST_TEST(text_at(body_of(reply), "message") == "a conflict");
}

BOOST_AUTO_TEST_CASE(beyond_a_bound_name_it) {
  fakes.outcome = domain::verdict::error;
  fakes.error_code = "limit_exceeded";
  fakes.error_message = "policy.memory_max: the memory limit is reached";
  auto opa = ask("POST", "/v1/data/app/allow", "{}");
  BOOST_TEST(opa.status == 422);
  BOOST_TEST(text_at(body_of(opa), "code") == "limit_exceeded");
  BOOST_TEST(text_at(body_of(opa), "message").find("policy.memory_max")
             != std::string::npos);
  auto runbook = ask("POST", decision_path, "{}");
  BOOST_TEST(runbook.status == 422);
  BOOST_TEST(text_at(body_of(runbook), "error") == "limit_exceeded");
  BOOST_TEST(text_at(*body_of(runbook).find("details"), "field")
             == "policy.memory_max");
}

BOOST_AUTO_TEST_CASE(have_opas_options) {
  auto reply = ask("POST",
                   "/v1/data/app/allow?provenance&metrics&pretty&"
                   "strict-builtin-errors=true",
                   "{}");
  auto body = body_of(reply);
  BOOST_TEST(text_at(*body.find("provenance"), "version") == "0.1.0");
  BOOST_TEST(*body.find("metrics")->find("timer_rego_query_eval_ns")->as_int()
             == 200000);
  BOOST_TEST(reply.body.find("\n  \"result\": {\n") != std::string::npos);
  BOOST_TEST(last_decision()->strict_builtin_errors);
}

BOOST_AUTO_TEST_CASE(keep_idempotency_keys_of_callers_apart) {
  ask("POST", "/v1/data/app/allow", "{}", "Idempotency-Key: k-1\r\n");
  auto key = std::string{last_decision()->idempotency_key};
  BOOST_TEST(key.size() > 4u);
  BOOST_TEST(key.find("/k-1\n") != std::string::npos);
  ask("POST", "/v1/data/app/allow", "{}", "Idempotency-Key: k-1\r\n");
  BOOST_TEST(key == last_decision()->idempotency_key);
  // Another request is told from a retry by what stands behind the key.
  ask("POST", "/v1/data/app/allow", R"({"input":1})",
      "Idempotency-Key: k-1\r\n");
  std::string other{last_decision()->idempotency_key};
  BOOST_TEST(key != other);
  BOOST_TEST(key.substr(0, key.find('\n')) == other.substr(0, key.find('\n')));
}

BOOST_AUTO_TEST_CASE(may_be_queries_which_are_questions_like_others) {
  fakes.result = R"([{"bindings":{"x":1.10},"expressions":[{"value":true}]},)"
                 R"({"bindings":{},"expressions":[]}])";
  auto fields = bearer(role::analyst);
  auto reply = ask("GET", "/v1/query?q=x+%3D+1", "", fields);
  BOOST_TEST(reply.body.find(R"("result":[{"x":1.10},{}])")
             != std::string::npos);
  auto asked = last_decision();
  BOOST_TEST((asked->asks == domain::question::query));
  BOOST_TEST(asked->path == "x = 1");
  ask("POST", "/v1/query", R"({"query":"y","input":{"a":1}})", fields);
  BOOST_TEST(last_decision()->input == R"({"a":1})");
  BOOST_TEST(ask("GET", "/v1/query", "", fields).status == 400);
  BOOST_TEST(ask("GET", "/v1/query?q=x").status == 401);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(changes, fixture)

BOOST_AUTO_TEST_CASE(are_asked_of_the_policy_recorded_and_carried_out) {
  auto reply =
      ask("POST", "/admin/enable-strict-mode",
          R"({"reason":"too many violations"})", bearer(role::admin, "carol"));
  BOOST_TEST(reply.status == 200);
  auto asked = last_decision();
  BOOST_TEST(asked->path == "acgs/admin/allow");
  BOOST_TEST(asked->input.find("\"verb\":\"manage_modes\"")
             != std::string_view::npos);
  std::lock_guard lock{fakes.mutex};
  BOOST_REQUIRE(fakes.entries.size() == 1u);
  BOOST_TEST(fakes.entries[0]->event_type == "admin.set_strict_mode");
  BOOST_TEST(fakes.entries[0]->caller.subject == "carol");
  BOOST_REQUIRE(fakes.commands.size() == 1u);
  BOOST_TEST(
      (fakes.commands[0]->kind == domain::command_kind::set_strict_mode));
  BOOST_TEST(fakes.commands[0]->name == "on");
  BOOST_TEST(fakes.commands[0]->reason == "too many violations");
}

BOOST_AUTO_TEST_CASE(are_recorded_and_left_where_the_policy_says_no) {
  fakes.outcomes["acgs/admin/allow"] = domain::verdict::deny;
  auto reply =
      ask("POST", "/admin/emergency-lockdown", "", bearer(role::admin));
  BOOST_TEST(reply.status == 403);
  std::lock_guard lock{fakes.mutex};
  BOOST_TEST(fakes.entries.size() == 1u);
  BOOST_TEST(fakes.commands.empty());
}

BOOST_AUTO_TEST_CASE(for_a_reason_that_is_no_text_are_refused) {
  for (auto path : {"/admin/emergency-lockdown", "/admin/clear-cache"})
    for (auto body : {R"({"reason":5})", R"({"reason":null})", "5", "[]"}) {
      auto reply = ask("POST", path, body, bearer(role::admin));
      BOOST_TEST(reply.status == 400, path << ' ' << body);
    }
  std::lock_guard lock{fakes.mutex};
  BOOST_TEST(fakes.commands.empty());
}

BOOST_AUTO_TEST_CASE(of_data_are_commands_with_escaped_paths) {
  auto fields = bearer(role::operator_);
  BOOST_TEST(ask("PUT", "/v1/data/a/b%2Fc", "{\"x\":1}", fields).status == 204);
  BOOST_TEST(
      ask("PATCH", "/v1/data/a",
          R"([{"op":"add","path":"b/c","value":1},{"op":"add","path":"/",)"
          R"("value":{}},{"op":"remove","path":"/d%2fe~1f/%20/"}])",
          fields)
          .status
      == 204);
  BOOST_TEST(ask("DELETE", "/v1/data/a", "", fields).status == 204);
  BOOST_TEST(ask("PUT", "/v1/data/a", "{", fields).status == 400);
  std::lock_guard lock{fakes.mutex};
  BOOST_REQUIRE(fakes.commands.size() == 3u);
  BOOST_TEST(fakes.commands[0]->name == "a/b~1c");
  BOOST_TEST(fakes.commands[0]->body == "{\"x\":1}");
  BOOST_TEST((fakes.commands[1]->kind == domain::command_kind::patch_data));
  BOOST_TEST(fakes.commands[1]->body
             == R"([{"op":"add","path":"/b/c","value":1},)"
                R"({"op":"add","path":"","value":{}},)"
                R"({"op":"remove","path":"/d~1e~1f/ /"}])");
  BOOST_TEST((fakes.commands[2]->kind == domain::command_kind::delete_data));
}

BOOST_AUTO_TEST_CASE(of_policies_are_as_opa_has_them) {
  auto text = std::make_shared<std::string>("package a");
  control.policies["a/b.rego"] = {text, 3, 0};
  control.constitution["main.rego"] = {text, 1, 0};
  auto fields = bearer(role::admin);
  auto all = body_of(ask("GET", "/v1/policies", "", fields));
  BOOST_TEST(all.find("result")->if_array()->size() == 2u);
  auto one = body_of(ask("GET", "/v1/policies/a/b.rego", "", fields));
  const auto& shown = *one.find("result");
  BOOST_TEST(text_at(shown, "id") == "a/b.rego");
  BOOST_TEST(text_at(shown, "raw") == "package a");
  BOOST_TEST(json::to_text(*shown.find("ast"))
             == R"({"package":{"path":[{"type":"var","value":"data"},)"
                R"({"type":"string","value":"a"}]}})");
  BOOST_TEST(ask("GET", "/v1/policies/none", "", fields).status == 404);
  BOOST_TEST(ask("PUT", "/v1/policies/c", "package c", fields).body == "{}");
  BOOST_TEST(
      ask("PUT", "/v1/policies/constitution/main.rego", "x", fields).status
      == 400);
  {
    std::lock_guard lock{fakes.mutex};
    fakes.command_refusal =
        make_error(ec::policy_invalid, "c is no policy id", "id");
  }
  auto wrong = ask("PUT", "/v1/policies/c", "package c", fields);
  BOOST_TEST(wrong.status == 400);
  BOOST_TEST(text_at(body_of(wrong), "message") == "c is no policy id");
  BOOST_TEST(!body_of(wrong).find("errors"));
}

BOOST_AUTO_TEST_CASE(say_what_they_took_where_that_is_asked) {
  auto fields = bearer(role::admin);
  for (const auto* path : {"/v1/policies/c?metrics", "/v1/data/a?metrics"})
    for (const auto* verb : {"PUT", "DELETE"}) {
      auto reply = ask(verb, path, "{}", fields);
      BOOST_TEST(reply.status == 200);
      BOOST_TEST(
          body_of(reply).find("metrics")->find("timer_server_handler_ns"),
          path << ' ' << verb);
    }
  BOOST_TEST(ask("PUT", "/v1/policies/c?metrics&pretty", "x", fields)
                 .body.starts_with("{\n"));
  BOOST_TEST(
      ask("GET", "/v1/policies?pretty", "", fields).body.starts_with("{\n"));
}

BOOST_AUTO_TEST_CASE(of_policies_show_trees_within_bounds) {
  auto text = std::make_shared<std::string>("package a\np := 1\n");
  auto old = std::make_shared<std::string>("package a\np { true }\n");
  http_gateway::show_policies what{
      {{"a", {text, 3, 0}}, {"b", {text, 4, 0}}, {"c", {old, 5, 0, "", true}}}};
  auto shown = [&](const http_gateway::tree_bounds& most) {
    std::string out;
    for (const auto& each : show(what, most).each) {
      auto read = json::parse(each);
      out += text_at(*read, "id");
      out += read->find("ast")->find("rules") ? "+" : "-";
    }
    return out;
  };
  BOOST_TEST(shown({}) == "a+b+c+");
  auto one = show(what).each.front().size();
  BOOST_TEST(shown({.text_bytes = one}) == "a+b-c-");
  BOOST_TEST(shown({.memory_bytes = 1}) == "a-b-c-");
}

BOOST_AUTO_TEST_CASE(of_the_cache_answer_with_counts) {
  auto fields = bearer(role::admin);
  auto warm = body_of(ask("GET", "/v1/cache/warm", "", fields));
  BOOST_TEST(*warm.find("warmed_scenarios")->as_int() == 4);
  BOOST_TEST(*warm.find("warm_up_time_ms")->as_double() == 2);
  auto clear = body_of(ask("POST", "/admin/clear-cache", "", fields));
  BOOST_TEST(*clear.find("entries_cleared")->as_int() == 9);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(seeing, fixture)

BOOST_AUTO_TEST_CASE(health_names_components_that_exist) {
  for (auto* path :
       {"/health", "/api/v1/health", "/v1/data/acgs/main/health"}) {
    auto reply = ask("GET", path);
    BOOST_TEST(reply.status == 200, path);
    auto body = body_of(reply);
    BOOST_TEST(text_at(body, "status") == "healthy");
    BOOST_TEST(text_at(body, "service") == "acgs");
    const auto& database = *body.find("components")->find("database");
    BOOST_TEST(text_at(database, "status") == "healthy");
    BOOST_TEST(*database.find("free_bytes")->as_int() == 1024);
  }
  BOOST_TEST(ask("GET", "/health/database").status == 200);
  BOOST_TEST(ask("GET", "/health/llm").status == 404);
  BOOST_TEST(ask("GET", "/ready").status == 200);
}

BOOST_AUTO_TEST_CASE(degraded_is_200_and_unhealthy_503) {
  fakes.health = health_status::degraded;
  BOOST_TEST(ask("GET", "/health").status == 200);
  {
    std::lock_guard lock{fakes.mutex};
    fakes.health = health_status::unhealthy;
  }
  auto reply = ask("GET", "/health");
  BOOST_TEST(reply.status == 503);
  BOOST_TEST(text_at(body_of(reply), "reason") == "the disk is full");
  BOOST_TEST(ask("GET", "/ready").status == 503);
}

BOOST_AUTO_TEST_CASE(info_tells_the_constitution) {
  auto body = body_of(ask("GET", "/api/v1/status"));
  BOOST_TEST(text_at(body, "constitutional_hash") == "abababababababab");
  BOOST_TEST(*body.find("uptime_seconds")->as_int() == 1);
  auto valid = ask("GET", "/api/v1/constitutional/validate");
  BOOST_TEST(valid.status == 503); // the fixture's digest is made up
  BOOST_TEST(!*body_of(valid).find("valid")->if_bool());
}

BOOST_AUTO_TEST_CASE(metrics_have_the_fields_that_operators_read) {
  ask("POST", "/v1/data/app/allow", "{}");
  for (auto* path : {"/v1/metrics", "/api/v1/metrics"}) {
    auto body = body_of(ask("GET", path));
    BOOST_TEST(*body.find("request_count")->as_int() == 1);
    BOOST_TEST(*body.find("uptime_seconds")->as_int() == 1);
    BOOST_TEST(*body.find("percentiles")->find("p99")->as_double() >= 0.3);
    BOOST_TEST(*body.find("percentiles")->find("p99")->as_double() < 0.32);
    BOOST_TEST(*body.find("cache_hit_rate")->as_double() == 0.9);
    BOOST_TEST(*body.find("l1_hit_rate")->as_double() == 0.8);
    BOOST_TEST(*body.find("safety_violations_per_minute")->as_int() == 0);
    BOOST_TEST(*body.find("targets_met")->find("p99_under_1ms")->if_bool());
  }
}

BOOST_AUTO_TEST_CASE(strangers_see_the_entries_that_they_caused) {
  auto body =
      body_of(ask("GET", "/audit/events?event_type=safety_violation&limit=10"));
  BOOST_TEST(body.find("events")->if_array()->size() == 1u);
  {
    std::lock_guard lock{fakes.mutex};
    BOOST_TEST(fakes.queries[0].event_type == "safety_violation");
    BOOST_TEST(fakes.queries[0].limit == 10u);
    BOOST_TEST(fakes.queries[0].caused_by == "anonymous");
  }
  ask("GET", "/audit/events?start_time=2026-01-01", "", bearer(role::viewer));
  std::lock_guard lock{fakes.mutex};
  BOOST_TEST(fakes.queries[1].caused_by == "");
  BOOST_TEST(*fakes.queries[1].from_nanos == 1767225600000000000);
}

BOOST_AUTO_TEST_CASE(audit_queries_are_checked) {
  for (auto* query : {"limit=1001", "limit=x", "offset=-1",
                      "start_time=yesterday", "before=x"})
    BOOST_TEST(ask("GET", "/audit/events?" + std::string{query}).status == 400,
               query);
}

BOOST_AUTO_TEST_CASE(one_entry_and_its_receipt_are_for_who_caused_it) {
  BOOST_TEST(ask("GET", "/audit/event/evt_5").status == 200);
  BOOST_TEST(ask("GET", "/audit/event/0190-decision").status == 200);
  BOOST_TEST(ask("GET", "/audit/event/evt_6").status == 404);
  BOOST_TEST(ask("GET", "/ledger/receipt/0190-decision").body
             == "receipt of 0190-decision");
  {
    std::lock_guard lock{fakes.mutex};
    fakes.entry_caused_by = "bob";
  }
  BOOST_TEST(ask("GET", "/audit/event/evt_5").status == 404);
  BOOST_TEST(ask("GET", "/ledger/receipt/0190-decision").status == 404);
  BOOST_TEST(ask("GET", "/audit/event/evt_5", "", bearer(role::viewer)).status
             == 200);
}

BOOST_AUTO_TEST_CASE(events_of_clients_are_taken_in_sealed) {
  auto reply = ask("POST", "/audit/event",
                   R"({"event_type":"policy_evaluation","agent_id":"a-1",)"
                   R"("metadata":{"secret":"s"}})",
                   bearer(role::agent, "a-1"));
  BOOST_TEST(reply.status == 201);
  auto body = body_of(reply);
  BOOST_TEST(text_at(body, "event_id") == "evt_0");
  BOOST_TEST(text_at(body, "hash").size() == 71u);
  {
    std::lock_guard lock{fakes.mutex};
    BOOST_REQUIRE(fakes.entries.size() == 1u);
    BOOST_TEST((fakes.entries[0]->kind == domain::entry_kind::event));
    BOOST_TEST(fakes.entries[0]->agent == "a-1");
    BOOST_TEST(fakes.entries[0]->commitments.size() == 1u);
    BOOST_TEST(as_text(fakes.entries[0].encoded()).find("secret")
               == std::string_view::npos);
  }
  BOOST_TEST(ask("POST", "/audit/event", "{}").status == 400);
  auto bad = ask("POST", "/audit/event",
                 R"({"event_type":"e","constitutional_hash":"x"})");
  BOOST_TEST(bad.status == 400);
}

BOOST_AUTO_TEST_CASE(outcomes_of_decisions_are_taken_in_from_who_asked) {
  auto path = "/v1/decisions/0190-decision/outcome";
  auto reply =
      ask("POST", path, R"({"status":"failed","detail":{"secret":"s"}})");
  BOOST_TEST(reply.status == 201);
  BOOST_TEST(text_at(body_of(reply), "event_id") == "evt_0");
  {
    std::lock_guard lock{fakes.mutex};
    BOOST_REQUIRE(fakes.entries.size() == 1u);
    BOOST_TEST((fakes.entries[0]->kind == domain::entry_kind::outcome));
    BOOST_TEST(fakes.entries[0]->detail == R"({"entry":5,"status":"failed"})");
    BOOST_TEST(fakes.entries[0]->commitments.size() == 1u);
  }
  for (auto* bad : {"{}", "[]", R"({"status":"fine"})", R"({"status":1})",
                    R"({"status":"failed","more":1})"})
    BOOST_TEST(ask("POST", path, bad).status == 400, bad);
  auto good = R"({"status":"failed"})";
  BOOST_TEST(ask("POST", "/v1/decisions/none/outcome", good).status == 404);
  {
    std::lock_guard lock{fakes.mutex};
    fakes.entry_caused_by = "bob";
  }
  BOOST_TEST(ask("POST", path, good).status == 404);
  BOOST_TEST(ask("POST", path, good, bearer(role::operator_)).status == 201);
  BOOST_TEST(ask("POST", path, good, bearer(role::viewer)).status == 403);
}

BOOST_AUTO_TEST_CASE(the_log_is_verified_on_request) {
  auto fields = bearer(role::viewer);
  auto body = body_of(
      ask("POST", "/audit/verify", R"({"start_event_id":"evt_2"})", fields));
  BOOST_TEST(*body.find("verified")->if_bool());
  BOOST_TEST(*body.find("event_count")->as_int() == 3);
  BOOST_TEST(text_at(*body.find("details")->find("last_event"), "event_id")
             == "evt_4");
  BOOST_TEST(
      ask("POST", "/audit/verify", R"({"start_event_id":"x"})", fields).status
      == 400);
  BOOST_TEST(ask("POST", "/audit/verify", "{}").status == 401);
}

BOOST_AUTO_TEST_CASE(the_log_is_served_as_tiles) {
  BOOST_TEST(ask("GET", "/ledger/checkpoint").status == 200);
  BOOST_TEST(ask("GET", "/ledger/vkey").status == 200);
  BOOST_TEST(ask("GET", "/ledger/tile/0/000").status == 401);
  auto fields = bearer(role::viewer);
  BOOST_TEST(ask("GET", "/ledger/tile/entries/x001/067.p/5", "", fields).status
             == 200);
  BOOST_TEST(ask("GET", "/ledger/acgs/node-1/1/checkpoint", "", fields).status
             == 200);
  BOOST_TEST(ask("GET", "/ledger/other").status == 404);
  std::lock_guard lock{fakes.mutex};
  BOOST_TEST(fakes.resources.at(2) == "|tile/entries/x001/067.p/5");
  BOOST_TEST(fakes.resources.at(3) == "acgs/node-1/1|checkpoint");
}

BOOST_AUTO_TEST_CASE(people_log_in_refresh_and_log_out) {
  auto login =
      ask("POST", "/auth/login", R"({"username":"bob","password":"correct"})");
  BOOST_TEST(login.status == 200);
  auto body = body_of(login);
  BOOST_TEST(text_at(body, "access_token") == "access");
  BOOST_TEST(text_at(body, "token_type") == "Bearer");
  BOOST_TEST(*body.find("expires_in")->as_int() == 900);
  BOOST_TEST(login.fields["cache-control"] == "no-store");
  auto wrong =
      ask("POST", "/auth/login", R"({"username":"bob","password":"x"})");
  BOOST_TEST(wrong.status == 401);
  BOOST_TEST(ask("POST", "/auth/login", R"({"username":"bob"})").status == 400);
  BOOST_TEST(
      ask("POST", "/auth/token/refresh", R"({"refresh_token":"r"})").status
      == 200);
  BOOST_TEST(ask("POST", "/auth/logout").status == 401);
  BOOST_TEST(ask("POST", "/auth/logout", "", bearer(role::viewer)).status
             == 200);
  std::lock_guard lock{fakes.mutex};
  BOOST_TEST(fakes.logins.size() == 2u);
  BOOST_TEST(fakes.revoked.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
