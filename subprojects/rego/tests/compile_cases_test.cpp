// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Compile errors to the letter: ours below, and OPA's cases where $ACGS_SHARED
// or ../shared has them. A case lists modules and want_errors; where it is not
// exhaustive, there may be more errors than those.

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <yaml-cpp/yaml.h>

#include "rego/engine.hpp"

BOOST_AUTO_TEST_SUITE(compile_cases_test)

namespace fs = std::filesystem;

namespace {

std::string line(int row, int col, const std::string& code,
                 const std::string& message) {
  return std::to_string(row) + ":" + std::to_string(col) + " " + code + ": "
         + message;
}

std::vector<std::string>
errors_of(const std::vector<rego::module_source>& modules,
          const rego::compile_options& options) {
  std::vector<std::string> out;
  auto p = rego::compile(modules, options);
  if (!p)
    for (auto& e : p.error_list())
      out.push_back(line(e.row, e.col, e.code, e.message));
  return out;
}

std::vector<std::string> strict_errors(const std::string& module) {
  return errors_of({{"test.rego", "package test\n" + module}},
                   {.strict = true});
}

void check_case(const YAML::Node& c) {
  std::vector<rego::module_source> modules;
  for (auto m : c["modules"])
    modules.push_back(
        {std::to_string(modules.size()) + ".rego", m.as<std::string>()});
  std::vector<std::string> wanted;
  for (auto e : c["want_errors"])
    wanted.push_back(line(e["row"].as<int>(0), e["col"].as<int>(0),
                          e["code"].as<std::string>(),
                          e["message"].as<std::string>()));
  bool v0 = c["rego_version"].as<std::string>("v1") == "v0";
  auto got = errors_of(modules, {.v0_compatible = v0});
  if (!c["exhaustive"].as<bool>(false))
    std::erase_if(got, [&](auto& e) {
      return std::find(wanted.begin(), wanted.end(), e) == wanted.end();
    });
  BOOST_TEST_CONTEXT(c["note"].as<std::string>())
  BOOST_TEST(got == wanted, boost::test_tools::per_element());
}

size_t check_file(const fs::path& file) {
  auto cases = YAML::LoadFile(file.string())["cases"];
  for (auto c : cases)
    check_case(c);
  return cases.size();
}

} // namespace

BOOST_AUTO_TEST_CASE(finds_the_errors_of_opa_s_cases) {
  auto shared = std::getenv("ACGS_SHARED");
  auto root =
      shared ? fs::path(shared) : fs::path(REGO_TESTS) / "../../../../shared";
  root /= "rego/compilecases";
  if (!fs::exists(root)) {
    BOOST_TEST_MESSAGE("no cases at " << root << ": only ours were run");
    return;
  }
  size_t count = 0;
  for (auto& e : fs::recursive_directory_iterator(root))
    if (e.path().extension() == ".yaml")
      count += check_file(e.path());
  BOOST_TEST(count > 10u);
}

