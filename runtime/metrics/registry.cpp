// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/metrics/registry.hpp"

#include "runtime/metrics/series_map.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <utility>

namespace acgs::metrics {

void counter::increment(double by) {
  target_->Increment(by);
}

double counter::value() const {
  return target_->Value();
}

void gauge::set(double value) {
  target_->Set(value);
}

void gauge::add(double by) {
  target_->Increment(by);
}

double gauge::value() const {
  return target_->Value();
}

void histogram::observe(double value) {
  target_->Observe(value);
}

const bounds& latency_bounds() {
  static const bounds value{0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025,
                            0.005,   0.01,   0.025,   0.05,   0.1,   0.25,
                            0.5,     1,      2.5,     5,      10};
  return value;
}

const bounds& score_bounds() {
  static const bounds value{0.1, 0.25, 0.5,  0.75, 0.8,
                            0.9, 0.95, 0.98, 0.99, 1};
  return value;
}

const bounds& count_bounds() {
  static const bounds value{1,   2,   4,   8,    16,   32,  64,
                            128, 256, 512, 1024, 2048, 4096};
  return value;
}

class registry::impl final : public prometheus::Collectable {
public:
  std::vector<prometheus::MetricFamily> Collect() const override {
    std::lock_guard guard{mutex_};
    for (auto& update : updates_)
      update();
    return series_.Collect();
  }

  void before_collection(std::function<void()> update) {
    std::lock_guard guard{mutex_};
    updates_.push_back(std::move(update));
  }

  prometheus::Registry series_;

private:
  mutable std::mutex mutex_; // guards updates_, and lets one collect at a time
  std::vector<std::function<void()>> updates_;
};

registry::registry() : impl_{std::make_shared<impl>()} {
}

registry::~registry() = default;

counter registry::make_counter(const std::string& name, const std::string& help,
                               const labels& with) {
  auto& family =
      prometheus::BuildCounter().Name(name).Help(help).Register(impl_->series_);
  return counter{family.Add(with)};
}

gauge registry::make_gauge(const std::string& name, const std::string& help,
                           const labels& with) {
  auto& family =
      prometheus::BuildGauge().Name(name).Help(help).Register(impl_->series_);
  return gauge{family.Add(with)};
}

histogram registry::make_histogram(const std::string& name,
                                   const std::string& help, const bounds& upper,
                                   const labels& with) {
  auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(
      impl_->series_);
  return histogram{family.Add(with, upper)};
}

void registry::before_collection(std::function<void()> update) {
  impl_->before_collection(std::move(update));
}

std::string registry::text() const {
  return prometheus::TextSerializer{}.Serialize(impl_->Collect());
}

std::shared_ptr<prometheus::Collectable> registry::collectable() const {
  return impl_;
}

class counter_family::impl : public series_map<counter> {
  using series_map::series_map;
};

counter_family::counter_family(registry& in, std::string name, std::string help,
                               std::vector<std::string> label_names,
                               std::size_t series_max)
    : impl_{
        std::make_unique<impl>(std::move(label_names), series_max,
                               [&in, name = std::move(name),
                                help = std::move(help)](const labels& with) {
                                 return in.make_counter(name, help, with);
                               })} {
}

counter_family::~counter_family() = default;
counter_family::counter_family(counter_family&&) noexcept = default;

void counter_family::declare(const std::vector<std::string_view>& values) {
  impl_->find(values);
}

void counter_family::increment(const std::vector<std::string_view>& values,
                               double by) {
  impl_->find(values).increment(by);
}

class histogram_family::impl : public series_map<histogram> {
  using series_map::series_map;
};

histogram_family::histogram_family(registry& in, std::string name,
                                   std::string help, const bounds& upper,
                                   std::vector<std::string> label_names,
                                   std::size_t series_max)
    : impl_{std::make_unique<impl>(
        std::move(label_names), series_max,
        [&in, name = std::move(name), help = std::move(help),
         upper](const labels& with) {
          return in.make_histogram(name, help, upper, with);
        })} {
}

histogram_family::~histogram_family() = default;
histogram_family::histogram_family(histogram_family&&) noexcept = default;

void histogram_family::observe(const std::vector<std::string_view>& values,
                               std::chrono::nanoseconds duration) {
  impl_->find(values).observe(duration);
}

} // namespace acgs::metrics
