// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The documents by which the constitution decides. Policies of users may stand
// beside them in `acgs.main`, and are not of the constitution.

#include <algorithm>
#include <array>
#include <string_view>

namespace acgs::domain {

/// As paths, with slashes for the dots and none before the first step.
inline constexpr std::array<std::string_view, 2> own_decisions{
    "acgs/main/decision", "acgs/main/allow"};

/// Whether `path` is one of them, or a part of its answer.
constexpr bool is_own_decision(std::string_view path) {
  return std::any_of(
      own_decisions.begin(), own_decisions.end(), [path](std::string_view own) {
        return path.starts_with(own)
               && (path.size() == own.size() || path[own.size()] == '/');
      });
}

} // namespace acgs::domain
