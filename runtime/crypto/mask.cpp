// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/mask.hpp"

#include "runtime/crypto/sodium.hpp"

#include <sodium.h>

#include <array>
#include <cassert>

namespace acgs::crypto {

digest masked(const digest& secret, std::uint64_t index, std::uint8_t place,
              byte_view key) {
  assert(key.size() == sizeof(digest));
  std::array<unsigned char, crypto_core_hchacha20_INPUTBYTES> at{};
  for (std::size_t i = 0; i < sizeof index; ++i)
    at[i] = static_cast<unsigned char>(index >> (8 * i));
  at[sizeof index] = place;
  digest out{};
  crypto_core_hchacha20(detail::raw(out.data()), at.data(),
                        detail::raw(secret.data()), nullptr);
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] ^= key[i];
  return out;
}

} // namespace acgs::crypto
