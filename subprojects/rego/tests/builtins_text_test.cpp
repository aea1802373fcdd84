// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Built-ins on patterns, versions, ids, units, networks and graphs.

#include <boost/test/unit_test.hpp>

#include "builtins_fixture.hpp"

BOOST_AUTO_TEST_SUITE(builtins_text_test)

using rego::test::call;

BOOST_AUTO_TEST_CASE(regex_match_and_find) {
  BOOST_TEST(call("regex.match", R"(["^a.*z$","abcz"])") == "true");
  BOOST_TEST(call("regex.find_n", R"(["a.","paranormal",2])")
             == R"(["ar", "an"])");
  BOOST_TEST(call("regex.find_n", R"(["a.","paranormal",0])") == "[]");
  BOOST_TEST(
      call("regex.find_all_string_submatch_n", R"(["a(x*)b","-axxb-ab-",-1])")
      == R"([["axxb", "xx"], ["ab", ""]])");
  BOOST_TEST(call("regex.is_valid", R"(["++"])") == "false");
  BOOST_TEST(call("regex.is_valid", "[1]") == "false");
  BOOST_TEST(call("regex.match", R"(["(?<year>\\d+)-[[:alpha:](?<]","12-a"])")
             == "true");
}

BOOST_AUTO_TEST_CASE(regex_errors_are_go_s) {
  BOOST_TEST(
      call("regex.match", R"(["[","x"])")
      == "eval_builtin_error: error parsing regexp: missing closing ]: `[`");
  BOOST_TEST(call("regex.match", R"(["a**","x"])")
             == "eval_builtin_error: error parsing regexp: invalid nested "
                "repetition operator: `**`");
  BOOST_TEST(
      call("regex.match", R"(["\\C","x"])")
      == R"(eval_builtin_error: error parsing regexp: invalid escape sequence: `\C`)");
  BOOST_TEST(call("regex.match", R"x(["(?<=a)","x"])x")
             == "eval_builtin_error: error parsing regexp: invalid or "
                "unsupported Perl syntax: `(?<`");
}

BOOST_AUTO_TEST_CASE(regex_replace_and_split) {
  BOOST_TEST(call("regex.replace", R"(["foo","^[a-z]","F"])") == R"("Foo")");
  // A group's name takes every letter behind it.
  BOOST_TEST(call("regex.replace", R"x(["ab","(a)","$1-$1é"])x") == R"("a-b")");
  BOOST_TEST(call("regex.replace", R"(["foo barx","[a-z]{2}","_"])")
             == R"("_o __")");
  BOOST_TEST(call("regex.replace", R"(["abc","","-"])") == R"("-a-b-c-")");
  BOOST_TEST(
      call(
          "regex.replace",
          R"x(["John Smith","(?P<first>\\w+) (?<last>\\w+)","${last} $first $$1x $9"])x")
      == R"("Smith John $1x ")");
  BOOST_TEST(call("regex.split", R"(["^[a-z ]+$","foobar baz"])")
             == R"(["", ""])");
  BOOST_TEST(call("regex.split", R"(["z*","pizza"])") == R"(["p", "i", "a"])");
  BOOST_TEST(call("regex.split", R"(["a","" ])") == R"([""])");
}

BOOST_AUTO_TEST_CASE(templates_and_simple_globs) {
  BOOST_TEST(call("regex.template_match",
                  R"(["urn:foo:{.*}","urn:foo:bar:baz","{","}"])")
             == "true");
  BOOST_TEST(
      call("regex.template_match", R"(["urn:foo:<.*>","urn:x:bar","<",">"])")
      == "false");
  BOOST_TEST(call("regex.template_match", R"(["urn:{foo","x","{","}"])")
             == R"(eval_builtin_error: unbalanced braces in "urn:{foo")");
  BOOST_TEST(call("regex.template_match", R"(["a","x","{{","}"])")
             == "eval_builtin_error: start delimiter has to be exactly one "
                "character long but is 2 long");
  BOOST_TEST(
      call("regex.globs_match", R"(["a.a.[0-9]+z",".b.b2359825792*594823z"])")
      == "true");
  BOOST_TEST(call("regex.globs_match", R"(["[a-z]+","[0-9]*"])") == "false");
  BOOST_TEST(call("regex.globs_match", R"(["pqrs]","[a-b]+"])")
             == "eval_builtin_error: input:pqrs], pos:5, set-close ']' with no "
                "preceding '[': the input provided is invalid");
}

// A glob is made of a regular expression: both are kept, and the one may find
// the cache full while the other is being made.
BOOST_AUTO_TEST_CASE(more_patterns_than_are_kept_stay_right) {
  for (int shift = 0; shift < 2; ++shift) {
    rego::arena memory;
    rego::test::fake_context c(memory);
    if (shift)
      call(c, "regex.match", R"(["first","first"])");
    for (int i = 0; i < 1200; ++i) {
      auto n = std::to_string(i);
      BOOST_REQUIRE(
          call(c, "glob.match", "[\"a" + n + "*\",[],\"a" + n + "b\"]")
          == "true");
    }
  }
}

BOOST_AUTO_TEST_CASE(globs_stop_at_delimiters) {
  BOOST_TEST(call("glob.match", R"(["*.github.com",["."],"api.github.com"])")
             == "true");
  BOOST_TEST(call("glob.match", R"(["*",[],"foo.bar"])") == "false");
  BOOST_TEST(call("glob.match", R"(["*",null,"foo.bar"])") == "true");
  BOOST_TEST(call("glob.match", R"(["**.com",["."],"a.b.com"])") == "true");
  BOOST_TEST(call("glob.match", R"(["{cat,bat,[fr]at}",[],"rat"])") == "true");
  BOOST_TEST(call("glob.match", R"(["[!a-c]at",[],"bat"])") == "false");
  BOOST_TEST(call("glob.match", R"(["?at",["f"],"fat"])") == "false");
  BOOST_TEST(call("glob.match", R"(["\\*a",["."],"*a"])") == "true");
  // Ends around what matches everything may overlap.
  BOOST_TEST(call("glob.match", R"(["ab**bc",["."],"abc"])") == "true");
  BOOST_TEST(call("glob.match", R"(["a\\***\\*b",["."],"a*b"])") == "true");
  BOOST_TEST(call("glob.match", R"(["ab*bc",null,"abc"])") == "true");
  BOOST_TEST(call("glob.match", R"(["ab*bc",["."],"abc"])") == "false");
  BOOST_TEST(call("glob.match", R"(["ab***bc",["."],"abc"])") == "false");
  BOOST_TEST(call("glob.match", R"(["a**b",["."],"a.b.b"])") == "true");
  BOOST_TEST(call("glob.match", R"(["a**b",["."],"a"])") == "false");
  // Braces that stay open end with the pattern.
  BOOST_TEST(call("glob.match", R"(["a{b,c",["."],"ac"])") == "true");
  BOOST_TEST(call("glob.match", R"(["[a",["."],"a"])")
             == "eval_builtin_error: unexpected end of input");
  BOOST_TEST(call("glob.match", R"(["*",["ab"],"a"])")
             == "eval_type_error: operand 2 must be array of runes but got "
                "array containing string");
  BOOST_TEST(call("glob.quote_meta", R"(["*.github.com"])")
             == R"("\\*.github.com")");
}

BOOST_AUTO_TEST_CASE(units_scale_numbers) {
  BOOST_TEST(call("units.parse", R"(["500m"])") == "0.5000000000");
  BOOST_TEST(call("units.parse", R"(["10Gi"])") == "10737418240");
  BOOST_TEST(call("units.parse", R"(["2.5e3K"])") == "2500000");
  BOOST_TEST(call("units.parse", R"(["1E"])") == "1000000000000000000");
  BOOST_TEST(call("units.parse", R"(["10e10000000Ei"])")
             == "eval_builtin_error: units.parse: exponent too large");
  BOOST_TEST(call("units.parse", R"(["1.5xx"])")
             == "eval_builtin_error: units.parse: unit xx not recognized");
  BOOST_TEST(call("units.parse", R"(["1 K"])")
             == "eval_builtin_error: units.parse: spaces not allowed in "
                "resource strings");
  BOOST_TEST(call("units.parse", R"(["K"])")
             == "eval_builtin_error: units.parse: no amount provided");
  BOOST_TEST(call("units.parse_bytes", R"(["1.1KiB"])") == "1126");
  BOOST_TEST(call("units.parse_bytes", R"([".5KB"])") == "500");
  BOOST_TEST(call("units.parse_bytes", R"(["\"100TIB\""])")
             == "109951162777600");
  BOOST_TEST(call("units.parse_bytes", R"(["0.0.0"])")
             == "eval_builtin_error: units.parse_bytes: could not parse byte "
                "amount to a number");
}

BOOST_AUTO_TEST_CASE(versions_and_ids) {
  BOOST_TEST(call("semver.compare", R"(["1.0.0-alpha.1","1.0.0-alpha.beta"])")
             == "-1");
  BOOST_TEST(call("semver.compare", R"(["1.0.0","1.0.0-rc.1"])") == "1");
  BOOST_TEST(call("semver.compare", R"(["1.0.0+a","1.0.0+b"])") == "0");
  BOOST_TEST(call("semver.compare", R"(["1.10.0","1.9.0"])") == "1");
  BOOST_TEST(
      call("semver.compare", R"(["1","1.0.0"])")
      == R"(eval_builtin_error: operand 1: string "1" is not a valid SemVer)");
  BOOST_TEST(call("semver.is_valid", R"(["v1.2.3+b-d"])") == "true");
  BOOST_TEST(call("semver.is_valid", "[1]") == "false");
  BOOST_TEST(
      call("uuid.parse", R"(["000003e8-48b9-21ee-b200-325096b39f47"])")
      == R"({"clocksequence": 12800, "domain": "Person", "id": 1000, "macvariables": "local:unicast", "nodeid": "32-50-96-b3-9f-47", "time": 1693566990121469600, "variant": "RFC4122", "version": 2})");
  BOOST_TEST(call("uuid.parse", R"(["{00000000-0000-4000-8000-000000000000}"])")
             == R"({"variant": "RFC4122", "version": 4})");
  BOOST_TEST(call("uuid.parse", R"(["123"])") == "undefined");
  BOOST_TEST(call("uuid.rfc4122", R"(["k"])")
             == R"("00010203-0405-4607-8809-0a0b0c0d0e0f")");
}

BOOST_AUTO_TEST_CASE(networks_contain_addresses) {
  BOOST_TEST(call("net.cidr_contains", R"(["10.0.0.0/8","10.1.2.3"])")
             == "true");
  BOOST_TEST(call("net.cidr_contains", R"(["10.0.0.0/8","11.0.0.0/9"])")
             == "false");
  BOOST_TEST(call("net.cidr_contains", R"(["2001::/16","2001:db8::1"])")
             == "true");
  BOOST_TEST(call("net.cidr_contains", R"(["::/0","10.0.0.1"])") == "false");
  BOOST_TEST(call("net.cidr_contains", R"(["10.0.0.0/8","x"])")
             == "eval_builtin_error: not a valid textual representation of an "
                "IP address or CIDR: x");
  BOOST_TEST(
      call(
          "net.cidr_contains_matches",
          R"([["1.1.2.0/24","1.1.0.0/16"],{"a":"1.1.2.5","b":["1.1.1.1/32","q"]}])")
      == R"({[0, "a"], [1, "a"], [1, "b"]})");
  BOOST_TEST(call("net.cidr_contains_matches", R"(["1.1.1.0/24",[1]])")
             == "eval_builtin_error: operand 2: element must be string or "
                "non-empty array");
  BOOST_TEST(
      call("net.cidr_intersects", R"(["192.168.0.0/16","192.168.1.0/24"])")
      == "true");
  BOOST_TEST(call("net.cidr_is_valid", R"(["192.168.01.0/24"])") == "false");
}

BOOST_AUTO_TEST_CASE(networks_expand_and_merge) {
  BOOST_TEST(
      call("net.cidr_expand", R"(["192.168.1.1/30"])")
      == R"({"192.168.1.0", "192.168.1.1", "192.168.1.2", "192.168.1.3"})");
  BOOST_TEST(call("net.cidr_expand", R"(["::/8"])")
             == "the memory limit is reached");
  BOOST_TEST(call("net.cidr_expand", R"(["192.168.1.1/33"])")
             == "eval_builtin_error: invalid CIDR address: 192.168.1.1/33");
  BOOST_TEST(call("net.cidr_merge",
                  R"([["192.0.2.112/30","192.0.2.116/31","192.0.2.118/31"]])")
             == R"({"192.0.2.112/29"})");
  BOOST_TEST(
      call(
          "net.cidr_merge",
          R"([["192.0.128.0/24","192.0.129.0/24","fe80::/121","fe80::80/121"]])")
      == R"({"192.0.128.0/23", "fe80::/120"})");
  BOOST_TEST(call("net.cidr_merge", R"([["::1"]])")
             == "eval_builtin_error: IPv6 invalid: needs prefix length");
  BOOST_TEST(call("net.cidr_merge", "[[]]") == "set()");
  BOOST_TEST(call("net.lookup_ip_addr", R"(["::"])") == R"({"::"})");
  BOOST_TEST(call("net.lookup_ip_addr", R"(["example.com"])")
             == "eval_builtin_error: lookup example.com: no resolver");
}

BOOST_AUTO_TEST_CASE(graphs_are_searched_once) {
  BOOST_TEST(call("graph.reachable",
                  R"([{"a":["b"],"b":["c"],"c":["a"],"d":[]},["a"]])")
             == R"({"a", "b", "c"})");
  BOOST_TEST(call("graph.reachable", R"([{},["a"]])") == "set()");
  BOOST_TEST(call("graph.reachable", R"([{"a":null},["a"]])") == R"({"a"})");
  BOOST_TEST(call("graph.reachable_paths",
                  R"([{"a":["b","d"],"b":["c"],"c":["a"],"d":[]},["a"]])")
             == R"({["a", "b", "c"], ["a", "d"]})");
  BOOST_TEST(call("graph.reachable", "[1,[1]]")
             == "eval_type_error: operand 1 must be object but got number");
  BOOST_TEST(call("walk", R"([{"a":[1]}])")
             == R"([[[], {"a": [1]}], [["a"], [1]], [["a", 0], 1]])");
}

BOOST_AUTO_TEST_CASE(urls_are_read_as_go_reads_them) {
  BOOST_TEST(call("uri.parse", R"(["https://h.org:8080/a%2Fb?q=1#top"])")
             == R"({"fragment": "top", "hostname": "h.org", "path": "/a/b", )"
                R"("port": "8080", "raw_path": "/a%2Fb", "raw_query": "q=1", )"
                R"("scheme": "https"})");
  BOOST_TEST(call("uri.parse", R"(["http://a<b@example.com/"])")
             == "eval_builtin_error: parse \"http://a<b@example.com/\": "
                "net/url: invalid userinfo");
  BOOST_TEST(call("uri.is_valid", R"(["http://[invalid"])") == "false");
  BOOST_TEST(call("uri.is_valid", R"([""])") == "false");
}

BOOST_AUTO_TEST_CASE(requests_are_signed_for_aws) {
  auto config = R"("aws_service": "s3", "aws_access_key": "AK",
      "aws_secret_access_key": "SK", "aws_region": "us-east-1")";
  auto signed_request =
      call("providers.aws.sign_req",
           std::string(R"([{"method": "get", "url": "http://e.com"}, {)")
               + config + "}, 1451311705000000000]");
  BOOST_TEST(signed_request.find("SignedHeaders=host;x-amz-content-sha256;"
                                 "x-amz-date,Signature=")
             != std::string::npos);
  BOOST_TEST(call("providers.aws.sign_req",
                  std::string(R"([{"method": "get"}, {)") + config + "}, 1]")
             == "eval_type_error: operand 1 missing required request "
                "parameters(s): {\"url\"}");
}

BOOST_AUTO_TEST_SUITE_END()
