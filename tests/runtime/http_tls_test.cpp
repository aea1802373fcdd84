// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/crypto/certificate.hpp"
#include "runtime/net/http/server.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/tls_client.hpp"

#include <boost/test/unit_test.hpp>

#include <mutex>
#include <thread>

BOOST_AUTO_TEST_SUITE(http_tls_test)

using namespace acgs;
using namespace std::chrono_literals;
using acgs::test::http_client;

namespace {

constexpr auto request = "GET / HTTP/1.1\r\nHost: localhost\r\n"
                         "Connection: close\r\n\r\n";

/// Each has a key of its own under the same name.
crypto::credentials some_authority() {
  auto made = crypto::make_authority("test authority", system_clock().now(),
                                     std::chrono::days{10});
  BOOST_REQUIRE(made);
  return std::move(*made);
}

/// A server behind TLS that answers with the name of the client's certificate,
/// and notes which handshakes came to nothing, and why.
struct fixture {
  fixture() {
    write("ca.pem", authority.certificate);
    issue("node", authority);
    issue("admin", authority);
    options.listen = {{"127.0.0.1", 0}};
    options.tls = {file("node.pem"), file("node.key"), file("ca.pem")};
    start();
  }

  void start() {
    loop.run([&] {
      server.reset();
      auto made = http::server::start(
          loop, clock, options,
          {[](http::exchange one) {
             auto name = one.from().certificate_name;
             one.respond({.body = name.value_or("nobody")});
           },
           [](const http::refusal&, const http::peer&) {
             return http::response{};
           },
           [this](const std::optional<std::string>& wrong,
                  const http::peer& from) {
             std::lock_guard guard{mutex};
             noted.push_back(from.address + ": " + wrong.value_or("none"));
           }});
      BOOST_REQUIRE(made);
      server = std::move(*made);
      port = server->addresses().at(0).port;
    });
  }

  ~fixture() {
    loop.run([this] { server.reset(); });
  }

  std::string file(const std::string& name) const {
    return (folder.path() / name).string();
  }

  void write(const std::string& name, std::string_view text) {
    test::write_file(folder.path() / name, text);
  }

  void issue(const std::string& name, const crypto::credentials& by,
             crypto::certificate_use use = crypto::certificate_use::both,
             std::chrono::days ago = {}) {
    crypto::certificate_request what;
    what.common_name = name;
    what.names = {"localhost", "127.0.0.1"};
    what.use = use;
    auto made = crypto::issue_certificate(by, what, system_clock().now() - ago);
    BOOST_REQUIRE(made);
    write(name + ".pem", made->certificate);
    made->key.read([&](byte_view key) { write(name + ".key", as_text(key)); });
  }

  std::string ask_as(const std::string& name) {
    return test::ask_over_tls(
        port, request,
        {file("ca.pem"), file(name + ".pem"), file(name + ".key")});
  }

  /// What was noted, when there is so much.
  std::vector<std::string> notes(std::size_t as_many) {
    while (true) {
      std::unique_lock lock{mutex};
      if (noted.size() >= as_many)
        return noted;
      lock.unlock();
      std::this_thread::yield();
    }
  }

  void require_noted(const std::string& why) {
    BOOST_TEST(notes(1) == std::vector<std::string>{"127.0.0.1: " + why},
               boost::test_tools::per_element());
  }

  http::server_counts counts() {
    http::server_counts out;
    loop.run([&] { out = server->counts(); });
    return out;
  }

