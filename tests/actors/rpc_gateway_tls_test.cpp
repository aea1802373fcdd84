// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// What becomes of peers over TCP that do not prove themselves.

#include "tests/support/certificates.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/rpc_node.hpp"
#include "tests/support/tls_client.hpp"

#include <boost/test/unit_test.hpp>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

BOOST_AUTO_TEST_SUITE(rpc_gateway_tls_test)

using namespace acgs;
using namespace std::chrono_literals;

namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A plain TCP connection to the gateway.
class raw_peer {
public:
  explicit raw_peer(std::uint16_t port)
      : fd_{::socket(AF_INET, SOCK_STREAM, 0)} {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    BOOST_REQUIRE(::connect(fd_, reinterpret_cast<sockaddr*>(&at), sizeof at)
                  == 0);
  }
  ~raw_peer() { ::close(fd_); }
  raw_peer(const raw_peer&) = delete;
  raw_peer& operator=(const raw_peer&) = delete;

  void send(std::string_view what) {
    BOOST_REQUIRE(::send(fd_, what.data(), what.size(), MSG_NOSIGNAL)
                  == static_cast<ssize_t>(what.size()));
  }

  /// Reads until the gateway hangs up in order, not by a reset.
  bool is_hung_up_on() {
    char buffer[4096];
    ssize_t got = 0;
    do
      got = ::read(fd_, buffer, sizeof buffer);
    while (got > 0);
    return got == 0;
  }

private:
  int fd_;
};

struct fixture : test::rpc_node {
  fixture() {
    settings.time = &clock;
    auto made = test::make_certificates(folder.path());
    settings.tcp = {"127.0.0.1",      0,       true, made.authority,
                    made.certificate, made.key};
  }

  std::string file(const std::string& name) const {
    return folder.path() / name;
  }

  /// Opens as a client with this certificate; what it is told, empty where it
  /// is let in.
  std::string open(const std::string& certificate = "tls/admin.pem",
                   const std::string& key = "tls/admin.key",
                   ec expected = ec::unavailable) {
    client::options options;
    options.address = "127.0.0.1:" + std::to_string(gateway->port());
    options.authority = file("tls/ca.pem");
    options.certificate = file(certificate);
    options.key = file(key);
    auto out = client::connection::open(options);
    if (out)
      return {};
    BOOST_TEST((code_of(out.error()) == expected));
    return sentence_of(out.error());
  }

  /// Opens in vain, and is told which certificate was refused.
  void refuses(const std::string& certificate,
               const std::string& key = "tls/admin.key") {
    auto told = open(certificate, key);
    BOOST_TEST(
        holds(told, "refused the certificate '" + file(certificate) + "'"),
        told);
  }

  std::string open_without(int version) {
    return test::ask_over_tls(gateway->port(), "x", {file("tls/ca.pem")},
                              version);
  }

  double count(const std::string& name) {
    return registry.make_counter(name, "").value();
  }
  double refused() { return count("acgs_auth_failures_total"); }
  double unfinished() { return count("acgs_rpc_handshakes_unfinished_total"); }
  double turned_away() { return count("acgs_rpc_connections_refused_total"); }

  void require_recorded(const std::string& why) {
    BOOST_TEST(by->notes(1).front()
               == "refused : the TLS handshake of the client is wrong: " + why
                      + " from 127.0.0.1");
    BOOST_TEST(refused() == 1);
    BOOST_TEST(unfinished() == 0);
  }

  void wait_for_handshakes(std::size_t as_many) {
    while (gateway->load().handshakes != as_many)
      std::this_thread::yield();
  }

