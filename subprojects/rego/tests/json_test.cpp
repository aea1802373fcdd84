// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// JSON in and out.

#include <boost/test/unit_test.hpp>

#include "rego/build.hpp"
#include "rego/json.hpp"

BOOST_AUTO_TEST_SUITE(json_test)

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

BOOST_AUTO_TEST_CASE(writes_what_json_can_hold) {
  rego::arena a;
  auto written = [&](std::string_view text) {
    return rego::to_json(rego::make_string(a, text));
  };
  BOOST_TEST(written("\b\f\x01 \"\\ é\U0001F600")
             == "\"\\b\\f\\u0001 \\\"\\\\ é\U0001F600\"");
  BOOST_TEST(written("a\u2028b\u2029") == R"("a\u2028b\u2029")");
  // Bytes that are no UTF-8, such as base64.decode may give.
  BOOST_TEST(written("a\xff\xc3(\xed\xa0\x80")
             == R"("a\ufffd\ufffd(\ufffd\ufffd\ufffd")");
}

BOOST_AUTO_TEST_CASE(sorts_keys_and_keeps_the_last_of_equal_ones) {
  BOOST_TEST(round_trip(R"({"b": 1, "a": {"x": null}, "b": true})")
             == R"({"a":{"x":null},"b":true})");
}

BOOST_AUTO_TEST_CASE(names_the_key_that_stands_twice_where_asked_to) {
  rego::arena a;
  auto strict = [&](std::string_view text) {
    auto v = rego::parse_json(a, text, {.unique_keys = true});
    return v ? rego::to_json(*v) : v.error_list()[0].message;
  };
  BOOST_TEST(strict(R"([{"a": 1, "b": 2}, {"a": 1, "b": {"a": 3}}])")
             == R"([{"a":1,"b":2},{"a":1,"b":{"a":3}}])");
  BOOST_TEST(strict(R"({"x": [{"b": 1, "a": 2, "\u0061": 3, "b": 4}]})")
             == "invalid JSON at byte 24: the key \"a\" stands in the object "
                "already, at byte 16");
  // After the shape was seen without it, and as a guessed key.
  BOOST_TEST(strict(R"([{"a":1,"b":1},{"a":1,"a":1}])")
             == "invalid JSON at byte 22: the key \"a\" stands in the object "
                "already, at byte 16");
}

BOOST_AUTO_TEST_CASE(refuses_exponents_that_nothing_could_compute_with) {
  BOOST_TEST(round_trip("[1e5000, 1e-5000, 0e99999999999]")
             == "[1e5000,1e-5000,0e99999999999]");
  for (auto bad : {"1e646456994", "-1e-99999999999999999999", "1E+9999999999"})
    BOOST_TEST(round_trip(bad) == "json_error", bad);
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

BOOST_AUTO_TEST_CASE(writes_a_text_as_the_string_it_is) {
  BOOST_TEST(rego::json_string("") == R"("")");
  BOOST_TEST(rego::json_string("a\"\\\n<\x01") == R"("a\"\\\n<\u0001")");
}

BOOST_AUTO_TEST_CASE(escapes_as_go_does) {
  BOOST_TEST(round_trip(R"("a\"\\\n\u0001<\u2028")")
             == R"("a\"\\\n\u0001<\u2028")");
  rego::arena a;
  BOOST_TEST(rego::to_json(rego::make_string(a, "<&>"), {.escape_html = true})
             == R"("\u003c\u0026\u003e")");
}

BOOST_AUTO_TEST_CASE(hands_out_a_long_text_in_parts) {
  rego::arena a;
  auto v = rego::value::integer(1);
  for (int i = 0; i < 300; ++i)
    v = rego::make_array(a, {v, rego::make_string(a, "of some length")});
  rego::json_style indented{.indent = 2};
  std::string whole;
  size_t parts = 0, longest = 0;
  rego::write_json(v, indented, [&](std::string_view part) {
    whole += part;
    longest = std::max(longest, part.size());
    ++parts;
  });
  BOOST_TEST((whole == rego::to_json(v, indented)));
  BOOST_TEST(parts > 2u);
  BOOST_TEST(longest < 70'000u);
}

// Tables for that take far more room than a short text.
BOOST_AUTO_TEST_CASE(objects_of_long_texts_share_their_keys) {
  auto shares = [](const rego::value& list) {
    auto n = list.size();
    return list.items()[n - 1].keys().data()
           == list.items()[n - 2].keys().data();
  };
  auto objects = [](size_t n) {
    std::string out = R"([{"b": 1, "a": 2})";
    for (size_t i = 1; i < n; ++i)
      out += R"(, {"b": 1, "a": 2})";
    return out + ']';
  };
  rego::arena a;
  BOOST_TEST(!shares(*rego::parse_json(a, objects(10))));
  BOOST_TEST(shares(*rego::parse_json(a, objects(1000))));
  // A reader that is kept has them.
  rego::json_reader reader;
  BOOST_TEST(shares(*reader.read(a, objects(10))));
}

BOOST_AUTO_TEST_SUITE_END()
