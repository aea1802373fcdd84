// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/breaker/metrics.hpp"

namespace acgs::breaker {

namespace {

acgs::metrics::counter calls(acgs::metrics::registry& in,
                             const std::string& name, const char* outcome) {
  return in.make_counter("acgs_circuit_breaker_calls_total",
                         "Calls through a circuit breaker, by what became of "
                         "them",
                         {{"name", name}, {"outcome", outcome}});
}

} // namespace

metrics::metrics(acgs::metrics::registry& in, const std::string& name)
    : state_{in.make_gauge(
        "acgs_circuit_breaker_state",
        "State of a circuit breaker: 0 closed, 1 open, 2 half-open",
        {{"name", name}})},
      succeeded_{calls(in, name, "succeeded")}, failed_{calls(in, name,
                                                              "failed")},
      throttled_{calls(in, name, "throttled")},
      ignored_{calls(in, name, "ignored")}, refused_{
                                                calls(in, name, "refused")} {
  entered(mode::closed);
}

void metrics::entered(mode now) {
  state_.set(static_cast<double>(now));
}

void metrics::called(outcome how) {
  switch (how) {
  case outcome::succeeded:
    return succeeded_.increment();
  case outcome::failed:
    return failed_.increment();
  case outcome::throttled:
    return throttled_.increment();
  case outcome::ignored:
    return ignored_.increment();
  }
}

void metrics::refused() {
  refused_.increment();
}

} // namespace acgs::breaker