  test::manual_clock clock;
  http::server_options options;
  std::mutex mutex;
  std::vector<std::string> noted;
  test::scratch_folder folder;
  crypto::credentials authority = some_authority();
  net::asio_loop loop{"tls-test"};
  std::unique_ptr<http::server> server;
  std::uint16_t port = 0;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(http_tls, fixture)

BOOST_AUTO_TEST_CASE(serves_clients_with_and_without_a_certificate) {
  auto plain = test::ask_over_tls(port, request, {file("ca.pem")});
  BOOST_TEST(plain.ends_with("\r\n\r\nnobody"), plain);
  auto named = test::ask_over_tls(
      port, request, {file("ca.pem"), file("admin.pem"), file("admin.key")});
  BOOST_TEST(named.ends_with("\r\n\r\nadmin"), named);
}

BOOST_AUTO_TEST_CASE(refuses_certificates_of_another_authority) {
  issue("forged", some_authority());
  BOOST_TEST(ask_as("forged") == "");
  require_noted("certificate verify failed: unable to get local issuer "
                "certificate");
}

BOOST_AUTO_TEST_CASE(refuses_certificates_that_have_run_out) {
  issue("old", authority, crypto::certificate_use::both,
        std::chrono::days{366});
  BOOST_TEST(ask_as("old") == "");
  require_noted("certificate verify failed: certificate has expired");
}

BOOST_AUTO_TEST_CASE(refuses_certificates_that_are_for_servers) {
  issue("server", authority, crypto::certificate_use::server);
  BOOST_TEST(ask_as("server") == "");
  require_noted("certificate verify failed: unsuitable certificate purpose");
}

BOOST_AUTO_TEST_CASE(leaves_a_refused_client_the_time_to_read_why) {
  http_client clear{port};
  clear.send(request);
  BOOST_TEST(!clear.try_read());
  BOOST_TEST(counts().open == 1u);
  clear.send(request);
  clock.advance(options.linger_timeout);
  loop.run([this] { server->sweep(); });
  BOOST_TEST(counts().open == 0u);
  BOOST_TEST(counts().timed_out == 0u);
}

BOOST_AUTO_TEST_CASE(is_done_with_a_refused_client_that_has_left) {
  issue("forged", some_authority());
  BOOST_TEST(ask_as("forged") == "");
  while (counts().open > 0)
    std::this_thread::yield();
}

BOOST_AUTO_TEST_CASE(refuses_old_versions_and_plain_text) {
  BOOST_TEST(test::ask_over_tls(port, request, {file("ca.pem")}, TLS1_1_VERSION)
             == "");
  http_client clear{port};
  clear.send(request);
  BOOST_TEST(!clear.try_read());
  auto all = notes(2);
  BOOST_TEST(all.front() == "127.0.0.1: unsupported protocol");
  BOOST_TEST(all.back() == "127.0.0.1: http request");
}

BOOST_AUTO_TEST_CASE(takes_nothing_for_a_proof_where_it_asks_for_none) {
  options.tls.client_authority.clear();
  start();
  http_client clear{port};
  clear.send(request);
  BOOST_TEST(!clear.try_read());
  require_noted("none");
}

BOOST_AUTO_TEST_CASE(a_probe_that_leaves_showed_nothing_wrong) {
  { http_client probe{port}; }
  require_noted("none");
}

BOOST_AUTO_TEST_CASE(a_client_that_refuses_the_server_showed_nothing_wrong) {
  write("other.pem", some_authority().certificate);
  BOOST_TEST(test::ask_over_tls(port, request, {file("other.pem")}) == "");
  require_noted("none");
}

BOOST_AUTO_TEST_CASE(a_handshake_has_its_time_and_holds_up_nobody) {
  http_client silent{port};
  while (counts().open != 1)
    std::this_thread::yield();
  clock.advance(options.head_timeout - 1ns);
  loop.run([this] { server->sweep(); });
  BOOST_TEST(ask_as("admin").ends_with("admin"));
  BOOST_TEST(counts().timed_out == 0u);
  clock.advance(1ns);
  BOOST_TEST(silent.at_end());
  require_noted("none");
  BOOST_TEST(counts().timed_out == 1u);
}

BOOST_AUTO_TEST_CASE(refuses_a_key_that_is_not_the_certificates) {
  options.tls = {file("node.pem"), file("admin.key"), {}};
  loop.run([&] {
    auto made =
        http::server::start(loop, system_clock(), options,
                            {[](http::exchange) {},
                             [](const http::refusal&, const http::peer&) {
                               return http::response{};
                             }});
    BOOST_REQUIRE(!made);
    BOOST_TEST((code_of(made.error()) == ec::invalid_argument));
    BOOST_TEST(sentence_of(made.error()).find("admin.key")
               != std::string::npos);
  });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
