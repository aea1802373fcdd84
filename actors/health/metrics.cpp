// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/health/metrics.hpp"

namespace acgs::health {

namespace {

double value_of(health_status status) {
  return 1.0 - static_cast<double>(status) / 2;
}

} // namespace

metrics::metrics(acgs::metrics::registry& in, const report& at_first)
    : status_{in.make_gauge(
        "acgs_health_status",
        "The node's health: 1 healthy, 0.5 degraded, 0 unhealthy")} {
  for (const auto& each : at_first.components)
    components_.push_back(in.make_gauge(
        "acgs_component_health",
        "A component's health: 1 healthy, 0.5 degraded, 0 unhealthy",
        {{"component", each.name}}));
  found(at_first);
}

void metrics::found(const report& now) {
  status_.set(value_of(now.status));
  for (std::size_t i = 0; i < components_.size(); ++i)
    components_[i].set(value_of(now.components[i].status));
}

} // namespace acgs::health
