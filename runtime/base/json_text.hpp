// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Writing JSON strings by hand, for what is written often and read by
// strangers: log lines and small answers. Parsing is simdjson's work.

#include <string>
#include <string_view>

namespace acgs {

/// Appends the text as a JSON string with its quotes. Control characters are
/// escaped; a byte that is not UTF-8 becomes U+FFFD, so that the outcome is
/// valid JSON whatever the text was.
void append_json_string(std::string& out, std::string_view text);

/// Whether the text is well-formed UTF-8 (Unicode, table 3-7).
bool is_utf8(std::string_view text);

} // namespace acgs
