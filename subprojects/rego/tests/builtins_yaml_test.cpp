// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Built-ins on YAML.

#include <boost/test/unit_test.hpp>

#include "builtins_fixture.hpp"

BOOST_AUTO_TEST_SUITE(builtins_yaml_test)

using rego::test::call;

BOOST_AUTO_TEST_CASE(scalars_are_read_as_go_reads_them) {
  BOOST_TEST(
      call(
          "yaml.unmarshal",
          R"(["a: [1, 2.5, yes, ~, 'x', 0x10, 010]\nb: &x {c: 1}\nd: {<<: *x, e: 2}\n5: z"])")
      == R"({"5": "z", "a": [1, 2.5, true, null, "x", 16, 8], "b": {"c": 1}, "d": {"c": 1, "e": 2}})");
  BOOST_TEST(call("yaml.unmarshal", R"([""])") == "null");
  BOOST_TEST(call("yaml.is_valid", R"(["foo: \"bar\""])") == "true");
  BOOST_TEST(call("yaml.is_valid", "[5]") == "false");
}

BOOST_AUTO_TEST_CASE(tags_and_large_numbers_are_read_as_go_reads_them) {
  BOOST_TEST(call("yaml.unmarshal", R"(["- !!binary aGk=\n- !!str 1"])")
             == R"(["hi", "1"])");
  BOOST_TEST(call("yaml.unmarshal",
                  R"(["[9223372036854775808, 18446744073709551616]"])")
             == "[9223372036854775808, 18446744073709552000]");
  BOOST_TEST(call("yaml.is_valid", R"(["!!int x"])") == "false");
  BOOST_TEST(call("yaml.unmarshal", R"(["!!int 1_0"])") == "10");
  for (std::string text : {"1e3", "1.0", "1e+100", "18446744073709551616"})
    BOOST_TEST(call("yaml.unmarshal", "[\"!!int " + text + "\"]")
               == "eval_builtin_error: yaml: cannot decode !!float `" + text
                      + "` as a !!int");
}

// A key that is null, what merges no map, and text behind the document's end
// that no "---" begins.
BOOST_AUTO_TEST_CASE(nothing_of_a_document_is_lost) {
  for (auto text : {"~: 1", "a: 1\\n<<: 2", "- a\\nb: 1", "  a: 1\\nb: 2"})
    BOOST_TEST(call("yaml.is_valid", "[\"" + std::string(text) + "\"]")
               == "false");
  BOOST_TEST(call("yaml.unmarshal", R"(["  a: 1\nb: 2"])")
             == "eval_builtin_error: yaml: line 2: did not find expected "
                "<document start>");
  for (auto more : {"---\\nb: 2", "# c\\n--- b", "...\\n%YAML 1.2\\n---\\n2",
                    "---\\n]", "--- [1\\n", "...\\n# c\\nb: 2", "...\\n[1"})
    BOOST_TEST(call("yaml.unmarshal", "[\"a: 1\\n" + std::string(more) + "\"]")
               == R"({"a": 1})");
}

// What no node begins with: yaml-cpp's parser finds an empty document there,
// and finds it again and again.
BOOST_AUTO_TEST_CASE(a_token_that_begins_nothing_is_refused) {
  for (auto text : {",", ", \\n- ~\\n  b"})
    BOOST_TEST(call("yaml.unmarshal", "[\"" + std::string(text) + "\"]")
               == "eval_builtin_error: yaml: line 1: did not find expected "
                  "node content");
  BOOST_TEST(call("yaml.is_valid", R"(["[a]\n, b"])") == "false");
}

// As Go's reader has it, where yaml-cpp's takes more.
BOOST_AUTO_TEST_CASE(what_go_does_not_read_is_refused) {
  auto refusal = [](const std::string& text) {
    return call("yaml.unmarshal", "[\"" + text + "\"]");
  };
  const std::string at = "eval_builtin_error: yaml: ";
  for (auto text :
       {"a\\u0000b", "\\u0001", "a: \\u007f", "a: 1\\n---\\n\\u009f"})
    BOOST_TEST(refusal(text) == at + "control characters are not allowed");
  for (auto text : {"&' a", "[&a' 1, *a']"})
    BOOST_TEST(refusal(text)
               == at
                      + "line 1: did not find expected alphabetic or numeric "
                        "character");
  for (auto text : {"[,]", "[1, , 2]", "[[], ,]"})
    BOOST_TEST(refusal(text)
               == at
                      + "line 1: did not find expected node "
                        "content");
  BOOST_TEST(refusal("[~, , 2]").starts_with(at));
  BOOST_TEST(refusal("[~, null]") == "[null, null]");
  BOOST_TEST(refusal("%YAML 1.2\\n---\\na: 1")
             == at + "found incompatible YAML document");
  BOOST_TEST(refusal("%YAML 1.1 # c\\n---\\na: 1") == R"({"a": 1})");
}

