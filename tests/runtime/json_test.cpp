// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/base/json.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <random>

BOOST_AUTO_TEST_SUITE(json_test)

using namespace acgs;

namespace {

std::string again(std::string_view text) {
  auto read = json::parse(text);
  return read ? json::to_text(*read) : sentence_of(read.error());
}

std::string problem(std::string_view text) {
  auto read = json::parse(text);
  return read ? "taken" : sentence_of(read.error());
}

json::value must(std::string_view text) {
  auto read = json::parse(text);
  BOOST_REQUIRE_MESSAGE(read, text);
  return *read;
}

} // namespace

BOOST_AUTO_TEST_CASE(writes_what_it_read_compact_and_sorted) {
  BOOST_TEST(again(R"( { "b" : [1, true ,null], "a": {} , "c":[] } )")
             == R"({"a":{},"b":[1,true,null],"c":[]})");
  BOOST_TEST(again(R"("a\u00e9\n\u0001\"\\\/")")
             == "\"a\xc3\xa9\\n\\u0001\\\"\\\\/\"");
  BOOST_TEST(again(R"("\ud83d\ude00")") == "\"\xf0\x9f\x98\x80\"");
}

BOOST_AUTO_TEST_CASE(keeps_every_digit_of_a_number) {
  for (auto text :
       {"0", "-0", "0.1", "1.10", "9223372036854775807", "-9223372036854775808",
        "9223372036854775808", "18446744073709551616",
        "123456789012345678901234567890.123456789012345678901234567890",
        "1e400", "-1E-400", "1.0", "1e3"})
    BOOST_TEST(again(text) == text);
}

BOOST_AUTO_TEST_CASE(refuses_numbers_that_are_far_too_long) {
  BOOST_TEST(problem(std::string(5000, '9')).find("1000") != std::string::npos);
  BOOST_TEST(problem("1e10000").find("exponent beyond 9999")
             != std::string::npos);
  BOOST_TEST(problem("1e99999999999999999999") != "taken");
  BOOST_TEST(problem("0." + std::string(3000, '1')) != "taken");
  BOOST_TEST(problem(std::string(1000, '9')) == "taken");
}

BOOST_AUTO_TEST_CASE(numbers_are_equal_by_what_they_mean) {
  BOOST_TEST((must("1.0") == must("1")));
  BOOST_TEST((must("100") == must("1e2")));
  BOOST_TEST((must("-0") == must("0")));
  BOOST_TEST((must("0.10") == must("1E-1")));
  BOOST_TEST(!(must("9007199254740993") == must("9007199254740992.0")));
  BOOST_TEST(!(must("1") == must("-1")));
  BOOST_TEST(!(must("1") == must("true")));
}

BOOST_AUTO_TEST_CASE(reads_integers_and_doubles_out_of_numbers) {
  BOOST_TEST(must("12").as_int().value() == 12);
  BOOST_TEST(must("1.2e1").as_int().value() == 12);
  BOOST_TEST(must("-0").as_int().value() == 0);
  BOOST_TEST(!must("1.5").as_int());
  BOOST_TEST(!must("9223372036854775808").as_int());
  BOOST_TEST(!must("\"1\"").as_int());
  BOOST_TEST(must("1.5").as_double().value() == 1.5);
  BOOST_TEST(!must("1e999").as_double());
}

BOOST_AUTO_TEST_CASE(objects_are_equal_without_regard_to_order) {
  BOOST_TEST((must(R"({"a":1,"b":[{}]})") == must(R"({"b":[{}],"a":1.0})")));
  BOOST_TEST(!(must(R"({"a":1})") == must(R"({"a":1,"b":1})")));
  BOOST_TEST(!(must("[1,2]") == must("[2,1]")));
}

BOOST_DATA_TEST_CASE(refuses_what_is_not_json,
                     boost::unit_test::data::make(std::vector<std::string>{
                         "",
                         " ",
                         "{",
                         "[",
                         "]",
                         "[1,]",
                         "{\"a\":1,}",
                         "{a:1}",
                         "'a'",
                         "01",
                         "+1",
                         ".5",
                         "1.",
                         "1e",
                         "-",
                         "NaN",
                         "Infinity",
                         "nul",
                         "truex",
                         "\"\\x\"",
                         "\"\\u12\"",
                         "\"\\ud800\"",
                         "\"\\udc00\"",
                         "\"a",
                         "\"\n\"",
                         "\"\xff\"",
                         "\"\xc0\xaf\"",
                         "\"\xed\xa0\x80\"",
                         "/*c*/1",
                         "1 2",
                         "{} {}",
                         "[1]]",
                         "\xef\xbb\xbf{}",
                         "{\"a\":1 \"b\":2}",
                         "{\"a\"}",
                         "{1:2}"}),
                     text) {
  auto read = json::parse(text);
  BOOST_REQUIRE(!read);
  BOOST_TEST((code_of(read.error()) == ec::invalid_argument));
}

