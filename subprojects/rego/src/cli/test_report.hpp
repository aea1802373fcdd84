// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What `rego test` prints, in OPA's words.

#include <string>

#include "cli/test_run.hpp"

namespace rego::cli {

struct report_style {
  bool verbose = false;
  bool var_values = false;
  bool bench = false;                       // tests that pass have a figure
  bool gobench = false;                     // in Go's format
  bool benchmem = true;                     // with what they took
  explain_mode explain = explain_mode::off; // off: notes and fails
  std::vector<module_source> sources = {};  // where values are shown
};

/// A line for each test that did not pass (all with `verbose`), the failures
/// with their traces, the totals.
std::string pretty_report(const std::vector<test_result>& list,
                          const report_style& style);

/// OPA's array of results.
std::string json_report(const std::vector<test_result>& list,
                        const report_style& style);

} // namespace rego::cli
