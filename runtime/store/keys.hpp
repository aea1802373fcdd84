// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Keys and values of fixed width, big endian so that they sort as numbers.

#include "runtime/base/bytes.hpp"

#include <cstdint>

namespace acgs::store {

using number_key = std::array<std::byte, 8>;

/// 64 bits, big endian.
constexpr number_key to_key(std::uint64_t number) {
  number_key out{};
  for (std::size_t i = 8; i-- > 0; number >>= 8)
    out[i] = static_cast<std::byte>(number & 255);
  return out;
}

/// The number in the first 8 bytes; 0 where there are fewer.
constexpr std::uint64_t to_number(byte_view key) {
  std::uint64_t out = 0;
  if (key.size() >= 8)
    for (auto each : key.first(8))
      out = out << 8 | std::to_integer<std::uint64_t>(each);
  return out;
}

} // namespace acgs::store
