// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The way out: where it leads, how long it is open, and what is counted.
#include "runtime/net/egress.hpp"
#include "tests/support/fake_carrier.hpp"

#include <boost/test/unit_test.hpp>

#include <rego/curl_transport.hpp>

BOOST_AUTO_TEST_SUITE(egress_test)

using namespace acgs;
using namespace std::chrono_literals;
using acgs::test::fake_carrier;
using rego::http_failure;

namespace {

bool is_public_text(const std::string& text) {
  auto address = parse_ip_address(text);
  BOOST_REQUIRE_MESSAGE(address, text);
  return is_public(*address);
}

struct world {
  std::shared_ptr<fake_carrier> carrier = std::make_shared<fake_carrier>();
  metrics::registry registry;
  net::egress way{carrier, 2s, registry};

  double count(const std::string& result) {
    return registry
        .make_counter("acgs_egress_requests_total",
                      "Requests of policies to allowed hosts, by what they "
                      "came to",
                      {{"result", result}})
        .value();
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(addresses)

BOOST_AUTO_TEST_CASE(
    those_of_machine_link_and_private_networks_are_not_public) {
  for (auto* text : {"8.8.8.8", "192.0.1.1", "172.32.0.1", "2606:4700::1111",
                     "::ffff:8.8.8.8"})
    BOOST_TEST(is_public_text(text), text);
  for (auto* text : {"127.0.0.1",
                     "127.9.9.9",
                     "0.0.0.0",
                     "10.1.2.3",
                     "172.16.0.1",
                     "172.31.255.255",
                     "192.168.0.1",
                     "169.254.169.254",
                     "100.64.0.1",
                     "224.0.0.1",
                     "255.255.255.255",
                     "168.63.129.16",
                     "::",
                     "::1",
                     "fe80::1",
                     "fd00:ec2::254",
                     "ff02::1",
                     "::ffff:127.0.0.1",
                     "::127.0.0.1",
                     "64:ff9b::7f00:1",
                     "2002:7f00:1::",
                     "2001::1"})
    BOOST_TEST(!is_public_text(text), text);
}

BOOST_AUTO_TEST_CASE(a_network_holds_what_begins_like_it) {
  auto holds = [](const char* range, const char* address) {
    return parse_network(range)->contains(*parse_ip_address(address));
  };
  BOOST_TEST(holds("10.0.0.0/8", "10.255.0.1"));
  BOOST_TEST(!holds("10.0.0.0/8", "11.0.0.1"));
  BOOST_TEST(holds("192.168.4.0/22", "192.168.7.255"));
  BOOST_TEST(!holds("192.168.4.0/22", "192.168.8.0"));
  BOOST_TEST(holds("127.0.0.1", "::ffff:127.0.0.1"));
  BOOST_TEST(holds("::/0", "10.0.0.1"));
  BOOST_TEST(holds("fd00::/8", "fd12::1"));
  for (auto* wrong : {"", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "a/8",
                      "::/129", "10.0.0.0/8x", "10.0.0"})
    BOOST_TEST(!parse_network(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(a_name_leads_to_public_addresses_or_to_those_listed) {
  net::destinations to{{"a.example", "10.0.0.0/8", "127.0.0.1"}};
  BOOST_TEST(to.hosts == (std::vector<std::string>{"a.example", "127.0.0.1"}),
             boost::test_tools::per_element());
  for (auto* text : {"8.8.8.8", "10.9.8.7", "127.0.0.1"})
    BOOST_TEST(to.may_connect(text), text);
  for (auto* text : {"127.0.0.2", "169.254.169.254", "::1", "nonsense", ""})
    BOOST_TEST(!to.may_connect(text), text);
}

BOOST_AUTO_TEST_CASE(curl_asks_before_it_connects) {
  std::string asked;
  auto curl = rego::make_curl_transport({[&](const std::string& address) {
    asked = address;
    return false;
  }});
  rego::http_request request;
  request.method = "GET";
  request.url = "http://127.0.0.1:9/";
  request.host = "127.0.0.1";
  auto got = curl->send(request);
  BOOST_TEST((got.failure == http_failure::refused));
  BOOST_TEST(asked == "127.0.0.1");
  BOOST_TEST(got.message.find("leads to 127.0.0.1") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(way_out, world)

BOOST_AUTO_TEST_CASE(is_closed_until_it_is_opened) {
  auto got = way.send({});
  BOOST_TEST((got.failure == http_failure::refused));
  BOOST_TEST(carrier->asked.empty());
  way.open(true);
  BOOST_TEST(way.send({}).status_code == 200);
  way.open(false);
  BOOST_TEST((way.send({}).failure == http_failure::refused));
  BOOST_TEST(count("answered") == 1);
  BOOST_TEST(count("refused") == 2);
}

BOOST_AUTO_TEST_CASE(closing_ends_what_is_under_way_also_if_opened_at_once) {
  way.open(true);
  carrier->meanwhile = [&](const rego::http_request& request) {
    BOOST_TEST(!request.cancelled());
    way.open(false);
    way.open(true);
    BOOST_TEST(request.cancelled());
    return fake_carrier::failing(http_failure::cancelled);
  };
  auto got = way.send({});
  BOOST_TEST((got.failure == http_failure::cancelled));
  BOOST_TEST(got.message.find("lockdown") != std::string::npos);
  BOOST_TEST(count("cancelled") == 1);
}

BOOST_AUTO_TEST_CASE(the_evaluation_ends_its_request_as_well) {
  way.open(true);
  bool ended = false;
  rego::http_request asked;
  asked.cancelled = [&] { return ended; };
  carrier->meanwhile = [&](const rego::http_request& request) {
    BOOST_TEST(!request.cancelled());
    ended = true;
    BOOST_TEST(request.cancelled());
    return fake_carrier::failing(http_failure::cancelled);
  };
  BOOST_TEST((way.send(asked).failure == http_failure::cancelled));
}

BOOST_AUTO_TEST_CASE(no_request_takes_longer_than_it_may) {
  way.open(true);
  rego::http_request asked;
  for (auto [wanted, given] :
       {std::pair{0ns, 2000ms}, {1min, 2000ms}, {100ms, 100ms}}) {
    asked.timeout = wanted;
    way.send(asked);
    BOOST_TEST((carrier->asked.back().timeout == given));
  }
}

BOOST_AUTO_TEST_CASE(opening_twice_is_opening_once) {
  way.open(true);
  carrier->meanwhile = [&](const rego::http_request& request) {
    way.open(true);
    BOOST_TEST(!request.cancelled());
    return rego::http_response{};
  };
  way.send({});
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
