// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a plain YAML scalar stands for, by the rules of Go's yaml package
// (YAML 1.1: yes and on are booleans, 010 is eight). Stateless; any thread.

#include <string_view>

#include "builtins/builtin.hpp"

namespace rego {

/// Null, a boolean, a number or a string. Undefined for .inf and .nan, which
/// JSON cannot hold.
value yaml_scalar(call_context& c, std::string_view text);

/// Would the text be read back as something else than a string?
bool yaml_reads_as_other(call_context& c, std::string_view text);

} // namespace rego
