// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// What type errors tell in JSON: OPA's short message and the details.

#include <boost/test/unit_test.hpp>

#include "support.hpp"

BOOST_AUTO_TEST_SUITE(type_details_test)

namespace {

/// What the JSON of the only problem of `p if BODY` holds beside its place.
std::string told_json(const std::string& body, const std::string& rules = "") {
  auto p =
      rego::compile({{"t.rego", "package t\np if { " + body + " }\n" + rules}});
  if (p)
    return "";
  auto& e = p.error_list()[0];
  return e.message + " " + (e.details ? e.details->json : "none");
}

std::string ref_json(const std::string& var, const std::string& rest) {
  return R"("ref":[{"type":"var","value":")" + var + R"("},)" + rest + "]";
}

} // namespace

BOOST_AUTO_TEST_CASE(tells_operands_and_sides_in_json) {
  BOOST_TEST(told_json("startswith(\"a\", 1)")
             == "startswith: invalid argument(s) "
                R"({"have":[{"type":"string"},{"type":"number"}],"want":)"
                R"({"args":[{"name":"search","type":"string"},)"
                R"({"name":"base","type":"string"},)"
                R"({"name":"result","type":"boolean"}]}})");
  BOOST_TEST(told_json("x := 1 + \"a\"; x > 2")
                 .starts_with("plus: invalid argument(s) "
                              R"({"have":[{"type":"number"},)"
                              R"({"type":"string"},null],"want":)"));
  BOOST_TEST(told_json("lower(\"a\", 1, 2)")
             == "lower: arity mismatch "
                R"({"have":[{"type":"string"},{"type":"number"},)"
                R"({"type":"number"}],)"
                R"("want":{"args":[{"name":"x","type":"string"}]}})");
  BOOST_TEST(told_json("f(1, 2, 3) == 4", "f(x) := x")
             == "function data.t.f has arity 1, got 3 arguments none");
  BOOST_TEST(told_json("f(1) with f as g", "f(x) := x\ng(x, y) := [x, y]")
             == "data.t.f: arity mismatch "
                R"({"have":[{"type":"any"},{"type":"any"}],)"
                R"("want":{"args":[{"type":"any"}]}})");
  BOOST_TEST(told_json("1 = \"a\"")
             == R"(match error {"a":{"type":"number"},"b":{"type":"string"}})");
}

BOOST_AUTO_TEST_CASE(tells_types_in_json) {
  BOOST_TEST(told_json("{\"a\": [1, null], 2: {true}} = set()")
             == R"(match error {"a":{"static":[{"key":2,"value":)"
                R"({"of":{"type":"boolean"},"type":"set"}},{"key":"a",)"
                R"("value":{"static":[{"type":"number"},{"type":"null"}],)"
                R"("type":"array"}}],"type":"object"},)"
                R"("b":{"of":{"type":"any"},"type":"set"}})");
  BOOST_TEST(told_json("[] = {}")
             == R"(match error {"a":{"dynamic":{"type":"any"},"type":"array"},)"
                R"("b":{"dynamic":{"key":{"type":"any"},)"
                R"("value":{"type":"any"}},"type":"object"}})");
  BOOST_TEST(told_json("some x in [1, \"a\"]; x = null")
             == R"(match error {"a":{"of":[{"type":"number"},)"
                R"({"type":"string"}],"type":"any"},"b":{"type":"null"}})");
}

BOOST_AUTO_TEST_CASE(tells_references_in_json) {
  auto b = std::string(R"({"type":"string","value":"b"})");
  // The name of a variable is that of the source, a null is OPA's.
  BOOST_TEST(told_json("x := {\"a\": 1, null: 2, 3: 4}; x.b")
             == "undefined ref: x.b "
                R"({"oneOf":[{},3,"a"],"pos":1,)"
                    + ref_json("x", b)
                    + R"(,"want":{"of":[{"type":"null"},{"type":"number"},)"
                      R"({"type":"string"}],"type":"any"}})");
  BOOST_TEST(told_json("x := [1]; x[\"b\"]")
             == R"(undefined ref: x.b {"oneOf":null,"pos":1,)"
                    + ref_json("x", b) + R"(,"want":{"type":"number"}})");
  BOOST_TEST(told_json("x := [1]; k := \"b\"; x[k]")
             == R"(undefined ref: x[k] {"have":{"type":"string"},)"
                R"("oneOf":null,"pos":1,)"
                    + ref_json("x", R"({"type":"var","value":"k"})")
                    + R"(,"want":{"type":"number"}})");
  BOOST_TEST(told_json("x := 1; x.b")
             == R"(undefined ref: x.b {"have":{"type":"number"},"pos":0,)"
                    + ref_json("x", b) + "}");
  BOOST_TEST(told_json("f", "f(x) := x")
             == R"(undefined ref: data.t.f {"have":{"args":[{"type":"any"}],)"
                R"("result":{"type":"any"},"type":"function"},"pos":2,)"
                    + ref_json("data", R"({"type":"string","value":"t"},)"
                                       R"({"type":"string","value":"f"})")
                    + "}");
}

BOOST_AUTO_TEST_SUITE_END()
