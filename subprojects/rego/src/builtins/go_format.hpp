// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Go's fmt.Sprintf over the values that OPA hands to it. Stateless but for the
// sink; any thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "builtins/support.hpp"

namespace rego {

/// A whole number beyond int64, as decimal text.
struct big_text {
  std::string digits;
};

/// What Go would print: int, *big.Int, float64, string.
using format_arg = std::variant<int64_t, big_text, double, std::string>;

/// A Rego value as OPA's sprintf passes it to Go.
format_arg make_format_arg(const value& v);

/// Formats into the sink. Never fails: mistakes appear as %!verb(...) in the
/// text, as in Go.
void go_sprintf(text_sink& out, std::string_view format,
                const std::vector<format_arg>& args);

/// Go's strconv.FormatFloat(v, verb, precision, 64); verbs b e E f g G x X;
/// precision -1 is the shortest text that reads back.
std::string go_float(double v, char verb, int precision);

/// What the flag # of Go's fmt makes of go_float's text: always a point, and
/// for g and x as many digits as the precision says, 6 for -1.
std::string go_float_with_point(std::string number, char verb, int precision);

} // namespace rego
