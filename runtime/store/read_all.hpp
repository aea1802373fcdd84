// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Internal to this folder: reading a place of a file to its end, however often
// a call is cut off by a signal or gives a part only.

#include "runtime/base/bytes.hpp"

#include <cstdint>
#include <span>

namespace acgs::store::detail {

/// Fills all of `to`. False with `errno` set, to 0 where the file ends before.
bool read_all_at(int file, std::span<std::byte> to, std::uint64_t at);

} // namespace acgs::store::detail
