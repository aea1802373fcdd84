// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The difference of two texts, line by line.

#include <string>
#include <string_view>

namespace rego {

/// A unified diff with three lines of context, headed by what both texts are
/// called; empty where they are equal.
std::string line_diff(const std::string& name_before,
                      const std::string& name_after, std::string_view before,
                      std::string_view after);

} // namespace rego
