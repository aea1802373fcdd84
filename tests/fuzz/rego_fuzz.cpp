// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Policies: compiling any text ends in a policy or in errors.

#include "tests/fuzz/target.hpp"
#include <rego/engine.hpp>

void acgs::test::try_input(std::string_view text) {
  auto compiled = rego::compile({{"fuzz.rego", std::string{text}}});
  if (compiled && !*compiled)
    contradiction();
}
