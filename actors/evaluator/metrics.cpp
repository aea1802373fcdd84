// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/evaluator/metrics.hpp"

#include "runtime/domain/own_decisions.hpp"

namespace acgs::evaluator {

namespace {

using acgs::metrics::counter;
using acgs::metrics::registry;

std::array<counter, 2> by_tier(registry& in, const char* name,
                               const char* help) {
  return {in.make_counter(name, help, {{"tier", "l1"}}),
          in.make_counter(name, help, {{"tier", "l2"}})};
}

} // namespace

metrics::metrics(registry& in)
    : decisions_{in,
                 "acgs_decisions_total",
                 "Decisions by path and result",
                 {"path", "result"}},
      violations_{in,
                  "acgs_constitutional_violations_total",
                  "Refusals by the constitution, by type of request",
                  {"type"}},
      hits_{by_tier(in, "acgs_cache_hits_total", "Answers found in the cache")},
      misses_{by_tier(in, "acgs_cache_misses_total",
                      "Answers not found in the cache")},
      evaluation_{in.make_histogram(
          "acgs_policy_evaluation_duration_seconds",
          "Time that an evaluation took, its wait in the queue left out",
          acgs::metrics::latency_bounds())},
      decision_{in.make_histogram(
          "acgs_decision_duration_seconds",
          "Time from the decoded request to the verdict, queue included",
          acgs::metrics::latency_bounds())},
      score_{in.make_histogram("acgs_compliance_score",
                               "Compliance scores that the constitution gave",
                               acgs::metrics::score_bounds())} {
  for (auto type : request_types)
    violations_.declare({type});
  for (auto path : domain::own_decisions)
    for (auto outcome : {domain::verdict::allow, domain::verdict::deny,
                         domain::verdict::error})
      decisions_.declare({path, domain::to_string_view(outcome)});
}

void metrics::answered(const answer& found, unsigned tier) {
  if (tier == 1) {
    hits_[0].increment();
    return;
  }
  misses_[0].increment();
  if (tier == 2) {
    hits_[1].increment();
    return;
  }
  misses_[1].increment();
  evaluation_.observe(std::chrono::nanoseconds{found.nanos});
  if (found.score)
    score_.observe(*found.score);
}

void metrics::decided(std::string_view path, const answer& found,
                      std::chrono::nanoseconds latency) {
  bool known = found.outcome != domain::verdict::undefined;
  decisions_.increment(
      {known ? path : "(undefined)", domain::to_string_view(found.outcome)});
  if (found.outcome == domain::verdict::deny && domain::is_own_decision(path))
    violations_.increment({found.request_type});
  decision_.observe(latency);
}

} // namespace acgs::evaluator
