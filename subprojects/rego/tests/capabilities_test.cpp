// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include <boost/test/unit_test.hpp>

#include "rego/format.hpp"
#include "support.hpp"

namespace {

// Equality, what the cases call, and of features and keywords those given.
std::shared_ptr<const rego::capabilities>
some(const std::string& features, const std::string& keywords = "") {
  auto read = rego::read_capabilities(
      R"({"builtins": [{"name": "eq"}, {"name": "plus"}, {"name": "gt"}],
          "future_keywords": [)"
      + keywords + R"(], "features": [)" + features + "]}");
  BOOST_REQUIRE(read);
  return std::make_shared<rego::capabilities>(std::move(*read));
}

std::string refused(const std::string& body,
                    std::shared_ptr<const rego::capabilities> allowed,
                    bool v0 = false) {
  auto p = rego::compile({{"t.rego", "package t\n" + body}},
                         {.v0_compatible = v0, .capabilities = allowed});
  std::string out;
  if (!p)
    for (auto& e : p.error_list())
      out += (out.empty() ? "" : "; ") + std::to_string(e.row) + " " + e.code
             + ": " + e.message;
  return out;
}

const auto v1 = some(R"("rego_v1")");

} // namespace

BOOST_AUTO_TEST_SUITE(capabilities_test)

BOOST_AUTO_TEST_CASE(what_is_not_listed_is_no_function) {
  BOOST_TEST(refused("p := 1 + input.x if input.x > 1", v1) == "");
  BOOST_TEST(refused("p := count([1])", v1)
             == "2 rego_type_error: undefined function count");
  BOOST_TEST(refused("p if 1 in [1]", v1)
             == "2 rego_type_error: undefined function internal.member_2");
  BOOST_TEST(refused("p if print(1)", v1)
             == "2 rego_type_error: undefined function print");
  BOOST_TEST(refused("p if some x in [1]", v1) == "");
  BOOST_TEST(refused("p := count([1])\ncount(x) := 7 if x", v1) == "");
  auto queries = rego::compile({}, {.capabilities = v1});
  BOOST_TEST(support::show(rego::prepare(*queries, "abs(1)").error_list())
             == "rego_type_error: undefined function abs");
  rego::snapshot_ptr data = *rego::load_data("{}");
  BOOST_TEST(support::show(rego::partially(*queries, "abs(input.x)", *data, {}))
             == "rego_type_error: undefined function abs");
}

BOOST_AUTO_TEST_CASE(with_replaces_by_what_is_listed_alone) {
  BOOST_TEST(refused("p if 1 > 2 with abs as 1", v1)
             == "2 rego_type_error: with keyword target must reference "
                "existing input, data, or a function");
  BOOST_TEST(refused("f(x) := x\np if f(1) with f as abs", v1)
             == "3 rego_unsafe_var_error: var abs is unsafe");
}

BOOST_AUTO_TEST_CASE(v1_is_a_feature) {
  BOOST_TEST(refused("p := 1", some(""))
             == "0 rego_parse_error: illegal capabilities: rego_v1 feature "
                "required for parsing v1 Rego");
  BOOST_TEST(refused("p = 1", some(""), true) == "");
  BOOST_TEST(refused("p = 1", some("", R"("ever")"), true)
             == "0 rego_parse_error: illegal capabilities: unknown keyword: "
                "ever");
  BOOST_TEST(refused("import rego.v1", some(""), true)
             == "2 rego_parse_error: invalid import, `rego.v1` is not "
                "supported by current capabilities");
  BOOST_TEST(refused("import rego.v1", some(R"("rego_v1_import")"), true)
             == "");
}

BOOST_AUTO_TEST_CASE(keywords_of_the_future_are_those_listed) {
  auto none = some("");
  BOOST_TEST(refused("import future.keywords.in", none, true)
             == "2 rego_parse_error: unexpected keyword, must be one of []");
  BOOST_TEST(
      refused("import future.keywords.in", some("", R"("if", "not")"), true)
      == "2 rego_parse_error: unexpected keyword, must be one of "
         "[if not]");
  BOOST_TEST(refused("import future.keywords\np { 1 in [1] }", none, true)
                 .starts_with("3 rego_parse_error: unexpected identifier"));
  auto in = some("", R"("in", "not")");
  BOOST_TEST(refused("import future.keywords\np { some x in [1] }", in, true)
             == "");
  BOOST_TEST(refused("import future.keywords.not", in, true) == "");
  BOOST_TEST(refused("import future.keywords.in", v1) == "");
  BOOST_TEST(refused("import future.keywords.not", v1)
             == "2 rego_parse_error: unexpected keyword, must be one of "
                "[contains every if in]");
}

