// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What can be said of heads and of replacements from the names alone.

#include <optional>
#include <string_view>

#include "parser/ast.hpp"
#include "rego/capabilities.hpp"
#include "rego/error.hpp"

namespace rego {

/// Statements that would define a built-in: they have no value and no body.
errors check_statements(const module& m);

/// Heads of several names, where the features allowed have none.
errors check_heads(const module& m, const capabilities& allowed);

/// Before names are resolved: arguments that would hide input or data.
errors check_argument_names(const module& m);

/// Arguments that would have to be computed by a call.
errors check_argument_calls(const module& m);

struct bad_target {
  std::string_view code;
  std::string message;
};

/// Why `with` cannot replace what a resolved target names, if it cannot.
std::optional<bad_target> refused_target(const term& target);

} // namespace rego
