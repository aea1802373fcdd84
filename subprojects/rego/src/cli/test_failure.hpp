// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The literal that a test failed by, with the values in it, as `opa test
// --var-values` shows it.

#include <string>
#include <vector>

#include "rego/explain.hpp"

namespace rego::cli {

/// The literal that failed last, by `indent` spaces, and below it the values
/// that were come by; a line that ends it. Empty where none failed. Sources
/// are the modules: they say where tabs stand.
std::string failure_text(const kept_trace& t,
                         const std::vector<module_source>& sources,
                         size_t indent);

} // namespace rego::cli
