// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Table "tiles/<origin>" of ledger/: the tree as C2SP tlog-tiles.
// Key: level << 56 | index (8 bytes, big endian). Value: 1 to 256 hashes of 32
// bytes; the rightmost tile of a level is partial and is written anew until
// it is full.
// Invariant: together with meta's head they are the tree over all entries.

#include "runtime/store/keys.hpp"

#include <string>

namespace acgs::store::tiles {

inline std::string name(std::string_view origin) {
  return "tiles/" + std::string{origin};
}

inline number_key key(unsigned level, std::uint64_t index) {
  return to_key(std::uint64_t{level} << 56 | index);
}

} // namespace acgs::store::tiles
