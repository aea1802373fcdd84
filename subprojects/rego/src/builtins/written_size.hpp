// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// A guard for functions that write a value as text. Stateless; any thread.

#include "builtins/builtin.hpp"

namespace rego {

/// Throws memory_exceeded where the value, written as text, would not fit what
/// the arena may still take: parts may be shared many times over.
void check_written_size(call_context& c, const value& v);

/// Whether the values' texts fit so many bytes together: four for each part,
/// and what strings have.
bool is_written_within(call_context& c, std::span<const value> list,
                       size_t bytes);

} // namespace rego
