// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The breakers before hosts that policies reach, and the desks beside them.
#include "actors/node/guarded.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/fake_carrier.hpp"
#include "tests/support/manual_clock.hpp"

#include <algorithm>

BOOST_AUTO_TEST_SUITE(guarded_test)

using namespace acgs;
using namespace acgs::node;
using namespace std::chrono_literals;
using acgs::test::fake_carrier;
using breaker::mode;
using rego::http_failure;

namespace {

struct fixture : test::actor_fixture {
  fixture() {
    breaker::setup like;
    like.rules.sliding_window_size = like.rules.minimum_number_of_calls = 4;
    like.rules.wait_jitter = 0;
    like.clock = &time;
    like.registry = &registry;
    like.random = [](std::span<std::byte> to) {
      std::ranges::fill(to, std::byte{0});
    };
    like.listener = [this](const breaker::change_event& event) {
      changes.push_back(event.name + " "
                        + std::string{to_string_view(event.what.to)});
    };
    hosts =
        make_host_breakers({"A.example", "b.example", "[::1]", "::2"}, like);
    way = guarded(carrier, hosts);
  }

  rego::http_response send(const std::string& host) {
    rego::http_request request;
    request.host = host;
    return way->send(request);
  }

  /// The carrier answers so from now on.
  void answer(http_failure how, int code = 200,
              std::vector<rego::http_header> headers = {}) {
    carrier->meanwhile = [=](const rego::http_request&) {
      auto out = fake_carrier::failing(how);
      out.status_code = code;
      out.headers = headers;
      return out;
    };
  }

  mode of(const std::string& host) {
    return hosts.at(host)->look().counted.now;
  }

  test::manual_clock time;
  acgs::metrics::registry registry;
  std::vector<std::string> changes;
  std::shared_ptr<fake_carrier> carrier = std::make_shared<fake_carrier>();
  host_breakers hosts;
  std::shared_ptr<rego::http_transport> way;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(hosts, fixture)

BOOST_AUTO_TEST_CASE(are_known_as_requests_name_them) {
  for (auto name : {"a.example", "b.example", "::1", "::2"})
    BOOST_TEST(hosts.contains(name), name);
}

BOOST_AUTO_TEST_CASE(that_fail_are_not_asked_until_the_wait_is_over) {
  answer(http_failure::timeout);
  for (int i = 0; i < 4; ++i)
    BOOST_TEST((send("a.example").failure == http_failure::timeout));
  auto asked = carrier->asked.size();
  auto got = send("a.example");
  BOOST_TEST((got.failure == http_failure::refused));
  BOOST_TEST(got.message.find("breaker") != std::string::npos);
  BOOST_TEST(carrier->asked.size() == asked);
  BOOST_TEST((send("b.example").failure == http_failure::timeout));
  BOOST_TEST(changes == std::vector<std::string>{"egress.a.example open"},
             boost::test_tools::per_element());
  answer(http_failure::none);
  time.advance(31s);
  BOOST_TEST(send("a.example").status_code == 200);
  BOOST_TEST((of("a.example") == mode::half_open));
}

BOOST_AUTO_TEST_CASE(fail_by_5xx_and_not_by_what_the_policy_did_wrong) {
  for (auto [how, code, open] : {std::tuple{http_failure::none, 503, true},
                                 {http_failure::none, 404, false},
                                 {http_failure::too_large, 0, false},
                                 {http_failure::cancelled, 0, false},
                                 {http_failure::tls, 0, true}}) {
    hosts.at("a.example")->reset("the next case");
    answer(how, code);
    for (int i = 0; i < 4; ++i)
      send("a.example");
    BOOST_TEST(((of("a.example") == mode::open) == open), code);
  }
}

BOOST_AUTO_TEST_CASE(are_left_alone_as_long_as_they_ask) {
  answer(http_failure::none, 429, {{"retry-after", "20"}});
  BOOST_TEST(send("a.example").status_code == 429);
  BOOST_TEST(send("a.example").message == "the host asked for a pause");
  answer(http_failure::none);
  time.advance(21s);
  BOOST_TEST(send("a.example").status_code == 200);
  BOOST_TEST((of("a.example") == mode::closed));
}

BOOST_AUTO_TEST_CASE(are_shown_opened_and_reset_at_a_desk) {
  auto spec = breaker::make_desk(system, 16, hosts.at("a.example"));
  BOOST_TEST(spec.rule.name == "breaker.egress.a.example");
  auto started = spec.start();
  BOOST_REQUIRE(started);
  auto desk = caf::actor_cast<breaker_actor>(*started);
  BOOST_TEST(static_cast<bool>(
      ask<void>(desk, breaker::force_open{"the host is being moved"})));
  BOOST_TEST((send("a.example").failure == http_failure::refused));
  auto seen = ask<breaker::status>(desk, breaker::get_status{});
  BOOST_REQUIRE(seen);
  BOOST_TEST(seen->name == "egress.a.example");
  BOOST_TEST(seen->counted.forced);
  BOOST_TEST(static_cast<bool>(ask<void>(desk, breaker::reset{"it was"})));
  BOOST_TEST(send("a.example").status_code == 200);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
