// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Coverage as OPA counts it: a row is covered where a rule that begins there
// had a value, or a literal there was evaluated.

#include <map>
#include <set>
#include <string>

#include "rego/engine.hpp"

namespace rego::cli {

/// Rows by file. One evaluation's hits, or several added up.
class coverage : public tracer {
public:
  void on_event(const trace_event& e) override;
  void add(const coverage& other);

  /// OPA's report on a policy compiled with `instrument`.
  value report(arena& a, const policy& p) const;
  /// Percent of the rows that can be covered.
  double percent(const policy& p) const;
  /// "\n\tfile:3-5" for each range of rows that nothing reached.
  std::string gaps(const policy& p) const;

private:
  using rows = std::map<std::string, std::set<int>>;
  rows missed(const policy& p) const;
  rows hits_;
};

} // namespace rego::cli
