// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// A guard for functions that write a value as text. Stateless; any thread.

#include "builtins/builtin.hpp"

namespace rego {

/// Throws memory_exceeded where the value, written in Rego, would not fit what
/// the arena may still take: parts may be shared many times over.
void check_written_size(call_context& c, const value& v);

/// The same for JSON, where each key that is a collection is a string in a
/// name: its quotes are escaped once more for each such key around it, and so
/// twice as long.
void check_json_size(call_context& c, const value& v);

/// Whether the values' JSON fits so many bytes together: four for each part,
/// and what strings have.
bool is_json_within(call_context& c, std::span<const value> list, size_t bytes);

} // namespace rego
