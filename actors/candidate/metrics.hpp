// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What CANDIDATE counts.

#include "runtime/metrics/registry.hpp"

namespace acgs::candidate {

class metrics {
public:
  explicit metrics(acgs::metrics::registry& in)
      : agrees_{in.make_counter(verdicts, verdicts_help, {{"changes", "no"}})},
        differs_{
            in.make_counter(verdicts, verdicts_help, {{"changes", "yes"}})},
        dropped_{in.make_counter("acgs_candidate_dropped_total",
                                 "Decisions that were not put to the "
                                 "candidate, as too many waited")},
        failed_{in.make_counter("acgs_candidate_failed_total",
                                "Verdicts of the candidate that could not be "
                                "found out or recorded")} {
    // Handles only.
  }

  void judged(bool differs) { (differs ? differs_ : agrees_).increment(); }
  void dropped() { dropped_.increment(); }
  void failed() { failed_.increment(); }

private:
  static constexpr auto verdicts = "acgs_candidate_verdicts_total";
  static constexpr auto verdicts_help =
      "Verdicts of the candidate, by whether they would change a decision";

  acgs::metrics::counter agrees_;
  acgs::metrics::counter differs_;
  acgs::metrics::counter dropped_;
  acgs::metrics::counter failed_;
};

} // namespace acgs::candidate
