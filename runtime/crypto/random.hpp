// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Unpredictable bytes from the system. Safe to call from any thread.

#include "runtime/base/bytes.hpp"

#include <cstdint>

namespace acgs::crypto {

/// Fills the span; fits `acgs::random_source`.
void random_fill(std::span<std::byte> out);

/// That many unpredictable bytes.
bytes random_bytes(std::size_t count);

/// Fills the span from a seed: the same for the same seed and number, and
/// without the seed unpredictable (ChaCha20, RFC 8439, the number as nonce).
void stream_fill(const digest& seed, std::uint64_t number,
                 std::span<std::byte> out);

} // namespace acgs::crypto
