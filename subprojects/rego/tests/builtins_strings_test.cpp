// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Built-ins on strings: search, parts, case, replace, trim, sprintf.

#include <boost/test/unit_test.hpp>

#include "builtins_fixture.hpp"

BOOST_AUTO_TEST_SUITE(builtins_strings_test)

using rego::test::call;

BOOST_AUTO_TEST_CASE(search_counts_code_points) {
  BOOST_TEST(call("indexof", R"(["äöü","ü"])") == "2");
  BOOST_TEST(call("indexof", R"(["abc","x"])") == "-1");
  BOOST_TEST(call("indexof", R"(["abc",""])")
             == "eval_builtin_error: empty search character");
  BOOST_TEST(call("indexof_n", R"(["aXbXc","X"])") == "[1, 3]");
  BOOST_TEST(call("indexof_n", R"(["aaa","aa"])") == "[0, 1]");
  BOOST_TEST(call("strings.count", R"(["cheese","e"])") == "3");
  BOOST_TEST(call("strings.count", R"(["äö",""])") == "3");
  BOOST_TEST(call("contains", R"(["abc","bc"])") == "true");
  BOOST_TEST(call("startswith", R"(["abc","bc"])") == "false");
  BOOST_TEST(call("endswith", R"(["abc","bc"])") == "true");
  BOOST_TEST(call("contains", R"([1,"a"])")
             == "eval_type_error: operand 1 must be string but got number");
}

BOOST_AUTO_TEST_CASE(substring_clamps_its_bounds) {
  BOOST_TEST(call("substring", R"(["äöüx",1,2])") == R"("öü")");
  BOOST_TEST(call("substring", R"(["abc",1,-1])") == R"("bc")");
  BOOST_TEST(call("substring", R"(["abc",5,1])") == R"("")");
  BOOST_TEST(call("substring", R"(["abc",1,9])") == R"("bc")");
  BOOST_TEST(call("substring", R"(["abc",-1,2])")
             == "eval_builtin_error: negative offset");
  BOOST_TEST(call("substring", R"(["abc",0.5,2])")
             == "eval_type_error: operand 2 must be integer number but got "
                "floating-point number");
}

BOOST_AUTO_TEST_CASE(split_and_concat) {
  BOOST_TEST(call("split", R"(["a,b,,c",","])") == R"(["a", "b", "", "c"])");
  BOOST_TEST(call("split", R"(["äb",""])") == R"(["ä", "b"])");
  BOOST_TEST(call("split", R"(["",","])") == R"([""])");
  BOOST_TEST(call("split", R"(["",""])") == "[]");
  BOOST_TEST(call("strings.split_n", R"(["a,b,c",",",2])") == R"(["a", "b"])");
  BOOST_TEST(call("strings.split_n", R"(["a,b",",",0])") == "[]");
  BOOST_TEST(call("strings.split_n", R"(["a,b",",",-1])") == R"(["b"])");
  BOOST_TEST(call("concat", R"([",",{"$set":["b","a"]}])") == R"("a,b")");
  BOOST_TEST(call("concat", R"(["",[]])") == R"("")");
  BOOST_TEST(call("concat", R"([",",[1]])")
             == "eval_type_error: operand 2 must be array of strings but got "
                "array containing number");
  BOOST_TEST(call("concat", R"([",","x"])")
             == "eval_type_error: operand 2 must be one of {set, array} but "
                "got string");
}

BOOST_AUTO_TEST_CASE(case_and_order_follow_unicode) {
  BOOST_TEST(call("upper", R"(["straße ǆ ὕ"])") == R"("STRAßE Ǆ Ὕ")");
  BOOST_TEST(call("lower", R"(["İSTANBUL ÀÉ"])") == R"("istanbul àé")");
  BOOST_TEST(call("strings.reverse", R"(["añb"])") == R"("bña")");
}

