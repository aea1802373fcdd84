// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#define BOOST_TEST_MODULE http_tls
#include "runtime/crypto/certificate.hpp"
#include "runtime/net/http/server.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/tls_client.hpp"

#include <boost/test/unit_test.hpp>

using namespace acgs;

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

/// A server behind TLS that answers with the name of the client's certificate.
struct fixture {
  fixture() {
    write("ca.pem", authority.certificate);
    issue("node", authority);
    issue("admin", authority);
    http::server_options options;
    options.listen = {{"127.0.0.1", 0}};
    options.tls = {file("node.pem"), file("node.key"), file("ca.pem")};
    loop.run([&] {
      auto made = http::server::start(
          loop, system_clock(), options,
          {[](http::exchange one) {
             auto name = one.from().certificate_name;
             one.respond({.body = name.empty() ? "nobody" : name});
           },
           [](const http::refusal&, const http::peer&) {
             return http::response{};
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

  void issue(const std::string& name, const crypto::credentials& by) {
    crypto::certificate_request what;
    what.common_name = name;
    what.names = {"localhost", "127.0.0.1"};
    auto made = crypto::issue_certificate(by, what, system_clock().now());
    BOOST_REQUIRE(made);
    write(name + ".pem", made->certificate);
    made->key.read([&](byte_view key) { write(name + ".key", as_text(key)); });
  }

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
  BOOST_TEST(test::ask_over_tls(
                 port, request,
                 {file("ca.pem"), file("forged.pem"), file("forged.key")})
             == "");
}

BOOST_AUTO_TEST_CASE(refuses_old_versions_and_plain_text) {
  BOOST_TEST(test::ask_over_tls(port, request, {file("ca.pem")}, TLS1_1_VERSION)
             == "");
  test::http_client clear{port};
  clear.send(request);
  BOOST_TEST(!clear.try_read());
}

BOOST_AUTO_TEST_CASE(refuses_a_key_that_is_not_the_certificates) {
  http::server_options options;
  options.listen = {{"127.0.0.1", 0}};
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
