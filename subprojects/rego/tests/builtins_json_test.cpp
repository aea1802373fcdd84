// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Built-ins on JSON documents and text encodings.

#include <boost/test/unit_test.hpp>

#include "builtins_fixture.hpp"

BOOST_AUTO_TEST_SUITE(builtins_json_test)

using rego::test::call;

BOOST_AUTO_TEST_CASE(filter_keeps_and_remove_drops_paths) {
  BOOST_TEST(
      call("json.filter", R"([{"a":{"b":{"c":7,"d":8}},"e":9},["a/b/c","e"]])")
      == R"({"a": {"b": {"c": 7}}, "e": 9})");
  BOOST_TEST(call("json.filter", R"([{"a":[1,2,3]},["a/1"]])")
             == R"({"a": [2]})");
  BOOST_TEST(call("json.filter", R"([{"a~b/c":1,"x":2},["a~0b~1c"]])")
             == R"({"a~b/c": 1})");
  BOOST_TEST(
      call(
          "json.remove",
          R"([{"a":{"b":{"c":7,"d":[8,9]}},"e":9},["a/b/c",["a","b","d","0"]]])")
      == R"({"a": {"b": {"d": [9]}}, "e": 9})");
  BOOST_TEST(
      call("json.remove", R"([{"a":1},[5]])")
      == "eval_type_error: operand 2 must be one of {set, array} containing "
         "string paths or array of path segments but got number");
}

BOOST_AUTO_TEST_CASE(patch_applies_operations_in_order) {
  BOOST_TEST(
      call(
          "json.patch",
          R"([{"a":{"foo":1}},[{"op":"add","path":"/a/bar","value":2},{"op":"remove","path":"a/foo"}]])")
      == R"({"a": {"bar": 2}})");
  BOOST_TEST(
      call(
          "json.patch",
          R"([[1,2,3],[{"op":"add","path":"/-","value":4},{"op":"move","from":"/0","path":"/2"},{"op":"replace","path":"1","value":9}]])")
      == "[2, 9, 1, 4]");
  BOOST_TEST(
      call("json.patch",
           R"([{"$set":[[1],2]},[{"op":"add","path":[[1],1],"value":5}]])")
      == "{2, [1, 5]}");
  BOOST_TEST(
      call(
          "json.patch",
          R"([{"a":1},[{"op":"copy","from":"/a","path":"/b"},{"op":"test","path":"/b","value":1}]])")
      == R"({"a": 1, "b": 1})");
}

BOOST_AUTO_TEST_CASE(a_patch_that_fails_is_undefined) {
  BOOST_TEST(call("json.patch", R"([{"a":1},[{"op":"remove","path":"/b"}]])")
             == "undefined");
  BOOST_TEST(
      call("json.patch", R"([{"a":1},[{"op":"test","path":"/a","value":2}]])")
      == "undefined");
  BOOST_TEST(
      call("json.patch", R"([[1],[{"op":"add","path":"/02","value":2}]])")
      == "undefined");
  BOOST_TEST(call("json.patch", R"([{"a":1},[{"op":"jump","path":"/a"}]])")
             == "undefined");
}

