// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What HEALTH shows: 1 healthy, 0.5 degraded, 0 unhealthy.

#include "actors/health/protocol.hpp"
#include "runtime/metrics/registry.hpp"

#include <vector>

namespace acgs::health {

class metrics {
public:
  metrics(acgs::metrics::registry& in, const report& at_first);

  void found(const report& now);

private:
  acgs::metrics::gauge status_;
  std::vector<acgs::metrics::gauge> components_;
};

} // namespace acgs::health
