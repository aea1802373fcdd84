// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/families.hpp"

namespace rego {

void register_all(builtin_table& t) {
  register_aggregates(t);
}

} // namespace rego
