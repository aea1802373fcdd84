// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/http_gateway/errors.hpp"
#include "actors/http_gateway/parameters.hpp"
#include "actors/http_gateway/router.hpp"
#include "actors/http_gateway/routes/routes.hpp"
#include "actors/http_gateway/state.hpp"
#include "runtime/base/json.hpp"
#include "runtime/net/http/url.hpp"
#include "runtime/snapshot/policy_errors.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

BOOST_AUTO_TEST_SUITE(http_gateway_state_test)

using namespace acgs;
using namespace acgs::http_gateway;

namespace {

void nothing(const call_ptr&) {
}

route at(http::method verb, std::string_view pattern) {
  return {verb, pattern, auth::verb::decide, error_style::opa, "", nothing};
}

/// The pattern that steps lead to, and what its holes stand for.
std::string found(const router& in, std::vector<std::string> steps,
                  http::method verb = http::method::get) {
  auto match = in.find(verb, std::move(steps));
  if (!match.found)
    return match.allowed.empty() ? "nothing" : "another method";
  std::string out{match.found->pattern};
  for (const auto& capture : match.captures)
    out += " " + capture;
  return out;
}

std::shared_ptr<domain::control_state> some_state(std::string data = "{}") {
  auto out = std::make_shared<domain::control_state>();
  out->revision = 7;
  out->constitution_digest.fill(std::byte{0xab});
  out->data = std::make_shared<std::string>(std::move(data));
  return out;
}

control::published published(domain::control_state_ptr state) {
  return {std::move(state), nullptr};
}

ec code_of_host(const state& core, std::string_view host) {
  return code_of(core.check_host(host));
}

} // namespace

BOOST_AUTO_TEST_SUITE(routing)

BOOST_AUTO_TEST_CASE(prefers_names_over_holes_over_rests) {
  router in{{at(http::method::get, "/v1/data/{path*}"),
             at(http::method::get, "/v1/data/acgs/main/decision"),
             at(http::method::get, "/audit/event/{id}"),
             at(http::method::get, "/audit/event/latest")}};
  BOOST_TEST(found(in, {"v1", "data", "acgs", "main", "decision"})
             == "/v1/data/acgs/main/decision");
  BOOST_TEST(found(in, {"v1", "data", "acgs", "main", "x"})
             == "/v1/data/{path*} acgs main x");
  BOOST_TEST(found(in, {"v1", "data"}) == "/v1/data/{path*}");
  BOOST_TEST(found(in, {"audit", "event", "7"}) == "/audit/event/{id} 7");
  BOOST_TEST(found(in, {"audit", "event", "latest"}) == "/audit/event/latest");
  BOOST_TEST(found(in, {"audit", "event"}) == "nothing");
  BOOST_TEST(found(in, {"audit", "event", "7", "8"}) == "nothing");
  BOOST_TEST(found(in, {}) == "nothing");
}

BOOST_AUTO_TEST_CASE(tells_another_method_from_another_path) {
  router in{{at(http::method::get, "/a"), at(http::method::put, "/a")}};
  auto match = in.find(http::method::post, {"a"});
  BOOST_TEST(match.found == nullptr);
  BOOST_TEST(match.allowed.size() == 2u);
  BOOST_TEST(found(in, {"a"}, http::method::head) == "/a");
  BOOST_TEST(found(in, {"b"}, http::method::put) == "nothing");
}

BOOST_AUTO_TEST_CASE(refuses_a_route_that_is_there_twice) {
  BOOST_CHECK_THROW((router{{at(http::method::get, "/a/{x}"),
                             at(http::method::get, "/a/{y}")}}),
                    std::logic_error);
}

