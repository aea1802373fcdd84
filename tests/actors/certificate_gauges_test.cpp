// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/node/certificate_gauges.hpp"

#include "runtime/base/time_text.hpp"
#include "runtime/crypto/certificate.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/scratch.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(certificate_gauges_test)

using namespace acgs;
using namespace std::chrono_literals;

namespace {

struct fixture {
  fixture() {
    time.set(*parse_rfc3339("2026-01-01T00:00:00Z"));
    node::show_certificates(registry, time, {{"node", path}});
  }

  void issue(std::chrono::days lifetime) {
    auto made = crypto::make_authority("test", time.now(), lifetime);
    BOOST_REQUIRE(bool{made});
    test::write_file(path, made->certificate);
  }

  double shown() const {
    constexpr std::string_view series =
        "acgs_certificate_expiry_seconds{certificate=\"node\"} ";
    auto text = registry.text();
    auto at = text.find(series);
    BOOST_REQUIRE(at != std::string::npos);
    return std::stod(text.substr(at + series.size()));
  }

  test::scratch_folder folder;
  std::filesystem::path path = folder.path() / "node.pem";
  test::manual_clock time;
  acgs::metrics::registry registry;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(certificate_gauges, fixture)

BOOST_AUTO_TEST_CASE(show_the_seconds_until_a_certificate_runs_out) {
  issue(std::chrono::days{10});
  BOOST_TEST(shown() == 864'000);
  time.set(time.now() + 1h);
  BOOST_TEST(shown() == 860'400);
  time.set(time.now() + 240h);
  BOOST_TEST(shown() == -3'600);
}

BOOST_AUTO_TEST_CASE(show_a_new_certificate_once_it_is_there) {
  issue(std::chrono::days{1});
  BOOST_TEST(shown() == 86'400);
  auto before = std::filesystem::last_write_time(path);
  issue(std::chrono::days{30});
  std::filesystem::last_write_time(path, before + 1s);
  BOOST_TEST(shown() == 2'592'000);
}

BOOST_AUTO_TEST_CASE(show_0_for_what_cannot_be_read) {
  BOOST_TEST(shown() == 0);
  test::write_file(
      path, "-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n");
  BOOST_TEST(shown() == 0);
  issue(std::chrono::days{1});
  BOOST_TEST(shown() == 86'400);
  std::filesystem::remove(path);
  BOOST_TEST(shown() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
