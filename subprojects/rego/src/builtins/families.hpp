// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The families of built-ins: one registration function a file.

namespace rego {

class builtin_table;

void register_aggregates(builtin_table& t);

/// Calls all of the above.
void register_all(builtin_table& t);

} // namespace rego
