// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/json_scan.hpp"
#include "runtime/base/json_text.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(json_scan_test)

using namespace acgs;
using namespace acgs::json;

namespace {

std::string why(std::string_view text) {
  auto wrong = check_text(text);
  return wrong ? sentence_of(wrong) : "fine";
}

/// An object of that many members, of which two have one name.
std::string many(int count, int first, int second) {
  std::string out = "{";
  for (int i = 0; i < count; ++i)
    out += (i > 0 ? ",\"k" : "\"k") + std::to_string(i == second ? first : i)
           + "\":0";
  return out + "}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(scanning)

BOOST_AUTO_TEST_CASE(takes_what_rfc_8259_takes) {
  for (auto* text :
       {"{}", "[]", " [ 1 , -0.5e+3,\"\\u00e9\\n\" ,null,true,false]\n",
        R"({"a":{"b":[[],{}]},"c":123456789012345678901234567890})", "0", "-0",
        "\"x\"", "1E9"})
    BOOST_TEST(why(text) == "fine", text);
}

BOOST_AUTO_TEST_CASE(says_what_is_wrong_and_where) {
  BOOST_TEST(why("{\"a\":1,}")
             == "the body is not JSON: at line 1, column 8 expected a member's "
                "name in quotes");
  BOOST_TEST(why("{\n \"a\" 1}")
             == "the body is not JSON: at line 2, column 6 expected ':'");
  BOOST_TEST(why("[1 2]")
             == "the body is not JSON: at line 1, column 4 expected ',' or "
                "']'");
  BOOST_TEST(why("{} x")
             == "the body is not JSON: at line 1, column 4 expected the end");
}

BOOST_AUTO_TEST_CASE(refuses_everything_else) {
  for (auto* text : {"",        " ",        "{",           "[",
                     "\"",      "\"\\x\"",  "\"\\u12g4\"", "\"\\u12",
                     "01",      "-",        "1.",          "1e",
                     "+1",      ".5",       "nul",         "truex",
                     "{a:1}",   "{'a':1}",  "[1,]",        "[,1]",
                     "{\"a\"}", "\"a\nb\"", "NaN",         "// x",
                     "[1]]",    "\xff",     "\"\xc3\"",    "\"\xed\xa0\x80\""})
    BOOST_TEST(why(text) != "fine", text);
}

BOOST_AUTO_TEST_CASE(bounds_the_depth) {
  BOOST_TEST(why(std::string(64, '[') + std::string(64, ']')) == "fine");
  auto wrong = check_text(std::string(65, '[') + std::string(65, ']'));
  BOOST_TEST((code_of(wrong) == ec::too_large));
  BOOST_TEST(sentence_of(wrong)
             == "the body is nested deeper than 64 levels at line 1, column "
                "65");
  BOOST_TEST(
      (code_of(check_text(std::string(5'000'000, '['))) == ec::too_large));
}

BOOST_AUTO_TEST_CASE(finds_members_by_their_meaning) {
  auto members = members_of(
      R"( { "a" : [1, 2] , "in\u0070ut": "\ud83d\ude00\t" , "c":{ } } )");
  BOOST_REQUIRE(members);
  BOOST_TEST(members->size() == 3u);
  BOOST_TEST(*find_member(*members, "c") == "{ }");
  BOOST_TEST(*string_of(*find_member(*members, "input"))
             == "\xf0\x9f\x98\x80\t");
  BOOST_TEST(!find_member(*members, "b"));
  BOOST_TEST(!members_of("[1]"));
  BOOST_TEST(!string_of("1"));
  BOOST_TEST(*string_of(R"("\ud800")") == "\xef\xbf\xbd");
}

BOOST_AUTO_TEST_CASE(finds_items_as_they_are_written) {
  auto items = items_of(R"( [ {"a": [1, 2]} ,1.10, "x,y" ] )");
  BOOST_REQUIRE(items);
  BOOST_REQUIRE(items->size() == 3u);
  BOOST_TEST((*items)[0] == R"({"a": [1, 2]})");
  BOOST_TEST((*items)[1] == "1.10");
  BOOST_TEST((*items)[2] == R"("x,y")");
  BOOST_TEST(items_of("[]")->empty());
  BOOST_TEST(!items_of("{}"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(names)

BOOST_AUTO_TEST_CASE(that_stand_twice_are_named_and_placed) {
  auto wrong = check_text("{\"a\":1,\n \"a\":2}");
  BOOST_TEST((code_of(wrong) == ec::invalid_argument));
  BOOST_TEST(sentence_of(wrong)
             == "the body names \"a\" twice in one object, again at line 2, "
                "column 2");
  BOOST_TEST(field_of(wrong) == "a");
  BOOST_TEST(why(R"({"x":{"y":[{"z":1,"z":1}]}})")
             == "the body names \"z\" twice in one object, again at line 1, "
                "column 19");
  BOOST_TEST(why(R"({"":1,"":2})") != "fine");
}

BOOST_AUTO_TEST_CASE(may_stand_in_objects_of_their_own) {
  for (auto* text :
       {R"([{"a":1},{"a":2}])", R"({"a":{"a":{"a":1}}})",
        R"({"a":{"b":1},"c":{"b":2},"b":3})", R"({"a":1,"A":2,"a ":3})",
        R"({"a":"b","b":"a"})", R"({"\u0061":1,"\u0062":2})"})
    BOOST_TEST(why(text) == "fine", text);
}

BOOST_AUTO_TEST_CASE(are_the_same_however_they_are_written) {
  for (auto* text :
       {R"({"ab":1,"\u0061b":2})", R"({"a\u0062":1,"\u0061b":2})",
        R"({"\u00e9":1,"\u00E9":2})", "{\"\\u00e9\":1,\"\xc3\xa9\":2}",
        R"({"\ud83d\ude00":1,"\uD83D\uDE00":2})", R"({"\/":1,"/":2})",
        R"({"a":1,"b":{"c":2},"\u0061":3})"})
    BOOST_TEST(why(text).find("twice") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(are_compared_in_objects_of_any_size) {
  for (int count : {2, 11, 12, 13, 14, 1000, 30000}) {
    BOOST_TEST(why(many(count, 0, 0)) == "fine", count);
    for (int second : {1, count / 2, count - 1})
      if (second > 0)
        BOOST_TEST(why(many(count, 0, second))
                       .starts_with("the body names \"k0\" twice"),
                   count << " with " << second);
  }
}

BOOST_AUTO_TEST_CASE(of_any_length_are_shown_in_part) {
  std::string long_name(5000, 'n');
  auto sentence = why("{\"" + long_name + "\":1,\"" + long_name + "\":2}");
  BOOST_TEST(sentence.size() < 300u);
  BOOST_TEST(sentence.find(std::string(100, 'n')) != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(utf8)

BOOST_AUTO_TEST_CASE(prefix_ends_at_the_first_wrong_byte) {
  BOOST_TEST(utf8_prefix("") == 0u);
  BOOST_TEST(utf8_prefix("abcdefghij") == 10u);
  BOOST_TEST(utf8_prefix("abcdefgh\xff") == 8u);
  BOOST_TEST(utf8_prefix("abc\xc3\xa9\xe2\x82\xac") == 8u);
  BOOST_TEST(utf8_prefix("\xed\xa0\x80") == 0u); // half a surrogate
  BOOST_TEST(utf8_prefix("a\xc0\x80") == 1u);    // overlong
  BOOST_TEST(utf8_prefix("a\xe2\x82") == 1u);    // cut off
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
