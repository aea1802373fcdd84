// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What BREAKER counts, one set of series a breaker.

#include "actors/breaker/state.hpp"
#include "runtime/metrics/registry.hpp"

#include <string>

namespace acgs::breaker {

class metrics {
public:
  metrics(acgs::metrics::registry& in, const std::string& name);

  void entered(mode now);
  void called(outcome how);
  void refused();

private:
  acgs::metrics::gauge state_;
  acgs::metrics::counter succeeded_;
  acgs::metrics::counter failed_;
  acgs::metrics::counter throttled_;
  acgs::metrics::counter ignored_;
  acgs::metrics::counter refused_;
};

} // namespace acgs::breaker