BOOST_AUTO_TEST_CASE(refuses_a_zero_byte_in_the_text) {
  using namespace std::string_view_literals;
  BOOST_TEST(!json::parse("\"a\0b\""sv));
  BOOST_TEST(!json::parse("1\0"sv));
  BOOST_TEST(again(R"("a\u0000b")") == R"("a\u0000b")");
}

BOOST_AUTO_TEST_CASE(refuses_a_key_that_stands_twice) {
  BOOST_TEST(problem(R"({"a":1,"b":2,"a":3})").find("\"a\" stands twice")
             != std::string::npos);
  BOOST_TEST(problem("{\"a\":1,\"\\u0061\":3}") != "taken");
  BOOST_TEST(problem(R"([{"a":1},{"a":1}])") == "taken");
}

BOOST_AUTO_TEST_CASE(names_line_and_column) {
  BOOST_TEST(problem("{\n  \"a\": x\n}").find("line 2, column")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(bounds_depth_and_size) {
  auto nested = [](int n) {
    return std::string(static_cast<std::size_t>(n), '[')
           + std::string(static_cast<std::size_t>(n), ']');
  };
  BOOST_TEST(problem(nested(64)) == "taken");
  auto deep = json::parse(nested(65));
  BOOST_REQUIRE(!deep);
  BOOST_TEST((code_of(deep.error()) == ec::too_large));
  BOOST_TEST(!json::parse(nested(1000000)));
  auto long_text = json::parse("[1,2,3]", {.bytes = 6});
  BOOST_REQUIRE(!long_text);
  BOOST_TEST((code_of(long_text.error()) == ec::too_large));
  BOOST_CHECK(json::parse("[1,2,3]", {.bytes = 7}));
}

BOOST_AUTO_TEST_CASE(knows_the_size_and_depth_of_its_text) {
  for (auto text :
       {"null", "true", "false", "-12", "1.50", "\"a\\n\\u0001\\u007f\\b\"",
        "[]", "{}", "[1,[2,{\"k\\\"\":null}]]"}) {
    auto read = must(text);
    BOOST_TEST(read.bytes() == json::to_text(read).size());
  }
  BOOST_TEST(must("1").depth() == 0u);
  BOOST_TEST(must("[]").depth() == 1u);
  BOOST_TEST(must("[1,[2,{\"k\":null}]]").depth() == 3u);
}

BOOST_AUTO_TEST_CASE(editing_changes_no_copy_and_keeps_sizes_right) {
  auto first = must(R"({"a":[1,2],"b":{}})");
  auto second = first;
  json::editor::set(second, "c", json::value{"x\n"});
  json::editor::set(second, "b", json::value{std::int64_t{12}});
  auto taken = json::editor::take(second, std::string_view{"a"});
  json::editor::insert(taken, 1, json::value{true});
  json::editor::replace(taken, 0, json::value{});
  json::editor::take(taken, std::size_t{2});
  BOOST_TEST(json::to_text(first) == R"({"a":[1,2],"b":{}})");
  BOOST_TEST(json::to_text(second) == R"({"b":12,"c":"x\n"})");
  BOOST_TEST(json::to_text(taken) == "[null,true]");
  BOOST_TEST(second.bytes() == json::to_text(second).size());
  BOOST_TEST(taken.bytes() == json::to_text(taken).size());
}

BOOST_AUTO_TEST_CASE(mangled_texts_are_refused_or_read_but_never_crash) {
  const std::string good =
      R"({"a":[1,-2.5e3,"\ud83d\ude00x",{"b":null}],"c":{"d":[true,false]}})";
  std::mt19937 random{7};
  std::size_t taken = 0;
  for (int i = 0; i < 50000; ++i) {
    auto bad = good;
    bad[random() % bad.size()] = static_cast<char>(random());
    bad.resize(random() % 3 ? bad.size() : random() % bad.size());
    auto read = json::parse(bad);
    if (!read) {
      BOOST_REQUIRE(!sentence_of(read.error()).empty());
      continue;
    }
    ++taken;
    auto text = json::to_text(*read);
    BOOST_REQUIRE(read->bytes() == text.size());
    auto second = json::parse(text);
    BOOST_REQUIRE(second);
    BOOST_REQUIRE((*second == *read));
  }
  BOOST_TEST(taken > 100u);
}

BOOST_AUTO_TEST_SUITE_END()
