// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Keys of the index's tables (tables/index.hpp says what is in them).

#include "runtime/base/bytes.hpp"

#include <cstdint>

namespace acgs::store::index {

/// What every key about a text begins with: the text, or its beginning and its
/// digest where it is long, and a zero byte.
bytes prefix_of(std::string_view text);

/// The key of an entry under such a prefix.
bytes key_of(byte_view prefix, std::uint64_t entry);

/// The entry that a key under that prefix speaks of, or nothing where the key
/// is another text's.
std::optional<std::uint64_t> entry_of(byte_view key, byte_view prefix);

} // namespace acgs::store::index