BOOST_AUTO_TEST_CASE(next_lines_end_lines) {
  BOOST_TEST(call("yaml.unmarshal",
                  R"(["a: 1\u0085b: \"x\u0085y\"\u0085c: |\u0085 z"])")
             == R"({"a": 1, "b": "x y", "c": "z"})");
}

BOOST_AUTO_TEST_CASE(broken_and_endless_documents_are_refused) {
  BOOST_TEST(
      call("yaml.unmarshal", R"(["[1,2,3"])")
      == "eval_builtin_error: yaml: line 1: did not find expected ',' or ']'");
  BOOST_TEST(call("yaml.unmarshal", R"(["&a [*a]"])")
             == "eval_builtin_error: yaml: exceeded max depth");
  BOOST_TEST(call("yaml.is_valid", R"(["a: [1"])") == "false");
}

BOOST_AUTO_TEST_CASE(numbers_are_written_as_yaml_reads_them) {
  BOOST_TEST(
      call("yaml.marshal",
           "[[1.0, 1E5, 0.10, -0, 12345678.5, 18446744073709551615,"
           " 100000000000000000000000, -5]]")
      == R"("- 1\n- 100000\n- 0.1\n- 0\n- 1.23456785e+07\n- 18446744073709551615\n- 1e+23\n- -5\n")");
}

// yaml-cpp takes a key for one with nothing behind it, and the end of the text
// for that of quotes.
BOOST_AUTO_TEST_CASE(a_colon_or_quotes_that_are_missing_are_told_of) {
  for (auto text : {"a: 1\\nb", "a: 1\\nb\\n", "a:\\n  b: 1\\n  c\\nd: 2"})
    BOOST_TEST(call("yaml.is_valid", "[\"" + std::string(text) + "\"]")
               == "false");
  for (auto text : {"{a, b: 1}", "? a\\n", "a:\\n", "a: {b}\\nc: "})
    BOOST_TEST(call("yaml.is_valid", "[\"" + std::string(text) + "\"]")
               == "true");
  BOOST_TEST(
      call("yaml.unmarshal", R"(["a: 1\nb\n"])")
      == "eval_builtin_error: yaml: line 2: could not find expected ':'");
  for (auto text : {R"(a: \"x\n)", R"(a: 'x''\n)", R"(a: !!str \"x\\\"\n)"})
    BOOST_TEST(call("yaml.unmarshal", "[\"" + std::string(text) + "\"]")
               == "eval_builtin_error: yaml: line 2: found unexpected end of "
                  "stream");
  BOOST_TEST(call("yaml.unmarshal", R"(["a: \"x\\\"\"\nb: 'x'''\n"])")
             == R"({"a": "x\"", "b": "x'"})");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_told_in_the_words_of_go) {
  auto error = [](const std::string& text) {
    return call("yaml.unmarshal", "[\"" + text + "\"]");
  };
  std::string told = "eval_builtin_error: yaml: ";
  BOOST_TEST(error("a: b: c")
             == told + "mapping values are not allowed in this context");
  BOOST_TEST(error("x: 1\\na: b: c")
             == told
                    + "line 2: mapping values are not allowed in this context");
  BOOST_TEST(error("a: @b")
             == told + "found character that cannot start any token");
  BOOST_TEST(error("a: [*foo, 1]") == told + "unknown anchor 'foo' referenced");
  BOOST_TEST(error("!!int x") == told + "cannot decode !!str `x` as a !!int");
}

BOOST_AUTO_TEST_CASE(numbers_may_have_underscores) {
  BOOST_TEST(call("yaml.unmarshal", R"(["[1_000, 1_0.5, -0, ._5]"])")
             == R"([1000, 10.5, 0, "._5"])");
}

// JSON cannot hold them as values; as keys they are text.
BOOST_AUTO_TEST_CASE(infinities_are_named_as_go_names_them) {
  std::string told = "eval_builtin_error: json: unsupported value: ";
  BOOST_TEST(call("yaml.unmarshal", R"(["a: .inf"])") == told + "+Inf");
  BOOST_TEST(call("yaml.unmarshal", R"(["[+.Inf]"])") == told + "+Inf");
  BOOST_TEST(call("yaml.unmarshal", R"(["-.INF"])") == told + "-Inf");
  BOOST_TEST(call("yaml.unmarshal", R"(["- .NaN"])") == told + "NaN");
  BOOST_TEST(call("yaml.unmarshal", R"([".INF: 1\n-.inf: 2\n.NaN: 3"])")
             == R"({"-.inf": 2, ".inf": 1, ".nan": 3})");
}

