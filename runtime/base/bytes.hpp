// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Bytes, views of them, and their hexadecimal form.

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace acgs {

using bytes = std::vector<std::byte>;
using byte_view = std::span<const std::byte>;

/// A SHA-256 digest.
using digest = std::array<std::byte, 32>;

/// The bytes of a text, not copied.
inline byte_view as_byte_view(std::string_view text) {
  return std::as_bytes(std::span{text.data(), text.size()});
}

/// The text in some bytes, not copied and not checked for UTF-8.
inline std::string_view as_text(byte_view view) {
  return {reinterpret_cast<const char*>(view.data()), view.size()};
}

/// Lower-case hexadecimal.
std::string to_hex(byte_view view);

/// Reads hexadecimal of either case; nothing where the text is odd in length
/// or holds another character.
std::optional<bytes> from_hex(std::string_view text);

} // namespace acgs
