// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Writing JSON strings by hand, for what is written often and read by
// strangers: log lines and small answers. Reading whole documents
// is the work of `json.hpp`.

#include <cstddef>
#include <string>
#include <string_view>

namespace acgs {

/// Appends the text as a JSON string with its quotes. Control characters are
/// escaped; a byte that is not UTF-8 becomes U+FFFD, so that the outcome is
/// valid JSON whatever the text was.
void append_json_string(std::string& out, std::string_view text);

/// How many bytes at the front are well-formed UTF-8 (Unicode, table 3-7).
std::size_t utf8_prefix(std::string_view text);

/// Whether all of the text is.
inline bool is_utf8(std::string_view text) {
  return utf8_prefix(text) == text.size();
}

/// What a JSON string means, without its quotes. The text must be the inside
/// of a well-formed one. Half a surrogate becomes U+FFFD.
std::string unescape_json(std::string_view text);

} // namespace acgs
