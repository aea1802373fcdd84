// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/metrics/exposer.hpp"
#include "runtime/metrics/registry.hpp"

#include <boost/test/unit_test.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(metrics_test)

using namespace acgs;
using namespace std::chrono_literals;

namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// One HTTP/1.0 exchange with a port of this machine.
std::string fetch(std::uint16_t port, std::string_view path,
                  const std::string& fields = "") {
  int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  auto request = "GET " + std::string{path} + " HTTP/1.0\r\n" + fields + "\r\n";
  if (::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0
      && ::send(fd, request.data(), request.size(), MSG_NOSIGNAL) > 0) {
    char part[4096];
    for (ssize_t n; (n = ::read(fd, part, sizeof part)) > 0;)
      answer.append(part, static_cast<std::size_t>(n));
  }
  ::close(fd);
  return answer;
}

} // namespace

BOOST_AUTO_TEST_CASE(counters_gauges_and_histograms_stand_in_the_text) {
  metrics::registry all;
  auto hits =
      all.make_counter("acgs_cache_hits_total", "Hits.", {{"tier", "l1"}});
  hits.increment();
  hits.increment(2);
  all.make_gauge("acgs_policies", "Active policies.").set(7);
  auto spent = all.make_histogram("acgs_decision_duration_seconds", "Time.",
                                  metrics::latency_bounds());
  spent.observe(300us);
  auto text = all.text();
  BOOST_TEST(contains(text, "acgs_cache_hits_total{tier=\"l1\"} 3"));
  BOOST_TEST(contains(text, "acgs_policies 7"));
  BOOST_TEST(contains(text, "seconds_bucket{le=\"0.00025\"} 0"));
  BOOST_TEST(contains(text, "seconds_bucket{le=\"0.0005\"} 1"));
  BOOST_TEST(contains(text, "seconds_bucket{le=\"+Inf\"} 1"));
}

BOOST_AUTO_TEST_CASE(the_same_name_and_labels_are_the_same_series) {
  metrics::registry all;
  all.make_counter("acgs_a_total", "A.", {{"x", "1"}}).increment();
  auto again = all.make_counter("acgs_a_total", "A.", {{"x", "1"}});
  BOOST_TEST(again.value() == 1.0);
  BOOST_TEST(all.make_counter("acgs_a_total", "A.", {{"x", "2"}}).value()
             == 0.0);
}

BOOST_AUTO_TEST_CASE(a_name_that_prometheus_would_refuse_is_refused) {
  metrics::registry all;
  BOOST_CHECK_THROW(all.make_counter("acgs total", "A."),
                    std::invalid_argument);
  all.make_counter("acgs_b_total", "B.");
  BOOST_CHECK_THROW(all.make_gauge("acgs_b_total", "B."),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_family_counts_what_is_too_much_under_other) {
  metrics::registry all;
  metrics::counter_family seen{
      all, "acgs_http_requests_total", "Requests.", {"endpoint", "status"}, 2};
  for (auto endpoint : {"/a", "/b", "/c", "/d", "/a"})
    seen.increment({endpoint, "200"});
  auto text = all.text();
  BOOST_TEST(contains(text, "{endpoint=\"/a\",status=\"200\"} 2"));
  BOOST_TEST(contains(text, "{endpoint=\"other\",status=\"other\"} 2"));
  BOOST_TEST(!contains(text, "/c"));
}

BOOST_AUTO_TEST_CASE(a_family_of_histograms_keeps_one_a_combination) {
  metrics::registry all;
  metrics::histogram_family spent{all,
                                  "acgs_http_request_duration_seconds",
                                  "Time.",
                                  metrics::latency_bounds(),
                                  {"method"}};
  spent.observe({"GET"}, 1ms);
  spent.observe({"GET"}, 1ms);
  spent.observe({"POST"}, 1ms);
  auto text = all.text();
  BOOST_TEST(contains(text, "_count{method=\"GET\"} 2"));
  BOOST_TEST(contains(text, "_count{method=\"POST\"} 1"));
}

BOOST_AUTO_TEST_CASE(gauges_can_be_read_at_each_collection) {
  metrics::registry all;
  auto reads = all.make_gauge("acgs_reads", "Reads.");
  all.before_collection([reads]() mutable { reads.add(1); });
  all.text();
  BOOST_TEST(contains(all.text(), "acgs_reads 2"));
}

BOOST_AUTO_TEST_CASE(the_exposer_serves_the_registry_on_a_free_port) {
  metrics::registry all;
  all.make_counter("acgs_a_total", "A.").increment();
  auto server = metrics::exposer::start(all, "127.0.0.1", 0, 1);
  BOOST_REQUIRE(server);
  auto answer = fetch((*server)->port(), "/metrics");
  BOOST_TEST(contains(answer, "200 OK"));
  BOOST_TEST(contains(answer, "acgs_a_total 1"));
  BOOST_TEST(contains(fetch((*server)->port(), "/etc/passwd"), "404"));
}

BOOST_AUTO_TEST_CASE(the_exposer_answers_to_names_of_its_own_alone) {
  metrics::registry all;
  auto server =
      metrics::exposer::start(all, "127.0.0.1", 0, 1, {"metrics.example"});
  BOOST_REQUIRE(server);
  auto port = (*server)->port();
  auto said = [&](const std::string& host) {
    return fetch(port, "/metrics", "Host: " + host + "\r\n");
  };
  auto at = ":" + std::to_string(port);
  for (const auto& host : {"localhost" + at, "127.0.0.1" + at, "[::1]" + at,
                           std::string{"Metrics.Example"}})
    BOOST_TEST(contains(said(host), "200 OK"), host);
  for (const auto& host : {"evil.example" + at, "localhost.evil.example" + at,
                           std::string{"metrics.example:x"}}) {
    auto answer = said(host);
    BOOST_TEST(contains(answer, "403 Forbidden"), host);
    BOOST_TEST(answer.ends_with("http.hosts\n"), answer);
    BOOST_TEST(!contains(answer, "acgs_"), host);
  }
}

BOOST_AUTO_TEST_CASE(a_busy_port_gives_way_to_the_next_unless_strict) {
  metrics::registry all;
  auto first = metrics::exposer::start(all, "127.0.0.1", 0, 1);
  BOOST_REQUIRE(first);
  auto port = (*first)->port();
  auto strict = metrics::exposer::start(all, "127.0.0.1", port, 1);
  BOOST_REQUIRE(!strict);
  BOOST_TEST(contains(sentence_of(strict.error()), std::to_string(port)));
  auto next = metrics::exposer::start(all, "127.0.0.1", port, 50);
  BOOST_REQUIRE(next);
  BOOST_TEST((*next)->port() != port);
}

BOOST_AUTO_TEST_CASE(an_address_of_another_machine_is_an_error) {
  metrics::registry all;
  auto server = metrics::exposer::start(all, "192.0.2.1", 0, 1);
  BOOST_REQUIRE(!server);
  BOOST_TEST((code_of(server.error()) == ec::unavailable));
}

BOOST_AUTO_TEST_SUITE_END()
