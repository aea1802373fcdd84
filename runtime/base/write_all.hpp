// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Writing to a descriptor to the end: a call may be cut off by a signal, or
// take a part only.

#include "runtime/base/bytes.hpp"

#include <cstdint>

namespace acgs {

/// Writes all of it where the descriptor stands. False with `errno` set.
bool write_all(int file, byte_view what);

/// Writes all of it at a place of a file. False with `errno` set.
bool write_all_at(int file, byte_view what, std::uint64_t at);

} // namespace acgs