BOOST_AUTO_TEST_CASE(replace_takes_the_first_pattern_that_fits) {
  BOOST_TEST(call("replace", R"(["aaa","","x"])") == R"("xaxaxax")");
  BOOST_TEST(call("replace", R"(["a.b.c",".","::"])") == R"("a::b::c")");
  BOOST_TEST(call("strings.replace_n",
                  R"([{"<":"&lt;",">":"&gt;"},"This is <b>HTML</b>!"])")
             == R"("This is &lt;b&gt;HTML&lt;/b&gt;!")");
  BOOST_TEST(call("strings.replace_n", R"([{"a":"1","ab":"2"},"ab"])")
             == R"("1b")");
  BOOST_TEST(
      call("strings.replace_n", R"([{"a":1},"ab"])")
      == "eval_type_error: operand 1 non-string value found in pattern object");
}

BOOST_AUTO_TEST_CASE(trim_cuts_characters_and_affixes) {
  BOOST_TEST(call("trim", R"(["..foo.bar..","."])") == R"("foo.bar")");
  BOOST_TEST(call("trim_left", R"(["äxä","ä"])") == R"("xä")");
  BOOST_TEST(call("trim_right", R"(["äxä","ä"])") == R"("äx")");
  BOOST_TEST(call("trim_space", R"(["\u00a0 a b\t "])") == R"("a b")");
  BOOST_TEST(call("trim_prefix", R"(["foo.bar","foo."])") == R"("bar")");
  BOOST_TEST(call("trim_suffix", R"(["foo.bar",".bar"])") == R"("foo")");
  BOOST_TEST(call("trim_suffix", R"(["foo","x"])") == R"("foo")");
}

BOOST_AUTO_TEST_CASE(format_int_takes_four_bases) {
  BOOST_TEST(call("format_int", "[15.5,16]") == R"("f")");
  BOOST_TEST(call("format_int", "[-10.7,2]") == R"("-1010")");
  BOOST_TEST(call("format_int", "[0,8]") == R"("0")");
  BOOST_TEST(call("format_int", "[1,3]")
             == "eval_type_error: operand 2 must be one of {2, 8, 10, 16}");
}

BOOST_AUTO_TEST_CASE(any_match_takes_strings_and_collections) {
  BOOST_TEST(call("strings.any_prefix_match", R"([["abc","def"],["x","de"]])")
             == "true");
  BOOST_TEST(call("strings.any_prefix_match", R"(["abc",{"$set":["b"]}])")
             == "false");
  BOOST_TEST(call("strings.any_suffix_match", R"([["abc"],"bc"])") == "true");
  BOOST_TEST(call("strings.any_prefix_match", R"([1,"a"])")
             == "eval_type_error: operand 1 must be one of {string, set, "
                "array} but got number");
  BOOST_TEST(call("strings.any_suffix_match", R"(["abc",[1]])")
             == "eval_type_error: operand 2 must be array of strings but got "
                "array containing number");
}

BOOST_AUTO_TEST_CASE(sprintf_follows_go) {
  BOOST_TEST(call("sprintf", R"(["hi %v",[2e308]])") == R"("hi 2e308")");
  BOOST_TEST(call("sprintf", R"(["hi %02X.%02X",[127,1]])") == R"("hi 7F.01")");
  BOOST_TEST(call("sprintf", R"(["hi %.2f",[3.1415]])") == R"("hi 3.14")");
  BOOST_TEST(call("sprintf", R"(["%s",[1208925819614629174706175]])")
             == R"("1208925819614629174706175")");
  BOOST_TEST(
      call(
          "sprintf",
          R"(["%d %s %v %x|%5d|%-5d|%05d|%+d|%8.3f|%e|%g",[1,"a",null,255,3,4,-5,6,2.5,1234.5,1234567.5]])")
      == R"("1 a null ff|    3|4    |-0005|+6|   2.500|1.234500e+03|1.2345675e+06")");
  BOOST_TEST(call("sprintf",
                  R"(["%5s|%-5s|%.2s|%q|%x",["abc","abc","äöü","a\"b","hi"]])")
             == R"("  abc|abc  |äö|\"a\\\"b\"|6869")");
  BOOST_TEST(call("sprintf", R"(["%v",[{"a":[1,{"$set":[2]}]}]])")
             == R"("{\"a\": [1, {2}]}")");
  BOOST_TEST(call("sprintf", R"(["%[2]d %[1]d",[1,2]])") == R"("2 1")");
  BOOST_TEST(call("sprintf", R"(["%*d|%T|%%",[5,42,1]])")
             == R"("   42|int|%")");
}

