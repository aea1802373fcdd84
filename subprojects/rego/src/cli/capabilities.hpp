// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What policies may use, as --capabilities says it.

#include <memory>

#include "cli/cli.hpp"
#include "rego/capabilities.hpp"

namespace rego::cli {

/// From the file that --capabilities names, or this engine's where that is its
/// version; null where nothing is named. Throws usage_error where there are
/// none of that name.
std::shared_ptr<const capabilities> capabilities_of(const parsed_options& o);

} // namespace rego::cli
