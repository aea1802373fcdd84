// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// In what two answers differ, in a line that a person reads.

#include <string>
#include <string_view>

namespace acgs::shell {

/// "allow true -> false; score 0.9 -> none": the members that differ where both
/// texts are JSON objects, else both texts ("{...} -> undefined" where one is
/// empty). Each side is cut at 40 bytes, the whole at 200.
std::string json_difference(std::string_view before, std::string_view after);

/// The text, or its beginning and "..." where it is longer than so many bytes;
/// never a part of a character.
std::string brief(std::string_view text, std::size_t bytes_max);

} // namespace acgs::shell
