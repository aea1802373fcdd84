// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Numbers in texts: one rule for all who read them.

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>
#include <type_traits>

namespace acgs {

/// The number that the whole text is. Nothing where it is empty, has anything
/// beside the number (blanks and a '+' as well; a '-' where the type has no
/// sign), or does not fit the type.
template <class Number>
std::optional<Number> parse_number(std::string_view text, int base = 10) {
  Number out{};
  const auto* end = text.data() + text.size();
  std::from_chars_result read{};
  if constexpr (std::is_integral_v<Number>)
    read = std::from_chars(text.data(), end, out, base);
  else
    read = std::from_chars(text.data(), end, out);
  if (read.ec != std::errc{} || read.ptr != end)
    return std::nullopt;
  return out;
}

} // namespace acgs
