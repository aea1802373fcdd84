// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/metrics/decision_stats.hpp"

#include <memory>

namespace acgs::metrics {

namespace {

std::int64_t minute_of(steady_time now) {
  return std::chrono::floor<std::chrono::minutes>(now.time_since_epoch())
      .count();
}

std::int64_t second_of(steady_time now) {
  return std::chrono::floor<std::chrono::seconds>(now.time_since_epoch())
      .count();
}

decision_stats::percentiles read(const latency_histogram& from) {
  return {from.percentile(0.5), from.percentile(0.95), from.percentile(0.99),
          from.mean()};
}

} // namespace

void decision_stats::turn(steady_time now) {
  auto minute = minute_of(now);
  if (minute_.load(relaxed) == minute)
    return;
  std::lock_guard guard{mutex_};
  auto last = minute_.load(relaxed);
  if (last >= minute)
    return;
  auto clear = [this](std::int64_t which) {
    auto& at = windows_[static_cast<std::size_t>(which & 1)];
    at.latency.clear();
    at.durable.clear();
  };
  clear(minute);
  if (last < minute - 1)
    clear(minute - 1);
  minute_.store(minute, relaxed);
}

void decision_stats::decided(std::chrono::nanoseconds latency,
                             std::chrono::nanoseconds durable, bool refused,
                             steady_time now) {
  turn(now);
  decisions_.fetch_add(1, relaxed);
  auto& into = windows_[static_cast<std::size_t>(minute_of(now) & 1)];
  into.latency.record(latency);
  into.durable.record(durable);
  if (!refused)
    return;
  refusals_.fetch_add(1, relaxed);
  std::lock_guard guard{mutex_};
  auto which = second_of(now);
  auto& at = seconds_[static_cast<std::size_t>(which % 60)];
  if (at.which != which)
    at = {which, 0};
  ++at.refusals;
}

decision_stats::summary decision_stats::summarise(steady_time now) {
  turn(now);
  summary out;
  out.decisions = decisions_.load(relaxed);
  out.refusals = refusals_.load(relaxed);
  auto sum = std::make_unique<window>();
  for (const auto& at : windows_) {
    sum->latency.add(at.latency);
    sum->durable.add(at.durable);
  }
  out.latency = read(sum->latency);
  out.durable = read(sum->durable);
  std::lock_guard guard{mutex_};
  for (const auto& at : seconds_)
    if (at.which > second_of(now) - 60 && at.which <= second_of(now))
      out.refusals_last_minute += at.refusals;
  return out;
}

} // namespace acgs::metrics
