// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Keys kept masked: 32 random bytes, combined with as many that only the
// holder of a secret can make, look like any random bytes. Whoever destroys
// the secret destroys every key that is kept under it.

#include "runtime/base/bytes.hpp"

#include <cstdint>

namespace acgs::crypto {

/// `key` (32 bytes) combined with a pseudorandom function (HChaCha20) of the
/// secret and of the key's place, which must be used for one key only. Applied
/// twice it gives the key back.
digest masked(const digest& secret, std::uint64_t index, std::uint8_t place,
              byte_view key);

} // namespace acgs::crypto