  test::manual_clock clock;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(wrong_proofs, fixture)

BOOST_AUTO_TEST_CASE(another_authority_is_refused_counted_and_recorded) {
  start();
  refuses("other/admin.pem", "other/admin.key");
  require_recorded("certificate verify failed: unable to get local issuer "
                   "certificate");
}

BOOST_AUTO_TEST_CASE(the_key_of_another_certificate_is_the_clients_mistake) {
  start();
  auto told = open("tls/admin.pem", "other/admin.key", ec::invalid_argument);
  BOOST_TEST(told
             == "'" + file("other/admin.key")
                    + "' is not the key of the certificate '"
                    + file("tls/admin.pem") + "'");
  BOOST_TEST(by->notes().empty()); // nobody was asked
}

BOOST_AUTO_TEST_CASE(a_host_that_is_not_known_is_told_in_words) {
  client::options options;
  auto host = std::string(64, 'x'); // no name has such a part: none is asked
  options.address = host + ":8182";
  options.authority = file("tls/ca.pem");
  options.certificate = file("tls/admin.pem");
  options.key = file("tls/admin.key");
  auto out = client::connection::open(options);
  BOOST_REQUIRE(!out);
  BOOST_TEST((code_of(out.error()) == ec::unavailable));
  auto told = sentence_of(out.error());
  BOOST_TEST(holds(told, host + ":8182: the host is not known: "), told);
  BOOST_TEST(!holds(told, "gai_strerror"), told);
}

BOOST_AUTO_TEST_CASE(a_certificate_that_has_run_out_is_refused_as_such) {
  start();
  refuses("expired.pem");
  require_recorded("certificate verify failed: certificate has expired");
}

BOOST_AUTO_TEST_CASE(the_certificate_of_the_authority_is_for_no_client) {
  start();
  refuses("tls/ca.pem", "tls/ca.key");
  require_recorded("certificate verify failed: unsuitable certificate purpose");
}

BOOST_AUTO_TEST_CASE(a_certificate_without_a_name_is_refused_as_such) {
  start();
  auto nameless = test::make_nameless_certificate(folder.path());
  BOOST_TEST(holds(open(nameless, "tls/admin.key", ec::unauthenticated),
                   "the client certificate has no common name"));
  BOOST_TEST(by->notes(1).front()
             == "refused : the client certificate has no common name from "
                "127.0.0.1");
  BOOST_TEST(refused() == 1);
  BOOST_TEST(unfinished() == 0);
}

BOOST_AUTO_TEST_CASE(no_certificate_is_refused_in_both_versions_of_tls) {
  start();
  BOOST_TEST(open_without(TLS1_3_VERSION) == "");
  require_recorded("peer did not return a certificate");
  BOOST_TEST(open_without(TLS1_2_VERSION) == "");
  BOOST_TEST(by->notes(2).size() == 2u);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_tls_are_a_wrong_proof) {
  start();
  raw_peer peer{gateway->port()};
  peer.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  BOOST_TEST(peer.is_hung_up_on());
  require_recorded("http request");
  raw_peer other{gateway->port()};
  other.send(std::string(3000, '\xA5'));
  BOOST_TEST(other.is_hung_up_on());
  BOOST_TEST(holds(by->notes(2).back(), "wrong version number"));
  BOOST_TEST(open() == "");
}

BOOST_AUTO_TEST_CASE(beyond_its_rate_an_address_is_counted_and_not_recorded) {
  settings.limits.fallback = {1, 2};
  start();
  for (int i = 0; i < 4; ++i) {
    raw_peer peer{gateway->port()};
    peer.send("hello, is anybody there?");
    BOOST_TEST(peer.is_hung_up_on());
  }
  BOOST_TEST(refused() == 4);
  clock.advance(1s);
  BOOST_TEST(open("expired.pem") != "");
  auto all = by->notes(3);
  BOOST_TEST(all.size() == 3u);
  BOOST_TEST(holds(all.back(), "has expired"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(no_proofs, fixture)

BOOST_AUTO_TEST_CASE(a_probe_that_leaves_is_counted_and_refused_nothing) {
  start();
  { raw_peer peer{gateway->port()}; }
  while (unfinished() < 1)
    std::this_thread::yield();
  BOOST_TEST(refused() == 0);
  BOOST_TEST(open() == "");
  BOOST_TEST(by->notes().empty());
}

BOOST_AUTO_TEST_CASE(a_client_that_refuses_the_node_proves_nothing_wrong) {
  start();
  BOOST_TEST(test::ask_over_tls(gateway->port(), "x",
                                {file("other/ca.pem"), file("tls/admin.pem"),
                                 file("tls/admin.key")})
             == "");
  while (unfinished() < 1)
    std::this_thread::yield();
  BOOST_TEST(refused() == 0);
  BOOST_TEST(by->notes().empty());
}

BOOST_AUTO_TEST_CASE(silence_ends_when_its_time_is_up) {
  start();
  raw_peer silent{gateway->port()};
  wait_for_handshakes(1);
  clock.advance(settings.within.handshake_timeout - 1ns);
  BOOST_TEST(open() == "");
  BOOST_TEST(gateway->load().handshakes == 1u);
  clock.advance(1ns);
  BOOST_TEST(silent.is_hung_up_on());
  wait_for_handshakes(0);
  BOOST_TEST(unfinished() == 1);
  BOOST_TEST(refused() == 0);
}

BOOST_AUTO_TEST_CASE(silent_peers_hold_up_nobody) {
  start();
  raw_peer one{gateway->port()};
  raw_peer two{gateway->port()};
  two.send("\x16\x03\x01"); // the beginning of a record
  wait_for_handshakes(2);
  BOOST_TEST(open() == "");
  BOOST_TEST(gateway->load().handshakes == 2u);
}

BOOST_AUTO_TEST_CASE(an_address_has_so_many_handshakes_and_no_more) {
  settings.within.handshakes_of_address_max = 2;
  start();
  raw_peer one{gateway->port()};
  auto two = std::make_unique<raw_peer>(gateway->port());
  wait_for_handshakes(2);
  raw_peer three{gateway->port()};
  BOOST_TEST(three.is_hung_up_on());
  BOOST_TEST(turned_away() == 1);
  two.reset();
  wait_for_handshakes(1);
  BOOST_TEST(open() == "");
}

BOOST_AUTO_TEST_CASE(a_gateway_that_drains_ends_handshakes) {
  start();
  raw_peer silent{gateway->port()};
  wait_for_handshakes(1);
  gateway->drain();
  BOOST_TEST(silent.is_hung_up_on());
  BOOST_TEST(gateway->load().handshakes == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
