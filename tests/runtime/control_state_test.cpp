// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/wire/control_state.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

BOOST_AUTO_TEST_SUITE(control_state_test)

using namespace acgs;

namespace {

domain::control_state sample() {
  domain::control_state out;
  out.revision = 7;
  out.time_nanos = 42;
  out.constitution_digest.fill(std::byte{3});
  auto text = [](const char* from) {
    return std::make_shared<const std::string>(from);
  };
  out.constitution["main.rego"] = {text("package m"), 1, 2};
  out.policies["a"] = {text("package a"), 3, 4};
  out.policies["b"] = {text(""), 5, 6};
  out.data = text(R"({"x":1})");
  out.data_revision = 6;
  auto& user = out.users["alice"];
  user.role_ = domain::role::admin;
  user.tenant = "acme";
  user.password_hash = "$argon2id$x";
  user.revoked = true;
  user.created_nanos = 9;
  auto& token = out.tokens["t1"];
  token.subject = "alice";
  token.role_ = domain::role::viewer;
  token.tenant = "acme";
  token.kind = domain::token_kind::refresh;
  token.family = "f1";
  token.issued_nanos = 10;
  token.expires_nanos = 11;
  token.revoked = true;
  out.limits["role:agent"] = {1.5, 3};
  out.keys["k"] = {"token", "k+0+AA", false, true, 12};
  out.log_level = "DEBUG";
  out.strict = {true, "alice", "drill", 13};
  out.lockdown = {false, "bob", "over", 14};
  // One archive under two names, and behind it, as in stores from when an
  // archive had one, the next by its digest.
  out.archives[{"d1", "authz"}].roots = {"a", "b"};
  out.archives[{"d1", "roles"}].bytes = 17;
  out.archives[{"d2", "app"}].is_delta = true;
  out.aliases = {{std::string(64, 'a'), "cdd01ef066bc6cf2"}};
  auto trial = std::make_shared<domain::candidate>();
  trial->name = "tighter";
  trial->share = 0.25;
  trial->modules["a"] = {text("package a"), 15, 16};
  trial->revision = 15;
  trial->time_nanos = 16;
  trial->by = "carol";
  out.trial = std::move(trial);
  return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_state_reads_as_it_was_written) {
  auto stored = wire::encode_control_state(sample());
  auto read = wire::decode_control_state(stored);
  BOOST_REQUIRE(read);
  const auto& got = **read;
  BOOST_TEST(got.revision == 7u);
  BOOST_TEST(got.time_nanos == 42);
  BOOST_TEST((got.constitution_digest == sample().constitution_digest));
  BOOST_TEST(*got.constitution.at("main.rego").text == "package m");
  BOOST_TEST(*got.policies.at("a").text == "package a");
  BOOST_TEST(got.policies.at("b").revision == 5u);
  BOOST_TEST(got.policies.at("b").time_nanos == 6);
  BOOST_TEST(*got.data == R"({"x":1})");
  BOOST_TEST(got.data_revision == 6u);
  BOOST_TEST((got.users.at("alice").role_ == domain::role::admin));
  BOOST_TEST(got.users.at("alice").password_hash == "$argon2id$x");
  BOOST_TEST(got.users.at("alice").revoked);
  BOOST_TEST((got.tokens.at("t1").kind == domain::token_kind::refresh));
  BOOST_TEST(got.tokens.at("t1").family == "f1");
  BOOST_TEST(got.tokens.at("t1").expires_nanos == 11);
  BOOST_TEST(got.tokens.at("t1").revoked);
  BOOST_TEST(got.limits.at("role:agent").requests_per_second == 1.5);
  BOOST_TEST(got.keys.at("k").verifier_key == "k+0+AA");
  BOOST_REQUIRE(got.trial);
  BOOST_TEST(got.trial->name == "tighter");
  BOOST_TEST(got.trial->share == 0.25);
  BOOST_TEST(*got.trial->modules.at("a").text == "package a");
  BOOST_TEST(got.trial->revision == 15u);
  BOOST_TEST(got.trial->by == "carol");
  BOOST_TEST(!got.keys.at("k").active);
  BOOST_TEST(got.keys.at("k").revoked);
  BOOST_TEST(got.log_level == "DEBUG");
  BOOST_TEST(got.strict.on);
  BOOST_TEST(got.strict.reason == "drill");
  BOOST_TEST(got.lockdown.by == "bob");
  BOOST_TEST(got.archives.size() == 3u);
  BOOST_TEST(got.archives.at({"d2", "app"}).is_delta);
  BOOST_TEST(got.archives.at({"d1", "authz"}).roots.size() == 2u);
  BOOST_TEST(got.archives.at({"d1", "roles"}).bytes == 17u);
  BOOST_REQUIRE(bool{got.aliases});
  BOOST_TEST((*got.aliases == *sample().aliases));
  // Nothing is lost on the way: the same bytes come out again.
  BOOST_TEST((wire::encode_control_state(got) == stored));
}

BOOST_AUTO_TEST_CASE(hostile_bytes_are_refused_or_read_but_never_crash) {
  auto good = wire::encode_control_state(sample());
  std::mt19937 random{2};
  std::size_t refused = 0;
  for (int i = 0; i < 20000; ++i) {
    auto bad = good;
    for (int k = 0; k < 3; ++k)
      bad[random() % bad.size()] = static_cast<std::byte>(random());
    if (random() % 4 == 0)
      bad.resize(random() % bad.size());
    auto out = wire::decode_control_state(bad);
    if (out)
      continue;
    ++refused;
    BOOST_REQUIRE(!sentence_of(out.error()).empty());
  }
  BOOST_TEST(refused > 5000u);
}

BOOST_AUTO_TEST_CASE(refuses_empty_odd_and_unordered_bytes) {
  BOOST_CHECK(!wire::decode_control_state({}));
  bytes odd(9);
  BOOST_CHECK(!wire::decode_control_state(odd));
  bytes zeros(64);
  BOOST_CHECK(!wire::decode_control_state(zeros));
}

BOOST_AUTO_TEST_SUITE_END()
