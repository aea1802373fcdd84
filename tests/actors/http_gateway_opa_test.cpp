// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// What clients of OPA's REST API rely on, asked over HTTP.

#include "tests/support/http_bodies.hpp"
#include "tests/support/http_gateway_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(http_gateway_opa_test)

using namespace acgs;
using domain::role;

using test::body_of;
using test::text_at;
using fixture = test::http_gateway_fixture;

BOOST_FIXTURE_TEST_SUITE(compile, fixture)

BOOST_AUTO_TEST_CASE(asks_what_is_left_and_answers_as_opa) {
  fakes.result = R"({"queries":[[]]})";
  auto fields = bearer(role::analyst);
  auto reply = ask("POST", "/v1/compile?metrics",
                   R"({"query":"data.app.allow == true","input":{"n":1.0},)"
                   R"("unknowns":["input.user","data.roles"],)"
                   R"("options":{"disableInlining":["data.app.low"]}})",
                   fields);
  BOOST_TEST(reply.status == 200);
  auto body = body_of(reply);
  BOOST_TEST(json::to_text(*body.find("result")) == R"({"queries":[[]]})");
  BOOST_TEST(body.find("metrics")->find("timer_rego_partial_eval_ns"));
  auto asked = last_decision();
  BOOST_TEST((asked->asks == domain::question::compile));
  BOOST_TEST(asked->path == "data.app.allow == true");
  BOOST_TEST(asked->input == R"({"n":1.0})");
  BOOST_TEST(asked->partial
             == R"({"disableInlining":["data.app.low"],)"
                R"("unknowns":["input.user","data.roles"]})");
}

BOOST_AUTO_TEST_CASE(takes_the_input_for_unknown_where_nothing_is_said) {
  fakes.result = "{}";
  auto fields = bearer(role::analyst);
  ask("POST", "/v1/compile", R"({"query":"input.x > 0"})", fields);
  BOOST_TEST(last_decision()->partial
             == R"({"disableInlining":[],"unknowns":["input"]})");
  ask("POST", "/v1/compile", R"({"query":"input.x > 0","unknowns":[]})",
      fields);
  BOOST_TEST(last_decision()->partial
             == R"({"disableInlining":[],"unknowns":[]})");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_such_question) {
  auto fields = bearer(role::analyst);
  for (std::string body :
       {R"([])", R"({})", R"({"query":""})", R"({"query":1})",
        R"({"query":"x","unknowns":"input"})",
        R"({"query":"x","unknowns":[1]})", R"({"query":"x","options":[]})",
        R"({"query":"x","options":{"a":1}})",
        R"({"query":"x","options":{"disableInlining":[{}]}})",
        R"({"query":"x","options":{"nondeterministicBuiltins":true}})", "{"}) {
    auto reply = ask("POST", "/v1/compile", body, fields);
    BOOST_TEST(reply.status == 400, body);
    BOOST_TEST(text_at(body_of(reply), "code") == "invalid_parameter", body);
  }
  auto leave = R"({"query":"x","options":{"nondeterministicBuiltins":false}})";
  BOOST_TEST(ask("POST", "/v1/compile", leave, fields).status == 200);
  BOOST_TEST(
      text_at(body_of(ask("POST", "/v1/compile", "{}", fields)), "message")
      == "missing required 'query' value");
  BOOST_TEST(text_at(body_of(ask("GET", "/v1/query", "", fields)), "message")
             == "missing parameter 'q'");
  auto many = std::string{R"({"query":"x","unknowns":["input.a")"};
  for (int i = 0; i < 100; ++i)
    many += R"(,"input.a")";
  BOOST_TEST(ask("POST", "/v1/compile", many + "]}", fields).status == 400);
  auto longer = R"({"query":")" + std::string(65 * 1024, 'x') + R"("})";
  BOOST_TEST(ask("POST", "/v1/compile", longer, fields).status == 413);
}

