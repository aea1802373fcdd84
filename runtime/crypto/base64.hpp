// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Base64 (RFC 4648): the standard alphabet with padding, and the URL-safe one
// without, as JSON Web Tokens use it. Strict: a text that does not encode back
// to itself is refused, so that a value has one spelling.

#include "runtime/base/bytes.hpp"

namespace acgs::crypto {

std::string to_base64(byte_view data);
std::string to_base64url(byte_view data);

/// The bytes, or nothing where the text is not what the encoder writes.
std::optional<bytes> from_base64(std::string_view text);
std::optional<bytes> from_base64url(std::string_view text);

} // namespace acgs::crypto