BOOST_AUTO_TEST_CASE(every_admin_route_asks_the_admin_policy) {
  for (const auto& one : all_routes())
    if (one.pattern.starts_with("/admin/"))
      BOOST_TEST(auth::asks_admin_policy(one.right), one.pattern);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(hosts_and_origins)

BOOST_AUTO_TEST_CASE(takes_localhost_addresses_and_configured_names) {
  state core{{.hosts = {"acgs.example"}, .cors_origins = {}}};
  for (auto* host : {"localhost", "LOCALHOST:8181", "127.0.0.1:1", "[::1]",
                     "[::1]:8181", "192.0.2.7", "acgs.example:443"})
    BOOST_TEST((code_of_host(core, host) == ec::none), host);
  for (auto* host :
       {"evil.example", "localhost.evil.example", "", "[::1", "localhost:x",
        "localhost:99999", "a@localhost", "127.0.0.1.nip.io", "0x7f.1"})
    BOOST_TEST((code_of_host(core, host) == ec::invalid_argument), host);
}

BOOST_AUTO_TEST_CASE(takes_configured_and_own_origins) {
  state core{{.hosts = {}, .cors_origins = {"https://ops.example"}}};
  auto code = [&](std::string_view origin, std::string_view host) {
    return code_of(core.check_origin(origin, host));
  };
  BOOST_TEST((code("https://ops.example", "localhost:8181") == ec::none));
  BOOST_TEST((code("http://localhost:8181", "localhost:8181") == ec::none));
  for (auto* origin : {"http://localhost:3000", "https://ops.example.evil",
                       "null", "", "file://", "https://ops.example:444"})
    BOOST_TEST((code(origin, "localhost:8181") == ec::forbidden), origin);
  BOOST_TEST(core.shares_with("https://ops.example"));
  BOOST_TEST(!core.shares_with("http://localhost:8181"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(what_is_present)

BOOST_AUTO_TEST_CASE(shows_the_alias_of_the_active_constitution_alone) {
  std::string full;
  for (int i = 0; i < 32; ++i)
    full += "ab";
  present plain{published(some_state()), {}, nullptr};
  BOOST_TEST(plain.constitution() == "abababababababab");
  present named{published(some_state()), {{full, "cdd01ef066bc6cf2"}}, nullptr};
  BOOST_TEST(named.constitution() == "cdd01ef066bc6cf2");
  BOOST_TEST(named.is_constitution("cdd01ef066bc6cf2"));
  BOOST_TEST(named.is_constitution("abababababababab"));
  BOOST_TEST(named.is_constitution(full));
  BOOST_TEST(!named.is_constitution("ab"));
  BOOST_TEST(!named.is_constitution(""));
  present other{published(some_state()),
                {{"cd" + full.substr(2), "cdd01ef066bc6cf2"}},
                nullptr};
  BOOST_TEST(!other.is_constitution("cdd01ef066bc6cf2"));
}

BOOST_AUTO_TEST_CASE(knows_where_base_documents_are) {
  BOOST_TEST(present{}.documents().stand_at({"app", "allow"}));
  present now{published(some_state(R"({"n":null})")), {}, nullptr};
  BOOST_TEST(now.documents().stand_at({"n"}));
  BOOST_TEST(!now.documents().stand_at({"m"}));
}

BOOST_AUTO_TEST_CASE(has_its_bundles_active_whatever_else_was_refused) {
  BOOST_TEST(!present{}.bundles_active());
  auto state = some_state();
  state->bundles["a"];
  auto now = published(state);
  auto active = [&] { return present{now, {}, nullptr}.bundles_active(); };
  BOOST_TEST(active());
  now.faults = std::make_shared<control::bundle_faults>(
      control::bundle_faults{{"a", {"policy_invalid", "x", 0}}});
  BOOST_TEST(active());
  now.faults = std::make_shared<control::bundle_faults>(
      control::bundle_faults{{"b", {"policy_invalid", "x", 0}}});
  BOOST_TEST(active());
}

BOOST_AUTO_TEST_CASE(passes_an_older_revision_over) {
  state core{{}};
  core.publish(std::make_shared<present>(
      published(some_state()), std::map<std::string, std::string>{}, nullptr));
  auto older = some_state();
  older->revision = 6;
  older->lockdown.on = true;
  core.publish(std::make_shared<present>(
      published(older), std::map<std::string, std::string>{}, nullptr));
  BOOST_TEST(core.now().control()->revision == 7u);
  BOOST_TEST(!core.now().lockdown());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(errors)

BOOST_AUTO_TEST_CASE(have_the_shape_that_opa_clients_know) {
  auto got = render(make_problem(make_error(ec::not_found, "no \"x\"")),
                    error_style::opa);
  BOOST_TEST(got.status == 404u);
  BOOST_TEST(got.body
             == R"({"code":"resource_not_found","message":"no \"x\""})");
}

BOOST_AUTO_TEST_CASE(list_what_a_compiler_says) {
  auto wrong =
      make_problem(make_error(ec::policy_invalid, {{.code = "rego_parse_error",
                                                    .message = "first",
                                                    .file = "a.rego",
                                                    .row = 1,
                                                    .col = 2,
                                                    .line = {{"p := }", 5}}},
                                                   {.code = "rego_type_error",
                                                    .message = "second",
                                                    .file = "a.rego",
                                                    .row = 3,
                                                    .col = 4}}));
  BOOST_TEST(render(wrong, error_style::opa).body
             == R"({"code":"invalid_parameter","message":)"
                "\"error(s) occurred while compiling module(s)\",\"errors\":["
                R"({"code":"rego_parse_error","details":{"idx":5,"line":)"
                R"("p := }"},"location":{"col":2,"file":"a.rego","row":1},)"
                R"("message":"first"},{"code":"rego_type_error","location":)"
                R"({"col":4,"file":"a.rego","row":3},"message":"second"}]})");
  BOOST_TEST(wrong.sentence
             == "a.rego:1: rego_parse_error: first\n\tp := }\n\t     ^\n"
                "a.rego:3: rego_type_error: second");
}

BOOST_AUTO_TEST_CASE(have_the_shape_that_the_runbooks_document) {
  problem what;
  what.code = ec::hash_mismatch;
  what.sentence = "wrong";
  what.field = "constitutional_hash";
  what.expected = "cdd01ef066bc6cf2";
  what.request_id = "r-1";
  what.when = wall_time{std::chrono::seconds{1771156800}};
  auto got = render(what, error_style::runbook);
  BOOST_TEST(got.status == 400u);
  BOOST_TEST(got.body
             == R"({"error":"invalid_request","message":"wrong","details":)"
                R"({"field":"constitutional_hash","expected":)"
                R"("cdd01ef066bc6cf2"},"timestamp":)"
                R"("2026-02-15T12:00:00.000000Z","request_id":"r-1"})");
}

BOOST_AUTO_TEST_CASE(have_both_shapes_where_either_may_be_read) {
  problem what;
  what.code = ec::evaluation_failed;
  what.sentence = "wrong";
  what.errors = "[1]";
  what.request_id = "r-1";
  what.when = wall_time{std::chrono::seconds{1771156800}};
  BOOST_TEST(render(what, error_style::both).body
             == R"({"code":"internal_error","error":"evaluation_failed",)"
                R"("message":"wrong","errors":[1],"timestamp":)"
                R"("2026-02-15T12:00:00.000000Z","request_id":"r-1"})");
}

BOOST_AUTO_TEST_CASE(say_when_to_try_again) {
  problem what;
  what.code = ec::rate_limited;
  what.retry_after = 60;
  auto got = render(what, error_style::runbook);
  BOOST_TEST(got.status == 429u);
  BOOST_TEST(got.fields.at(0).second == "60");
  BOOST_TEST(got.body.find("\"retry_after_seconds\":60") != std::string::npos);
  BOOST_TEST(make_problem(make_error(ec::overloaded)).retry_after == 1);
  auto locked = make_error(ec::rate_limited, "locked",
                           std::chrono::nanoseconds{1'500'000'000});
  BOOST_TEST(make_problem(locked).retry_after == 2);
}

BOOST_AUTO_TEST_CASE(have_a_status_for_each_code) {
  std::set<unsigned> seen;
  for (std::size_t i = 1; i < ec_names.size(); ++i)
    seen.insert(status_of(static_cast<ec>(i)));
  BOOST_TEST(!seen.contains(200));
  for (auto status : seen)
    BOOST_TEST(http::reason_phrase(status) != "Other", status);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(urls)

BOOST_AUTO_TEST_CASE(are_taken_apart_and_decoded) {
  auto steps = http::split_path("/v1//data/a%20b%2Fc/");
  BOOST_REQUIRE(steps);
  BOOST_TEST((*steps == std::vector<std::string>{"v1", "data", "a b/c"}));
  auto query = http::query_parameters::parse("a=1+2&b&c=%26&a=3&");
  BOOST_REQUIRE(query);
  BOOST_TEST(*query->find("a") == "3"); // the last, as OPA has it
  BOOST_TEST(*query->find("b") == "");
  BOOST_TEST(*query->find("c") == "&");
  BOOST_TEST(!query->find("d"));
}

BOOST_AUTO_TEST_CASE(say_which_parameter_is_unknown_or_stands_twice) {
  auto check = [](std::string_view pattern, std::string_view query) {
    return check_parameters(pattern,
                            http::query_parameters::parse(query).value());
  };
  auto field = [&](std::string_view query) {
    auto wrong = check("/audit/events", query);
    return wrong ? field_of(wrong) : std::string{};
  };
  BOOST_TEST(field("limit=1&before=2") == "");
  BOOST_TEST(field("limit=1&c=2") == "c");
  BOOST_TEST(field("limit=1&%6cimit=2") == "limit");
  BOOST_TEST(field("Limit=1") == "Limit");
  BOOST_TEST(field_of(check("/ready", "x")) == "x");
  for (auto* pattern : {"/v1/data/{path*}", "/v1/policies", "/health", "/"})
    BOOST_TEST(!check(pattern, "x=1&x=2"), pattern);
}

BOOST_AUTO_TEST_CASE(lose_their_empty_steps_and_nothing_else) {
  using two = std::pair<const char*, const char*>;
  for (auto [from, to] : {two{"/", "/"}, two{"//", "/"}, two{"/a", "/a"},
                          two{"/a/", "/a"}, two{"//a///b//", "/a/b"},
                          two{"/%2f/a%20b", "/%2f/a%20b"}, two{"", "/"}})
    BOOST_TEST(http::without_empty_steps(from) == to, from);
}

BOOST_AUTO_TEST_CASE(are_refused_where_they_are_ambiguous) {
  for (auto* path : {"/a/../b", "/a/%2e%2E/b", "/./a", "/%", "/%4", "/%zz",
                     "/a%00b", "/%ff", "/%c0%af", "/%ed%a0%80"})
    BOOST_TEST(!http::split_path(path), path);
  BOOST_TEST(!http::split_path(std::string(200, '/') + "a/b", 1));
  std::string many;
  for (int i = 0; i < 101; ++i)
    many += "a=b&";
  BOOST_TEST(!http::query_parameters::parse(many));
}

BOOST_AUTO_TEST_CASE(have_flags_and_numbers_within_bounds) {
  auto query =
      http::query_parameters::parse("yes=true&no=false&odd=1&n=10&m=-1&bare");
  BOOST_REQUIRE(query);
  BOOST_TEST(query->flag("yes"));
  BOOST_TEST(query->flag("bare"));
  for (auto* name : {"no", "absent", "odd"})
    BOOST_TEST(!query->flag(name), name);
  BOOST_TEST(*query->number("n", 5, 10) == 10u);
  BOOST_TEST(*query->number("absent", 5, 10) == 5u);
  BOOST_TEST(!query->number("n", 5, 9));
  BOOST_TEST(field_of(query->number("m", 5, 9).error()) == "m");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
