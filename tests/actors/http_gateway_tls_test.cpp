// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// What becomes of clients over HTTPS whose certificates are wrong.

#include "tests/support/certificates.hpp"
#include "tests/support/http_gateway_fixture.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/tls_client.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

BOOST_AUTO_TEST_SUITE(http_gateway_tls_test)

using namespace acgs;
using namespace std::chrono_literals;
using acgs::test::http_client;

namespace {

constexpr auto request = "GET /auth/me HTTP/1.1\r\nHost: localhost\r\n"
                         "Connection: close\r\n\r\n";

struct fixture : test::http_gateway_fixture {
  fixture() {
    auto made = test::make_certificates(folder.path());
    settings.server.tls = {made.certificate, made.key, made.authority};
    start();
  }

  std::string file(const std::string& name) const {
    return folder.path() / name;
  }

  /// The answer to a client with this certificate; empty where it is not let
  /// in.
  std::string ask(const std::string& certificate = "tls/admin.pem",
                  const std::string& key = "tls/admin.key") {
    return test::ask_over_tls(
        port, request, {file("tls/ca.pem"), file(certificate), file(key)});
  }

  double count(const std::string& name) {
    return registry.make_counter(name, "").value();
  }
  double refused() { return count("acgs_auth_failures_total"); }
  double unfinished() { return count("acgs_http_handshakes_unfinished_total"); }

  /// What IDENTITY was told, when it was told so much.
  std::vector<identity::refused> recorded(std::size_t as_many) {
    while (true) {
      std::unique_lock lock{fakes.mutex};
      if (fakes.refused.size() >= as_many)
        return fakes.refused;
      lock.unlock();
      std::this_thread::yield();
    }
  }

  void require_recorded(const std::string& why) {
    auto told = recorded(1).front();
    BOOST_TEST(told.reason
               == "the TLS handshake of the client is wrong: " + why);
    BOOST_TEST(told.subject == "");
    BOOST_TEST(told.address == "127.0.0.1");
    BOOST_TEST(told.request_id != "");
    BOOST_TEST(refused() == 1);
    BOOST_TEST(unfinished() == 0);
  }

  test::scratch_folder folder;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(http_gateway_tls, fixture)

BOOST_AUTO_TEST_CASE(another_authority_is_refused_counted_and_recorded) {
  BOOST_TEST(ask("other/admin.pem", "other/admin.key") == "");
  require_recorded("certificate verify failed: unable to get local issuer "
                   "certificate");
}

BOOST_AUTO_TEST_CASE(a_certificate_that_has_run_out_is_refused_as_such) {
  BOOST_TEST(ask("expired.pem") == "");
  require_recorded("certificate verify failed: certificate has expired");
}

BOOST_AUTO_TEST_CASE(the_certificate_of_the_authority_is_for_no_client) {
  BOOST_TEST(ask("tls/ca.pem", "tls/ca.key") == "");
  require_recorded("certificate verify failed: unsuitable certificate purpose");
}

BOOST_AUTO_TEST_CASE(right_certificates_and_none_are_let_in) {
  BOOST_TEST(ask().find("cert:admin") != std::string::npos);
  auto none = test::ask_over_tls(port, request, {file("tls/ca.pem")});
  BOOST_TEST(none.find("anonymous") != std::string::npos);
  BOOST_TEST(refused() == 0);
  BOOST_TEST(unfinished() == 0);
}

BOOST_AUTO_TEST_CASE(a_revoked_user_is_refused_counted_and_recorded) {
  control.users["cert:admin"].revoked = true;
  publish();
  BOOST_TEST(ask().starts_with("HTTP/1.1 401 "));
  auto told = recorded(1).front();
  BOOST_TEST(told.subject == "cert:admin");
  BOOST_TEST(told.reason == "cert:admin was revoked");
  BOOST_TEST(refused() == 1);
}

BOOST_AUTO_TEST_CASE(a_certificate_without_a_name_is_refused_as_wrong_ones) {
  auto nameless = test::make_nameless_certificate(folder.path());
  BOOST_TEST(ask(nameless, "tls/admin.key").starts_with("HTTP/1.1 401 "));
  auto told = recorded(1).front();
  BOOST_TEST(told.subject == "");
  BOOST_TEST(told.reason == "the client certificate has no common name");
  BOOST_TEST(told.address == "127.0.0.1");
  BOOST_TEST(refused() == 1);
}

BOOST_AUTO_TEST_CASE(beyond_its_rate_an_address_is_counted_and_not_recorded) {
  settings.limits.fallback = {1, 2};
  start();
  for (int i = 0; i < 4; ++i) {
    http_client peer{port};
    peer.send("hello, is anybody there?");
    BOOST_TEST(!peer.try_read());
  }
  BOOST_TEST(refused() == 4);
  clock.advance(1s);
  BOOST_TEST(ask("expired.pem") == "");
  auto all = recorded(3);
  BOOST_TEST(all.size() == 3u);
  BOOST_TEST(all.back().reason.ends_with("certificate has expired"));
}

BOOST_AUTO_TEST_CASE(a_probe_that_leaves_is_counted_and_refused_nothing) {
  { http_client peer{port}; }
  while (unfinished() < 1)
    std::this_thread::yield();
  BOOST_TEST(refused() == 0);
  BOOST_TEST(ask() != "");
  BOOST_TEST(recorded(0).empty());
}

BOOST_AUTO_TEST_CASE(silence_ends_when_its_time_is_up) {
  http_client silent{port};
  // Whoever is answered knows that the one before was accepted.
  BOOST_TEST(ask() != "");
  clock.advance(settings.server.head_timeout);
  BOOST_TEST(silent.at_end());
  BOOST_TEST(unfinished() == 1);
  BOOST_TEST(refused() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
