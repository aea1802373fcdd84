// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The node's metrics, over prometheus-cpp. An actor's `metrics` class asks the
// registry once for its handles and has verb-named methods around them; no
// look-up by name or label happens afterwards. Everything here may be used
// from any thread. No label ever holds a subject, a prompt or a secret.
//
//   class metrics {
//   public:
//     explicit metrics(acgs::metrics::registry& in)
//         : hits_{in.make_counter("acgs_cache_hits_total", "Cache hits",
//                                 {{"tier", "l1"}})} {}
//     void hit() { hits_.increment(); }

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace prometheus {
class Collectable;
class Counter;
class Gauge;
class Histogram;
} // namespace prometheus

namespace acgs::metrics {

using labels = std::map<std::string, std::string>;

/// A number that only grows. Valid as long as its registry.
class counter {
public:
  explicit counter(prometheus::Counter& target) : target_{&target} {}
  void increment(double by = 1);
  double value() const;

private:
  prometheus::Counter* target_;
};

/// A number that is set.
class gauge {
public:
  explicit gauge(prometheus::Gauge& target) : target_{&target} {}
  void set(double value);
  void add(double by);
  double value() const;

private:
  prometheus::Gauge* target_;
};

/// Observations counted in buckets. Durations are observed in seconds.
class histogram {
public:
  explicit histogram(prometheus::Histogram& target) : target_{&target} {}
  void observe(double value);
  void observe(std::chrono::nanoseconds duration) {
    observe(std::chrono::duration<double>{duration}.count());
  }

private:
  prometheus::Histogram* target_;
};

/// Upper bucket bounds, ascending; the last bucket, +Inf, is implied.
using bounds = std::vector<double>;

/// From 50 µs to 10 s: requests, evaluations, commits.
const bounds& latency_bounds();
/// From 0.1 to 1, finer towards 1: scores.
const bounds& score_bounds();
/// Powers of two from 1 to 4096: batches, queues.
const bounds& count_bounds();

class registry {
public:
  registry();
  ~registry();
  registry(const registry&) = delete;
  registry& operator=(const registry&) = delete;

  /// The series of this name and these labels; asked twice, the same one.
  /// Throws `std::invalid_argument` where the name or a label is none of
  /// Prometheus's, or the name is used for another kind: our own bug.
  counter make_counter(const std::string& name, const std::string& help,
                       const labels& with = {});
  gauge make_gauge(const std::string& name, const std::string& help,
                   const labels& with = {});
  histogram make_histogram(const std::string& name, const std::string& help,
                           const bounds& upper, const labels& with = {});

  /// Calls `update` before every collection, on the thread that collects: for
  /// gauges that are read rather than kept. It must not block.
  void before_collection(std::function<void()> update);

  /// Everything in Prometheus's text format, version 0.0.4.
  std::string text() const;

  /// For the exposer.
  std::shared_ptr<prometheus::Collectable> collectable() const;

private:
  class impl;
  std::shared_ptr<impl> impl_;
};

/// Counters of one name that differ in the values of some labels which are
/// known only when a request comes (an HTTP status, an endpoint). Bounded: a
/// new combination beyond `series_max` is counted under "other".
class counter_family {
public:
  counter_family(registry& in, std::string name, std::string help,
                 std::vector<std::string> label_names,
                 std::size_t series_max = 256);
  ~counter_family();
  counter_family(counter_family&&) noexcept;

  /// Shows the series at 0 before it first counts: a rate over it then sees the
  /// first event, too.
  void declare(const std::vector<std::string_view>& values);

  /// Takes the labels' values in the order of their names.
  void increment(const std::vector<std::string_view>& values, double by = 1);

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

/// The same for histograms.
class histogram_family {
public:
  histogram_family(registry& in, std::string name, std::string help,
                   const bounds& upper, std::vector<std::string> label_names,
                   std::size_t series_max = 256);
  ~histogram_family();
  histogram_family(histogram_family&&) noexcept;

  void observe(const std::vector<std::string_view>& values,
               std::chrono::nanoseconds duration);

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace acgs::metrics
