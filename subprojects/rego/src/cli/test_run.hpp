// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Finds and runs the tests of policies as `opa test` does: rules whose name has
// an element that begins with test_ (todo_test_ ones are skipped). A test that
// is part of an object, test_x[case], has a result for each case; any other one
// has to be true.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/allocations.hpp"
#include "cli/cli.hpp"
#include "cli/coverage.hpp"
#include "cli/explain.hpp"

namespace rego::cli {

/// One case of a test, with cases of its own below where keys are several.
struct sub_result {
  std::string name;
  bool fail = false;
  kept_trace trace; // up to the next case
  std::map<std::string, sub_result> below;
};
using sub_results = std::map<std::string, sub_result>;

struct test_result {
  enum class outcome_type : uint8_t { pass, fail, error, skip };
  rule_info rule;
  std::string name; // behind the package: "test_x", "a.test_y"
  outcome_type outcome = outcome_type::pass;
  rego::errors errors;
  std::vector<std::string> prints;
  int64_t nanoseconds = 0;
  size_t iterations = 1; // of a benchmark, with the time of all
  allocations taken;     // and what all took from the heap
  kept_trace trace;      // of a test that failed, where asked for
  sub_results cases;

  bool is(outcome_type o) const { return outcome == o; }
  std::string path() const { return rule.package + "." + name; }
};

struct test_options {
  compile_options compiling; // what it says of versions and types
  bool keep_traces = false;  // of tests that fail
  bool coverage = false;
  std::chrono::nanoseconds timeout = std::chrono::seconds(5);
  std::string pattern; // a regular expression on the path; empty: all
  size_t parallel = 1;
  environment world; // what tests may learn of it, by any of their threads
  /// Repeat each test that passes for about a second, one after the other.
  bool bench = false;
};

struct test_report {
  std::vector<test_result> results; // by file and row
  coverage covered;
  policy_ptr instrumented;           // what `covered` is about
  std::vector<prepared_ptr> queries; // what the traces point into
};

/// Runs all tests that the pattern leaves. Errors are those of compiling, or a
/// bad pattern.
result<test_report> run_tests(const loaded& files, const test_options& o);

} // namespace rego::cli
