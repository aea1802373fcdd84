// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Internal: the small text rules that notes, checkpoints and proofs share.

#include "merkle/types.hpp"

#include <optional>

namespace merkle::detail {

/// An unsigned decimal without leading zeroes, of 64 bits at most.
std::optional<std::uint64_t> parse_decimal(std::string_view text) noexcept;

/// Takes the line up to the next newline off the front of `text`; nothing
/// where there is no newline left.
std::optional<std::string_view> take_line(std::string_view& text) noexcept;

/// A hash written as base64.
std::optional<hash> parse_hash(std::string_view text);

/// Valid UTF-8 without control characters other than newline.
bool is_note_text(std::string_view text) noexcept;

/// A key name: not empty, valid UTF-8, no Unicode space, no plus.
bool is_key_name(std::string_view name) noexcept;

} // namespace merkle::detail
