// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// JSON in and out.

#include <boost/test/unit_test.hpp>

#include "rego/build.hpp"
#include "rego/json.hpp"

namespace {

std::string round_trip(std::string_view text) {
  rego::arena a;
  auto v = rego::parse_json(a, text);
  return v ? rego::to_json(*v) : v.error_list()[0].code;
}

} // namespace

BOOST_AUTO_TEST_CASE(keeps_the_text_of_numbers) {
  BOOST_TEST(round_trip("[1, 1.0, 1e3, -0, 12345678901234567890.5]")
             == "[1,1.0,1e3,-0,12345678901234567890.5]");
}

BOOST_AUTO_TEST_CASE(sorts_keys_and_keeps_the_last_of_equal_ones) {
  BOOST_TEST(round_trip(R"({"b": 1, "a": {"x": null}, "b": true})")
             == R"({"a":{"x":null},"b":true})");
}

BOOST_AUTO_TEST_CASE(tells_records_with_similar_keys_apart) {
  std::string text = R"([{"a":1,"bc":2},{"a":3,"b":4},{"ab":5,"bc":6},)"
                     R"({"a":7,"bc\"":8},{"bc":9,"a":10},{"a":11,"bc":12}])";
  BOOST_TEST(round_trip(text)
             == R"([{"a":1,"bc":2},{"a":3,"b":4},{"ab":5,"bc":6},)"
                R"({"a":7,"bc\"":8},{"a":10,"bc":9},{"a":11,"bc":12}])");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_not_one_json_document) {
  for (auto bad : {"", "{", "[1,]", "01", "1 2", "nul", "\"\xff\"", "{\"a\"}",
                   "[1", "tru", "-", "1.", "nullx"})
    BOOST_TEST(round_trip(bad) == "json_error", bad);
}

BOOST_AUTO_TEST_CASE(refuses_a_document_nested_too_deeply) {
  BOOST_TEST(round_trip(std::string(600, '[') + std::string(600, ']'))
             == "json_error");
}

BOOST_AUTO_TEST_CASE(escapes_as_go_does) {
  BOOST_TEST(round_trip(R"("a\"\\\n\u0001<\u2028")")
             == R"("a\"\\\n\u0001<\u2028")");
  rego::arena a;
  BOOST_TEST(rego::to_json(rego::make_string(a, "<&>"), {.escape_html = true})
             == R"("\u003c\u0026\u003e")");
}