BOOST_AUTO_TEST_CASE(templates_and_keywords_in_references_are_features) {
  BOOST_TEST(refused("p := $\"{input.x}\"", v1)
                 .starts_with("2 rego_parse_error: template strings are not "
                              "supported by current capabilities"));
  BOOST_TEST(
      refused("p := $\"{input.x}\"", some(R"("rego_v1", "template_strings")"))
      == "2 rego_compile_error: template-strings are not supported");
  BOOST_TEST(refused("p := input.not", v1)
                 .starts_with("2 rego_parse_error: unexpected not keyword: "
                              "expected identifier"));
  BOOST_TEST(
      refused("p := input.not.if", some(R"("rego_v1", "keywords_in_refs")"))
      == "");
  rego::format_options brackets;
  brackets.capabilities = v1;
  BOOST_TEST(*rego::format("t", "package t\np := input[\"not\"]\n", brackets)
             == "package t\n\np := input[\"not\"]\n");
  BOOST_TEST(!rego::format("t", "package t\np := input.not\n", brackets));
}

BOOST_AUTO_TEST_CASE(heads_of_several_names_are_features) {
  auto keywords = R"("if", "contains")";
  auto none = some("", keywords);
  auto strings = some(R"("rule_head_ref_string_prefixes")", keywords);
  auto general = some(R"("rule_head_refs")", keywords);
  std::string in = "import future.keywords\n";
  BOOST_TEST(refused(in
                         + "p[x] { x := 1 }\nq[x] = y { x := 1; y := 2 }\n"
                           "r contains 1\ns.a = 1",
                     none, true)
             == "");
  BOOST_TEST(refused(in + "p.a if 1 > 0", none, true)
             == "3 rego_compile_error: rule heads with refs are not "
                "supported: p.a");
  BOOST_TEST(refused(in + "p.a.b := 1", strings, true) == "");
  auto last = in + "p.a[x] := 1 if x := 2";
  auto middle = in + "p[x].a := 1 if x := 2";
  BOOST_TEST(refused(last, strings, true) == "");
  BOOST_TEST(refused(middle, strings, true)
             == "3 rego_type_error: rule heads with general refs (containing "
                "variables) are not supported: p[x].a");
  BOOST_TEST(refused(middle, general, true) == "");
  BOOST_TEST(refused("p[x].a := 1 if x := 2", v1) == "");
}

BOOST_AUTO_TEST_CASE(what_is_not_right_is_told_by_its_place) {
  auto why = [](const char* text) {
    return support::show(rego::read_capabilities(text).error_list());
  };
  BOOST_TEST(why("[]")
             == "load_error: capabilities: the document: expected an "
                "object");
  BOOST_TEST(why(R"({"builtins": [{"name": "eq"}, {}]})")
             == "load_error: capabilities: builtins[1]: expected an object "
                "with the string name");
  BOOST_TEST(why(R"({"features": "rego_v1"})")
             == "load_error: capabilities: features: expected an array of "
                "strings");
  BOOST_TEST(why(R"({"allow_net": [1]})")
             == "load_error: capabilities: allow_net: expected an array of "
                "strings");
  BOOST_TEST(why("{").starts_with("load_error: capabilities: "));
  auto nothing = rego::read_capabilities(
      R"({"builtins": null, "features": null, "wasm_abi_versions": 1})");
  BOOST_REQUIRE(nothing);
  BOOST_TEST(!nothing->allow_net);
  BOOST_TEST(
      rego::read_capabilities(R"({"allow_net": []})")->allow_net->empty());
}

BOOST_AUTO_TEST_CASE(its_own_are_all_that_the_engine_has) {
  for (bool v0 : {false, true}) {
    auto own =
        rego::read_capabilities(rego::to_text(rego::own_capabilities(v0)));
    BOOST_REQUIRE(own);
    auto all = std::make_shared<rego::capabilities>(std::move(*own));
    auto module = v0 ? "import rego.v1\np := $\"{count([1])}\""
                     : "import future.keywords.not\n"
                       "a.not[x] if { x := 1; print(x); x in {1} }\n"
                       "p := rego.metadata.rule()";
    BOOST_TEST(refused(module, all, v0) == "");
  }
}

BOOST_AUTO_TEST_SUITE_END()
