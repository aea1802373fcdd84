// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Internal: bytes as OpenSSL's unsigned characters.

#include <cstddef>

namespace merkle::detail {

inline unsigned char* raw(std::byte* data) noexcept {
  return reinterpret_cast<unsigned char*>(data);
}

inline const unsigned char* raw(const std::byte* data) noexcept {
  return reinterpret_cast<const unsigned char*>(data);
}

} // namespace merkle::detail