BOOST_AUTO_TEST_CASE(sprintf_writes_floats_in_every_verb) {
  BOOST_TEST(call("sprintf", R"(["%x %X %b %.2x",[1.5,0.1,1.5,0.1]])")
             == R"("0x1.8p+00 0X1.999999999999AP-04 )"
                R"(6755399441055744p-52 0x1.9ap-04")");
  BOOST_TEST(call("sprintf", R"(["%#g %#.3g %#x %#e",[1.5,1.5,1.5,1.5]])")
             == R"("1.50000 1.50 0x1.8000p+00 1.500000e+00")");
  // More digits than a double has.
  auto many = call("sprintf", R"(["%.2000f",[1.5]])");
  BOOST_TEST(many == "\"1.5" + std::string(1999, '0') + "\"");
  BOOST_TEST(call("sprintf", R"(["%d %v %f",[-0,-0.0,1.5]])")
             == R"("0 -0 1.500000")");
}

BOOST_AUTO_TEST_CASE(sprintf_writes_code_points_and_quotes) {
  BOOST_TEST(call("sprintf", R"(["%U %#U %U %+q %+q",[65,233,-1,"é",233]])")
             == R"("U+0041 U+00E9 'é' U+FFFFFFFFFFFFFFFF \"\\u00e9\" )"
                R"('\\u00e9'")");
  BOOST_TEST(call("sprintf", R"(["%#O %+v %+v",[8,5,9223372036854775808]])")
             == R"("0o010 5 +9223372036854775808")");
}

BOOST_AUTO_TEST_CASE(the_empty_text_stands_around_runes) {
  BOOST_TEST(call("replace", R"(["éa","","-"])") == R"("-é-a-")");
  BOOST_TEST(call("trim_right", R"(["a😀","😀"])") == R"("a")");
  BOOST_TEST(call("trim", R"(["😀","😀"])") == R"("")");
}

BOOST_AUTO_TEST_CASE(sprintf_shows_its_mistakes) {
  BOOST_TEST(call("sprintf", R"(["%+d|%.1s|%*d",[1.5,2.25,"x",7]])")
             == R"x("%!d(float64=+1.5)|%!s(float64=2)|%!(BADWIDTH)7")x");
  BOOST_TEST(call("sprintf", R"(["%d %d",[1]])") == R"x("1 %!d(MISSING)")x");
  BOOST_TEST(call("sprintf", R"(["%d",["x"]])") == R"x("%!d(string=x)")x");
  BOOST_TEST(call("sprintf", R"(["%d",[1.5]])") == R"x("%!d(float64=1.5)")x");
  BOOST_TEST(call("sprintf", R"(["%s",[5]])") == R"x("%!s(int=5)")x");
  BOOST_TEST(call("sprintf", R"(["%d",[1,2,"x"]])")
             == R"x("1%!(EXTRA int=2, string=x)")x");
  BOOST_TEST(call("sprintf", R"(["%",[]])") == R"x("%!(NOVERB)")x");
  BOOST_TEST(call("sprintf", R"(["%[9]d",[1]])") == R"x("%!d(BADINDEX)")x");
  BOOST_TEST(call("sprintf", R"(["%d",1])")
             == "eval_type_error: operand 2 must be array but got number");
}

BOOST_AUTO_TEST_SUITE_END()
