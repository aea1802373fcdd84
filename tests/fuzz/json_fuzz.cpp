// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// JSON documents: what is parsed, written and parsed again is the same.

#include "runtime/base/json.hpp"
#include "tests/fuzz/target.hpp"

void acgs::test::try_input(std::string_view text) {
  auto first = acgs::json::parse(text);
  if (!first)
    return;
  auto written = acgs::json::to_text(*first);
  auto second = acgs::json::parse(written, {.bytes = 64u << 20});
  if (!second || !(*second == *first))
    contradiction();
}