BOOST_AUTO_TEST_CASE(takes_the_right_to_query) {
  constexpr auto body = R"({"query":"input.x > 0"})";
  BOOST_TEST(ask("POST", "/v1/compile", body).status == 401);
  BOOST_TEST(ask("POST", "/v1/compile", body, bearer(role::viewer)).status
             == 403);
  BOOST_TEST(ask("GET", "/v1/compile", "", bearer(role::admin)).status == 405);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(options, fixture)

BOOST_AUTO_TEST_CASE(have_evaluations_explained_to_those_who_may_read_data) {
  fakes.explanation = R"([{"op":"enter"}])";
  constexpr auto path = "/v1/data/app/allow?explain=full";
  BOOST_TEST(ask("POST", path, "{}").status == 401);
  BOOST_TEST(ask("POST", path, "{}", bearer(role::agent)).status == 403);
  auto fields = bearer(role::analyst);
  auto body = body_of(ask("POST", path, "{}", fields));
  BOOST_TEST(json::to_text(*body.find("explanation")) == R"([{"op":"enter"}])");
  auto asked = last_decision();
  BOOST_TEST((asked->explain == domain::explanation::full));
  BOOST_TEST(!asked->explain_lines);
  ask("GET", "/v1/query?q=x&explain=notes&pretty", "", fields);
  BOOST_TEST((last_decision()->explain == domain::explanation::notes));
  BOOST_TEST(last_decision()->explain_lines);
  for (auto* unknown : {"", "some", "FULL", "off"}) {
    auto reply =
        ask("POST", "/v1/data/app/allow?explain=" + std::string{unknown}, "{}");
    BOOST_TEST(reply.status == 200, unknown);
    BOOST_TEST((last_decision()->explain == domain::explanation::off));
  }
  ask("POST", "/v1/data/app/allow?explain=off&explain=debug&explain=full", "{}",
      fields);
  BOOST_TEST((last_decision()->explain == domain::explanation::debug));
  body = body_of(
      ask("POST", "/v1/compile?explain=fails", R"({"query":"x"})", fields));
  BOOST_TEST(json::to_text(*body.find("explanation")) == R"([{"op":"enter"}])");
  BOOST_TEST((last_decision()->explain == domain::explanation::fails));
}

BOOST_AUTO_TEST_CASE(show_figures_by_opas_names) {
  auto fields = bearer(role::analyst);
  for (std::string path : {"/v1/data/app/allow?", "/v1/query?q=x&"}) {
    auto body = body_of(ask("GET", path + "metrics", "", fields));
    const auto& metrics = *body.find("metrics");
    for (auto name :
         {"timer_rego_input_parse_ns", "timer_rego_query_compile_ns",
          "timer_rego_query_eval_ns", "timer_server_handler_ns",
          "counter_server_query_cache_hit"})
      BOOST_TEST(metrics.find(name) != nullptr, name);
    BOOST_TEST(metrics.find("counter_rego_instructions") == nullptr);
    body = body_of(ask("GET", path + "instrument&provenance", "", fields));
    BOOST_TEST(body.find("metrics")->find("counter_rego_instructions"));
    BOOST_TEST(text_at(*body.find("provenance"), "version") == "0.1.0");
  }
}

BOOST_AUTO_TEST_CASE(are_off_where_they_are_neither_empty_nor_true) {
  auto metrics = [&](const std::string& query) {
    auto reply = ask("POST", "/v1/data/app/allow?" + query, "{}");
    BOOST_TEST(reply.status == 200, query);
    return body_of(reply).find("metrics") != nullptr;
  };
  for (auto* on : {"metrics", "metrics=", "metrics=true", "metrics=TRUE",
                   "metrics=no&metrics=true"})
    BOOST_TEST(metrics(on), on);
  for (auto* off : {"metrics=false", "metrics=0", "metrics=1", "metrics=no",
                    "metrics&metrics", "provenance=no", "pretty=0"})
    BOOST_TEST(!metrics(off), off);
  BOOST_TEST(ask("GET", "/health?plugins=no&bundles=0").status == 200);
}

BOOST_AUTO_TEST_CASE(reach_the_evaluation) {
  ask("POST", "/v1/data/app/allow?strict-builtin-errors", "{}");
  BOOST_TEST(last_decision()->strict_builtin_errors);
  auto fields = bearer(role::analyst);
  ask("GET", "/v1/query?q=x&strict-builtin-errors=true", "", fields);
  BOOST_TEST(last_decision()->strict_builtin_errors);
  ask("POST", "/v1/compile?strict-builtin-errors", R"({"query":"x"})", fields);
  BOOST_TEST(last_decision()->strict_builtin_errors);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(paths, fixture)

BOOST_AUTO_TEST_CASE(may_have_slashes_and_tildes_in_a_step) {
  for (auto* verb : {"GET", "POST"}) {
    auto reply = ask(verb, "/v1/data/x%2Fy/a~b", "", bearer(role::analyst));
    BOOST_TEST(reply.status == 200, verb);
    BOOST_TEST(last_decision()->path == "x~1y/a~0b", verb);
  }
}

BOOST_AUTO_TEST_CASE(of_a_patch_that_cannot_be_decoded_are_named) {
  auto reply = ask("PATCH", "/v1/data/a", R"([{"op":"remove","path":"50%"}])",
                   bearer(role::operator_));
  BOOST_TEST(reply.status == 400);
  BOOST_TEST(reply.body.find("bad patch path: '50%'") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(with_a_slash_in_a_step_are_no_way_around_permissions) {
  for (auto* path : {"/v1/data/acgs/main%2Fdecision", "/v1/data/acgs/a%2Fallow",
                     "/v1/data/acgs/admin%2Fallow", "/v1/data/acgs/%2Fmain"})
    BOOST_TEST(ask("POST", path, "{}").status == 401, path);
  BOOST_TEST(ask("POST", "/v1/data/acgs%2Fmain/x", "{}").status == 401);
  BOOST_TEST(ask("POST", "/v1/data/acgs%2Fmain/allow", "{}").status == 200);
  BOOST_TEST(last_decision()->path == "acgs~1main/allow");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(node, fixture)

BOOST_AUTO_TEST_CASE(shows_its_configuration_without_secrets) {
  auto reply = ask("GET", "/v1/config", "", bearer(role::viewer));
  auto body = body_of(reply);
  const auto& result = *body.find("result");
  BOOST_TEST(text_at(*result.find("labels"), "id") == "node-1");
  BOOST_TEST(text_at(result, "default_decision") == "/system/main");
  const auto& server = *result.find("server");
  BOOST_TEST(
      *server.find("encoding")->find("gzip")->find("min_length")->as_int()
      == 1024);
  for (auto word : {"key", "token", "password", "secret"})
    BOOST_TEST(reply.body.find(word) == std::string::npos, word);
  BOOST_TEST(ask("GET", "/v1/config").status == 401);
}

BOOST_AUTO_TEST_CASE(shows_its_status_as_opa_does) {
  fakes.health = health_status::degraded;
  auto body = body_of(ask("GET", "/v1/status?pretty"));
  const auto& result = *body.find("result");
  BOOST_TEST(text_at(*result.find("plugins")->find("database"), "state")
             == "WARN");
  const auto& bundle = *result.find("bundles")->find("constitution");
  BOOST_TEST(text_at(bundle, "active_revision").starts_with("abab"));
}

BOOST_AUTO_TEST_CASE(shows_its_bundles_as_opa_does) {
  auto& archive = control.archives[{"d1", "authz"}];
  archive.bytes = 99;
  auto& active = control.bundles["authz"];
  active.digests = {"d1"};
  active.bundle_revision = "7";
  faults = {{"authz", {"policy_invalid", "x is unsafe", 5}}};
  publish();
  auto status = body_of(ask("GET", "/v1/status"));
  const auto& bundles = *status.find("result")->find("bundles");
  const auto& shown = *bundles.find("authz");
  BOOST_TEST(text_at(shown, "active_revision") == "7");
  BOOST_TEST(text_at(shown, "type") == "snapshot");
  BOOST_TEST(*shown.find("size")->as_int() == 99);
  BOOST_TEST(text_at(shown, "code") == "policy_invalid");
  BOOST_TEST(text_at(shown, "message") == "x is unsafe");
  BOOST_TEST(bundles.find("constitution"));
  // What was refused is shown, and changes nothing of what is active.
  faults = {{"other", {"policy_invalid", "x is unsafe", 5}}};
  publish();
  BOOST_TEST(ask("GET", "/health?bundles").status == 200);
  auto fields = bearer(role::analyst);
  auto answer =
      body_of(ask("GET", "/v1/data/app/allow?provenance", "", fields));
  const auto& found = *answer.find("provenance")->find("bundles");
  BOOST_TEST(text_at(*found.find("authz"), "revision") == "7");
}

BOOST_AUTO_TEST_CASE(is_well_by_what_is_asked_about) {
  BOOST_TEST(ask("GET", "/health?bundles&plugins").status == 200);
  fakes.health = health_status::degraded;
  BOOST_TEST(ask("GET", "/health?bundles").status == 200);
  BOOST_TEST(ask("GET", "/health?plugins=true").status == 503);
  BOOST_TEST(ask("GET", "/health?plugins&exclude-plugin=database").status
             == 200);
  BOOST_TEST(ask("GET", "/health?bundles=maybe").status == 200);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(batches, fixture)

constexpr auto batch_path = "/v1/batch/data/app/allow";

BOOST_AUTO_TEST_CASE(are_decided_together_and_answered_by_id) {
  fakes.result = "true";
  auto reply =
      ask("POST", batch_path, R"({"inputs":{"b":{"n":1.10},"a":{"n":2}}})", {});
  BOOST_TEST(reply.status == 200);
  auto body = body_of(reply);
  BOOST_TEST(text_at(body, "batch_decision_id")
             == reply.fields["x-request-id"]);
  const auto& one = *body.find("responses")->find("b");
  BOOST_TEST(*one.find("result")->if_bool());
  BOOST_TEST(text_at(one, "decision_id") == "0190-decision");
  BOOST_TEST(one.find("http_status_code") == nullptr);
  std::lock_guard lock{fakes.mutex};
  BOOST_REQUIRE(fakes.decisions.size() == 2u);
  BOOST_TEST(fakes.decisions[0]->input == R"({"n":1.10})");
  BOOST_TEST(fakes.decisions[1]->path == "app/allow");
  BOOST_TEST(fakes.decisions[0]->request_id == fakes.decisions[1]->request_id);
}

BOOST_AUTO_TEST_CASE(may_have_parts_of_their_inputs_in_common) {
  ask("POST", batch_path,
      R"({"inputs":{"a":{"user":{"name":"eve"}},"b":7},)"
      R"("common_input":{"action":"read","user":{"name":"x","role":"v"}}})");
  std::lock_guard lock{fakes.mutex};
  BOOST_REQUIRE(fakes.decisions.size() == 2u);
  BOOST_TEST(fakes.decisions[0]->input
             == R"({"action":"read","user":{"name":"eve","role":"v"}})");
  BOOST_TEST(fakes.decisions[1]->input == "7");
}

BOOST_AUTO_TEST_CASE(say_of_each_how_it_went_where_not_all_went_well) {
  fakes.refused_inputs = {R"({"n":2})"};
  auto reply =
      ask("POST", batch_path, R"({"inputs":{"a":{"n":1},"b":{"n":2}}})");
  BOOST_TEST(reply.status == 207);
  auto responses = *body_of(reply).find("responses");
  BOOST_TEST(text_at(*responses.find("a"), "http_status_code") == "200");
  BOOST_TEST(text_at(*responses.find("b"), "http_status_code") == "507");
  BOOST_TEST(responses.find("b")->find("result") == nullptr);
  fakes.outcome = domain::verdict::error;
  fakes.error_code = "evaluation_failed";
  fakes.error_message = "eval_conflict_error: two values";
  reply = ask("POST", batch_path, R"({"inputs":{"a":{"n":1}}})");
  BOOST_TEST(reply.status == 500);
  auto failed = *body_of(reply).find("responses")->find("a");
  BOOST_TEST(text_at(failed, "code") == "internal_error");
  BOOST_TEST(text_at(failed, "decision_id") == "0190-decision");
}

BOOST_AUTO_TEST_CASE(are_bounded_and_must_be_well_formed) {
  settings.batch_inputs_max = 2;
  start();
  for (auto body : {"[]", "{}", R"({"inputs":[]})", R"({"inputs":1})",
                    R"({"inputs":{"a":1,"a":2}})",
                    R"({"inputs":{"a":1},"common_input":[]})"})
    BOOST_TEST(ask("POST", batch_path, body).status == 400, body);
  auto many = ask("POST", batch_path, R"({"inputs":{"a":1,"b":2,"c":3}})");
  BOOST_TEST(many.status == 413);
  BOOST_TEST(many.body.find("policy.batch_inputs_max") != std::string::npos);
  BOOST_TEST(
      ask("POST", batch_path, R"({"inputs":{"a":1}})", "Idempotency-Key: k\r\n")
          .status
      == 400);
  BOOST_TEST(
      ask("POST", "/v1/batch/data/acgs/agents", R"({"inputs":{"a":1}})").status
      == 401);
}

BOOST_AUTO_TEST_CASE(take_as_many_calls_as_they_have_inputs) {
  settings.limits.fallback = {1, 4};
  start();
  BOOST_TEST(ask("POST", batch_path, R"({"inputs":{"a":1,"b":2,"c":3}})").status
             == 200);
  auto refused = ask("POST", batch_path, R"({"inputs":{"a":1,"b":2}})");
  BOOST_TEST(refused.status == 429);
  BOOST_TEST(refused.fields["retry-after"] != "");
}

BOOST_AUTO_TEST_CASE(are_too_large_where_no_pause_lets_them_in) {
  settings.limits.fallback = {1, 2};
  start();
  auto refused = ask("POST", batch_path, R"({"inputs":{"a":1,"b":2,"c":3}})");
  BOOST_TEST(refused.status == 413);
  BOOST_TEST(refused.fields["retry-after"] == "");
  BOOST_TEST(refused.body.find("limits.burst") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(name_the_constitution_as_single_answers_do) {
  std::string digest;
  for (int i = 0; i < 32; ++i)
    digest += "ab";
  settings.constitution_aliases = {{digest, "cdd01ef066bc6cf2"}};
  start();
  publish();
  fakes.result = R"({"allow":true,"constitutional_hash":"abababababababab"})";
  for (auto [path, body] :
       {std::pair{"/v1/batch/data/acgs/main/decision", R"({"inputs":{"a":1}})"},
        {"/v1/data/acgs/main/decision", R"({"input":{}})"},
        {"/v1/data/acgs/main/decision",
         R"({"constitutional_hash":"abababababababab"})"}}) {
    auto reply = ask("POST", path, body);
    BOOST_TEST(reply.fields["x-constitutional-hash"] == "cdd01ef066bc6cf2");
    BOOST_TEST(reply.body.find(R"("constitutional_hash":"cdd01ef066bc6cf2")")
                   != std::string::npos,
               reply.body);
  }
  auto own = ask("POST", "/v1/batch/data/app/allow", R"({"inputs":{"a":1}})");
  BOOST_TEST(own.body.find(R"("constitutional_hash":"abababababababab")")
                 != std::string::npos,
             own.body);
}

BOOST_AUTO_TEST_CASE(insist_on_a_constitution_by_input_or_header) {
  ask("POST", "/v1/batch/data/acgs/main/decision",
      R"({"inputs":{"a":{"constitutional_hash":"0000000000000000"},"b":{}}})");
  {
    std::lock_guard lock{fakes.mutex};
    BOOST_REQUIRE(fakes.decisions.size() == 2u);
    BOOST_TEST(fakes.decisions[0]->pinned_hash == "0000000000000000");
    BOOST_TEST(fakes.decisions[1]->pinned_hash == "");
  }
  fakes.refusal = make_error(ec::hash_mismatch, "it is not active");
  BOOST_TEST(ask("POST", batch_path, R"({"inputs":{"a":1}})",
                 "X-Constitutional-Hash: 0000000000000000\r\n")
                 .status
             == 400);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(candidates, fixture)

BOOST_AUTO_TEST_CASE(are_handed_decisions_that_were_answered) {
  auto tried = [this] {
    // The fake's mailbox is behind ours: the next answer came after it.
    ask("GET", "/v1/status");
    std::lock_guard lock{fakes.mutex};
    return fakes.tried.size();
  };
  ask("POST", "/v1/data/app/allow", "{}");
  BOOST_TEST(tried() == 0u);
  auto trial = std::make_shared<domain::candidate>();
  trial->name = "tighter";
  control.trial = trial;
  publish();
  ask("POST", "/v1/data/app/allow", R"({"input":{"n":1}})");
  ask("POST", "/v1/batch/data/app/allow", R"({"inputs":{"a":1,"b":2}})");
  auto fields = bearer(role::analyst);
  ask("GET", "/v1/query?q=x+%3D+1", "", fields);
  while (tried() < 3)
    continue;
  BOOST_TEST(tried() == 3u);
  std::lock_guard lock{fakes.mutex};
  BOOST_TEST(fakes.tried[0].request->input == R"({"n":1})");
  BOOST_TEST(fakes.tried[0].decision->decision_id == "0190-decision");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
