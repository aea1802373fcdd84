// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// The lexer, the parser and the formatter: what comes out parses, in either
// version, and stays the same when it is formatted again. Some texts are
// refused since their canonical form would not parse, as by OPA: an import of
// keywords stays behind the rule that would be written with them.

#include "fuzz/target.hpp"
#include "rego/format.hpp"

namespace {

void check(std::string_view text, const rego::format_options& options) {
  auto once = rego::format("fuzz.rego", text, options);
  if (!once)
    return;
  auto twice = rego::format("fuzz.rego", *once, options);
  if (!twice || *twice != *once)
    rego::fuzz::contradiction("formatted otherwise again: " + *once);
}

} // namespace

void rego::fuzz::try_input(std::string_view text) {
  check(text, {});
  check(text, {.from = rego_version::v0, .to = rego_version::v0});
}
