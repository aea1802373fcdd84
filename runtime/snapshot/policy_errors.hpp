// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The engine's errors as ours: one line each for the reader, and for programs
// what OPA's clients get of them.

#include "runtime/base/error.hpp"

#include <rego/error.hpp>

#include <string>

namespace acgs {

/// Of many errors the first ones are told.
inline constexpr std::size_t told_errors_max = 20;

/// A JSON array of {"code", "message", "location": {"file", "row", "col"}} and,
/// of the parser's, "details": {"line", "idx"}.
std::string told_errors(const rego::errors& errors);

/// With one line an error; the details are `told_errors`.
caf::error make_error(ec code, const rego::errors& errors);

} // namespace acgs
