// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// "Did you mean": the known name that is nearest to a mistyped one.

#include <span>
#include <string>
#include <string_view>

namespace acgs {

/// The candidate that takes the fewest insertions, deletions and replacements
/// (Levenshtein), if these are at most a third of the name; else empty.
std::string nearest_name(std::string_view name,
                         std::span<const std::string> candidates);

} // namespace acgs
