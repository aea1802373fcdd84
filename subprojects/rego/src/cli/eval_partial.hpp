// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Residuals of partial evaluation as text.

#include "rego/partial.hpp"

namespace rego::cli {

/// "# Query 1" and "# Module 1", each with its text.
std::string partial_source(const partial_result& r);

/// A table of the same.
std::string partial_table(const partial_result& r);

} // namespace rego::cli
