// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/base/nearest.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace acgs {

namespace {

constexpr std::size_t length_max = 128;

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      auto replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row[b.size()];
}

} // namespace

std::string nearest_name(std::string_view name,
                         std::span<const std::string> candidates) {
  std::string best;
  auto least = std::max<std::size_t>(name.size() / 3, 1) + 1;
  if (name.size() > length_max)
    return best;
  for (auto& candidate : candidates)
    if (auto steps = distance(name, candidate); steps < least) {
      least = steps;
      best = candidate;
    }
  return best;
}

} // namespace acgs
