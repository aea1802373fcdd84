// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The series of a family, by their label values: a bounded number of them.

#include "runtime/metrics/registry.hpp"

#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace acgs::metrics {

/// Finds the series of some label values, making it on first use.
template <class Handle>
class series_map {
public:
  using maker = std::function<Handle(const labels&)>;

  series_map(std::vector<std::string> names, std::size_t series_max, maker make)
      : names_{std::move(names)}, series_max_{series_max}, make_{std::move(
                                                               make)} {}

  Handle find(const std::vector<std::string_view>& values) {
    std::string key;
    for (auto value : values) {
      key += value;
      key += '\x1f';
    }
    std::lock_guard guard{mutex_};
    if (auto it = series_.find(key); it != series_.end())
      return it->second;
    if (series_.size() >= series_max_)
      return make_(
          label(std::vector<std::string_view>(names_.size(), "other")));
    return series_.emplace(std::move(key), make_(label(values))).first->second;
  }

private:
  labels label(const std::vector<std::string_view>& values) const {
    labels out;
    for (std::size_t i = 0; i < names_.size(); ++i)
      out.emplace(names_[i], i < values.size() ? values[i] : "");
    return out;
  }

  std::vector<std::string> names_;
  std::size_t series_max_;
  maker make_;
  std::mutex mutex_;
  std::unordered_map<std::string, Handle> series_;
};

} // namespace acgs::metrics
