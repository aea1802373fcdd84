// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What EVALUATOR counts. Each evaluator has one of its own over the same
// series, since a family's look-up belongs to one thread.

#include "actors/evaluator/answer.hpp"
#include "runtime/metrics/registry.hpp"

#include <array>
#include <string_view>
#include <vector>

namespace acgs::evaluator {

class metrics {
public:
  explicit metrics(acgs::metrics::registry& in);

  /// An answer was found in a tier of the cache (1 or 2), or made (0).
  void answered(const answer& found, unsigned tier);

  /// A decision went to the ledger, so long after its request was decoded. A
  /// refusal of the constitution counts as a violation, also from the cache. A
  /// path of which policies say nothing is whatever a caller wrote, perhaps
  /// whom it is about: it is no label.
  void decided(std::string_view path, const answer& found,
               std::chrono::nanoseconds latency);

private:
  acgs::metrics::counter_family decisions_;
  acgs::metrics::counter_family violations_;
  std::array<acgs::metrics::counter, 2> hits_;
  std::array<acgs::metrics::counter, 2> misses_;
  acgs::metrics::histogram evaluation_;
  acgs::metrics::histogram decision_;
  acgs::metrics::histogram score_;
};

} // namespace acgs::evaluator