BOOST_AUTO_TEST_CASE(tells_unused_imports_before_all_other_names) {
  std::vector<std::string> want = {
      "2:1 rego_compile_error: import data.foo unused",
      "3:1 rego_compile_error: import data.bar as baz unused"};
  BOOST_TEST(strict_errors("import data.foo\nimport data.bar as baz\n"
                           "input := 1\np if x := 1\n")
                 == want,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(refuses_names_of_roots) {
  std::vector<std::string> want = {
      "2:1 rego_compile_error: rules must not shadow input (use a different "
      "rule name)",
      "3:6 rego_compile_error: variables must not shadow input (use a "
      "different variable name)"};
  BOOST_TEST(
      errors_of({{"test.rego", "package test\ninput := 1\np if input := 2\n"}},
                {})
          == want,
      boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(refuses_arguments_that_hide_roots_before_all_else) {
  std::vector<std::string> want = {
      "3:1 rego_compile_error: args must not shadow data (use a different "
      "variable name)",
      "4:1 rego_compile_error: args must not shadow input (use a different "
      "variable name)"};
  for (bool v0 : {false, true})
    BOOST_TEST(errors_of({{"test.rego", "package test\ninput := 1\nf(data) := 1"
                                        "\nf([{1: input}]) := 1"}},
                         {.v0_compatible = v0})
                   == want,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(refuses_arguments_that_are_calls) {
  std::vector<std::string> want = {
      "2:3 rego_compile_error: rule arguments cannot contain calls",
      "3:4 rego_compile_error: rule arguments cannot contain calls"};
  BOOST_TEST(errors_of({{"test.rego", "package test\nf(1 + 1) := 7\n"
                                      "f([count(x)]) := 1\nf(input.x) := 2"}},
                       {})
                 == want,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(refuses_what_with_cannot_replace) {
  auto replacing = [](const std::string& target) {
    auto all = errors_of(
        {{"test.rego", "package test\np if true with " + target + " as 1"}},
        {});
    return all.empty() ? "" : all[0];
  };
  std::string with = "2:16 rego_compile_error: with keyword replacing built-in "
                     "function: ";
  BOOST_TEST(replacing("eq") == with + "replacement of \"eq\" invalid");
  BOOST_TEST(replacing("rego.metadata.chain")
             == with + "replacement of \"rego.metadata.chain\" invalid");
  BOOST_TEST(replacing("internal.print")
             == with
                    + "replacement of internal function \"internal.print\" "
                      "invalid");
  BOOST_TEST(replacing("walk") == with + "target must not be a relation");
  BOOST_TEST(replacing("print") == with + "target must not be a void function");
  BOOST_TEST(replacing("foo.p")
             == "2:16 rego_type_error: with keyword target must reference "
                "existing input, data, or a function");
  BOOST_TEST(replacing("count") == "");
}

BOOST_AUTO_TEST_CASE(refuses_calls_of_variables_and_values_of_print) {
  auto first = [](const std::string& rule) {
    auto all = errors_of({{"test.rego", "package test\n" + rule}}, {});
    return all.empty() ? "" : all[0];
  };
  BOOST_TEST(first("p := [foo(bar) | foo := 1; bar := 2]")
             == "2:7 rego_compile_error: called function foo shadowed");
  BOOST_TEST(first("f(count) := count([1])")
             == "2:13 rego_compile_error: called function count shadowed");
  BOOST_TEST(first("p if { foo := 1; foo(2) }")
             == "2:18 rego_type_error: undefined function foo");
  BOOST_TEST(first("p if { x = print(1) }")
             == "2:12 rego_type_error: print(1) used as value");
  BOOST_TEST(first("p if { not print(1) }") == "");
}

BOOST_AUTO_TEST_CASE(refuses_two_imports_of_one_name) {
  std::vector<std::string> want = {
      "3:1 rego_compile_error: import must not shadow import data.foo"};
  BOOST_TEST(errors_of({{"test.rego", "package test\nimport data.foo\nimport "
                                      "data.bar.foo\np := foo\n"}},
                       {})
                 == want,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(tells_what_is_declared_and_not_used) {
  std::vector<std::string> want = {
      "3:2 rego_compile_error: assigned var x unused",
      "6:1 rego_compile_error: unused argument z. (hint: use _ (wildcard "
      "variable) instead)"};
  auto got = errors_of({{"test.rego", "package test\np if {\n\tx := 1\n\tsome "
                                      "y\n}\nf(z) := 1\n"}},
                       {.strict = true});
  BOOST_TEST(got == want, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(refuses_deprecated_built_ins) {
  std::vector<std::string> want = {
      "2:6 rego_type_error: deprecated built-in function calls in expression: "
      "any"};
  BOOST_TEST(strict_errors("p if any([true])\n") == want,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(refuses_rules_below_a_value) {
  std::vector<std::string> want = {
      "2:1 rego_type_error: rule data.test.p.q conflicts with "
      "[data.test.p.q.r data.test.p.q.s.t]"};
  auto got = errors_of({{"test.rego", "package test\np.q := 1\np.q.r := 2\n"
                                      "p.q.s.t contains 3\n"}},
                       {});
  BOOST_TEST(got == want, boost::test_tools::per_element());
}

// What a variable key gives is known when it is evaluated only.
BOOST_AUTO_TEST_CASE(accepts_packages_and_rules_below_variable_keys) {
  std::vector<std::string> none;
  BOOST_TEST(errors_of({{"a.rego", "package lib\nfound[k] := v if some k, v "
                                   "in input\nall := found"},
                        {"b.rego", "package lib.found\nx := 1"}},
                       {})
             == none);
  BOOST_TEST(errors_of({{"a.rego", "package lib\np.q[k] := 1 if some k in "
                                   "input\nr := p.q.x"},
                        {"b.rego", "package lib.p\ny := 1"}},
                       {})
             == none);
  BOOST_TEST(errors_of({{"a.rego", "package lib\np.q contains 1\np.q[k].s "
                                   "contains 2 if some k in input"}},
                       {})
             == none);
}

BOOST_AUTO_TEST_CASE(tells_each_rule_that_a_package_contradicts) {
  std::vector<std::string> want = {
      "1:1 rego_type_error: package lib.s conflicts with rule s defined at "
      "a.rego:2",
      "1:1 rego_type_error: package lib.s conflicts with rule s defined at "
      "a.rego:3",
      "2:1 rego_type_error: rule data.lib.s conflicts with [data.lib.s.x]"};
  BOOST_TEST(errors_of({{"a.rego", "package lib\ns contains 1\ns contains 2"},
                        {"b.rego", "package lib.s\nx := 1"}},
                       {})
                 == want,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(names_rules_that_contradict_each_other_in_full) {
  std::vector<std::string> want = {
      "2:1 rego_type_error: conflicting rules data.test.p.q[r] found"};
  BOOST_TEST(errors_of({{"test.rego", "package test\np.q := {}\np.q[r] := 1 "
                                      "if some r in input"}},
                       {})
                 == want,
             boost::test_tools::per_element());
  want = {"1:1 rego_type_error: multiple default rules data.test.p found at "
          "test.rego:2, test.rego:3"};
  BOOST_TEST(errors_of({{"test.rego", "package test\ndefault p := 1\ndefault "
                                      "p := 2\np := 3 if input"}},
                       {})
                 == want,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