BOOST_AUTO_TEST_CASE(keys_that_are_numbers_are_shortened_to_32_bits) {
  BOOST_TEST(
      call(
          "yaml.unmarshal",
          R"(["{1e6: 1, 0.1234567891: 2, 1000000: 3, -1e-5: 4, 1e300: 5, !!float 5000000: 6, 1_0.5: 7}"])")
      == R"({"-1e-05": 4, ".inf": 5, "0.12345679": 2, "10.5": 7, "1000000": 3, "1e+06": 1, "5e+06": 6})");
  BOOST_TEST(call("yaml.unmarshal", R"(["18446744073709551615: 1"])")
             == "eval_builtin_error: Unsupported map key of type: uint64");
}

BOOST_AUTO_TEST_CASE(every_short_escape_is_read) {
  BOOST_TEST(call("yaml.unmarshal", R"(["\"\\N\\_\\L\\P\\0\\e \\xe9\""])")
             == "\"\u0085\u00a0\\u2028\\u2029\\u0000\\u001b é\"");
}

BOOST_AUTO_TEST_CASE(directives_that_nobody_knows_are_refused) {
  auto error = [](const std::string& text) {
    return call("yaml.unmarshal", "[\"" + text + "\"]");
  };
  std::string told = "eval_builtin_error: yaml: ";
  BOOST_TEST(error("%") == told + "could not find expected directive name");
  BOOST_TEST(error("%a[1\\n--- 1")
             == told + "found unexpected non-alphabetical character");
  BOOST_TEST(error("# c\\n\\n%FOO x\\n--- 1")
             == told + "line 3: found unknown directive name");
  BOOST_TEST(error("# c\\n%YAML 1.1\\n--- 1") == "1");
  BOOST_TEST(error("a: |\\n  b\\n\\n  %c") == R"({"a": "b\n\n%c"})");
}

