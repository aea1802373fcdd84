// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The types of built-in functions, read from their declarations.

#include <string_view>

#include "compiler/types/type.hpp"

namespace rego::types {

/// A type in the notation of builtins/declarations.cpp; what is not in it is
/// `any`.
type declared(std::string_view notation);

/// The function that a built-in is; null where there is none of that name or
/// it takes any number of arguments.
type builtin_type(std::string_view name);

} // namespace rego::types