BOOST_AUTO_TEST_CASE(marshal_writes_what_go_writes) {
  BOOST_TEST(call("json.marshal", R"([{"a":[1,{"$set":[2,3]}],"<":"&"}])")
             == R"("{\"\\u003c\":\"\\u0026\",\"a\":[1,[2,3]]}")");
  BOOST_TEST(
      call("json.marshal_with_options", R"([[[[]],{"a":1}],{"indent":"  "}])")
      == R"("[\n  [\n    []\n  ],\n  {\n    \"a\": 1\n  }\n]")");
  BOOST_TEST(
      call("json.marshal_with_options", R"([[1],{"prefix":"> ","indent":""}])")
      == R"("> [\n> 1\n> ]")");
  BOOST_TEST(call("json.marshal_with_options",
                  R"([[1],{"pretty":false,"prefix":"x"}])")
             == R"("[1]")");
  BOOST_TEST(
      call("json.marshal_with_options", R"([[],{"x":1}])")
      == R"(eval_type_error: operand 2 object contained unknown key "x")");
  BOOST_TEST(call("json.unmarshal", R"(["{\"a\":[1]}"])") == R"({"a": [1]})");
  BOOST_TEST(call("json.is_valid", R"(["[1,2"])") == "false");
  BOOST_TEST(call("json.is_valid", "[1]") == "false");
}

// The texts are those of Go 1.19's encoding/json.
BOOST_AUTO_TEST_CASE(what_is_no_json_is_told_in_the_words_of_go) {
  const std::pair<const char*, const char*> told[] = {
      {"", "EOF"},
      {" [1, ", "unexpected EOF"},
      {"[1,]", "invalid character ']' looking for beginning of value"},
      {"[1 2]", "invalid character '2' after array element"},
      {"[01]", "invalid character '1' after array element"},
      {"{'a': 1}", R"(invalid character '\'' looking for beginning of object )"
                   "key string"},
      {R"({"a" 1})", "invalid character '1' after object key"},
      {R"({"a": 1 "b")",
       R"(invalid character '"' after object key:value pair)"},
      {"\"a\nb\"", R"(invalid character '\n' in string literal)"},
      {R"("\x")", "invalid character 'x' in string escape code"},
      {R"("\u12g4")",
       R"(invalid character 'g' in \u hexadecimal character escape)"},
      {"-a", "invalid character 'a' in numeric literal"},
      {"1.", "unexpected EOF"},
      {"[1.]", "invalid character ']' after decimal point in numeric literal"},
      {"[1e]", "invalid character ']' in exponent of numeric literal"},
      {"[trie]", "invalid character 'i' in literal true (expecting 'u')"},
      {"nul", "unexpected EOF"},
      {"\u00e9", "invalid character '\u00c3' looking for beginning of value"},
      {"{} x", "invalid character 'x' looking for beginning of value"},
      {"1 [", "error: invalid character '[' after top-level value"},
      {R"(1 "a")", "error: invalid character 'a' after top-level value"},
      {"[] true",
       "error: invalid character '%!s(bool=true)' after top-level value"}};
  for (auto [text, why] : told)
    BOOST_TEST(call("json.unmarshal", "[" + rego::json_string(text) + "]")
               == "eval_builtin_error: " + std::string(why));
}

BOOST_AUTO_TEST_CASE(json_that_is_no_utf8_is_mended_as_go_does) {
  rego::arena memory;
  rego::test::fake_context c(memory);
  auto* read = rego::builtin_table::instance().find("json.unmarshal");
  auto text = rego::make_string(memory, "[\"a\xff\"]");
  BOOST_TEST(rego::to_json(read->call(c, {&text, 1})) == "[\"a\uFFFD\"]");
}

BOOST_AUTO_TEST_CASE(base64_names_the_byte_that_is_wrong) {
  BOOST_TEST(call("base64.encode", R"(["hello"])") == R"("aGVsbG8=")");
  BOOST_TEST(call("base64.decode", R"(["aGVsbG8="])") == R"("hello")");
  BOOST_TEST(call("base64.decode", R"(["aGVs\nbG8="])") == R"("hello")");
  BOOST_TEST(call("base64.decode", R"(["aGVs!G8="])")
             == "eval_builtin_error: illegal base64 data at input byte 4");
  BOOST_TEST(call("base64.decode", R"(["aGVsbG8"])")
             == "eval_builtin_error: illegal base64 data at input byte 4");
  BOOST_TEST(call("base64.is_valid", R"(["a==="])") == "false");
  BOOST_TEST(call("base64url.decode", R"(["aGVsbG8"])") == R"("hello")");
  BOOST_TEST(call("base64url.encode_no_pad", R"(["<<??>>"])")
             == R"("PDw_Pz4-")");
  BOOST_TEST(call("base64url.encode", R"(["<<??>"])") == R"("PDw_Pz4=")");
  BOOST_TEST(call("base64url.decode", R"(["a"])")
             == "eval_builtin_error: illegal base64url string: a");
}

BOOST_AUTO_TEST_CASE(hex_and_urlquery) {
  BOOST_TEST(call("hex.encode", R"(["jj"])") == R"("6a6a")");
  BOOST_TEST(call("hex.decode", R"(["6A6a"])") == R"("jj")");
  BOOST_TEST(call("hex.decode", R"(["6a6g"])")
             == "eval_builtin_error: encoding/hex: invalid byte: U+0067 'g'");
  BOOST_TEST(call("hex.decode", R"(["6a6"])")
             == "eval_builtin_error: encoding/hex: odd length hex string");
  BOOST_TEST(call("urlquery.encode", R"(["a b&c=ä"])")
             == R"("a+b%26c%3D%C3%A4")");
  BOOST_TEST(call("urlquery.decode", R"(["a+b%26"])") == R"("a b&")");
  BOOST_TEST(call("urlquery.decode", R"(["%zz"])")
             == R"(eval_builtin_error: invalid URL escape "%zz")");
  BOOST_TEST(call("urlquery.encode_object",
                  R"([{"a":["b c","d"],"e":{"$set":["f"]}}])")
             == R"("a=b+c&a=d&e=f")");
  BOOST_TEST(call("urlquery.encode_object", R"([{"a":1}])")
             == "eval_type_error: operand 1 values must be string, "
                "array[string], or set[string]");
  BOOST_TEST(call("urlquery.decode_object", R"(["a=1&a=2&b=%20x"])")
             == R"({"a": ["1", "2"], "b": [" x"]})");
}

BOOST_AUTO_TEST_CASE(a_value_that_is_small_only_by_sharing_is_not_written) {
  rego::arena a(64 << 20);
  rego::test::fake_context c(a);
  auto v = rego::value::integer(1);
  for (int i = 0; i < 60; ++i)
    v = rego::make_array(a, {v, v});
  auto& table = rego::builtin_table::instance();
  for (auto name : {"json.marshal", "yaml.marshal"})
    BOOST_CHECK_THROW(table.find(name)->call(c, std::span(&v, 1)),
                      rego::memory_exceeded);
}

BOOST_AUTO_TEST_SUITE_END()