BOOST_AUTO_TEST_CASE(text_is_quoted_where_it_must_be) {
  BOOST_TEST(call("yaml.marshal", R"([[{"foo":{"$set":[1,2,3]}}]])")
             == R"("- foo:\n  - 1\n  - 2\n  - 3\n")");
  BOOST_TEST(
      call(
          "yaml.marshal",
          R"([{"a":{"b":[1,{"c":"yes","d":"x: y"}],"e":{},"f":[]},"z":"multi\nline\n","m":null,"a10":1,"a9":2,"q":"it's","s":" lead"}])")
      == R"("a:\n  b:\n  - 1\n  - c: \"yes\"\n    d: 'x: y'\n  e: {}\n  f: []\na9: 2\na10: 1\nm: null\nq: it's\ns: ' lead'\nz: |\n  multi\n  line\n")");
}

BOOST_AUTO_TEST_CASE(what_reads_as_a_date_or_base_60_is_quoted) {
  BOOST_TEST(
      call(
          "yaml.marshal",
          R"([{"2024-01-01":["2001-01-01T00:00:00Z","2001-1-1 1:2:3","2024-13-01"]}])")
      == R"("\"2024-01-01\":\n- \"2001-01-01T00:00:00Z\"\n- \"2001-1-1 1:2:3\"\n- 2024-13-01\n")");
  BOOST_TEST(call("yaml.marshal", R"([["12:30","1:60",":","a:","+1:2.5"]])")
             == R"("- \"12:30\"\n- 1:60\n- ':'\n- 'a:'\n- \"+1:2.5\"\n")");
}

BOOST_AUTO_TEST_CASE(lines_are_written_as_a_literal_block) {
  auto written = [](const std::string& text) {
    return call("yaml.marshal", "[" + text + "]");
  };
  BOOST_TEST(written(R"(["a\nb"])") == R"("- |-\n  a\n  b\n")");
  BOOST_TEST(written(R"({"a":[{"b":"c\nd\n","e":1}]})")
             == R"("a:\n- b: |\n    c\n    d\n  e: 1\n")");
  BOOST_TEST(written(R"("\n")") == R"("|2+\n\n")");
  BOOST_TEST(written(R"({"a":"x\n\n","b":" y\n"})")
             == R"("a: |+\n  x\n\nb: |2\n   y\n")");
  BOOST_TEST(written(R"(["x \ny","\ty\n","z\n "])")
             == R"("- \"x \\ny\"\n- \"\\ty\\n\"\n- \"z\\n \"\n")");
}

// One of more than 128 bytes, or of more than one line.
BOOST_AUTO_TEST_CASE(a_key_that_fits_no_line_stands_behind_a_mark) {
  std::string fits(128, 'k');
  BOOST_TEST(call("yaml.marshal", "[{\"" + fits + "\":[1]}]")
             == "\"" + fits + R"(:\n- 1\n")");
  BOOST_TEST(call("yaml.marshal", "[{\"" + fits + "k\":[1,{\"a\":2}]}]")
             == "\"? " + fits + R"(k\n: - 1\n  - a: 2\n")");
  BOOST_TEST(call("yaml.marshal", R"([{"a\nb":{"c":1}}])")
             == R"("? |-\n  a\n  b\n: c: 1\n")");
}

BOOST_AUTO_TEST_CASE(long_lines_fold_behind_column_80) {
  std::string words;
  for (int i = 0; i < 17; ++i)
    words += "word ";
  BOOST_TEST(call("yaml.marshal", "[{\"a\":\"" + words + "x\"}]")
             == "\"a: " + words.substr(0, 79) + R"(\n  )" + words.substr(80)
                    + R"(x\n")");
  BOOST_TEST(call("yaml.marshal", "[[\"#" + words + "x\"]]")
             == "\"- '#" + words.substr(0, 79) + R"(\n  )" + words.substr(80)
                    + R"(x'\n")");
  BOOST_TEST(call("yaml.marshal", "[[\"\\t" + words + "x\"]]")
             == R"("- \"\\t)" + words.substr(0, 79) + R"(\n  )"
                    + words.substr(80) + R"(x\"\n")");
  std::string wide(90, 'x');
  BOOST_TEST(
      call("yaml.marshal", "[[\"" + wide + "  y\",\"\\t" + wide + "  y\"]]")
      == "\"- " + wide + R"(  y\n- \"\\t)" + wide + R"(\n  \\ y\"\n")");
  BOOST_TEST(call("yaml.marshal", "[{\"" + wide + " y\":1}]")
             == "\"" + wide + R"( y: 1\n")");
}

BOOST_AUTO_TEST_CASE(characters_beyond_the_basic_plane_are_escaped) {
  BOOST_TEST(call("yaml.marshal", R"(["\ud83d\ude00é"])")
             == R"("\"\\U0001F600é\"\n")");
  BOOST_TEST(call("yaml.marshal", R"([["a\ufeff","\ufeff b","\u0000\u001b"]])")
             == R"("- \"a\\uFEFF\"\n- \"\\uFEFF\\x20\\x62\"\n- \"\\0\\e\"\n")");
  BOOST_TEST(call("yaml.marshal", R"([["a\u2028b","\u2028 b","a\u00a0"]])")
             == R"("- 'a\u2028  b'\n- \"\\L b\"\n- a \n")");
}

// Go's library writes the value as JSON first and reads that as YAML.
BOOST_AUTO_TEST_CASE(what_yaml_does_not_read_in_json_is_refused) {
  std::string told = "eval_builtin_error: yaml: ";
  for (auto text : {"\\u007f", "\\u0080", "\\ufffe", "\\uffff"})
    BOOST_TEST(call("yaml.marshal", "[\"" + std::string(text) + "\"]")
               == told + "control characters are not allowed");
  BOOST_TEST(
      call("yaml.marshal", R"([["\u0085","a \u0085 b","a\u0085\u0085b"]])")
      == R"("- ' '\n- a b\n- |-\n  a\n  b\n")");
  BOOST_TEST(call("yaml.marshal", R"(["a\u0085--- b"])")
             == told + "line 2: found unexpected document indicator");
  BOOST_TEST(call("yaml.marshal", R"([{"a\u0085b":1}])")
             == told + "line 1: did not find expected ',' or '}'");
  std::string longest(1022, 'k');
  BOOST_TEST(call("yaml.marshal", "[{\"" + longest + "\":1}]")
             == "\"? " + longest + R"(\n: 1\n")");
  BOOST_TEST(call("yaml.marshal", "[{\"" + longest + "k\":1}]")
             == told + "did not find expected ',' or '}'");
}

BOOST_AUTO_TEST_CASE(keys_stand_in_a_natural_order) {
  BOOST_TEST(
      call(
          "yaml.marshal",
          R"([{"b":1,"0b1":1,"{a":1,"? a":1,"<<":1,"é":1,"Z":1,"a10":1,"a9":1,"a":1,"_":1,"A":1,"-x":1,"/":1,"10":1,"9":1,"1.5":1,"a01":1,"a1":1}])")
      == R"("-x: 1\n/: 1\n<<: 1\n'? a': 1\n_: 1\n'{a': 1\n\"0b1\": 1\n\"1.5\": 1\n\"9\": 1\n\"10\": 1\nA: 1\nZ: 1\na: 1\na1: 1\na01: 1\na9: 1\na10: 1\nb: 1\né: 1\n")");
}

BOOST_AUTO_TEST_CASE(runtime_and_template_strings) {
  BOOST_TEST(call("internal.template_string",
                  R"([["a",1,{"$set":[]},{"$set":[[1]]}]])")
             == R"("a1<undefined>[1]")");
  BOOST_TEST(call("opa.runtime", "[]") == "{}");
  BOOST_TEST(call("trace", R"(["x"])") == "true");
}

BOOST_AUTO_TEST_SUITE_END()
