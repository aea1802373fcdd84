// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Internal to this folder: libsodium made ready once for the process, and our
// bytes as its unsigned characters.

#include <cstddef>

namespace acgs::crypto::detail {

/// Makes libsodium ready; ends the process where the system has no randomness.
void sodium_ready();

inline unsigned char* raw(std::byte* data) noexcept {
  return reinterpret_cast<unsigned char*>(data);
}

inline const unsigned char* raw(const std::byte* data) noexcept {
  return reinterpret_cast<const unsigned char*>(data);
}

} // namespace acgs::crypto::detail
