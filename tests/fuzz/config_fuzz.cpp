// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The configuration: what is taken can be printed and read again.

#include "runtime/config/key.hpp"
#include "runtime/config/load.hpp"
#include "tests/fuzz/target.hpp"

void acgs::test::try_input(std::string_view text) {
  using namespace acgs::config;
  auto first = load_text(text, "fuzz", {});
  if (!first)
    return;
  auto second = defaults();
  for (auto& one : all_keys())
    if (!one.assign(second, one.print(*first)))
      contradiction();
  if (*print(*first) != *print(second))
    contradiction();
}
