// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The difference of two texts, line by line.

#include <string>
#include <string_view>

namespace rego {

/// A unified diff with three lines of context, headed by the file's name;
/// empty where the texts are equal.
std::string line_diff(const std::string& name, std::string_view before,
                      std::string_view after);

} // namespace rego
