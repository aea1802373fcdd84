// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/random.hpp"

#include "runtime/crypto/sodium.hpp"

#include <sodium.h>

namespace acgs::crypto {

void random_fill(std::span<std::byte> out) {
  detail::sodium_ready();
  randombytes_buf(out.data(), out.size());
}

bytes random_bytes(std::size_t count) {
  bytes out(count);
  random_fill(out);
  return out;
}

} // namespace acgs::crypto
