// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Heads of HTTP requests.

#include "runtime/net/http/head.hpp"
#include "tests/fuzz/target.hpp"

void acgs::test::try_input(std::string_view text) {
  auto end = acgs::http::find_head_end(text);
  if (end && *end > text.size())
    contradiction();
  acgs::http::read_head(text.substr(0, end.value_or(text.size())), {});
}
