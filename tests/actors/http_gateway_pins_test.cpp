// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The constitution that requests insist on, wherever they name it.
#include "tests/support/http_bodies.hpp"
#include "tests/support/http_gateway_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(http_gateway_pins_test)

using namespace acgs;
using domain::role;
using test::body_of;
using test::text_at;
using fixture = test::http_gateway_fixture;

namespace {

constexpr auto decision_path = "/v1/data/acgs/main/decision";
constexpr auto pinning =
    R"({"constitutional_hash":"abababababababab","action":"a"})";

} // namespace

BOOST_FIXTURE_TEST_SUITE(pins, fixture)

BOOST_AUTO_TEST_CASE(end_in_400_on_another_constitution) {
  fakes.refusal = make_error(ec::hash_mismatch, "it is not active");
  auto reply =
      ask("POST", decision_path,
          R"({"action":"a","constitutional_hash":"0000000000000000"})");
  BOOST_TEST(reply.status == 400);
  auto body = body_of(reply);
  BOOST_TEST(text_at(body, "error") == "invalid_request");
  const auto& details = *body.find("details");
  BOOST_TEST(text_at(details, "field") == "constitutional_hash");
  BOOST_TEST(text_at(details, "value") == "0000000000000000");
  BOOST_TEST(text_at(details, "expected") == "abababababababab");
}

BOOST_AUTO_TEST_CASE(take_pins_from_the_header_and_the_body) {
  ask("POST", "/v1/data/app/allow", "{}",
      "X-Constitutional-Hash: abababababababab\r\n");
  BOOST_TEST(last_decision()->pinned_hash == "abababababababab");
  // Two names may mean one constitution: POLICY knows.
  constexpr auto other = "X-Constitutional-Hash: 0000000000000000\r\n";
  ask("POST", decision_path, pinning, other);
  BOOST_TEST(last_decision()->pinned_hash
             == "abababababababab 0000000000000000");
  fakes.refusal = make_error(ec::hash_mismatch, "it is not active");
  auto two = ask("POST", decision_path, pinning, other);
  BOOST_TEST(two.status == 400);
  auto body = body_of(two);
  const auto& details = *body.find("details");
  BOOST_TEST(text_at(details, "field") == "X-Constitutional-Hash");
  BOOST_TEST(text_at(details, "value") == "0000000000000000");
}

BOOST_AUTO_TEST_CASE(refuse_pins_that_are_no_names_on_every_route) {
  auto fields = bearer(role::analyst);
  auto named = [&](const char* method, const char* path, const char* body,
                   const char* field, std::string more = {}) {
    auto reply = ask(method, path, body, fields + more);
    BOOST_TEST(reply.status == 400, path << ' ' << reply.body);
    BOOST_TEST(reply.body.find(field) != std::string::npos, reply.body);
  };
  constexpr auto wrapped = R"({"input":{"constitutional_hash":null}})";
  constexpr auto inner =
      R"({"query":"x = 1","input":{"context":{"constitutional_hash":7}}})";
  constexpr auto name = "constitutional_hash";
  for (auto* path :
       {decision_path, "/v1/data/acgs/main/allow", "/v1/data/app/allow"}) {
    named("POST", path, wrapped, name);
    named("POST", path, inner, "context.constitutional_hash");
    named("POST", path, "{}", "X-Constitutional-Hash",
          "X-Constitutional-Hash: \r\n");
  }
  named("POST", "/", R"({"constitutional_hash":""})", name);
  named("POST", "/v1/query", inner, "context.constitutional_hash");
  named("GET", "/v1/data/app/x?input=%7B%22constitutional_hash%22%3A0%7D", "",
        name);
  named("POST", "/audit/event",
        R"({"event_type":"e","constitutional_hash":null})", name);
  named("POST", "/audit/verify", R"({"constitutional_hash":"0000"})", name);
  named("POST", "/audit/verify", "", "X-Constitutional-Hash",
        "X-Constitutional-Hash: 0000\r\n");
  std::lock_guard lock{fakes.mutex};
  BOOST_TEST(fakes.decisions.empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
