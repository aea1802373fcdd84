// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/auth/local_identity.hpp"
#include "runtime/auth/rate_limiter.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(rate_limiter_test)

using namespace acgs;
using namespace std::chrono_literals;

namespace {

constexpr steady_time start{100s};

auth::rate_limits limits_of(double rate, double burst,
                            std::size_t buckets = 100) {
  auth::rate_limits out;
  out.fallback = {rate, burst};
  out.buckets_max = buckets;
  return out;
}

domain::identity caller(std::string subject,
                        domain::role as = domain::role::viewer) {
  domain::identity out;
  out.subject = std::move(subject);
  out.role_ = as;
  out.method = domain::auth_method::token;
  return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(takes_a_burst_and_then_the_steady_rate) {
  auth::rate_limiter limiter{limits_of(10, 3)};
  auto alice = caller("alice");
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(!limiter.take(alice, nullptr, start));
  auto wait = limiter.take(alice, nullptr, start);
  BOOST_REQUIRE(wait);
  BOOST_TEST((*wait == 100ms));
  BOOST_CHECK(limiter.take(alice, nullptr, start + 99ms));
  BOOST_TEST(!limiter.take(alice, nullptr, start + 100ms));
  BOOST_CHECK(limiter.take(alice, nullptr, start + 100ms));
}

BOOST_AUTO_TEST_CASE(what_stands_for_several_calls_takes_as_many) {
  auth::rate_limiter limiter{limits_of(10, 5)};
  auto alice = caller("alice");
  BOOST_TEST(!limiter.take(alice, nullptr, start, 3));
  auto wait = limiter.take(alice, nullptr, start, 4);
  BOOST_REQUIRE(wait);
  BOOST_TEST((*wait == 200ms));
  // More than a burst takes the whole one, or it would never be let through.
  BOOST_TEST(!limiter.take(alice, nullptr, start + 300ms, 100));
  BOOST_CHECK(limiter.take(alice, nullptr, start + 300ms));
}

BOOST_AUTO_TEST_CASE(a_pause_does_not_save_up_more_than_the_burst) {
  auth::rate_limiter limiter{limits_of(10, 3)};
  auto alice = caller("alice");
  BOOST_TEST(!limiter.take(alice, nullptr, start));
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(!limiter.take(alice, nullptr, start + 24h));
  BOOST_CHECK(limiter.take(alice, nullptr, start + 24h));
}

BOOST_AUTO_TEST_CASE(callers_do_not_share_a_bucket) {
  auth::rate_limiter limiter{limits_of(1, 1)};
  BOOST_TEST(!limiter.take(caller("alice"), nullptr, start));
  BOOST_TEST(!limiter.take(caller("bob"), nullptr, start));
  BOOST_CHECK(limiter.take(caller("alice"), nullptr, start));
}

BOOST_AUTO_TEST_CASE(those_without_proof_are_told_apart_by_address) {
  auth::rate_limiter limiter{limits_of(1, 1)};
  auto at = [](const char* address) {
    return auth::anonymous_identity(address);
  };
  BOOST_TEST(!limiter.take(at("192.0.2.1"), nullptr, start));
  BOOST_TEST(!limiter.take(at("192.0.2.2"), nullptr, start));
  BOOST_CHECK(limiter.take(at("192.0.2.1"), nullptr, start));
  BOOST_TEST(!limiter.take(at("unix"), nullptr, start));
}

BOOST_AUTO_TEST_CASE(those_without_proof_on_loopback_are_one) {
  auth::rate_limiter limiter{limits_of(1, 1)};
  auto at = [](const char* address) {
    return auth::anonymous_identity(address);
  };
  BOOST_TEST(!limiter.take(at("127.0.0.1"), nullptr, start));
  for (auto* address : {"127.0.0.9", "127.255.0.1", "::1", "::ffff:127.0.0.7"})
    BOOST_CHECK(limiter.take(at(address), nullptr, start));
  BOOST_TEST(limiter.buckets() == 1u);
}

BOOST_AUTO_TEST_CASE(the_nearest_limit_counts) {
  auto configured = limits_of(1, 1);
  configured.by_role[domain::role::operator_] = {2, 2};
  domain::control_state state;
  auto rate = [&](const domain::identity& of, bool with_state) {
    return auth::limit_for(of, configured, with_state ? &state : nullptr)
        .requests_per_second;
  };
  BOOST_TEST(rate(caller("a"), true) == 1);
  BOOST_TEST(rate(caller("a", domain::role::operator_), true) == 2);
  state.limits["role:operator"] = {3, 3};
  BOOST_TEST(rate(caller("a", domain::role::operator_), true) == 3);
  state.limits["a"] = {4, 4};
  BOOST_TEST(rate(caller("a", domain::role::operator_), true) == 4);
  BOOST_TEST(rate(caller("a", domain::role::operator_), false) == 2);
  // A subject cannot take the limit of a role by its name.
  BOOST_TEST(rate(caller("operator"), true) == 1);
}

BOOST_AUTO_TEST_CASE(a_changed_limit_holds_at_once) {
  auth::rate_limiter limiter{limits_of(1, 100)};
  auto alice = caller("alice");
  BOOST_TEST(!limiter.take(alice, nullptr, start));
  domain::control_state state;
  state.limits["alice"] = {1, 1};
  BOOST_TEST(!limiter.take(alice, &state, start));
  BOOST_CHECK(limiter.take(alice, &state, start));
}

BOOST_AUTO_TEST_CASE(a_rate_of_zero_means_no_limit) {
  auth::rate_limiter limiter{limits_of(0, 0)};
  for (int i = 0; i < 1000; ++i)
    BOOST_TEST(!limiter.take(caller("alice"), nullptr, start));
  BOOST_TEST(limiter.buckets() == 0u);
}

BOOST_AUTO_TEST_CASE(a_burst_below_one_lets_single_calls_through) {
  auth::rate_limiter limiter{limits_of(1, 0)};
  BOOST_TEST(!limiter.take(caller("alice"), nullptr, start));
  BOOST_CHECK(limiter.take(caller("alice"), nullptr, start));
}

BOOST_AUTO_TEST_CASE(a_batch_beyond_the_burst_is_too_large) {
  auth::rate_limiter limiter{limits_of(1, 2.5)};
  auto alice = caller("alice");
  BOOST_TEST(!limiter.check_batch(alice, nullptr, 2));
  auto wrong = limiter.check_batch(alice, nullptr, 3);
  BOOST_TEST((code_of(wrong) == ec::too_large));
  BOOST_TEST(sentence_of(wrong).find("at most 2 at once (limits.burst)")
             != std::string::npos);
  domain::control_state state;
  state.limits["alice"] = {1, 3};
  BOOST_TEST(!limiter.check_batch(alice, &state, 3));
  auth::rate_limiter without{limits_of(0, 1)};
  BOOST_TEST(!without.check_batch(alice, nullptr, 1000));
}

BOOST_AUTO_TEST_CASE(the_number_of_buckets_is_bounded) {
  auth::rate_limiter limiter{limits_of(1, 1, 10)};
  int refused = 0;
  for (int i = 0; i < 1000; ++i)
    refused +=
        limiter.take(caller("c" + std::to_string(i)), nullptr, start) ? 1 : 0;
  BOOST_TEST(limiter.buckets() == 10u);
  // Those without a bucket of their own share one: one call a second.
  BOOST_TEST(refused == 989);
  BOOST_TEST(!limiter.take(caller("late"), nullptr, start + 10s));
  BOOST_TEST(limiter.buckets() < 10u);
}

BOOST_AUTO_TEST_CASE(a_bucket_in_use_is_not_forgotten_for_a_new_one) {
  auth::rate_limiter limiter{limits_of(0.001, 1, 10)};
  BOOST_TEST(!limiter.take(caller("greedy"), nullptr, start));
  for (int i = 0; i < 100; ++i)
    limiter.take(caller("c" + std::to_string(i)), nullptr, start + 1s);
  BOOST_CHECK(limiter.take(caller("greedy"), nullptr, start + 2s));
}

BOOST_AUTO_TEST_CASE(a_clock_that_goes_back_gives_nothing) {
  auth::rate_limiter limiter{limits_of(1, 1)};
  BOOST_TEST(!limiter.take(caller("alice"), nullptr, start));
  BOOST_CHECK(limiter.take(caller("alice"), nullptr, start - 50s));
  BOOST_CHECK(limiter.take(caller("alice"), nullptr, start));
}

BOOST_AUTO_TEST_CASE(retry_after_is_in_whole_seconds) {
  BOOST_TEST(auth::retry_after_seconds(1ms) == 1);
  BOOST_TEST(auth::retry_after_seconds(1s) == 1);
  BOOST_TEST(auth::retry_after_seconds(1001ms) == 2);
}

BOOST_AUTO_TEST_SUITE_END()
