// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether bytes are UTF-8 (RFC 3629): no overlong form, no surrogate, nothing
// above U+10FFFF.

#include <cstddef>
#include <string_view>

namespace acgs::http {

/// How many bytes from the start on are UTF-8; the text's size where all are.
std::size_t valid_utf8_prefix(std::string_view text);

inline bool is_utf8(std::string_view text) {
  return valid_utf8_prefix(text) == text.size();
}

} // namespace acgs::http
