// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Unpredictable bytes from the system. Safe to call from any thread.

#include "runtime/base/bytes.hpp"

namespace acgs::crypto {

/// Fills the span; fits `acgs::random_source`.
void random_fill(std::span<std::byte> out);

/// That many unpredictable bytes.
bytes random_bytes(std::size_t count);

} // namespace acgs::crypto
