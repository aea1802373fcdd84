// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The formatter: what parses can be formatted, in either version; what comes
// out parses, and stays the same when it is formatted again.

#include "tests/fuzz/target.hpp"
#include <rego/format.hpp>

namespace {

void check(std::string_view text, const rego::format_options& options) {
  auto once = rego::format("fuzz.rego", text, options);
  if (!once) {
    if (once.error_list()[0].code == "format_error")
      acgs::test::contradiction();
    return;
  }
  auto twice = rego::format("fuzz.rego", *once, options);
  if (!twice || *twice != *once)
    acgs::test::contradiction();
}

} // namespace

void acgs::test::try_input(std::string_view text) {
  check(text, {});
  check(text, {.from = rego::rego_version::v0, .to = rego::rego_version::v0});
}
