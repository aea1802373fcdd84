// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#define BOOST_TEST_MODULE base

#include "runtime/base/bytes.hpp"
#include "runtime/base/error.hpp"
#include "runtime/base/ids.hpp"
#include "runtime/base/time_text.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace acgs;

namespace {

struct fixed_clock final : time_source {
  wall_time now() const override { return time; }
  steady_time steady_now() const override { return {}; }
  wall_time time{};
};

id_maker make_ids(const time_source& time) {
  return {time, [n = std::uint8_t{0}](std::span<std::byte> out) mutable {
            for (auto& b : out)
              b = std::byte{n++};
          }};
}

} // namespace

BOOST_AUTO_TEST_CASE(an_error_keeps_its_code_and_its_sentence) {
  auto error = make_error(ec::not_found, "policy 'a' does not exist");
  BOOST_TEST(to_string_view(code_of(error)) == "not_found");
  BOOST_TEST(sentence_of(error) == "policy 'a' does not exist");
}

BOOST_AUTO_TEST_CASE(an_error_may_say_when_to_try_again) {
  auto error = make_error(ec::unavailable, "the breaker is open",
                          std::chrono::seconds{30});
  BOOST_TEST(sentence_of(error) == "the breaker is open");
  BOOST_TEST((retry_after_of(error) == std::chrono::seconds{30}));
  BOOST_TEST(!retry_after_of(make_error(ec::unavailable, "down")));
  BOOST_TEST(!retry_after_of(caf::error{}));
}

BOOST_AUTO_TEST_CASE(an_error_without_a_sentence_shows_its_code) {
  BOOST_TEST(sentence_of(make_error(ec::overloaded)) == "overloaded");
}

BOOST_AUTO_TEST_CASE(hexadecimal_goes_there_and_back) {
  BOOST_TEST(to_hex(as_byte_view("\x01\xfe")) == "01fe");
  BOOST_TEST(
      (from_hex("01FE").value() == bytes{std::byte{1}, std::byte{0xfe}}));
  BOOST_TEST(!from_hex("0").has_value());
  BOOST_TEST(!from_hex("0g").has_value());
}

BOOST_AUTO_TEST_CASE(times_go_there_and_back) {
  auto time = parse_rfc3339("2026-02-15T12:00:00.5+02:00");
  BOOST_REQUIRE(time);
  BOOST_TEST(to_rfc3339(*time) == "2026-02-15T10:00:00.500000Z");
  BOOST_TEST(to_rfc3339(*parse_rfc3339("2024-02-29"))
             == "2024-02-29T00:00:00.000000Z");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_not_a_time) {
  for (auto text : {"", "2026", "2026-02-30", "2026-02-15T25:00:00Z",
                    "2026-02-15T12:00:00", "2026-02-15T12:00:00Zx"})
    BOOST_TEST(!parse_rfc3339(text));
}

BOOST_AUTO_TEST_CASE(ids_are_ordered_and_distinct_within_a_millisecond) {
  fixed_clock time;
  time.time = wall_time{std::chrono::seconds{1700000000}};
  auto ids = make_ids(time);
  std::set<std::string> seen;
  std::string last;
  for (int i = 0; i < 10000; ++i) {
    auto id = ids.next();
    BOOST_REQUIRE(id > last);
    BOOST_REQUIRE(seen.insert(id).second);
    last = id;
  }
  BOOST_TEST(last.size() == 36u);
  BOOST_TEST(last[14] == '7');
}

BOOST_AUTO_TEST_CASE(request_ids_with_odd_characters_are_not_taken) {
  BOOST_TEST(is_acceptable_request_id("my-trace-123"));
  BOOST_TEST(!is_acceptable_request_id(""));
  BOOST_TEST(!is_acceptable_request_id("a b"));
  BOOST_TEST(!is_acceptable_request_id("a\"b"));
  BOOST_TEST(!is_acceptable_request_id(std::string(129, 'x')));
}
