// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// The lexer: tokens, positions, what it refuses.

#include <boost/test/unit_test.hpp>

#include "lexer/lexer.hpp"

BOOST_AUTO_TEST_SUITE(lexer_test)

namespace {

std::string texts(std::string_view source) {
  auto r = rego::lex(source, "x.rego");
  if (r && !r->problems.empty())
    return r->problems[0];
  if (!r)
    return r.error_list()[0].message;
  std::string out;
  for (auto& t : r->tokens)
    out += "<" + std::string(t.text) + ">";
  return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(splits_operators_names_and_numbers) {
  BOOST_TEST(texts("a:=1.5e3!=b") == "<a><:=><1.5e3><!=><b><>");
}

BOOST_AUTO_TEST_CASE(counts_columns_in_characters) {
  auto r = rego::lex("\"äö\" x\n  y", "x.rego");
  BOOST_REQUIRE(bool(r));
  BOOST_TEST(r->tokens[1].at.col == 6);
  BOOST_TEST(r->tokens[2].at.row == 2);
  BOOST_TEST(r->tokens[2].at.col == 3);
  BOOST_TEST(r->tokens[2].newline_before);
}

BOOST_AUTO_TEST_CASE(keeps_comments_apart) {
  auto r = rego::lex("# one\nx # two", "x.rego");
  BOOST_REQUIRE(bool(r));
  BOOST_TEST(r->comments.size() == 2u);
  BOOST_TEST(r->comments[0].own_line);
  BOOST_TEST(!r->comments[1].own_line);
}

BOOST_AUTO_TEST_CASE(refuses_what_has_no_end) {
  BOOST_TEST(texts("\"abc") == "non-terminated string");
  BOOST_TEST(texts("`abc") == "non-terminated string");
  BOOST_TEST(texts("$\"a{b\"") == "non-terminated string");
  BOOST_TEST(texts("\"a\nb\"") == "non-terminated string");
}

BOOST_AUTO_TEST_CASE(refuses_numbers_that_json_does_not_know) {
  BOOST_TEST(texts("1.") == "expected fraction");
  BOOST_TEST(texts("1e") == "expected exponent");
  BOOST_TEST(texts("1x") == "illegal number format");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_utf_8_wherever_it_stands) {
  for (std::string_view bad :
       {"\xff\xfe", "\xc3", "\xed\xa0\x80", "\xc0\xaf", "\xf4\x90\x80\x80"})
    for (std::string_view around :
         {"x := _", "x := \"_\"", "x := `_`", "x := $\"_\"", "# _\nx := 1",
          "x := 1 # _"}) {
      std::string text(around);
      text.replace(text.find('_'), 1, bad);
      BOOST_TEST(texts(text) == "illegal utf-8 character", text);
    }
  BOOST_TEST(texts(std::string_view("x := `\0`", 8))
             == "illegal null character");
  BOOST_TEST(texts("x := `\xef\xbb\xbf`") == "illegal byte-order mark");
  BOOST_TEST(texts("\xef\xbb\xbfx := \"\u00e4\"") == "<x><:=><\"\u00e4\"><>");
}

BOOST_AUTO_TEST_CASE(names_may_hold_digits_of_any_script) {
  BOOST_TEST(texts("x\u0663\U0001D7D6_ y") == "<x\u0663\U0001D7D6_><y><>");
  BOOST_TEST(texts("\u0663") == "<\xd9><>");
  BOOST_TEST(texts("x\u00e9") == "<x><\xc3><>");
}

BOOST_AUTO_TEST_CASE(unquotes_escapes) {
  std::string out;
  BOOST_TEST(rego::unquote("a\\n\\u00e4\\ud83d\\ude00", out));
  BOOST_TEST(out == "a\n\u00e4\U0001F600");
  BOOST_TEST(!rego::unquote("\\q", out));
}

BOOST_AUTO_TEST_SUITE_END()
