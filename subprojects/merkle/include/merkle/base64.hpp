// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Standard base64 (RFC 4648, section 4), with padding. Strict: what does not
// encode back to the same text is refused, so that a signature or a hash has
// exactly one spelling.

#include "merkle/types.hpp"

#include <optional>

namespace merkle {

std::string base64_encode(bytes_view data);

/// The bytes, or nothing where the text is not what base64_encode writes.
std::optional<bytes> base64_decode(std::string_view text);

} // namespace merkle
